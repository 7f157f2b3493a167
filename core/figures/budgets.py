"""Budgets: what is reached with how much, over several tries."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def reached(
    budget: Sequence[int],  # (S,), grows by factors
    tries: Mapping[str, Array],  # name -> (M, S), shares from 0 to 1
    *,
    x_title: str,
    y_title: str,
    chosen: int,
    now: Array | None = None,  # (names,) what is reached with the chosen budget just now
) -> go.Figure:
    """Mean and standard deviation over the tries, in per cent; the chosen budget is marked."""
    # Equal steps for equal factors: a category axis names exactly the budgets tried.
    names = [str(each) for each in budget]
    figure = theme.figure(
        x_title, y_title, xaxis={"type": "category"}, hovermode="x unified", height=360
    )
    for place, (name, values) in enumerate(tries.items()):
        figure.add_scatter(
            x=names,
            y=(100 * values.mean(axis=0)).astype(np.float32),
            error_y={"array": (100 * values.std(axis=0)).astype(np.float32), "thickness": 1.5},
            name=name,
            mode="lines+markers",
            line={"dash": theme.DASHES[place], "width": 2.5, "color": theme.CATEGORICAL[place]},
            marker=theme.marker(place, size=9),
            hovertemplate="%{y:.1f}\u00a0%",
        )
    if now is not None:
        colours = [theme.CATEGORICAL[place] for place in range(len(tries))]
        figure.add_scatter(
            x=[str(chosen)] * len(tries),
            y=(100 * now).astype(np.float32),
            name="this run, now",
            mode="markers",
            marker={
                "symbol": "star",
                "size": 15,
                "color": colours,
                "line": {"width": 1, "color": "#808080"},
            },
            hovertemplate="%{y:.1f}\u00a0%",
        )
    if chosen in budget:
        figure.add_vline(
            x=list(budget).index(chosen), line={"dash": "dot", "width": 1.5, "color": "#808080"}
        )
    return figure
