"""Surfaces over a plane, with paths on them, and what a sweep of one setting gives."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def relief(
    along: Array,  # (G,) places on both axes
    heights: Array,  # (G, G), row 0 the lowest y
    paths: Mapping[str, Array],  # name -> (S, 3)
    *,
    x_title: str,
    y_title: str,
    z_title: str,
) -> go.Figure:
    """A surface in three dimensions over the logarithm of its heights, paths drawn on it."""
    figure = theme.figure(x_title, y_title, height=480)
    figure.add_surface(
        x=along.astype(np.float32),
        y=along.astype(np.float32),
        z=np.log10(heights).astype(np.float32),
        colorscale=theme.scale(theme.SEQUENTIAL),
        showscale=False,
        opacity=0.85,
        contours={"z": {"show": True, "usecolormap": False, "color": "#808080", "width": 1}},
        customdata=heights.astype(np.float32),
        hovertemplate=f"{x_title} %{{x:.2f}}<br>{y_title} %{{y:.2f}}"
        f"<br>{z_title} %{{customdata:.3g}}<extra></extra>",
    )
    for place, (name, path) in enumerate(paths.items()):
        figure.add_scatter3d(
            x=path[:, 0].astype(np.float32),
            y=path[:, 1].astype(np.float32),
            # A little above the ground, which would hide a line that lies on it.
            z=(np.log10(path[:, 2]) + 0.03).astype(np.float32),
            name=name,
            mode="lines",
            line={"color": theme.CATEGORICAL[place % len(theme.CATEGORICAL)], "width": 6},
            hoverinfo="name",
        )
    figure.update_scenes(
        xaxis_title_text=x_title,
        yaxis_title_text=y_title,
        zaxis_title_text=f"log₁₀ {z_title}",
        camera={"eye": {"x": 1.05, "y": -1.2, "z": 0.8}, "center": {"z": -0.15}},
        aspectmode="manual",
        aspectratio={"x": 1, "y": 1, "z": 0.6},
    )
    return figure


@remembered
def sweep(
    values: Array,  # (M,) of the setting
    results: Mapping[str, Array],  # name -> (M,), NaN where a run diverged; or (R, M)
    *,
    x_title: str,
    y_title: str,
    logarithmic_x: bool = False,
    logarithmic_y: bool = True,
    marks: Mapping[str, float] | None = None,  # what to name on the x axis
) -> go.Figure:
    """How a run ended for each value of one setting; crosses on top are those that diverged.

    Where there are several runs of a value, their mean, and the range that all of them span.
    """
    figure = theme.figure(x_title, y_title, hovermode="x unified")
    for place, (name, runs) in enumerate(results.items()):
        ends = np.atleast_2d(runs).mean(axis=0)
        if runs.ndim == 2:
            figure.add_scatter(**_band(values, runs, theme.CATEGORICAL[place]))
        figure.add_scatter(
            x=np.asarray(values, dtype=np.float32),
            y=np.asarray(ends, dtype=np.float32),
            name=name,
            mode="lines+markers",
            marker=theme.marker(place, size=8),
            line={"dash": theme.DASHES[place % len(theme.DASHES)], "width": 2},
        )
    lost = np.any([~np.isfinite(np.atleast_2d(ends)).all(axis=0) for ends in results.values()], 0)
    if lost.any():
        top = max(float(np.nanmax(ends)) for ends in results.values() if np.isfinite(ends).any())
        figure.add_scatter(
            x=np.asarray(values, dtype=np.float32)[lost],
            y=np.full(int(lost.sum()), top, dtype=np.float32),
            name="diverged",
            mode="markers",
            marker={"symbol": "x", "size": 10, "color": "#808080"},
            hovertemplate="diverged<extra></extra>",
        )
    for name, value in (marks or {}).items():
        at = float(np.log10(value)) if logarithmic_x else value
        figure.add_vline(x=value, line={"dash": "dot", "width": 1.5, "color": "#808080"})
        figure.add_annotation(x=at, y=1, yref="paper", yanchor="bottom", text=name, showarrow=False)
    if logarithmic_x:
        figure.update_xaxes(type="log", **_ticks(np.asarray(values)))
    if logarithmic_y:
        figure.update_yaxes(
            type="log", **_ticks(np.concatenate([ends.ravel() for ends in results.values()]))
        )
    figure.update_layout(legend={"y": 1.1})
    return figure


def _band(values: Array, runs: Array, colour: str) -> dict[str, Any]:
    edges = np.concatenate([runs.max(axis=0), runs.min(axis=0)[::-1]])
    return {
        "x": np.concatenate([values, values[::-1]]).astype(np.float32),
        "y": edges.astype(np.float32),
        "mode": "lines",
        "fill": "toself",
        "fillcolor": colour,
        "opacity": 0.18,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ticks(values: Array) -> dict[str, Any]:
    """Ticks of a logarithmic axis written out: plotly writes 2 for 0.2 between powers."""
    finite = values[np.isfinite(values) & (values > 0)]
    if not finite.size:
        return {}
    powers = np.arange(np.floor(np.log10(finite.min())), np.ceil(np.log10(finite.max())) + 1)
    between = [1.0] if len(powers) > 4 else [1.0, 2.0, 5.0]
    ticks = [float(digit * 10**power) for power in powers for digit in between]
    return {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
