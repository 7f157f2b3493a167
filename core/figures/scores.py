"""Scores of a classifier: the confusion matrix, ROC, precision–recall, calibration."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import matrices, theme
from core.store import remembered

Array = NDArray[Any]


def confusion(counts: Array, names: Sequence[str]) -> go.Figure:
    """The matrix of `matrices.confusion`, for rows of a table; names may be foreign text."""
    return matrices.confusion(
        counts,
        [escape(name) for name in names],
        x_title="Answer",
        told="%{text} rows of %{y} taken for %{x}",
        height=min(480, 150 + 56 * len(names)),
    )


@remembered
def roc(x: Array, y: Array, now: tuple[float, float], area: float) -> go.Figure:
    """Recall against the false positive rate; `now` is the threshold's point."""
    figure = _square("false positive rate", "recall")
    _add_guess(figure, [0, 1], [0, 1])
    _add_curve(figure, x, y, f"ROC, area {area:.3f}", now)
    return figure


@remembered
def precision_recall(
    x: Array, y: Array, now: tuple[float, float], area: float, base: float
) -> go.Figure:
    """Precision against recall; `base` is the precision of answering yes to everything."""
    figure = _square("recall", "precision")
    _add_guess(figure, [0, 1], [base, base])
    _add_curve(figure, x, y, f"average precision {area:.3f}", now)
    return figure


@remembered
def reliability(series: Mapping[str, tuple[Array, Array, Array]]) -> go.Figure:
    """Share right against confidence, bin by bin: name -> (confidence, right, examples)."""
    figure = _square("probability given to the answer", "share of answers that are right")
    _add_guess(figure, [0, 1], [0, 1])
    for place, (name, (confidence, right, counts)) in enumerate(series.items()):
        figure.add_scatter(
            x=confidence.astype(np.float32),
            y=right.astype(np.float32),
            name=name,
            mode="lines+markers",
            line={"dash": theme.DASHES[place], "width": 2.5, "color": theme.CATEGORICAL[place]},
            marker=theme.marker(place, size=(6 + 1.6 * np.sqrt(counts)).clip(8, 30), opacity=0.8),
            customdata=counts,
            hovertemplate="%{customdata} rows given %{x:.2f}: %{y:.2f} right<extra></extra>",
        )
    return figure


def _square(x_title: str, y_title: str) -> go.Figure:
    return theme.figure(
        x_title,
        y_title,
        height=360,
        xaxis={"range": [-0.02, 1.02], "constrain": "domain"},
        yaxis={"range": [-0.02, 1.04]},
    )


def _add_guess(figure: go.Figure, x: Sequence[float], y: Sequence[float]) -> None:
    figure.add_scatter(
        x=list(x),
        y=list(y),
        mode="lines",
        line={"dash": "dot", "width": 1.5, "color": "#808080"},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_curve(figure: go.Figure, x: Array, y: Array, name: str, now: tuple[float, float]) -> None:
    figure.add_scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        mode="lines",
        line={"width": 2.5, "color": theme.CATEGORICAL[0]},
    )
    figure.add_scatter(
        x=[now[0]],
        y=[now[1]],
        name="at the threshold",
        mode="markers",
        marker={"size": 15, "color": theme.CATEGORICAL[1], "symbol": "diamond"},
    )
