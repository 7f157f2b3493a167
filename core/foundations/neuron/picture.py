"""What the moving picture of the neuron is told: its scene, its curves, its notes."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.neuron.model import GATES, TARGETS, Config, Examples
from core.foundations.neuron.reading import findings
from core.runs import Run


def scene(config: Config) -> dict[str, Any]:
    """The plane, the reach of the weights and what the activation is."""
    low, high = config.domain
    classes = ["false (0)", "true (1)"] if config.data in GATES else ["class 0", "class 1"]
    return {
        "data": data_key(config),
        "activation": config.activation,
        "targets": list(TARGETS[config.activation]),
        "domain": [low, high],
        "reach": config.reach,
        "classes": classes,
        "start": [config.w1, config.w2, config.b],
    }


def data_key(config: Config) -> str:
    """A short name of the examples: tries belong to them, whatever the start."""
    kept = (config.data, config.n_examples, config.noise, config.points, config.seed)
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:12]


def scene_arrays(shown: Examples) -> dict[str, NDArray[Any]]:
    """The points of the plane, as the drawing wants them."""
    return {"points": shown.points, "labels": shown.labels.astype(np.uint8)}


def curves(config: Config) -> list[dict[str, Any]]:
    """The curves under the picture."""
    unit = "nats" if config.activation == "sigmoid" else "squared error"
    return [
        {"title": "Loss", "unit": unit, "series": [{"array": "loss", "label": "descent"}]},
        {
            "title": "Accuracy",
            "unit": "share",
            "series": [{"array": "accuracy", "label": "descent"}],
        },
    ]


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes the end of chunk `k`: what cannot be solved, once."""
    chunk = run.chunk(k)
    if chunk.stop <= chunk.first or chunk.end == "diverged":
        return []
    found = findings(config, run.until(chunk.stop - 1), chunk.end)
    before = findings(config, run.until(chunk.first - 1), "") if chunk.first else []
    known = {finding.kind for finding in before}
    return [
        (chunk.stop - 1, finding.sentence)
        for finding in found
        if finding.tone == "bad" and finding.kind not in known
    ]
