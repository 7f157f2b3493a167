"""Curves: how values change along an axis."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def lines(
    x: Array,  # (S,)
    series: Mapping[str, Array],  # name -> (S,)
    *,
    x_title: str,
    y_title: str,
    logarithmic: bool = False,
    logarithmic_x: bool = False,
    x_ticks: Sequence[float] | None = None,
    markers: bool = False,
    cursor: float | None = None,
) -> go.Figure:
    """One line a series, told apart by dashes as well; `cursor` is a place on the x axis."""
    xaxis = {"type": "log"} if logarithmic_x else {}
    figure = theme.figure(
        x_title,
        y_title,
        hovermode="x unified",
        xaxis={**xaxis, "tickvals": x_ticks},
        # Powers of ten: plotly would write 10µ for 10⁻⁵.
        yaxis={"type": "log", "exponentformat": "power"} if logarithmic else {},
    )
    for place, (name, values) in enumerate(series.items()):
        figure.add_scatter(
            x=np.asarray(x),
            y=np.asarray(values, dtype=np.float32),
            name=name,
            mode="lines+markers" if markers else "lines",
            line={"dash": theme.DASHES[place % len(theme.DASHES)], "width": 2.5},
            marker={"symbol": theme.SYMBOLS[place % len(theme.SYMBOLS)], "size": 8},
        )
    if cursor is not None:
        figure.add_vline(x=cursor, line={"dash": "dot", "width": 1.5, "color": "#808080"})
    return figure


@remembered
def bands(
    x: Array,  # (S,)
    runs: Mapping[str, Array],  # name -> (M, S)
    *,
    x_title: str,
    y_title: str,
) -> go.Figure:
    """The median of several runs of each kind, and the range that all of them span."""
    figure = theme.figure(x_title, y_title, hovermode="x unified")
    for place, (name, values) in enumerate(runs.items()):
        colour = theme.CATEGORICAL[place % len(theme.CATEGORICAL)]
        edges = np.concatenate([values.max(axis=0), values.min(axis=0)[::-1]])
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=edges.astype(np.float32),
            fill="toself",
            fillcolor=colour,
            opacity=0.18,
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=np.asarray(x),
            y=np.median(values, axis=0).astype(np.float32),
            name=name,
            mode="lines",
            line={"color": colour, "dash": theme.DASHES[place % len(theme.DASHES)], "width": 2.5},
        )
    return figure


@remembered
def bundle(
    x: Array,  # (P,)
    members: Array,  # (M, P)
    truth: Array,  # (P,)
    *,
    x_title: str,
    y_title: str,
    reach: float,
) -> go.Figure:
    """The curves of several models as thin lines, their mean, and what is true."""
    figure = theme.figure(x_title, y_title, yaxis={"range": [-reach, reach]})
    # One trace for all: a gap after each curve keeps them apart.
    ends = np.full((len(members), 1), np.nan)
    figure.add_scatter(
        x=np.tile(np.append(x, np.nan), len(members)).astype(np.float32),
        y=np.hstack([members, ends]).ravel().astype(np.float32),
        name=f"{len(members)} networks",
        mode="lines",
        line={"color": theme.CATEGORICAL[0], "width": 1},
        opacity=0.45,
        hoverinfo="skip",
    )
    for name, values, place, dash in (
        ("their mean", members.mean(axis=0), 1, "solid"),
        ("the truth without noise", truth, 2, "dot"),
    ):
        figure.add_scatter(
            x=np.asarray(x, dtype=np.float32),
            y=values.astype(np.float32),
            name=name,
            mode="lines",
            line={"color": theme.CATEGORICAL[place], "dash": dash, "width": 3},
        )
    return figure


def endpoints(series: Mapping[str, Array], digits: int = 3) -> Sequence[str]:
    """What a curve's text alternative says: where each series begins and ends."""
    return [
        f"{name} from {values[0]:.{digits}g} to {values[-1]:.{digits}g}"
        for name, values in series.items()
    ]
