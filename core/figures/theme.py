"""One look for every figure: colours, axes with titles and units, a small template.

The colours are names for those of the visitor's theme: Streamlit's charts replace each by
the colour of the same place in config.toml, so that a class has one colour in the player
and in every figure, in the light theme and in the dark one.

Plotly takes 2 to 10 ms for a figure, most of them for checking what it is told, and a page
draws all its figures again whatever was clicked: so each is remembered, shared by all
sessions, and nobody changes what he gets.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

CATEGORICAL = tuple(f"#{place:06d}" for place in range(1, 11))
SEQUENTIAL = tuple(f"#{place:06d}" for place in range(11, 21))
DIVERGING = tuple(f"#{place:06d}" for place in range(21, 31))
# Colour is never alone: the tenth part of people who cannot tell two hues has the shape.
SYMBOLS = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "x",
    "star",
    "hexagon",
    "circle-open",
)
DASHES = ("solid", "dash", "dot", "longdash", "dashdot")
HEIGHT = 340  # pixels

# Plotly's own template weighs 7 KB in every figure that is sent; this one 1 KB.
TEMPLATE = go.layout.Template(
    layout={
        "colorway": CATEGORICAL,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "hovermode": "closest",
        "dragmode": False,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        # Along the right edge: on a phone, across the top, it lies over the legend.
        "modebar": {"orientation": "v"},
    }
)


def scale(colours: tuple[str, ...]) -> list[tuple[float, str]]:
    """Colours equally spaced on 0 … 1, as Plotly wants a colour scale."""
    return [(place / (len(colours) - 1), colour) for place, colour in enumerate(colours)]


def signed(values: ArrayLike) -> dict[str, Any]:
    """Colour scale and limits for signed values: zero is always the page's background."""
    array = np.asarray(values, dtype=float)
    finite = np.abs(array[np.isfinite(array)])
    limit = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return {"colorscale": scale(DIVERGING), "zmin": -limit, "zmax": limit, "zmid": 0}


def figure(
    x_title: str,
    y_title: str,
    *,
    xaxis: Mapping[str, Any] | None = None,
    yaxis: Mapping[str, Any] | None = None,
    **layout: Any,
) -> go.Figure:
    """An empty figure with titled axes; a title names its unit where there is one.

    What is known of the axes is best said here: each later update of a figure costs
    milliseconds, for its whole template is copied.
    """
    axes = {
        "xaxis": {"title": {"text": x_title}, **(xaxis or {})},
        "yaxis": {"title": {"text": y_title}, **(yaxis or {})},
    }
    return go.Figure(layout={"template": TEMPLATE, "height": HEIGHT, **axes, **layout})


def marker(place: int, **properties: Any) -> Mapping[str, Any]:
    """Colour and shape of the category at `place`; both begin anew after ten."""
    return {
        "color": CATEGORICAL[place % len(CATEGORICAL)],
        "symbol": SYMBOLS[place % len(SYMBOLS)],
        **properties,
    }
