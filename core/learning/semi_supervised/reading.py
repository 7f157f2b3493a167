"""What can be read off the four methods: their scores, their mistakes, answers to own input."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import downloads, recordings
from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.label_propagation import (
    beliefs_at,
    class_factors,
    normalised,
    places,
)
from core.learning.semi_supervised.model import MEAN_TEACHER, METHODS, Config, Methods, training
from core.learning.semi_supervised.recordings import WEIGHTS, seeds
from core.networks.dense import StackedMLP
from core.recordings import Records
from core.runs import Run
from core.store import remembered
from core.training import Training

Floats = NDArray[np.float32]
MAX_FILTERS = 32


def kept(run: Run, record: int) -> int:
    """The record nearest to `record` whose weights are at hand: in a live run itself."""
    if not run.recording:
        return record
    return run.n_records - 1 if record else 0


@remembered
def methods_at(run: Run, record: int) -> Methods:
    """All methods as they stood at a record where `kept` has their weights."""
    if not run.recording or not record:
        return run.resumed(record, _model)
    assert isinstance(run.config, Config)
    return _recorded(run.config)


@remembered
def _recorded(config: Config) -> Methods:
    records = recordings.read(WEIGHTS, config)
    assert records is not None
    values = {name: array[1] for name, array in records.items()}
    model = Run(training, config).resumed(0, _model)  # in the slot, because weights are drawn
    flat = torch.from_numpy(values["parameters"].astype(np.float32))
    torch.nn.utils.vector_to_parameters(flat, model.parameters())
    model.beliefs.copy_(torch.from_numpy(values["beliefs"].astype(np.float32)))
    return model


def _model(training: Training) -> Methods:
    assert isinstance(training.model, Methods)
    return training.model


@torch.no_grad()
def answers(config: Config, model: Methods, x: Floats) -> Floats:  # (Q, D)
    """What every method answers for new inputs (4, Q, C)."""
    inputs = torch.from_numpy(x)
    at = places(examples(config.kind).graph, inputs)
    spread = normalised(beliefs_at(at, model.beliefs) * class_factors(model.beliefs))
    found = torch.cat([model.probabilities(inputs), spread[None]])
    return np.asarray(found.numpy())


def answer_table(config: Config, model: Methods, x: Floats) -> pd.DataFrame:
    """One row a method: what it takes a single input (D,) for, and its second choice."""
    found = answers(config, model, x[None])[:, 0]
    classes = examples(config.kind).classes
    order = found.argsort(axis=1)[:, ::-1]
    rows = np.arange(len(found))
    return pd.DataFrame(
        {
            "method": METHODS,
            "answer": [classes[i] for i in order[:, 0]],
            "sure, %": np.round(100 * found[rows, order[:, 0]].astype(float), 1),
            "second choice": [classes[i] for i in order[:, 1]],
            "its share, %": np.round(100 * found[rows, order[:, 1]].astype(float), 1),
        }
    )


def table(records: Records) -> pd.DataFrame:
    """One row a method at the last of `records`."""
    now = {name: records[name][-1] for name in ("accuracy", "given", "wrong", "losses")}
    share = 100 * now["wrong"] / np.maximum(now["given"], 1)
    return pd.DataFrame(
        {
            "method": METHODS,
            "test accuracy, %": np.round(now["accuracy"].astype(float), 1),
            "against labels only": np.round(now["accuracy"] - now["accuracy"][0], 1),
            "labels given": now["given"],
            "wrong": now["wrong"],
            "wrong, %": np.round(share, 1),
            "loss on the labelled, nats": [*now["losses"].astype(float).round(4), np.nan],
        }
    )


def seeds_table() -> pd.DataFrame:
    """Test accuracy with 50 labels over the recorded seeds: one row a method."""
    found = seeds()
    frame = pd.DataFrame(found.T.round(1), columns=[f"seed {s}, %" for s in range(len(found))])
    frame.insert(0, "method", METHODS)
    frame["mean, %"] = found.mean(axis=0).round(1)
    frame["against labels only"] = (found - found[:, :1]).mean(axis=0).round(1)
    return frame


def confusion(config: Config, records: Records, method: int) -> NDArray[np.int64]:
    """How often a true class (row) was given which label (column), among those shown."""
    data = examples(config.kind)
    given = records["answers"][-1][method]
    free = np.ones(len(given), dtype=bool)
    free[[row for row in config.rows if row < len(free)]] = False
    counted = free & (given < 10)
    counts = np.zeros((data.n_classes, data.n_classes), dtype=np.int64)
    np.add.at(counts, (data.truth[data.shown].numpy()[counted], given[counted]), 1)
    return counts


def sureness(records: Records) -> Mapping[str, NDArray[Any]]:
    """How sure every method is of the examples shown, in per cent."""
    return {name: records["sure"][-1][m] / 2.55 for m, name in enumerate(METHODS)}


def network_names() -> list[str]:
    """The networks that have weights: the mean teacher's are those of the teacher."""
    return list(METHODS[: MEAN_TEACHER + 1])


def layers(model: Methods, network: int) -> tuple[list[Floats], list[Floats]]:
    """Weights (H, D) and biases (H,) of one network, layer by layer."""
    stack: StackedMLP = model.teacher if network == MEAN_TEACHER else model.networks
    row = 0 if network == MEAN_TEACHER else network
    pairs = [(w[row].detach().T.numpy(), b[row, 0].detach().numpy()) for w, b in stack.affine]
    return [w for w, _ in pairs], [b for _, b in pairs]


def filters(model: Methods, network: int) -> Floats:
    """What the hidden units of a digit network weigh, strongest first (n, 28, 28)."""
    first = layers(model, network)[0][0]
    order = np.linalg.norm(first, axis=1).argsort()[::-1][:MAX_FILTERS]
    return np.asarray(first[order].reshape(-1, 28, 28), dtype=np.float32)


@torch.no_grad()
def activations(config: Config, model: Methods, network: int) -> list[Floats]:
    """Activations of the hidden layers (N, H) of one network for the examples shown."""
    data = examples(config.kind)
    bend = torch.relu if config.activation == "relu" else torch.tanh
    weights, biases = layers(model, network)
    x: Tensor = data.x[data.shown]
    found = []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = bend(x @ torch.tensor(weight).T + torch.tensor(bias))
        found.append(x.numpy())
    return found


def weights_file(run: Run, record: int) -> bytes:
    """Weights and biases of the networks and of the teacher, and the beliefs, as safetensors."""
    model = methods_at(run, kept(run, record))
    named = {"label_propagation.beliefs": model.beliefs}
    for network, name in enumerate(network_names()):
        part = name.replace(" ", "_").replace("-", "_")
        pairs = zip(*layers(model, network), strict=True)
        named |= downloads.stacked(pairs, f"{part}.")
    return downloads.tensors(named)


def toggled(config: Config, row: int) -> tuple[int, ...]:
    """The labelled examples with one more or one less; the last one stays."""
    rows = set(config.rows) ^ {row}
    return tuple(sorted(rows)) or config.rows
