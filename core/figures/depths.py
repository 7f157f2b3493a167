"""Depths: how a value changes from layer to layer, and what each layer holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.shares import per_cent
from core.store import remembered

Array = NDArray[Any]
GAP = 0.12  # of a map, between two of them


@remembered
def ladder(
    names: Sequence[str],
    values: Array,  # (L,) shares from 0 to 1
    before: Array,  # (L,) the same for what it is compared with
    *,
    labels: tuple[str, str],
    y_title: str,
    chosen: int,
) -> go.Figure:
    """One point a layer in the order of depth, read off in per cent, the chosen one ringed."""
    figure = theme.figure("layer, from shallow to deep", y_title, height=400)
    pairs = ((before, labels[1], 1, "dot"), (values, labels[0], 0, "solid"))
    for shares, name, place, dash in pairs:
        figure.add_scatter(
            x=list(names),
            y=(100 * np.asarray(shares)).astype(np.float32),
            name=name,
            mode="lines+markers" if place else "lines+markers+text",
            text=None if place else [f"{per_cent(share, 1)}" for share in shares],
            textposition="top center",
            cliponaxis=False,
            line={"dash": dash, "width": 2.5, "color": theme.CATEGORICAL[place]},
            marker={
                "symbol": theme.SYMBOLS[place],
                "size": [15 if each == chosen and not place else 9 for each in range(len(names))],
            },
            hovertemplate="%{x}: %{y:.1f}\u00a0%<extra></extra>",
        )
    figure.update_xaxes(type="category", tickangle=-30)
    lowest = float(min(np.min(values), np.min(before)))
    figure.update_yaxes(range=[max(0, 100 * lowest - 6), min(103, 100 * float(np.max(values)) + 8)])
    return figure


@remembered
def clouds(maps: Array, labels: Array, names: Sequence[str], titles: Sequence[str]) -> go.Figure:
    """Small clouds of points side by side, (L, N, 2) in -1 … 1, colour and shape by class."""
    shifts = 2 * (1 + GAP) * np.arange(len(maps))
    figure = theme.figure(
        "",
        "",
        xaxis={"visible": False, "range": [-1.05, shifts[-1] + 1.05]},
        yaxis={"visible": False, "range": [-1.05, 1.25]},
        height=330,
    )
    for place, name in enumerate(names):
        rows = labels == place
        figure.add_scattergl(
            x=(maps[:, rows, 0] + shifts[:, None]).reshape(-1).astype(np.float32),
            y=maps[:, rows, 1].reshape(-1).astype(np.float32),
            name=name,
            mode="markers",
            marker=theme.marker(place, size=4, opacity=0.8),
            hovertemplate=f"{name}<extra></extra>",
        )
    figure.add_scatter(
        x=shifts,
        y=np.full(len(maps), 1.12),
        text=list(titles),
        mode="text",
        hoverinfo="skip",
        showlegend=False,
    )
    return figure
