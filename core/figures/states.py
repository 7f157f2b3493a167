"""States: what a network answers over two of their numbers, and how one changes over time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def answers(
    x: Array,  # (W,)
    y: Array,  # (H,)
    values: Array,  # (H, W), signed
    *,
    x_title: str,
    y_title: str,
    z_title: str,
    path: Array | None = None,  # (T, 2)
) -> go.Figure:
    """A signed value over a plane of states, and the way that an episode takes through it."""
    figure = theme.figure(x_title, y_title, height=380)
    figure.add_heatmap(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        z=values.astype(np.float32),
        colorbar={"title": {"text": z_title}, "thickness": 12},
        hovertemplate=f"{x_title} %{{x:.1f}}<br>{y_title} %{{y:.0f}}<br>{z_title} %{{z:.2f}}"
        "<extra></extra>",
        **theme.signed(values),
    )
    if path is not None:
        figure.add_scatter(
            x=path[:, 0].astype(np.float32),
            y=path[:, 1].astype(np.float32),
            mode="lines",
            line={"color": theme.CATEGORICAL[1], "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.update_xaxes(range=[float(x[0]), float(x[-1])])
    figure.update_yaxes(range=[float(y[0]), float(y[-1])])
    return figure


@remembered
def strip(values: Array, rows: Sequence[str], columns: Sequence[str], *, title: str) -> go.Figure:
    """Signed values (R, C) as a low matrix: many columns, few rows."""
    figure = theme.figure("", "", height=110 + 34 * len(rows))
    figure.add_heatmap(
        z=values.astype(np.float32),
        x=list(columns),
        y=list(rows),
        xgap=1,
        ygap=1,
        colorbar={"title": {"text": title}, "thickness": 12},
        showscale=len(rows) > 2,
        hovertemplate="%{y}, %{x}: %{z:.3f}<extra></extra>",
        **theme.signed(values),
    )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


@remembered
def courses(seconds: Array, series: Mapping[str, Array], *, y_title: str) -> go.Figure:
    """How numbers of a state change over an episode."""
    figure = theme.figure("time, s", y_title, height=280, hovermode="x unified")
    for place, (name, values) in enumerate(series.items()):
        figure.add_scatter(
            x=seconds.astype(np.float32),
            y=values.astype(np.float32),
            name=name,
            mode="lines",
            line={"dash": theme.DASHES[place % len(theme.DASHES)], "width": 2.5},
        )
    return figure
