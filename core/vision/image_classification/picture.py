"""What the moving picture of the convolutional network is told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.digits import DATA
from core.runs import Run
from core.shares import per_cent
from core.store import remembered
from core.vision.image_classification.model import MEAN, RECORDING, SPREAD, Config, training

CURVES = ("loss", "test_loss", "accuracy", "test_accuracy")
_MILESTONES = (0.5, 0.8, 0.9, 0.95, 0.97)


def scene(config: Config, caption: str, truth: int | None) -> dict[str, Any]:
    """The layers, the classes and what is known of the picture that goes in."""
    return {
        "n_filters": list(config.n_filters),
        "kernel_size": config.kernel_size,
        "mean": MEAN,
        "spread": SPREAD,
        "classes": list(DATA[config.data]().classes),
        "caption": caption,
        "truth": truth,
    }


def arrays(run: Run, first: int, stop: int) -> dict[str, NDArray[Any]]:
    """Records first … stop - 1: the curves, and the parameters the browser computes with."""
    records = [run.at(record) for record in range(first, stop)]
    sent = {name: np.stack([record[name] for record in records]) for name in CURVES}
    # Halves travel as the bits they are: the layers' maps are computed in the browser, so
    # another picture is shown at once, at every record, without asking again.
    halves = np.stack([record["parameters"] for record in records])
    return {**sent, "parameters": halves.view(np.int16)}


def curves() -> list[dict[str, Any]]:
    """The curves under the picture."""
    return [
        _curve("Loss", "nats", "loss", "test_loss"),
        _curve("Accuracy", "share", "accuracy", "test_accuracy"),
    ]


def _curve(title: str, unit: str, measured: str, test: str) -> dict[str, Any]:
    series = [{"array": measured, "label": "training"}, {"array": test, "label": "test"}]
    return {"title": title, "unit": unit, "series": series}


@remembered
def notes(config: Config, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes chunk `k`: shares of test pictures first reached."""
    run = Run(training, config, RECORDING)
    chunk = run.chunk(k)
    if k == 0 or not len(chunk.records["loss"]):
        return []
    accuracy = run.until(chunk.first)["test_accuracy"].astype(float).round(4)
    best = accuracy[:-1].max()
    passed = [share for share in _MILESTONES if best < share <= accuracy[-1]]
    text = f"{per_cent(passed[-1])} of the test images are classified correctly." if passed else ""
    return [(chunk.first, text)] if passed else []
