"""Networks laid out layer by layer: their weights, and what their units answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.figures import theme

Floats = NDArray[np.floating[Any]]


def weights(
    layers: Sequence[tuple[Floats, Floats]],  # weight (H, D) and bias (H,) of each layer
    names: Sequence[Sequence[str]],  # of the units of every layer, the inputs first
) -> go.Figure:
    """One matrix a layer: a row for each unit that receives, its bias in the last column."""
    titles = [*(f"to hidden {depth}" for depth in range(1, len(layers))), "to the output"]
    n_rows = -(-len(layers) // 2)  # two a row can be read on a phone as well
    figure = make_subplots(
        n_rows, 2, subplot_titles=titles, horizontal_spacing=0.15, vertical_spacing=0.25 / n_rows
    )
    limits = theme.signed(np.concatenate([np.append(w, b) for w, b in layers]))
    for depth, (weight, bias) in enumerate(layers, start=1):
        values = np.column_stack([weight, bias]).astype(np.float32)
        figure.add_heatmap(
            z=values,
            x=[*names[depth - 1], "bias"],
            y=list(names[depth]),
            colorscale=limits["colorscale"],
            zmin=limits["zmin"],
            zmax=limits["zmax"],
            zmid=0,
            showscale=depth == 1,
            colorbar={"title": {"text": "weight"}, "thickness": 12},
            texttemplate="%{z:.2f}",
            hovertemplate="%{x} → %{y}: %{z:.3f}<extra></extra>",
            xgap=1,
            ygap=1,
            row=(depth + 1) // 2,
            col=2 - depth % 2,
        )
    figure.update_layout(template=theme.TEMPLATE, height=80 + 230 * n_rows)
    figure.update_xaxes(type="category")
    figure.update_yaxes(type="category", autorange="reversed")
    figure.update_xaxes(title_text="from", row=n_rows)
    figure.update_yaxes(title_text="to", col=1)
    return figure


def activations(
    layers: Sequence[Floats],  # activations (N, H) of each layer
    names: Sequence[Sequence[str]],  # of the units of every layer, without the inputs
    n_bins: int = 40,
) -> go.Figure:
    """How often each unit answers what: one column a unit, darker where answers are many."""
    values = np.concatenate(layers, axis=1)
    edges = np.histogram_bin_edges(values, bins=n_bins)
    shares = np.stack([np.histogram(column, edges)[0] / len(values) for column in values.T])
    figure = theme.figure("unit", "activation")
    figure.add_heatmap(
        z=(100 * shares.T).astype(np.float32),
        x=[name for layer in names for name in layer],
        y=(edges[:-1] + edges[1:]) / 2,
        colorscale=theme.scale(theme.SEQUENTIAL),
        colorbar={"title": {"text": "% of examples"}, "thickness": 12},
        hovertemplate="%{x} near %{y:.2f}: %{z:.0f} % of examples<extra></extra>",
        xgap=2,
    )
    figure.update_xaxes(type="category")
    return figure
