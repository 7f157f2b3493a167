"""Inputs with names: what first-layer units weigh, and how units answer to one example."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Floats = NDArray[np.floating[Any]]


@remembered
def weights(weight: Floats, names: Sequence[str], units: Sequence[str]) -> go.Figure:
    """The weights (H, D) of a layer: a row for each input, the most used on top."""
    used = np.argsort(-np.abs(weight).sum(axis=0), kind="stable")
    figure = theme.figure("unit", "input", height=120 + 22 * max(len(names), 6))
    figure.add_heatmap(
        z=weight[:, used].T.astype(np.float32),
        x=list(units),
        y=[plain(names[place]) for place in used.tolist()],
        colorbar={"title": {"text": "weight"}, "thickness": 12},
        hovertemplate="%{y} → %{x}: %{z:.3f}<extra></extra>",
        xgap=1,
        ygap=1,
        **theme.signed(weight),
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(type="category", autorange="reversed")
    return figure


@remembered
def units(
    example: Floats,  # (H,)
    usual: Floats,  # mean of every class (C, H)
    classes: Sequence[str],
    names: Sequence[str],
) -> go.Figure:
    """The units' answers to one example, above what they usually answer to every class."""
    values = np.concatenate([example[None], usual])
    figure = theme.figure("unit of the last hidden layer", "", height=150 + 34 * len(values))
    figure.add_heatmap(
        z=values.astype(np.float32),
        x=list(names),
        y=["this example", *(f"mean of {plain(name)}" for name in classes)],
        colorbar={"title": {"text": "activation"}, "thickness": 12},
        hovertemplate="%{x}, %{y}: %{z:.2f}<extra></extra>",
        xgap=1,
        ygap=2,
        **theme.signed(values),
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(type="category", autorange="reversed", title_text="answer to")
    return figure


def plain(name: str, length: int = 28) -> str:
    """A name of foreign text as Plotly may show it."""
    return escape(name if len(name) <= length else f"{name[:length]}…")
