"""What the moving map of a layer is told: its scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.digits import fashion_mnist
from core.foundations.layers.model import N_MAPPED, REACH, RECORDING, Config, pixel_map, training
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

_MILESTONES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85)
CURVES = [
    {
        "title": "Loss",
        "unit": "nats",
        "series": [
            {"array": "loss", "label": "training"},
            {"array": "test_loss", "label": "test"},
        ],
    },
    {
        "title": "Accuracy",
        "unit": "share",
        "series": [
            {"array": "accuracy", "label": "training"},
            {"array": "test_accuracy", "label": "test"},
        ],
    },
]
_SENT = ("loss", "test_loss", "accuracy", "test_accuracy")


def labels() -> NDArray[np.uint8]:
    """The classes of the mapped pictures (400,)."""
    return fashion_mnist().y_test[:N_MAPPED]


def scene() -> dict[str, Any]:
    """The plane of a map and the names of its points."""
    d = fashion_mnist()
    return {
        "classes": list(d.classes),
        "names": [f"Test image {row}" for row in range(N_MAPPED)],
        "x": "principal axis 1 (in spreads)",
        "y": "principal axis 2 (in spreads)",
        "scale": REACH,
        "domain": [-REACH, REACH, -REACH, REACH],
    }


def arrays(run: Run, layer: int, first: int, stop: int) -> Mapping[str, NDArray[Any]]:
    """The map of one layer and the curves, for records first … stop - 1."""
    records = [run.at(record) for record in range(first, stop)]
    sent = {name: np.stack([record[name] for record in records]) for name in _SENT}
    if layer == 0:
        return {**sent, "xy": np.broadcast_to(pixel_map(), (stop - first, N_MAPPED, 2))}
    return {**sent, "xy": np.stack([record["maps"][layer - 1] for record in records])}


@remembered
def notes(config: Config, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes chunk `k`: accuracies first reached."""
    run = Run(training, config, RECORDING)
    chunk = run.chunk(k)
    if k == 0 or not len(chunk.records["loss"]):
        return []
    accuracy = run.until(chunk.first)["test_accuracy"].astype(float).round(4)
    passed = [share for share in _MILESTONES if accuracy[:-1].max() < share <= accuracy[-1]]
    text = f"{per_cent(passed[-1])} of the test images are classified correctly." if passed else ""
    return [(chunk.first, text)] if passed else []
