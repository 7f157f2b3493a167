"""What the moving picture of a classifier is told: its scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.classification.model import Config, baseline, prepared, sizes, table
from core.runs import Run
from core.shares import per_cent

Arrays = Mapping[str, NDArray[Any]]

MAX_SENT = 15_000  # numbers of a record: test rows times classes, two bytes each
UNIT = 1000  # log-probabilities travel as whole thousandths of a nat
FLOOR = -32.0
MARGIN = 0.08  # of the plane beyond its outermost examples, as a part of its width
_MILESTONES = (0.8, 0.9, 0.95, 0.98)


def n_shown(config: Config) -> int:
    """How many of the test rows the picture shows."""
    data = prepared(config)
    return min(len(data.y_test), MAX_SENT // len(data.classes))


def has_plane(config: Config) -> bool:
    """Whether the network sees two numbers of every example, so that a plane shows all."""
    encoders = prepared(config).encoders
    return len(encoders) == 2 and not any(encoder.words for encoder in encoders)


def scene(config: Config, positive: int, threshold: float, picked: int | None) -> dict[str, Any]:
    """Classes, what is looked for, and the plane where there is one."""
    data = prepared(config)
    return {
        "classes": list(data.classes),
        "positive": positive,
        "threshold": threshold,
        "picked": -1 if picked is None else picked,
        "unit": UNIT,
        "names": [f"row {row}" for row in data.rows_test[: n_shown(config)].tolist()],
        "plane": _plane(config) if has_plane(config) else None,
    }


def _plane(config: Config) -> dict[str, Any]:
    data = prepared(config)
    xy = _coordinates(config, np.concatenate([data.rows_train, data.rows_test]))
    low, high = xy.min(axis=0), xy.max(axis=0)
    beyond = MARGIN * np.maximum(high - low, 1e-9)
    return {
        "sizes": list(sizes(config)),
        "activation": config.activation,
        "names": [encoder.column for encoder in data.encoders],
        "centre": [encoder.mean for encoder in data.encoders],
        "deviation": [encoder.deviation for encoder in data.encoders],
        "domain": np.stack([low - beyond, high + beyond], axis=1).tolist(),
    }


def _coordinates(config: Config, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Both features of rows of the table, gaps filled as the network has them (N, 2)."""
    data = prepared(config)
    x = data.encode(table(config).frame.iloc[rows]).astype(float)
    centre, deviation = np.array([(e.mean, e.deviation) for e in data.encoders]).T
    return np.asarray(centre + deviation * x)


def scene_arrays(config: Config) -> Arrays:
    """The true classes of the test rows; in a plane, where all examples lie."""
    data = prepared(config)
    found = {"labels": data.y_test[: n_shown(config)].astype(np.uint8)}
    if has_plane(config):
        found["points"] = _coordinates(config, data.rows_test[: n_shown(config)]).astype(np.float32)
        found["known"] = _coordinates(config, data.rows_train).astype(np.float32)
        found["known_labels"] = data.y_train.astype(np.uint8)
    return found


def curves(config: Config) -> list[dict[str, Any]]:
    """Loss and accuracy; beside them logistic regression on the same split."""
    known = not np.isnan(baseline(config).accuracy)
    compared = [{"array": "baseline", "label": "logistic"}] if known else []
    accuracy = [
        {"array": "accuracy", "label": "training"},
        {"array": "test_accuracy", "label": "test"},
    ]
    loss = [{"array": "loss", "label": "training"}, {"array": "test_loss", "label": "test"}]
    return [
        {"title": "Accuracy", "unit": "share", "series": [*accuracy, *compared]},
        {"title": "Loss", "unit": "nats", "series": loss},
    ]


def arrays(config: Config, run: Run, first: int, stop: int) -> Arrays:
    """Log-probabilities (S, N, C) of the test rows shown, and the curves."""
    records = {name: array[first:] for name, array in run.until(stop - 1).items()}
    x = prepared(config).x_test[: n_shown(config)]
    parameters = records["parameters"]
    logits = stacked_logits(config, parameters, x)
    known = np.float32(baseline(config).accuracy)
    sent = {name: array for name, array in records.items() if name != "parameters"}
    sent["logp"] = np.round(UNIT * _log_softmax(logits).clip(FLOOR)).astype(np.int16)
    sent["baseline"] = np.full(stop - first, known)
    return {**sent, "parameters": parameters} if has_plane(config) else sent


def stacked_logits(
    config: Config, parameters: NDArray[np.float32], x: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The logits (S, N, C) of inputs (N, D) at every record's parameters (S, P)."""
    values, start = np.broadcast_to(x, (len(parameters), *x.shape)), 0
    widths = sizes(config)
    for depth, (n_in, n_out) in enumerate(pairwise(widths), start=1):
        middle = start + n_in * n_out
        weight = parameters[:, start:middle].reshape(-1, n_out, n_in)
        bias = parameters[:, middle : middle + n_out]
        values = values @ weight.transpose(0, 2, 1) + bias[:, None]
        if depth < len(widths) - 1:
            values = np.maximum(values, 0) if config.activation == "relu" else np.tanh(values)
        start = middle + n_out
    return values


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    lowered = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)))


def notes(run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Said once each: where the test accuracy first reaches a milestone."""
    chunk = run.chunk(k)
    earlier = [run.chunk(j).records["test_accuracy"] for j in range(k)]
    before = max((float(values.max()) for values in earlier), default=0.0)
    said = {}
    for goal in _MILESTONES:
        reached = chunk.records["test_accuracy"] >= goal
        if before < goal and reached.any():
            # Two milestones at one record: the higher one says it.
            said[chunk.first + int(reached.argmax())] = (
                f"{per_cent(goal)} of the test rows are right."
            )
    return list(said.items())
