"""What the moving picture of a fit is told: scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.overfitting.model import (
    EXTENT,
    UPDATES_PER_RECORD,
    Config,
    drawn_places,
    examples,
    truth,
)
from core.foundations.overfitting.reading import kept
from core.runs import Run


def scene(config: Config, show_test: bool) -> dict[str, Any]:
    """The kind of picture, its extent and what stands on its axes."""
    axes = ["input x₁", "input x₂"] if config.classifies else ["input x", "label y"]
    return {
        "kind": "plane" if config.classifies else "curve",
        "extent": EXTENT[config.data],
        "axes": axes,
        "classes": ["class −1", "class 1"],
        "show_test": show_test,
        "shuffled": config.shuffled,
    }


def scene_arrays(config: Config) -> dict[str, NDArray[Any]]:
    """The points to train and to test with and, for the wave, what it is without noise."""
    found = examples(config)
    arrays: dict[str, NDArray[Any]] = {
        "train_x": found.train[0].numpy(),
        "train_y": found.train[1].numpy(),
        "test_x": found.test[0].numpy(),
        "test_y": found.test[1].numpy(),
    }
    if config.classifies:
        return arrays
    along = drawn_places(config)[:, 0].numpy()
    return {**arrays, "along": along, "truth": truth(along).astype(np.float32)}


def arrays(run: Run, first: int, stop: int) -> Mapping[str, NDArray[Any]]:
    """The records `first` to `stop - 1`, with what early stopping would have by then."""
    records = run.until(stop - 1)
    best = kept(records["validation_loss"])
    sent = {**records, "kept": best, "stopped_loss": records["test_loss"][best]}
    if "test_accuracy" in records:
        sent["stopped_accuracy"] = records["test_accuracy"][best]
    return {name: array[first:] for name, array in sent.items()}


def curves(config: Config) -> list[dict[str, Any]]:
    """Loss always, accuracy for classes: training, test, and the test had one stopped."""
    if not config.classifies:
        return [_curve("Error", "mean squared", "loss")]
    return [_curve("Loss", "nats", "loss"), _curve("Accuracy", "share", "accuracy")]


def _curve(title: str, unit: str, name: str) -> dict[str, Any]:
    labels = {"": "training", "test_": "test", "validation_": "validation"}
    series = [{"array": f"{part}{name}", "label": label} for part, label in labels.items()]
    series.append({"array": f"stopped_{name}", "label": "stopped early"})
    return {"title": title, "unit": unit, "series": series}


def notes(run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Where early stopping would have stopped, said at the end: only then is it known."""
    chunk = run.chunk(k)
    last = chunk.stop - 1
    best = int(kept(run.until(last)["validation_loss"])[-1]) if chunk.end else 0
    if best in (0, last):
        return []
    return [(last, f"Early stopping would have kept the weights of epoch {epochs(best)}.")]


def epochs(record: int) -> str:
    """A record's place in the run, as people read it."""
    return f"{record * UPDATES_PER_RECORD:,}"
