"""Distributions: how often, and how much of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme

Array = NDArray[Any]


def histogram(
    values: Mapping[str, Array],  # name -> (N,)
    *,
    x_title: str,
    y_title: str = "Number of examples",
    n_bins: int = 40,
    threshold: float | None = None,
) -> go.Figure:
    """Counts of every group in the same bins, drawn over one another."""
    figure = theme.figure(x_title, y_title, barmode="overlay", bargap=0)
    finite = [np.asarray(group, dtype=float) for group in values.values()]
    edges = np.histogram_bin_edges(np.concatenate(finite), bins=n_bins)
    for place, (name, group) in enumerate(zip(values, finite, strict=True)):
        figure.add_bar(
            x=((edges[:-1] + edges[1:]) / 2).astype(np.float32),
            y=np.histogram(group, edges)[0],
            width=float(edges[1] - edges[0]),
            name=name,
            opacity=0.65,
            marker={"pattern": {"shape": ("", "/", "\\", ".")[place % 4], "solidity": 0.25}},
        )
    if threshold is not None:
        figure.add_vline(x=threshold, line={"dash": "dash", "width": 2, "color": "#808080"})
    return figure


def bars(
    names: Sequence[str],
    series: Mapping[str, Array],  # name -> (C,)
    *,
    x_title: str,
    y_title: str,
    stacked: bool = False,
) -> go.Figure:
    """One group of bars a name; stacked where the series are parts of a whole."""
    figure = theme.figure(x_title, y_title, barmode="stack" if stacked else "group")
    for name, values in series.items():
        figure.add_bar(x=list(names), y=np.asarray(values, dtype=np.float32), name=name)
    figure.update_xaxes(type="category")
    return figure
