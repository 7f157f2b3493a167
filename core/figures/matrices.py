"""Matrices: what was taken for what."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def confusion(
    counts: Array,
    names: Sequence[str],
    *,
    x_title: str = "Read as",
    told: str = "%{text} images of %{y} read as %{x}",
    height: int = 480,
) -> go.Figure:
    """How often a true class (rows) was taken for which (columns), each cell to be clicked.

    `cell` says which one a selected point stands for.
    """
    n_classes = len(names)
    # By its root a cell of two pictures is still seen beside one of a hundred.
    shade = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    axis = {"type": "category", "showgrid": False}
    figure = theme.figure(
        x_title,
        "True class",
        xaxis={"side": "top", "constrain": "domain", **axis},
        yaxis={"autorange": "reversed", **axis},
        height=height,
        clickmode="event+select",
    )
    figure.add_heatmap(
        z=shade.astype(np.float32),
        x=list(names),
        y=list(names),
        colorscale=theme.scale(theme.SEQUENTIAL),
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
    )
    # A heat map cannot be selected by a click: points that nobody sees lie on its cells.
    true, predicted = np.divmod(np.arange(n_classes**2), n_classes)
    cells = counts.reshape(-1)
    # Numbers in the colour of an empty cell on full ones, and the other way round.
    ink = [theme.SEQUENTIAL[0 if each > 0.55 else -1] for each in shade.reshape(-1)]
    figure.add_scatter(
        x=[names[place] for place in predicted],
        y=[names[place] for place in true],
        mode="markers+text",
        marker={"size": 26, "symbol": "square", "opacity": 0, "color": theme.CATEGORICAL[0]},
        text=[str(count) if count else "" for count in cells],
        textfont={"color": ink, "size": 13},
        hovertemplate=f"{told}<extra></extra>",
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )
    return figure


def cell(point: int, names: Sequence[str]) -> tuple[int, int]:
    """The cell (true, predicted) of a selected point of `confusion`, by its number."""
    true, predicted = divmod(point % len(names) ** 2, len(names))
    return true, predicted
