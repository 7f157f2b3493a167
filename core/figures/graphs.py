"""Graphs: points joined by lines, and what has come to them along these."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]
GREY = "#808080"


@remembered
def spreading(
    xy: Array,  # (N, 2)
    edges: Array,  # (E, 2) rows of xy
    labels: Array,  # (N,) index into names, -1 for none
    names: Sequence[str],
    *,
    sources: Array,  # (N,) whether a point has its label from the beginning
    chosen: int,
) -> go.Figure:
    """A graph whose points have the colour of their label; small and grey without one.

    `customdata` of a point is its row. The lines of the `chosen` point are drawn strong.
    """
    plain = {"showgrid": False, "zeroline": False}
    figure = theme.figure("x₁", "x₂", height=420, xaxis=plain, yaxis=plain)
    own = (edges == chosen).any(axis=1)
    _add_lines(figure, xy, edges[~own], width=0.6, opacity=0.45)
    _add_lines(figure, xy, edges[own], width=2.5, opacity=1.0)
    for place in range(-1, len(names)):
        rows = np.flatnonzero(labels == place)
        if len(rows):
            look = {"color": GREY, "symbol": "circle-open"} if place < 0 else theme.marker(place)
            figure.add_scatter(
                x=xy[rows, 0].astype(np.float32),
                y=xy[rows, 1].astype(np.float32),
                name=names[place] if place >= 0 else "no label yet",
                mode="markers",
                marker={**look, "size": np.where(sources[rows], 17, 7)},
                customdata=rows,
                hovertemplate="example %{customdata}",
            )
    figure.add_scatter(
        x=xy[[chosen], 0].astype(np.float32),
        y=xy[[chosen], 1].astype(np.float32),
        name="the example below",
        mode="markers",
        marker={"symbol": "circle-open", "size": 22, "color": GREY, "line": {"width": 3}},
        hoverinfo="skip",
    )
    return figure


def _add_lines(figure: go.Figure, xy: Array, edges: Array, *, width: float, opacity: float) -> None:
    # A gap after each pair: one trace for all lines.
    ends = np.full((len(edges), 3, 2), np.nan, dtype=np.float32)
    ends[:, :2] = xy[edges]
    flat = ends.reshape(-1, 2)
    figure.add_scatter(
        x=flat[:, 0],
        y=flat[:, 1],
        mode="lines",
        line={"width": width, "color": GREY},
        opacity=opacity,
        hoverinfo="skip",
        showlegend=False,
    )
