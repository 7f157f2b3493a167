"""What the moving maps of answers are told: scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.transfer.model import LEARNERS, TUNED, Config, training
from core.learning.transfer.source import first_digits, pictures
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

REACH = 1.5  # what an int8 of 127 stands for; corners lie on a circle of radius 1
SPREAD = 0.21  # how far dots of one and the same answer are set apart
CURVES = [
    {
        "title": "Test accuracy on 500 new digits",
        "unit": "share",
        "series": [
            {"array": "accuracy", "index": place, "label": name.lower()}
            for place, name in enumerate(LEARNERS)
        ],
    },
]
_SENT = ("loss", "accuracy", "answers")
_MILESTONES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def corners(n_classes: int) -> NDArray[np.float32]:
    """Where each answer lies, on a circle, the first one on top (C, 2)."""
    turn = np.pi / 2 - 2 * np.pi * np.arange(n_classes) / n_classes
    turn = np.array([np.pi, 0.0]) if n_classes == 2 else turn
    return np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)


def places(p: NDArray[Any], spread: float = SPREAD) -> NDArray[np.int8]:
    """Where answers (…, N, C), shares from 0 to 1, lie on the map (…, N, 2).

    The mean of the corners, each weighted by its probability; then every dot is moved to
    its own place on a small spiral, always the same, so that none hides another.
    """
    n_points, n_classes = p.shape[-2:]
    step = np.arange(n_points)
    radius, turn = spread * np.sqrt((step * 0.61803) % 1), 2.39996 * step
    apart = radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    xy = (p.astype(np.float32) @ corners(n_classes) + apart) * (127 / REACH)
    placed: NDArray[np.int8] = np.clip(np.rint(xy), -127, 127).astype(np.int8)
    return placed


def scene(config: Config) -> dict[str, Any]:
    """The three maps, the answers at their corners and the names of the dots."""
    return {
        "titles": list(LEARNERS),
        "classes": list(config.digits),
        "corners": corners(len(config.digits)).tolist(),
        "reach": REACH,
        "dots": "letters",
        "noun": "test digit",
        "accuracy": "accuracy",
    }


@remembered
def _thumbnails(first_digit: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    x, y = pictures(first_digit, "test")
    small = x.numpy().reshape(len(x), 14, 2, 14, 2).mean(axis=(2, 4)).astype(np.uint8)
    return small, y.numpy().astype(np.uint8)


def scene_arrays(config: Config) -> dict[str, NDArray[np.uint8]]:
    """The test digits at half size (N, 14, 14) and what they are (N,)."""
    pixels, labels = _thumbnails(first_digits(config.source)[1])
    return {"pixels": pixels, "labels": labels}


def arrays(run: Run, first: int, stop: int) -> Mapping[str, NDArray[Any]]:
    """Maps and curves for records first … stop - 1."""
    records = [run.at(record) for record in range(first, stop)]
    sent = {name: np.stack([record[name] for record in records]) for name in _SENT}
    return {**sent, "xy": np.stack([places(record["p"] / 255) for record in records])}


@remembered
def notes(config: Config, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes chunk `k`: how far apart the learners are."""
    run = Run(training, config)
    chunk = run.chunk(k)
    if k == 0 or not len(chunk.records["loss"]):
        return []
    best = run.until(chunk.first)["accuracy"][:, TUNED].astype(float).round(4)
    passed = [share for share in _MILESTONES if best[:-1].max() < share <= best[-1]]
    if not passed:
        return []
    scratch = per_cent(float(chunk.records["accuracy"][0, 0]))
    text = f"Fine-tuned: {per_cent(best[-1])} of the test digits right; from scratch: {scratch}."
    return [(chunk.first, text)]
