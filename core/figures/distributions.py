"""Distributions: how often which value comes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def histogram(
    values: Mapping[str, Array],  # name -> (N,)
    *,
    x_title: str,
    y_title: str = "Number of examples",
    n_bins: int = 40,
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
    return figure
