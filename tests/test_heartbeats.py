"""The beats of the electrocardiograms are found where they are, and cut as stated."""

import json

import numpy as np
import pytest
from scipy.ndimage import median_filter

from core.data.refusal import Refused
from core.learning.anomaly_detection import heartbeats
from core.learning.anomaly_detection.shuttle import SENSORS, shuttle


def simulated(peaks: np.ndarray, n_samples: int, seed: int = 0) -> heartbeats.Floats:
    """Narrow R peaks with a T wave after each, on wandering ground, with noise."""
    t = np.arange(n_samples)
    wave = 0.6 * np.sin(t / 500)
    for peak in peaks:
        wave = wave + 1.2 * np.exp(-(((t - peak) / 6) ** 2))
        wave = wave + 0.3 * np.exp(-(((t - peak - 100) / 30) ** 2))
    noise = np.random.default_rng(seed).normal(0, 0.02, n_samples)
    return (wave + noise).astype(np.float32)


@pytest.mark.parametrize("scale", [1, 0.2, 30], ids=["usual", "faint", "strong"])
def test_every_simulated_beat_is_found_within_three_samples(scale: float) -> None:
    peaks = np.cumsum(np.random.default_rng(1).integers(200, 380, 40))
    found = heartbeats.r_peaks(scale * simulated(peaks, int(peaks[-1]) + 300))
    assert len(found) == len(peaks)
    assert np.abs(found - peaks).max() <= 3


def test_the_excerpt_has_26_beats_each_a_summit_far_above_its_ground() -> None:
    recording = heartbeats.excerpt()
    peaks = heartbeats.r_peaks(recording.millivolts)
    above = recording.millivolts - median_filter(recording.millivolts, 361)
    assert len(peaks) == 26
    assert above[peaks].min() > 0.8
    assert recording.is_premature[peaks].sum() == 1


def test_the_five_minutes_have_about_500_beats_none_too_close() -> None:
    peaks = heartbeats.r_peaks(heartbeats.five_minutes().millivolts)
    assert 480 <= len(peaks) <= 520
    assert np.diff(peaks).min() >= 0.28 * heartbeats.RATE


@pytest.mark.parametrize("window", heartbeats.WINDOWS)
def test_beats_are_one_r_height_tall_with_their_level_at_zero(window: str) -> None:
    beats = heartbeats.excerpt_beats(window)
    middle = np.abs(beats.places).argmin()
    assert beats.shapes.shape[1] == heartbeats.N_POINTS
    assert np.median(beats.shapes[:, middle]) == pytest.approx(1)
    np.testing.assert_allclose(np.median(beats.shapes, axis=1), 0, atol=1e-6)
    assert beats.is_premature.sum() == 1


def test_only_the_premature_beat_has_the_beat_before_in_its_window() -> None:
    beats = heartbeats.excerpt_beats("interval")
    before = beats.shapes[:, beats.places < -0.5].max(axis=1)
    assert (before > 0.5).tolist() == beats.is_premature.tolist()
    intervals = np.diff(beats.peaks) / beats.interval
    assert intervals.argmin() + 1 == beats.is_premature.argmax()


def test_a_beat_left_as_it_is_is_the_beat_itself_and_early_brings_the_one_before() -> None:
    beats = heartbeats.excerpt_beats("interval")
    np.testing.assert_allclose(heartbeats.changed("interval", 10), beats.shapes[10], atol=1e-5)
    early = heartbeats.changed("interval", 10, early=0.35)
    assert early[beats.places < -0.5].max() > 0.5 > beats.shapes[10, beats.places < -0.5].max()
    turned = heartbeats.changed("interval", 10, upside_down=True)
    np.testing.assert_allclose(turned, -beats.shapes[10], atol=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        "", "[1, 2]", "{}", "null", json.dumps([[1]] * 64),
        json.dumps([float("nan")] * 64), json.dumps([float("inf")] * 64),
    ],
    ids=["empty", "short", "object", "null", "nested", "nan", "infinite"],
)  # fmt: skip
def test_a_broken_drawing_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        heartbeats.read_curve(text)


def test_a_drawing_is_levelled_and_kept_within_reach() -> None:
    drawn = heartbeats.read_curve(json.dumps([0.5] * 63 + [99]))
    assert drawn[0] == 0
    assert drawn[-1] == heartbeats.REACH - 0.5


def test_the_shuttle_has_the_share_of_anomalies_that_its_source_states() -> None:
    readings = shuttle()
    assert readings.rows.shape == (49_097, len(SENSORS))
    assert readings.is_anomalous.mean() == pytest.approx(0.0715, abs=5e-5)
