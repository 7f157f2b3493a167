"""Colour planes: a photo as three matrices of numbers."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

# Up to this many pixels on a side, every cell has room for its number.
READABLE = 12
COLOURS = {"red": (214, 39, 40), "green": (30, 140, 60), "blue": (31, 90, 200)}


@remembered
def plane(pixels: NDArray[np.uint8], name: str, row: int = 0, column: int = 0) -> go.Figure:
    """One plane (H, W) of a photo, "red", "green" or "blue", from 0 to 255.

    `row` and `column`: where these pixels begin in the photo, for the axes.
    """
    height, width = pixels.shape
    axis = {"constrain": "domain", "showgrid": False}
    figure = theme.figure(
        "column",
        "row",
        xaxis=axis,
        yaxis={"autorange": "reversed", "scaleanchor": "x", **axis},
        height=round(90 + 210 * min(height / width, 1.3)),
        margin={"t": 8},
    )
    figure.add_heatmap(
        z=pixels,
        x0=column,
        y0=row,
        dx=1,
        dy=1,
        zmin=0,
        zmax=255,
        colorscale=[(0, "rgb(0,0,0)"), (1, f"rgb{COLOURS[name]}")],
        showscale=False,
        texttemplate="%{z}" if max(height, width) <= READABLE else None,
        textfont={"color": "white", "size": 11},
        hovertemplate=f"{name} of column %{{x}}, row %{{y}}: %{{z}} of 255<extra></extra>",
    )
    return figure
