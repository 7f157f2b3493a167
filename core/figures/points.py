"""Points in the plane: clouds by class, with what stands out in them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def cloud(
    xy: Array,  # (N, 2)
    labels: Array,  # (N,) index into names
    names: Sequence[str],
    *,
    x_title: str,
    y_title: str,
    hover: Sequence[str] = (),
    centres: Array | None = None,  # (K, 2), in the order of names
    own: Array | None = None,  # (2,)
    own_name: str = "yours",
) -> go.Figure:
    """Points coloured and shaped by class; larger markers for centres and for one's own.

    `customdata` of a point is its row, so that a click leads back to the example.
    """
    figure = theme.figure(x_title, y_title, height=440)
    for place, name in enumerate(names):
        rows = np.flatnonzero(labels == place)
        figure.add_scatter(
            x=xy[rows, 0].astype(np.float32),
            y=xy[rows, 1].astype(np.float32),
            name=name,
            mode="markers",
            marker=theme.marker(place, size=7, opacity=0.75),
            customdata=rows,
            text=[hover[row] for row in rows.tolist()] if len(hover) else None,
            hovertemplate="%{text}" if len(hover) else None,
        )
    if centres is not None:
        _add_centres(figure, centres)
    if own is not None:
        _add_own(figure, own, own_name)
    return figure


def _add_centres(figure: go.Figure, centres: Array) -> None:
    colours = [theme.marker(place)["color"] for place in range(len(centres))]
    symbols = [theme.marker(place)["symbol"] for place in range(len(centres))]
    figure.add_scatter(
        x=centres[:, 0].astype(np.float32),
        y=centres[:, 1].astype(np.float32),
        name="centroids",
        mode="markers",
        marker={
            "color": colours,
            "symbol": symbols,
            "size": 17,
            "line": {"width": 2, "color": "#808080"},
        },
        hovertemplate="centroid %{pointNumber}<extra></extra>",
    )


def _add_own(figure: go.Figure, own: Array, name: str) -> None:
    figure.add_scatter(
        x=[float(own[0])],
        y=[float(own[1])],
        name=name,
        mode="markers+text",
        text=[name],
        textposition="top center",
        textfont={"size": 15},
        # Grey stands out from every class in the light theme and in the dark one.
        marker={
            "symbol": "star",
            "size": 22,
            "color": "#808080",
            "line": {"width": 2, "color": theme.CATEGORICAL[8]},
        },
        hovertemplate=f"{name}<extra></extra>",
    )
