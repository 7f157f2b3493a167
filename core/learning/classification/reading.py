"""What can be read off a classifier at one record: answers, mistakes, weights, units."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import downloads
from core.data.exports import beside, to_csv
from core.data.features import Features
from core.learning.classification import scores
from core.learning.classification.model import Config, labels, network, prepared, table
from core.learning.classification.scores import Floats
from core.networks import dense
from core.networks.dense import MLP
from core.recordings import Records
from core.store import remembered

Parameters = NDArray[np.float32]
Rows = NDArray[np.intp]  # of the test

# Steps of the search for what would flip an answer, in standard deviations.
STEPS = np.concatenate([-np.linspace(0.1, 4, 40), np.linspace(0.1, 4, 40)]).astype(np.float32)


def restored(config: Config, parameters: Parameters) -> MLP:
    """The network with the parameters of a record."""
    return dense.restored(lambda: network(config), parameters)


@remembered
@torch.no_grad()
def layers(config: Config, parameters: Parameters, x: Floats) -> list[NDArray[np.float32]]:
    """The activations (N, H) of every layer for inputs (N, D); the logits (N, C) last."""
    inputs = torch.from_numpy(np.asarray(x, dtype=np.float32))
    return [a.numpy() for _, a in restored(config, parameters).units(inputs)]


@remembered
def weights(config: Config, parameters: Parameters) -> list[tuple[Parameters, Parameters]]:
    """Weight (H, D) and bias (H,) of every layer."""
    affine = restored(config, parameters).affine
    return [(w.detach().numpy(), b.detach().numpy()) for w, b in affine]


def unit_names(config: Config) -> list[list[str]]:
    """What every layer's units are called, the inputs first and the classes last."""
    data = prepared(config)
    hidden = [
        [f"h{depth}.{unit + 1}" for unit in range(n_units)]
        for depth, n_units in enumerate(config.hidden, start=1)
    ]
    return [list(data.names), *hidden, list(data.classes)]


class Answers(NamedTuple):
    """What the network answers to the test rows, with the truth."""

    data: Features
    logits: NDArray[np.float32]  # (N, C)

    @property
    def probabilities(self) -> Floats:
        """What every class is given, (N, C)."""
        return scores.softmax(self.logits.astype(float))

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest class (N,)."""
        return np.asarray(self.logits.argmax(axis=1))

    @property
    def counts(self) -> NDArray[np.int64]:
        """The confusion matrix (C, C)."""
        return scores.confusion(self.predicted, self.data.y_test, len(self.data.classes))

    def of(self, positive: int) -> tuple[Floats, NDArray[np.bool_]]:
        """The probability of one class, and which rows are of it."""
        return self.probabilities[:, positive], self.data.y_test == positive


def answers(config: Config, parameters: Parameters) -> Answers:
    """The network's answers at a record to the rows it never saw."""
    data = prepared(config)
    return Answers(data, layers(config, parameters, data.x_test)[-1])


def cell(found: Answers, true: int, predicted: int) -> Rows:
    """Test rows of one class that were taken for another, the most confident first."""
    rows = np.flatnonzero((found.data.y_test == true) & (found.predicted == predicted))
    return rows[np.argsort(-found.probabilities[rows, predicted], kind="stable")]


def quarter(found: Answers, positive: int, threshold: float, is_it: bool, yes: bool) -> Rows:
    """Test rows in one of the four cells at a threshold, the worst first."""
    p, truth = found.of(positive)
    rows = np.flatnonzero((truth == is_it) & ((p >= threshold) == yes))
    return rows[np.argsort(p[rows] if is_it else -p[rows], kind="stable")]


def shown(config: Config, found: Answers, rows: Rows) -> pd.DataFrame:
    """Test rows as the table has them, with the truth and the network's answer in front."""
    names = np.array(found.data.classes, dtype=object)
    frame = table(config).frame.iloc[found.data.rows_test[rows]]
    answered, p = found.predicted[rows], found.probabilities[rows]
    lead = pd.DataFrame(
        {
            "true class": names[found.data.y_test[rows]],
            "answer": names[answered],
            "probability, %": np.round(100 * p[np.arange(len(rows)), answered], 1),
        },
        index=frame.index,
    )
    columns = [encoder.column for encoder in found.data.encoders]
    return beside(lead.rename_axis("row"), frame[columns])


@remembered
def all_answers(config: Config, parameters: Parameters) -> pd.DataFrame:
    """Every row with the probability of each class and its loss, the worst first."""
    data = prepared(config)
    x, rows = np.concatenate([data.x_train, data.x_test]), [*data.rows_train, *data.rows_test]
    y = np.concatenate([data.y_train, data.y_test])
    p = scores.softmax(layers(config, parameters, x)[-1].astype(float))
    names = np.array(data.classes, dtype=object)
    frame = pd.DataFrame({"row": rows, "part": np.repeat(["training", "test"], _parts(data))})
    frame["class"], frame["answer"] = names[y], names[p.argmax(axis=1)]
    for place, name in enumerate(data.classes):
        frame[f"P({name})"] = p[:, place].astype(np.float32)
    frame["loss"] = -np.log(p[np.arange(len(y)), y].clip(1e-12)).astype(np.float32)
    return frame.sort_values("loss", ascending=False, ignore_index=True)


def _parts(data: Features) -> tuple[int, int]:
    return len(data.y_train), len(data.y_test)


class Example(NamedTuple):
    """One example in the network: class probabilities, hidden units, and their usual values."""

    probabilities: Floats  # (C,)
    units: NDArray[np.float32]  # of the last hidden layer (H,)
    usual: NDArray[np.float32]  # mean over the test rows of every class (C, H)


@remembered
def example(config: Config, parameters: Parameters, x: Floats) -> Example:
    """What the network makes of one example (1, D)."""
    data = prepared(config)
    both = layers(config, parameters, np.concatenate([x, data.x_test]))
    hidden = both[-2] if len(both) > 1 else both[-1]
    usual = [hidden[1:][data.y_test == label] for label in range(len(data.classes))]
    means = [rows.mean(axis=0) if len(rows) else np.full(hidden.shape[1], np.nan) for rows in usual]
    probabilities = scores.softmax(both[-1][0].astype(float))
    return Example(probabilities, hidden[0], np.array(means, dtype=np.float32))


@remembered
def flip(config: Config, parameters: Parameters, x: Floats) -> str:
    """Which one number, changed least, would change the answer; in words of the table."""
    data = prepared(config)
    places = [(i, e) for i, e in zip(_starts(data), data.encoders, strict=True) if not e.words]
    tried = np.repeat(x.astype(np.float32), len(places) * len(STEPS), axis=0)
    for place, (column, _) in enumerate(places):
        tried[place * len(STEPS) : (place + 1) * len(STEPS), column] += STEPS
    answered = layers(config, parameters, np.concatenate([x, tried]))[-1].argmax(axis=1)
    apart = np.tile(np.abs(STEPS), len(places)) + 1e3 * (answered[1:] == answered[0])
    if not len(apart) or apart.min() >= 1e3:
        return "No single number, moved by up to 4 standard deviations, would change this answer."
    best = int(apart.argmin())
    column, encoder = places[best // len(STEPS)]
    before, after = (
        v * encoder.deviation + encoder.mean for v in (x[0, column], tried[best, column])
    )
    return (
        f"The smallest single change that flips it: {encoder.column} from {before:.4g} to "
        f"{after:.4g} makes it {data.classes[int(answered[1 + best])]}."
    )


def _starts(data: Features) -> list[int]:
    """The first input of every encoder."""
    widths = [len(encoder.names) for encoder in data.encoders]
    return [0, *np.cumsum(widths)[:-1].tolist()]


def answers_file(config: Config, parameters: Parameters) -> bytes:
    """Every row with the network's answer, as CSV."""
    return to_csv(all_answers(config, parameters))


def curves_file(records: Records) -> bytes:
    """The curves of the run as CSV, one row an epoch."""
    return downloads.curves(records, "epoch")


def weights_file(config: Config, parameters: Parameters) -> bytes:
    """The network's parameters as safetensors, named as in the script to take home."""
    return downloads.tensors(downloads.stacked(weights(config, parameters)))


def examples_file(config: Config) -> bytes:
    """Every row as the network gets it, with its class's number and its part; the script's data."""
    data = prepared(config)
    x = np.concatenate([data.x_train, data.x_test])
    frame = pd.DataFrame(
        x, columns=[f"input {place + 1}: {n}" for place, n in enumerate(data.names)]
    )
    frame.insert(0, "class", np.concatenate([labels(config), data.y_test]))
    frame.insert(0, "is_test", np.repeat([0, 1], _parts(data)))
    return to_csv(frame)
