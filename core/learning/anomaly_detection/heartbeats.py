"""Heartbeats: two electrocardiograms, found beat by beat and cut to one length and scale."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.data.refusal import Refused
from core.data.sources import FILES
from core.store import remembered
from core.validation import one_of

Floats = NDArray[np.float32]
RATE = 360  # samples a second
N_POINTS = 64  # of a beat, once it is cut
# Where a window begins and ends, seen from the R peak: in typical intervals from beat to
# beat, as the recording itself has them, or in seconds by the clock.
WINDOWS = {"interval": (-0.7, 0.5), "seconds": (-0.3, 0.4)}
REACH = 3.0  # R heights that a drawn beat may go up or down
_FLATTENING = 0.6  # seconds whose mean counts as the ground; longer than any wave of a beat
_REFRACTORY = 0.3  # seconds in which a heart does not beat again
_SMOOTHING = 0.025  # seconds; narrower wiggles are muscle and mains


class Recording(NamedTuple):
    """Millivolts of one lead (T,), and which samples somebody has labelled premature."""

    millivolts: Floats
    is_premature: NDArray[np.bool_]


@dataclass(frozen=True)
class Beats:
    """Beats (N, N_POINTS) in heights of the recording's R peak; read-only.

    `peaks` are the samples of their R peaks, `places` where the points lie from there, in
    the unit of the window, `interval` the samples from beat to beat, `height` that of the
    typical R peak in millivolts.
    """

    shapes: Floats
    peaks: NDArray[np.intp]
    is_premature: NDArray[np.bool_]
    places: Floats
    interval: float
    height: float

    @property
    def seconds(self) -> NDArray[np.float64]:
        """When every beat comes."""
        return self.peaks / RATE


@remembered
def five_minutes() -> Recording:
    """Record 208 of the MIT-BIH Arrhythmia Database: many ventricular beats, no labels."""
    with np.load(FILES / "ecg.npz", allow_pickle=False) as file:
        return _recording(file["rec208"], file["rec208_mV"], np.zeros(file["rec208"].shape))


@remembered
def excerpt() -> Recording:
    """21 seconds of another person of the same database, one premature beat labelled."""
    with np.load(FILES / "ecg.npz", allow_pickle=False) as file:
        return _recording(file["labelled"], file["labelled_mV"], file["labelled_y"])


def _recording(samples: NDArray[Any], unit: float, labels: NDArray[Any]) -> Recording:
    found = Recording((samples * unit).astype(np.float32), labels.astype(bool))
    for array in found:
        array.setflags(write=False)
    return found


@remembered
def unlabelled_beats(window: str) -> Beats:
    """All whole beats of the five minutes."""
    return cut(five_minutes(), window)


@remembered
def excerpt_beats(window: str) -> Beats:
    """All whole beats of the labelled excerpt."""
    return cut(excerpt(), window)


def r_peaks(millivolts: Floats) -> NDArray[np.intp]:
    """The samples of all R peaks: what stands nearly half as high as the highest do.

    The slow wander of the ground is taken away first; peaks closer than a heart can beat
    are one.
    """
    from scipy.signal import find_peaks  # type: ignore[import-untyped]

    flat = _smoothed(_flattened(millivolts), round(_SMOOTHING * RATE))
    height = 0.45 * np.percentile(flat, 98.5)
    found, _ = find_peaks(flat, height=height, distance=round(_REFRACTORY * RATE))
    return np.array([_summit(millivolts, peak) for peak in found], dtype=np.intp)


def _summit(millivolts: Floats, near: int, reach: int = 11) -> int:
    """The highest sample within 30 ms: smoothing moves a peak by a little."""
    first = max(near - reach, 0)
    return first + int(np.argmax(millivolts[first : near + reach + 1]))


def _flattened(millivolts: Floats) -> Floats:
    n = round(_FLATTENING * RATE) | 1
    padded = np.pad(millivolts, n // 2, mode="edge")
    return np.asarray(millivolts - np.convolve(padded, np.ones(n) / n, "valid"), dtype=np.float32)


def _smoothed(values: Floats, n: int) -> Floats:
    return np.asarray(np.convolve(values, np.ones(n) / n, "same"), dtype=np.float32)


def cut(recording: Recording, window: str) -> Beats:
    """Every whole beat, its median level at zero, in heights of the recording's R peak."""
    one_of("window", window, WINDOWS)
    places = np.linspace(*WINDOWS[window], N_POINTS)
    peaks = r_peaks(recording.millivolts)
    interval = float(np.median(np.diff(peaks)))
    offsets = places * (interval if window == "interval" else RATE)
    last = len(recording.millivolts) - 1
    peaks = peaks[(peaks + offsets[0] >= 0) & (peaks + offsets[-1] <= last)]
    shapes = _levelled(_sampled(recording.millivolts, peaks, offsets))
    height = float(np.median(shapes[:, np.abs(places).argmin()]))
    found = ((shapes / height).astype(np.float32), peaks, recording.is_premature[peaks])
    placed = places.astype(np.float32)
    for array in (*found, placed):
        array.setflags(write=False)
    return Beats(*found, placed, interval, height)


def _sampled(millivolts: Floats, peaks: NDArray[Any], offsets: NDArray[Any]) -> Floats:
    """Each point the mean of the stretch it stands for, so that nothing is skipped."""
    smooth = _smoothed(millivolts, max(1, round(offsets[1] - offsets[0])))
    at = peaks[:, None] + offsets
    return np.asarray(np.interp(at, np.arange(len(smooth)), smooth), dtype=np.float32)


def _levelled(shapes: NDArray[np.floating[Any]]) -> Floats:
    return np.asarray(shapes - np.median(shapes, axis=1, keepdims=True), dtype=np.float32)


def changed(
    window: str,
    beat: int,
    early: float = 0.0,
    width: float = 1.0,
    height: float = 1.0,
    upside_down: bool = False,
) -> Floats:
    """A beat of the excerpt made unlike itself (N_POINTS,); simulated, from a real one.

    `early` takes that share of the interval out of the pause before the beat, so that the
    beat before comes nearer; `width` stretches the beat about its R peak.
    """
    beats, offsets = excerpt_beats(window), WINDOWS[window]
    unit = beats.interval if window == "interval" else RATE
    places = np.linspace(*offsets, N_POINTS) / width * unit
    pause = -0.3 * beats.interval  # between the T wave before and the P wave
    places = np.where(places < pause, places - early * beats.interval, places)
    at = np.clip(beats.peaks[beat] + places, 0, None)
    millivolts = excerpt().millivolts
    spacing = max(1, round((offsets[1] - offsets[0]) / (N_POINTS - 1) * unit))
    shape = np.interp(at, np.arange(len(millivolts)), _smoothed(millivolts, spacing))
    factor = height * (-1 if upside_down else 1) / beats.height
    return np.asarray(_levelled(shape[None])[0] * factor, dtype=np.float32)


# How the beats of the simulated anomalies differ from real ones, in turn.
_SIMULATED: tuple[dict[str, Any], ...] = (
    {"early": 0.35, "width": 1.6},
    {"width": 2.5},
    {"upside_down": True},
    {"height": 0.35},
)
MAX_SIMULATED = 12


class Watched(NamedTuple):
    """The excerpt with some normal beats changed: shapes (M, N_POINTS), labels, the strip."""

    shapes: Floats
    is_anomaly: NDArray[np.bool_]
    is_simulated: NDArray[np.bool_]
    millivolts: Floats


@remembered
def watched(window: str, n_simulated: int) -> Watched:
    """The excerpt's beats, `n_simulated` normal ones, evenly spread, made unlike themselves."""
    beats = excerpt_beats(window)
    normal = np.flatnonzero(~beats.is_premature)
    places = normal[np.linspace(1, len(normal) - 2, n_simulated).round().astype(int)]
    is_simulated = np.isin(np.arange(len(beats.shapes)), places)
    shapes, millivolts = beats.shapes.copy(), excerpt().millivolts.copy()
    for turn, beat in enumerate(places.tolist()):
        shapes[beat] = changed(window, beat, **_SIMULATED[turn % len(_SIMULATED)])
        _drawn(millivolts, beats, beat, shapes[beat], window)
    found = Watched(shapes, beats.is_premature | is_simulated, is_simulated, millivolts)
    for array in found:
        array.setflags(write=False)
    return found


def _drawn(millivolts: Floats, beats: Beats, beat: int, shape: Floats, window: str) -> None:
    """Put a changed beat into the excerpt, as far as half-way to its neighbours."""
    unit = beats.interval if window == "interval" else RATE
    peak, half = int(beats.peaks[beat]), round(0.5 * beats.interval)
    first = max(peak - half, peak + int(beats.places[0] * unit), 0)
    last = min(peak + half, peak + int(beats.places[-1] * unit), len(millivolts))
    at = (np.arange(first, last) - peak) / unit
    level = float(np.median(millivolts[first:last]))
    millivolts[first:last] = np.interp(at, beats.places, shape) * beats.height + level


def read_curve(text: object) -> Floats:
    """A drawn beat (N_POINTS,) from the pad's JSON, levelled as every beat is."""
    try:
        values = np.array(json.loads(str(text)), dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise Refused("damaged", "The drawing cannot be read; clear it and draw again.") from error
    if values.shape != (N_POINTS,) or not np.isfinite(values).all():
        raise Refused("damaged", f"A drawn beat must be {N_POINTS} finite numbers; draw it again.")
    return np.asarray(_levelled(values[None].clip(-REACH, REACH))[0], dtype=np.float32)
