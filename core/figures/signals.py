"""Signals: a sound as pressure over time, and as loudness over time and pitch."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures import theme
from core.store import remembered

Array = NDArray[Any]
MAX_POINTS = 1200  # of a waveform; more cannot be told apart on a screen


@remembered
def waveform(samples: Array, rate: int) -> go.Figure:
    """Samples (T,) over seconds; of a long sound the highest and lowest of each stretch."""
    figure = theme.figure("time, s", "pressure, −1 to 1", height=200)
    times = np.arange(len(samples)) / rate
    if len(samples) > 2 * MAX_POINTS:
        stretch = len(samples) // MAX_POINTS
        cut = samples[: stretch * MAX_POINTS].reshape(MAX_POINTS, stretch)
        samples = np.stack([cut.max(axis=1), cut.min(axis=1)], axis=1).reshape(-1)
        times = np.repeat(times[: stretch * MAX_POINTS : stretch], 2)
    figure.add_scatter(
        x=times.astype(np.float32),
        y=np.asarray(samples, dtype=np.float32),
        mode="lines",
        line={"width": 1, "color": theme.CATEGORICAL[0]},
        hovertemplate="%{x:.3f} s: %{y:.3f}<extra></extra>",
    )
    return figure


@remembered
def mel(decibels: Array, centres: Array, seconds: float) -> go.Figure:
    """A mel spectrogram (bands, frames), low bands at the bottom."""
    figure = theme.figure("time, s", "frequency, Hz", height=260)
    n_bands, n_frames = decibels.shape
    figure.add_heatmap(
        z=np.asarray(decibels, dtype=np.float32),
        x=(np.arange(n_frames) * seconds / n_frames).astype(np.float32),
        y=np.arange(n_bands),
        colorscale=theme.scale(theme.SEQUENTIAL),
        zmin=float(decibels.max()) - 60,
        zmax=float(decibels.max()),
        colorbar={"title": {"text": "dB"}, "thickness": 12},
        customdata=np.repeat(np.round(centres)[:, None], n_frames, axis=1),
        hovertemplate="%{x:.2f} s, %{customdata} Hz: %{z:.1f} dB<extra></extra>",
    )
    shown = np.linspace(0, n_bands - 1, 6).astype(int)
    figure.update_yaxes(tickvals=shown, ticktext=[f"{centres[i]:.0f}" for i in shown])
    return figure


@remembered
def vectors(values: Array, names: list[str]) -> go.Figure:
    """Vectors (N, D) as rows of colour, one row a name, zero the ground."""
    figure = theme.figure(
        "number of the vector",
        "",
        yaxis={"type": "category", "autorange": "reversed"},
        height=90 + 24 * len(names),
    )
    figure.add_heatmap(
        z=np.asarray(values, dtype=np.float32),
        y=[f"{place + 1} {name}" for place, name in enumerate(names)],
        colorbar={"title": {"text": "value"}, "thickness": 12},
        hovertemplate="%{y}, number %{x}: %{z:.3f}<extra></extra>",
        **theme.signed(values),
    )
    return figure


@remembered
def answers(values: Array, x_title: str, y_title: str) -> go.Figure:
    """What each of several units answers (H,), as bars from zero."""
    figure = theme.figure(
        x_title,
        y_title,
        xaxis={"dtick": 1},
        yaxis={"zeroline": True, "zerolinecolor": "#808080"},
        height=260,
        bargap=0.3,
    )
    figure.add_bar(
        x=np.arange(1, len(values) + 1),
        y=np.asarray(values, dtype=np.float32),
        marker={"color": theme.CATEGORICAL[0]},
        hovertemplate=f"{x_title} %{{x}}: %{{y:.3f}}<extra></extra>",
    )
    return figure
