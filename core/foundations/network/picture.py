"""What the moving picture of the network is told: its scene, its curves, its notes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.network.model import EXTENT, Config, Examples
from core.foundations.network.own_table import PlanarTable
from core.recordings import Records
from core.runs import Run

FEATURE_LABELS = {
    "x1": "X₁",
    "x2": "X₂",
    "x1sq": "X₁²",
    "x2sq": "X₂²",
    "x1x2": "X₁X₂",
    "sinx1": "sin X₁",
    "sinx2": "sin X₂",
}
_LOSS_UNITS = {"cross_entropy": "nats", "squared_error": "squared label"}


def curves(config: Config) -> list[dict[str, Any]]:
    """The curves under the picture: loss always, accuracy for classes."""
    unit = _LOSS_UNITS.get(config.loss, "label")
    shown = [_curve("Loss", unit, "loss", "test_loss")]
    if config.task == "classification":
        shown.append(_curve("Accuracy", "share", "accuracy", "test_accuracy"))
    return shown


def _curve(title: str, unit: str, training: str, test: str) -> dict[str, Any]:
    series = [{"array": training, "label": "training"}, {"array": test, "label": "test"}]
    return {"title": title, "unit": unit, "series": series}


def scene(config: Config, table: PlanarTable | None, show_test: bool) -> dict[str, Any]:
    """The network and the plane, as the drawing wants them described."""
    axes, classes = ["X₁", "X₂"], ["orange", "blue"]
    if table is not None:
        axes = list(table.names[:2])
        classes = list(table.classes or ("low", "high"))
    return {
        "layers": list(config.sizes),
        "features": list(config.features),
        "feature_labels": [FEATURE_LABELS[name] for name in config.features],
        "activation": config.activation,
        "output": _output(config),
        "loss": config.loss,
        "task": config.task,
        "extent": EXTENT,
        "axis_labels": axes,
        "class_names": classes,
        "editable": True,
        "show_test": show_test,
        "discretize": False,
    }


def _output(config: Config) -> str:
    """How the output z is squashed into the answer that the map shows, -1 … 1."""
    if config.task == "regression":
        return "linear"
    return "tanh" if config.loss == "squared_error" else "logit"


def scene_arrays(shown: Examples) -> dict[str, NDArray[Any]]:
    """The points of the plane, as the drawing wants them."""
    return {
        "points": shown.points,
        "labels": shown.labels,
        "is_test": shown.is_test.astype(np.uint8),
    }


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes chunk `k`: the milestones that lie in it."""
    chunk = run.chunk(k)
    passed = _milestones(config, run.until(chunk.stop - 1))
    return [(record, text) for record, text in passed if chunk.first <= record < chunk.stop]


def _milestones(config: Config, records: Records) -> Iterator[tuple[int, str]]:
    """The records at which a curve first got somewhere, with what it reached."""
    loss = records["loss"]
    for share, word in ((0.5, "half"), (0.1, "a tenth")):
        below = np.flatnonzero(loss < share * loss[0])
        if len(below):
            yield int(below[0]), f"The training loss is {word} of what it was at first."
    if config.task == "classification":
        right = np.flatnonzero(records["test_accuracy"] >= 0.9)
        if len(right):
            yield int(right[0]), "Nine in ten of the test points are right."
