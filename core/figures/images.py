"""Images: many small ones side by side, and what matters in one of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme

Array = NDArray[Any]
GAP = 0.12  # of a tile, between two of them
TITLE = 0.3  # of a tile, above each one with a title


def mosaic(
    images: Array,  # (N, H, W)
    titles: Sequence[str] = (),
    *,
    n_columns: int = 8,
    tile: int = 84,
    signed: bool = False,
    each: bool = False,
) -> go.Figure:
    """Small images in rows. `signed` centres the colours at zero, the same scale for all.

    Otherwise 0 is paper and the largest value ink, of all images or of `each` one.
    """
    n, height, width = images.shape
    n_columns = min(n_columns, max(n, 1))
    n_rows = -(-n // n_columns)
    step_y = height * (1 + GAP + (TITLE * (1 + titles[0].count("<br>")) if len(titles) else 0))
    step_x = width * (1 + GAP)
    shown = np.asarray(images, dtype=np.float32)
    limits = theme.signed(shown) if signed else _unsigned(shown, each)
    figure = theme.figure("", "", height=round(20 + n_rows * tile * step_y / height))
    for place, image in enumerate(_scaled(shown) if each else shown):
        row, column = divmod(place, n_columns)
        x0, y0 = column * step_x, row * step_y
        figure.add_heatmap(
            z=image,
            x0=x0 + 0.5,
            y0=y0 + 0.5,
            dx=1,
            dy=1,
            showscale=False,
            hovertemplate=f"{_plain(titles, place)}%{{z:.3g}}<extra></extra>",
            **limits,
        )
        if len(titles):
            figure.add_annotation(
                x=x0 + width / 2, y=y0, text=titles[place], showarrow=False, yanchor="bottom"
            )
    _without_axes(figure, n_columns * step_x, n_rows * step_y, step_y - height)
    return figure


def _unsigned(images: Array, each: bool) -> dict[str, Any]:
    largest = 1.0 if each else float(images.max(initial=0)) or 1.0
    return {"colorscale": theme.scale(theme.SEQUENTIAL), "zmin": 0, "zmax": largest}


def _scaled(images: Array) -> Array:
    largest = images.max(axis=(1, 2), keepdims=True, initial=0)
    return np.asarray(images / np.where(largest > 0, largest, 1), dtype=np.float32)


def _plain(titles: Sequence[str], place: int) -> str:
    return titles[place].replace("<br>", ", ") + ": " if len(titles) else ""


def _without_axes(figure: go.Figure, width: float, height: float, above: float) -> None:
    """Square pixels, row 0 on top, and room above for the first titles."""
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(
        visible=False, range=[height - above, -above], scaleanchor="x", constrain="domain"
    )
    figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})


def overlay(picture: Array, heat: Array, *, title: str) -> go.Figure:
    """A picture (H, W) in grey with heat (H, W) over it, strongest where it matters most.

    Heat of both signs is centred at zero; heat without negative values begins at nothing.
    """
    figure = theme.figure("", "", height=330)
    figure.add_heatmap(
        z=np.asarray(picture, dtype=np.float32),
        colorscale=[(0, "rgba(128,128,128,0)"), (1, "rgba(128,128,128,1)")],
        showscale=False,
        hoverinfo="skip",
    )
    values = np.asarray(heat, dtype=np.float32)
    limits = theme.signed(values) if values.min() < 0 else _unsigned(values[None], each=False)
    figure.add_heatmap(
        z=values,
        opacity=0.7,
        colorbar={"title": {"text": title}, "thickness": 12},
        hovertemplate="pixel %{x}, %{y}: %{z:.3g}<extra></extra>",
        **limits,
    )
    _without_axes(figure, picture.shape[1], picture.shape[0], 0)
    figure.update_xaxes(range=[-0.5, picture.shape[1] - 0.5])
    figure.update_yaxes(range=[picture.shape[0] - 0.5, -0.5])
    return figure
