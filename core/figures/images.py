"""Images: many small ones side by side, and what matters in one of them."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]
GAP = 0.1  # of a tile, between two of them
LINE = 0.22  # of a tile, for each line of a title above it


@remembered
def mosaic(
    images: Array,  # (N, H, W)
    titles: Sequence[str] = (),
    *,
    n_columns: int = 8,
    tile: int = 84,
    signed: bool = False,
) -> go.Figure:
    """Small images in rows, all on one scale: signed ones centred at zero, others from zero.

    One heat map with gaps in it, because a trace for each image costs a millisecond.
    """
    n_images, height, width = images.shape
    n_columns = max(1, min(n_columns, n_images))
    n_lines = 1 + titles[0].count("<br>") if len(titles) else 0
    above = max(1, round(GAP * height)) + math.ceil(LINE * n_lines * height)
    step_y, step_x = height + above, width + max(1, round(GAP * width))
    sheet = np.full((-(-n_images // n_columns) * step_y, n_columns * step_x), np.nan, np.float32)
    rows, columns = np.divmod(np.arange(n_images), n_columns)
    tops, lefts = rows * step_y + above, columns * step_x
    for image, y, x in zip(images, tops, lefts, strict=True):
        sheet[y : y + height, x : x + width] = image
    figure = _without_axes(round(16 + len(sheet) * tile / height), *sheet.shape)
    figure.add_heatmap(
        z=sheet,
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{z:.3g}<extra></extra>",
        **(theme.signed(images) if signed else _unsigned(images)),
    )
    if len(titles):
        # One trace of text: annotations cost several milliseconds each.
        figure.add_scatter(
            x=lefts + width / 2 - 0.5,
            y=tops - 0.5,
            text=list(titles),
            mode="text",
            textposition="top center",
            textfont={"size": 11},
            hoverinfo="skip",
            showlegend=False,
        )
    return figure


def _unsigned(images: Array) -> dict[str, Any]:
    largest = float(images.max(initial=0)) or 1.0
    return {"colorscale": theme.scale(theme.SEQUENTIAL), "zmin": 0, "zmax": largest}


def _without_axes(height: int, n_rows: int, n_columns: int) -> go.Figure:
    """An empty figure of square pixels, row 0 on top, its upper left corner always there."""
    along = {"visible": False, "constrain": "domain"}
    return theme.figure(
        "",
        "",
        height=height,
        xaxis={"range": [-0.5, n_columns - 0.5], "constraintoward": "left", **along},
        yaxis={
            "range": [n_rows - 0.5, -0.5],
            "scaleanchor": "x",
            "constraintoward": "top",
            **along,
        },
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
    )


@remembered
def overlay(picture: Array, heat: Array, *, title: str) -> go.Figure:
    """Heat (H, W) of a picture (H, W), strongest where it matters most, and its outline.

    Heat of both signs is centred at zero; heat without negative values begins at nothing.
    """
    figure = _without_axes(theme.HEIGHT, *picture.shape)
    values = np.asarray(heat, dtype=np.float32)
    figure.add_heatmap(
        z=values,
        colorbar={"title": {"text": title}, "thickness": 12},
        hovertemplate="pixel %{x}, %{y}: %{z:.3g}<extra></extra>",
        **(theme.signed(values) if values.min() < 0 else _unsigned(values)),
    )
    middle = float(picture.max()) / 2
    figure.add_contour(
        z=np.asarray(picture, dtype=np.float32),
        contours={"start": middle, "end": middle, "size": 1, "coloring": "none"},
        line={"color": "#808080", "width": 2},
        showscale=False,
        hoverinfo="skip",
    )
    return figure
