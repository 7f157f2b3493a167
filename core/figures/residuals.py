"""Residuals: what an answer leaves unexplained, and what moved one answer where it is."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]
GREY = "#808080"


@remembered
def histogram(residual: Array, unit: str, n_bins: int = 36) -> go.Figure:
    """How often which residual (N,) comes, and a normal curve of the same deviation."""
    residual = np.asarray(residual, dtype=float)
    counts, edges = np.histogram(residual, bins=n_bins)
    middle, width = (edges[:-1] + edges[1:]) / 2, float(edges[1] - edges[0])
    figure = theme.figure(f"true less predicted, {escape(unit)}", "rows", bargap=0.02)
    figure.add_bar(
        x=middle.astype(np.float32),
        y=counts,
        width=width,
        name="residuals",
        marker={"color": theme.CATEGORICAL[0], "opacity": 0.75},
    )
    sigma = float(residual.std()) or 1.0
    x = np.linspace(edges[0], edges[-1], 121)
    normal = np.exp(-0.5 * ((x - residual.mean()) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    figure.add_scatter(
        x=x.astype(np.float32),
        y=(normal * width * len(residual)).astype(np.float32),
        mode="lines",
        name="normal, same σ",
        line={"color": GREY, "dash": "dash", "width": 2},
        hoverinfo="skip",
    )
    return figure


@remembered
def against(predicted: Array, residual: Array, spread: Array, unit: str) -> go.Figure:
    """Residuals (N,) against predictions, coloured by the spread; no pattern should be left."""
    figure = theme.figure(
        f"predicted, {escape(unit)}", f"true less predicted, {escape(unit)}", showlegend=False
    )
    figure.add_scatter(
        x=np.asarray(predicted, dtype=np.float32),
        y=np.asarray(residual, dtype=np.float32),
        mode="markers",
        marker={
            "size": 6,
            "opacity": 0.8,
            "color": np.asarray(spread, dtype=np.float32),
            "colorscale": theme.scale(theme.DIVERGING[5:]),
            "colorbar": {"title": {"text": "σ"}, "thickness": 10},
            "line": {"width": 0.5, "color": GREY},
        },
        hovertemplate="predicted %{x:.4g}<br>residual %{y:.3g}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": GREY, "width": 2})
    return figure


@remembered
def pushes(names: Sequence[str], values: Array, unit: str) -> go.Figure:
    """How far each column (K,) moves one answer: bars to either side, the largest on top."""
    values = np.asarray(values, dtype=float)
    colours = [theme.CATEGORICAL[0] if value > 0 else theme.CATEGORICAL[1] for value in values]
    reach = 1.35 * float(np.abs(values).max(initial=1e-9))
    figure = theme.figure(
        f"moves the answer, {escape(unit)}",
        "",
        xaxis={"range": [-reach, reach], "zeroline": True, "zerolinecolor": GREY},
        yaxis={"type": "category", "autorange": "reversed", "title": {"text": "column"}},
        height=110 + 26 * len(names),
        bargap=0.25,
    )
    figure.add_bar(
        x=values.astype(np.float32),
        y=[escape(name[:28]) for name in names],
        orientation="h",
        marker={"color": colours},
        text=[f"{value:+.3g}".replace("-", "−") for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.3g}<extra></extra>",
    )
    return figure


@remembered
def parts(x: Array, line: Array, units: Array) -> go.Figure:
    """What a member adds up over x (G,): its line and what each unit (H, G) contributes."""
    figure = theme.figure("input x", "added to the answer")
    for place, values in enumerate(units):
        figure.add_scatter(
            x=x,
            y=values.astype(np.float32),
            mode="lines",
            name="hidden units",
            legendgroup="units",
            showlegend=place == 0,
            line={"width": 1.2, "color": theme.CATEGORICAL[1]},
            opacity=0.6,
            hovertemplate=f"unit {place + 1}: %{{y:.2f}}<extra></extra>",
        )
    figure.add_scatter(
        x=x,
        y=line.astype(np.float32),
        mode="lines",
        name="its straight line",
        line={"width": 3, "color": theme.CATEGORICAL[0], "dash": "dash"},
    )
    return figure
