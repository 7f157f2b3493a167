"""Bars: how much of each, named at the side and read off at the end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.shares import per_cent
from core.store import remembered

Array = NDArray[Any]


@remembered
def shares(
    names: Sequence[str],
    values: Array,  # (C,) from 0 to 1
    *,
    x_title: str,
    y_title: str,
    right: int | None = None,
) -> go.Figure:
    """One bar a name, in per cent, the largest emphasised; `right` marks the true one."""
    largest = int(np.argmax(values))
    opacity = [1.0 if place == largest else 0.45 for place in range(len(names))]
    figure = theme.figure(
        x_title,
        y_title,
        xaxis={"range": [0, 112], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"type": "category", "autorange": "reversed"},
        height=max(180, 60 + 24 * len(names)),
        bargap=0.25,
    )
    figure.add_bar(
        x=(100 * np.asarray(values)).astype(np.float32),
        y=[f"{name} ✓" if place == right else name for place, name in enumerate(names)],
        orientation="h",
        marker={"color": theme.CATEGORICAL[0], "opacity": opacity},
        text=[per_cent(value) if value >= 0.005 else "" for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.2f}\u00a0%<extra></extra>",
    )
    return figure
