"""What the moving picture of rule and model is told."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.rules_or_learning import payments
from core.foundations.rules_or_learning.model import (
    CENTRE,
    SCALE,
    TODAY,
    Config,
    Day,
    Rule,
    stream,
    training,
)
from core.foundations.rules_or_learning.reading import model_score
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

# What the two axes show, in powers of ten of euros and of kilometres.
DOMAIN = ((-0.3, 4.0), (-1.5, 4.3))
MAX_COUNT = 10  # the slices of the map: payments in the last hour
GRID = (48, 56)  # rows and columns of the map of the truth
_MILESTONES = (0.5, 0.8, 0.9, 0.95)


def scene(
    config: Config,
    rule: Rule,
    day: Day,
    payment: Sequence[float],
    steps: tuple[Sequence[float], Sequence[float]],
    show_truth: bool,
) -> dict[str, Any]:
    """Rule, costs, axes and the learner's payment; `steps`: what its thresholds may be."""
    return {
        "sizes": list(config.sizes),
        "centre": list(CENTRE),
        "scale": list(SCALE),
        "domain": [list(axis) for axis in DOMAIN],
        "rule": asdict(rule),
        "steps": [list(axis) for axis in steps],
        "threshold": day.threshold / 100,
        # The same answers as the dotted line of `reading.ageing`.
        "best_threshold": day.minutes_per_check / max(day.minutes_per_miss, 1e-9),
        "minutes_per_check": day.minutes_per_check,
        "minutes_per_miss": day.minutes_per_miss,
        "payment": list(payment),
        "max_count": MAX_COUNT,
        "show_truth": show_truth,
    }


@remembered
def _truth(fraud_share: float, drift: int) -> NDArray[np.uint8]:
    """The exact probability on the map, (slices, rows from the top, columns), 255 is 1."""
    (left, right), (bottom, top) = DOMAIN
    rows, columns = GRID
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = top - (np.arange(rows) + 0.5) / rows * (top - bottom)
    count, up, across = np.meshgrid(np.arange(1, MAX_COUNT + 1), 10**y, 10**x, indexing="ij")
    features = np.stack([across, up, count], axis=-1, dtype=np.float64).reshape(-1, 3)
    p = payments.fraud_probability(features, fraud_share / 100, drift / 100)
    return np.rint(255 * p).astype(np.uint8).reshape(MAX_COUNT, rows, columns)


def scene_arrays(config: Config, day: Day) -> dict[str, NDArray[Any]]:
    """Today's payments with the truth about them, and the map of the truth."""
    drawn = stream(config, TODAY, day.drift)
    exact = payments.fraud_probability(drawn.features, config.fraud_share / 100, day.drift / 100)
    return {
        "payments": drawn.features.astype(np.float32),
        "is_fraud": drawn.is_fraud.astype(np.uint8),
        "exact": exact.astype(np.float32),
        "truth": _truth(config.fraud_share, day.drift),
    }


def curves() -> list[dict[str, Any]]:
    """The curve under the picture."""
    series = [
        {"array": "loss", "label": "training"},
        {"array": "test_loss", "label": "new day"},
    ]
    return [{"title": "Loss", "unit": "nats", "series": series}]


@remembered
def notes(config: Config, k: int) -> Sequence[tuple[int, str]]:
    """What is said when chunk `k` passes: shares of frauds first caught in its own world."""
    run = Run(training, config)
    chunk = run.chunk(k)
    if not len(chunk.records["loss"]):
        return []
    before = _recall(config, run, chunk.first - 1) if chunk.first else 0.0
    now = _recall(config, run, chunk.stop - 1)
    passed = [share for share in _MILESTONES if before < share <= now]
    if not passed:
        return []
    text = f"the model catches {per_cent(passed[-1])} of the frauds of a new day like those it saw."
    return [(chunk.stop - 1, text)]


def _recall(config: Config, run: Run, record: int) -> float:
    parameters = run.at(record)["parameters"]
    return model_score(config, parameters, Day(drift=config.learned_drift)).recall
