"""What the moving picture of the encoder is told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.numbers_and_patterns.model import Config, training
from core.foundations.numbers_and_patterns.reading import input_names
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

CURVES = ("loss", "test_loss", "accuracy", "test_accuracy")
CAPTIONS = {
    "photo": "Your photo as {} numbers",
    "sentence": "Your sentence as {} numbers",
    "sound": "Your sound as {} numbers",
    "row": "Your penguin as {} numbers",
}
_MILESTONES = (0.5, 0.7, 0.8, 0.9, 0.95)


def scene(config: Config) -> dict[str, Any]:
    """The encoder's layers, how its input is laid out, and the known examples' names."""
    examples = config.examples
    return {
        "sizes": list(config.sizes),
        "shape": list(examples.shape),
        "classes": list(examples.classes),
        "names": [name[:60] for name in examples.names],
        "input_names": list(input_names(config)),
        "caption": CAPTIONS[config.kind].format(config.sizes[0]),
    }


def scene_arrays(config: Config, x: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """The classes of the known examples, and the numbers of the learner's thing."""
    return {"labels": config.examples.y.astype(np.uint8), "x": x.astype(np.float32)}


def arrays(run: Run, first: int, stop: int) -> dict[str, NDArray[Any]]:
    """Records first … stop - 1; halves travel as the bits they are."""
    records = [run.at(record) for record in range(first, stop)]
    sent = {name: np.stack([r[name] for r in records]) for name in (*CURVES, "xy")}
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
    """What is said when chunk `k` passes: shares of new examples first classified correctly."""
    run = Run(training, config)
    chunk = run.chunk(k)
    if not len(chunk.records["loss"]):
        return []
    accuracy = run.until(chunk.stop - 1)["test_accuracy"]
    best = accuracy[: chunk.first].max() if chunk.first else 0.0
    passed = [share for share in _MILESTONES if best < share <= accuracy[chunk.first :].max()]
    text = f"{per_cent(passed[-1])} of new examples are classified correctly." if passed else ""
    return [(chunk.stop - 1, text)] if passed else []
