"""Networks laid out layer by layer: their weights, and what their units answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Floats = NDArray[np.floating[Any]]
MOST_NUMBERS = 10  # rows or columns of a matrix whose cells show their number


@remembered
def weights(
    layers: Sequence[tuple[Floats, Floats]],  # weight (H, D) and bias (H,) of each layer
    names: Sequence[Sequence[str]],  # of the units of every layer, the inputs first
) -> go.Figure:
    """One matrix a layer: a row for each unit that receives, its bias in the last column."""
    n_rows = -(-len(layers) // 2)  # two a row can be read on a phone as well
    limits = theme.signed(np.concatenate([np.append(w, b) for w, b in layers]))
    layout: dict[str, Any] = {"template": theme.TEMPLATE, "height": 80 + 230 * n_rows}
    layout["coloraxis"] = {
        "colorscale": limits["colorscale"],
        "cmin": limits["zmin"],
        "cmax": limits["zmax"],
        "cmid": 0,
        "colorbar": {"title": {"text": "weight"}, "thickness": 12},
    }
    layout["annotations"] = []
    matrices = []
    for depth, (weight, bias) in enumerate(layers, start=1):
        row, column = divmod(depth - 1, 2)
        place = "" if depth == 1 else str(depth)
        left, top = 0.58 * column, 1 - row / n_rows
        low = top - 1 / n_rows + 0.2 / n_rows
        layout[f"xaxis{place}"] = {
            "domain": [left, left + 0.42],
            "anchor": f"y{place}",
            "type": "category",
            "title": {"text": "from" if row == n_rows - 1 else ""},
        }
        layout[f"yaxis{place}"] = {
            "domain": [low, top],
            "anchor": f"x{place}",
            "type": "category",
            "autorange": "reversed",
            "title": {"text": "to" if column == 0 else ""},
        }
        layout["annotations"].append(_heading(depth, len(layers), left, top))
        matrices.append(
            _matrix(np.column_stack([weight, bias]), names[depth - 1 : depth + 1], place)
        )
    return go.Figure(data=matrices, layout=layout)


def _heading(depth: int, n_layers: int, left: float, top: float) -> dict[str, Any]:
    text = "to the output" if depth == n_layers else f"to hidden {depth}"
    at = {"x": left, "y": top, "xref": "paper", "yref": "paper"}
    return {**at, "text": text, "xanchor": "left", "yanchor": "bottom", "showarrow": False}


def _matrix(values: Floats, names: Sequence[Sequence[str]], place: str) -> go.Heatmap:
    return go.Heatmap(
        z=values.astype(np.float32),
        x=[*names[0], "bias"],
        y=list(names[1]),
        xaxis=f"x{place}",
        yaxis=f"y{place}",
        coloraxis="coloraxis",
        # In a larger matrix no number can be read; hovering over it still tells.
        texttemplate="%{z:.2f}" if max(values.shape) <= MOST_NUMBERS else None,
        hovertemplate="%{x} → %{y}: %{z:.3f}<extra></extra>",
        xgap=1,
        ygap=1,
    )


@remembered
def activations(
    layers: Sequence[Floats],  # activations (N, H) of each layer
    names: Sequence[Sequence[str]],  # of the units of every layer, without the inputs
    n_bins: int = 40,
) -> go.Figure:
    """How often each unit answers what: one column a unit, darker where answers are many."""
    values = np.concatenate(layers, axis=1)
    edges = np.histogram_bin_edges(values, bins=n_bins)
    shares = np.stack([np.histogram(column, edges)[0] / len(values) for column in values.T])
    figure = theme.figure("unit", "activation")
    figure.add_heatmap(
        z=(100 * shares.T).astype(np.float32),
        x=[name for layer in names for name in layer],
        y=(edges[:-1] + edges[1:]) / 2,
        colorscale=theme.scale(theme.SEQUENTIAL),
        colorbar={"title": {"text": "% of examples"}, "thickness": 12},
        hovertemplate="%{x} near %{y:.2f}: %{z:.0f}\u00a0% of examples<extra></extra>",
        xgap=2,
    )
    figure.update_xaxes(type="category")
    return figure
