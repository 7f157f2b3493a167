"""Profiles: many small curves of one kind side by side, on the same axes."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]


@remembered
def grid(values: Array, x: Array, titles: list[str], *, x_title: str, across: int = 8) -> go.Figure:
    """Curves (N, D) over x (D,), `across` a row, zero as a thin line; one scale for all."""
    across = min(across, max(len(values), 4))
    n_rows = -(-len(values) // across)
    limit = 1.05 * float(np.abs(values).max()) or 1.0
    layout: dict[str, Any] = {"template": theme.TEMPLATE, "height": 60 + 92 * n_rows}
    traces, annotations = [], []
    for place, (row, title) in enumerate(zip(values, titles, strict=True)):
        name = "" if place == 0 else str(place + 1)
        left, top = (place % across) / across, 1 - (place // across) / n_rows
        low, high = top - 0.76 / n_rows, top - 0.16 / n_rows
        wide = 0.88 / across
        layout[f"xaxis{name}"] = {
            "domain": [left, left + wide], "anchor": f"y{name}", "showticklabels": False,
            "zeroline": True,
        }  # fmt: skip
        layout[f"yaxis{name}"] = {
            "domain": [low, high], "anchor": f"x{name}", "range": [-limit, limit],
            "showticklabels": False, "showgrid": False, "zeroline": True,
            "zerolinecolor": "#808080",
        }  # fmt: skip
        traces.append(_curve(row, x, name, title, x_title))
        annotations.append(_title(title, left + wide / 2, high))
    figure = go.Figure(data=traces, layout=layout)
    figure.update_layout(annotations=annotations, showlegend=False)
    return figure


def _curve(values: Array, x: Array, name: str, title: str, x_title: str) -> go.Scatter:
    return go.Scatter(
        x=np.asarray(x, dtype=np.float32),
        y=np.asarray(values, dtype=np.float32),
        xaxis=f"x{name}",
        yaxis=f"y{name}",
        mode="lines",
        line={"width": 1.6, "color": theme.CATEGORICAL[0]},
        hovertemplate=f"{title}, %{{x:.2f}} {x_title}: %{{y:.3f}}<extra></extra>",
    )


def _title(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "showarrow": False,
        "xanchor": "center", "yanchor": "bottom",
    }  # fmt: skip
