"""What the moving picture of anomaly detection is told: its scene, arrays, curves, notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.anomaly_detection import heartbeats
from core.learning.anomaly_detection.model import REACH, Config, examples, names, quantised
from core.learning.anomaly_detection.principal import linear
from core.learning.anomaly_detection.reading import THRESHOLDS, UNITS
from core.runs import Run

Arrays = Mapping[str, NDArray[Any]]

N_BINS = 50
# The error axis, in powers of ten; what lies beyond is shown at its end.
SPANS = {"heartbeats": (-2.0, 0.5), "shuttle": (-2.0, 1.5)}
_STRIP_STEP = 6  # samples of the excerpt to one of the strip


def curves(config: Config) -> list[dict[str, Any]]:
    """Under the picture: errors of both kinds, and how well they are told apart."""
    one = config.data == "heartbeats" and not config.simulated
    series = [
        {"array": "anomaly_error", "label": "premature" if one else "anomalous, median"},
        {"array": "high_error", "label": "normal, 95\u00a0% below"},
        {"array": "normal_error", "label": "normal, median"},
    ]
    errors = {"title": "Error", "unit": UNITS[config.data], "series": series, "log": True}
    beside = {"array": "straight", "label": f"{linear(config).n_axes} principal components"}
    if one:
        times = [{"array": "times", "label": "network"}, beside]
        unit = "times the worst normal beat's error"
        return [{"title": "Premature beat", "unit": unit, "series": times}, errors]
    network = {"array": "auc", "label": "network"}
    told = {"title": "Told apart", "unit": "AUC", "series": [network, beside]}
    return [told, errors]


def scene(config: Config, threshold: float) -> dict[str, Any]:
    """The chosen example, all errors and the threshold, as the drawing wants them."""
    of_beats = config.data == "heartbeats"
    labels = examples(config).is_anomaly
    return {
        "kind": "beats" if of_beats else "rows",
        "names": list(names(config)),
        "reach": REACH[config.data],
        "unit": UNITS[config.data],
        "axis": "intervals from the R peak" if config.window == "interval" else "seconds",
        "threshold": threshold,
        "steps": list(THRESHOLDS[config.data]),
        "span": list(SPANS[config.data]),
        "chosen": _first(config, labels),
        "straight": f"{linear(config).n_axes} principal components",
        "simulated": _simulated(config),
        "strip_rate": heartbeats.RATE / _STRIP_STEP,
    }


def _first(config: Config, labels: NDArray[np.bool_]) -> int:
    """The example to begin with: an anomaly, of beats the real one."""
    real = labels.copy()
    real[_simulated(config)] = False
    return int(np.flatnonzero(real)[0])


def _simulated(config: Config) -> list[int]:
    if config.data != "heartbeats":
        return []
    watched = heartbeats.watched(config.window, config.simulated)
    return [int(place) for place in np.flatnonzero(watched.is_simulated)]


def scene_arrays(config: Config) -> Arrays:
    """What stands still: the examples watched, their labels, and the excerpt as a strip."""
    chosen = examples(config)
    still: dict[str, NDArray[Any]] = {
        "examples": np.clip(chosen.x_shown, -100, 100),
        "is_anomaly": chosen.is_anomaly,
        "straight": quantised(linear(config).restored, config.data),
        "straight_errors": linear(config).errors,
    }
    if config.data == "heartbeats":
        beats = heartbeats.excerpt_beats(config.window)
        millivolts = heartbeats.watched(config.window, config.simulated).millivolts
        length = len(millivolts) // _STRIP_STEP * _STRIP_STEP
        stretches = millivolts[:length].reshape(-1, _STRIP_STEP)
        # Both ends of every stretch, or the narrow R peaks would come and go.
        still["strip"] = np.stack([stretches.min(axis=1), stretches.max(axis=1)], axis=1)
        still["peaks"] = (beats.peaks / _STRIP_STEP).astype(np.float32)
        still["places"] = beats.places
    return still


def arrays(run: Run, config: Config, first: int, stop: int) -> Arrays:
    """What the picture needs of the records `first` to `stop - 1`, each (S, …)."""
    records = run.until(stop - 1)
    sent = {name: records[name][first:] for name in ("errors", "restored", "loss", "auc")}
    for name in ("normal_error", "high_error", "anomaly_error"):
        sent[name] = records[name][first:]
    straight = linear(config)
    if config.data == "heartbeats" and not config.simulated:
        labels = examples(config).is_anomaly
        sent["times"] = times(sent["errors"], labels)
        beside = times(straight.errors[None], labels)[0]
    else:
        beside = straight.auc
    sent["straight"] = np.full(stop - first, beside, dtype=np.float32)
    return {**sent, "counts": counts(config, records["train_errors"][first:])}


def times(errors: NDArray[np.floating[Any]], labels: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The one anomaly's error over the largest of the normal ones (S,), of errors (S, M)."""
    found = errors[:, labels][:, 0] / errors[:, ~labels].max(axis=1)
    return np.asarray(found, dtype=np.float32)


def counts(config: Config, errors: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """How many training examples (S, N) fall into every bin of the error axis (S, N_BINS)."""
    low, high = SPANS[config.data]
    with np.errstate(divide="ignore"):
        place = (np.log10(errors.astype(np.float32)) - low) / (high - low) * N_BINS
    bins = np.clip(np.nan_to_num(place), 0, N_BINS - 1).astype(int)
    rows = np.arange(len(errors))[:, None] * N_BINS
    found = np.bincount((bins + rows).ravel(), minlength=len(errors) * N_BINS)
    return found.reshape(len(errors), N_BINS).astype(np.int16)


def notes(run: Run, config: Config, threshold: float, k: int) -> Sequence[tuple[int, str]]:
    """Said once: where the normal examples have sunk under the threshold."""
    high = [chunk["high_error"] for chunk in (run.chunk(j).records for j in range(k + 1))]
    below = np.concatenate(high) < threshold
    chunk = run.chunk(k)
    first = int(below.argmax()) if below.any() else -1
    if first < chunk.first:
        return []
    kind = "beats" if config.data == "heartbeats" else "rows"
    said = f"95\u00a0% of the normal {kind} are now restored to within the threshold."
    return [(first, said)] if first else []
