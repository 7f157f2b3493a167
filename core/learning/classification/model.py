"""A network that tells classes apart: tables, points of the plane, the learner's own."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core import penalties
from core.data import planar
from core.data.features import Features, KnownTable, features
from core.data.tables import Table
from core.learning.classification.benchmarks import TARGETS, benchmark
from core.networks.dense import MLP, flat_parameters
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Points = tuple[tuple[float, float, int], ...]  # x1, x2 and the class, 0 or 1

PLANAR = ("moons", "circle", "spiral")
OWN_POINTS, OWN_TABLE = "own_points", "own_table"
DATA = (*TARGETS, *PLANAR, OWN_POINTS, OWN_TABLE)
ACTIVATIONS = ("relu", "tanh")
PLANAR_TARGET = "class"
PLANAR_CLASSES = ("A", "B")
# What logistic regression may cost: more and the page would wait for its baseline.
MAX_BASELINE = 3_000_000  # rows times inputs times classes


@dataclass(frozen=True)
class Config:
    """All that a run of the classifier depends on."""

    data: str = "penguins"
    n_examples: int = 300  # of a set in the plane
    noise: int = 15  # per cent, of a set in the plane
    points: Points = ()  # the learner's own
    upload: KnownTable | None = None
    target: str = ""  # of the learner's own table
    columns: tuple[str, ...] = ()  # the features; none named: all
    train_share: int = 70  # per cent of the rows; the others are the test
    shuffled: bool = False  # whether the training labels are dealt out anew at random
    hidden: tuple[int, ...] = (16,)
    activation: str = "relu"
    learning_rate: float = 0.001
    batch_size: int = 32
    l2: float = 0.0
    n_epochs: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        if self.data == OWN_TABLE and (self.upload is None or not self.target):
            raise ValueError("upload and target must be given for one's own table, got none")
        if self.data == OWN_POINTS and len({label for *_, label in self.points}) < 2:
            raise ValueError(f"points must be of both classes, got {len(self.points)} points")
        one_of("activation", self.activation, ACTIVATIONS)
        between("number of hidden layers", len(self.hidden), 0, 3)
        for n_units in self.hidden:
            between("units of a hidden layer", n_units, 1, 64)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 50, 500),
    ("noise", 0, 50),
    ("train_share", 5, 95),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 1, 512),
    ("l2", 0, 10),
    ("n_epochs", 1, 1000),
    ("seed", 0, 9999),
)


def table(config: Config) -> Table:
    """The table that `config` learns from, its target included."""
    if config.upload and config.data == OWN_TABLE:
        return config.upload.table
    if config.data in TARGETS:
        return benchmark(config.data)
    return _plane(config.data, config.n_examples, config.noise, config.points, config.seed)


def target(config: Config) -> str:
    """The column that is to be predicted."""
    if config.data == OWN_TABLE:
        return config.target
    return TARGETS.get(config.data, PLANAR_TARGET)


@remembered
def _plane(data: str, n_examples: int, noise: int, points: Points, seed: int) -> Table:
    if data == OWN_POINTS:
        xy, labels = np.array([p[:2] for p in points]), np.array([p[2] for p in points])
    else:
        drawn = planar.CLASSIFICATION[data](np.random.default_rng(seed), n_examples, noise)
        xy, labels = drawn[0].astype(float), (drawn[1] < 0).astype(int)
    frame = pd.DataFrame({"x1": xy[:, 0], "x2": xy[:, 1]})
    return Table(frame.assign(**{PLANAR_TARGET: np.array(PLANAR_CLASSES)[labels]}), (), data)


def examples_of(config: Config) -> Config:
    """The configuration of the same examples, all that training depends on at its default."""
    return Config(
        config.data, config.n_examples, config.noise, config.points, config.upload,
        config.target, config.columns, config.train_share, seed=config.seed,
    )  # fmt: skip


def prepared(config: Config) -> Features:
    """Inputs and classes of the rows, the held-out ones apart."""
    return _prepared(examples_of(config))


@remembered
def _prepared(config: Config) -> Features:
    return features(
        table(config),
        target(config),
        config.columns,
        task="classification",
        train_share=config.train_share / 100,
        seed=config.seed,
    )


def labels(config: Config) -> NDArray[np.int64]:
    """The classes of the training rows, as the network is told them."""
    y: NDArray[np.int64] = prepared(config).y_train
    return np.random.default_rng(config.seed + 2).permutation(y) if config.shuffled else y


def sizes(config: Config) -> tuple[int, ...]:
    """Units of every layer, inputs and one output a class included."""
    data = prepared(config)
    return (data.x_train.shape[1], *config.hidden, len(data.classes))


def network(config: Config) -> MLP:
    """A fresh network; its weights are drawn from the generator in force."""
    return MLP(sizes(config), config.activation)


def training(config: Config) -> Training:
    """The classifier of `config`, one epoch a record."""
    data, model = prepared(config), network(config)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    # An update lessens the cross-entropy in nats, and l2/2 Σw² over the weights.
    gradients = penalties.gradients(parameters, model.weights, l2=config.l2)
    examples = (torch.from_numpy(data.x_train), torch.from_numpy(labels(config)))
    test = (torch.from_numpy(data.x_test), torch.from_numpy(data.y_test))

    def update(x: Tensor, y: Tensor) -> None:
        optimizer.step(gradients(F.cross_entropy(model.forward(x), y)))

    n_updates = -(-len(examples[0]) // config.batch_size)
    return Training(
        model=model,
        examples=examples,
        batch_size=config.batch_size,
        update=update,
        measure=lambda: _measured(model, examples, test),
        n_records=config.n_epochs + 1,
        # About 50 ms a chunk, so that sessions take fair turns; the same for every one.
        records_per_chunk=int(np.clip(250 / n_updates, 1, 20)),
        optimizer=optimizer,
    )


@torch.no_grad()
def _measured(
    model: MLP, examples: tuple[Tensor, ...], test: tuple[Tensor, ...]
) -> dict[str, NDArray[Any]]:
    """Parameters, losses and shares of right answers: one record."""
    logits = model.forward(torch.cat([examples[0], test[0]]))
    y = torch.cat([examples[1], test[1]])
    loss = F.cross_entropy(logits, y, reduction="none")
    right = (logits.argmax(dim=1) == y).float()
    n_train = len(examples[0])
    found = {"loss": loss[:n_train], "test_loss": loss[n_train:]}
    found |= {"accuracy": right[:n_train], "test_accuracy": right[n_train:]}
    means = {name: np.asarray(values.mean().numpy()) for name, values in found.items()}
    return {"parameters": flat_parameters(model), **means}


class Baseline(NamedTuple):
    """What scikit-learn's logistic regression gets right with the same rows and inputs."""

    accuracy: float  # of the test rows; NaN where the table is too large for it
    loss: float  # on the test rows, in nats


def baseline(config: Config) -> Baseline:
    """Logistic regression on the same split, and on the same labels."""
    return _baseline(replace(examples_of(config), shuffled=config.shuffled))


@remembered
def _baseline(config: Config) -> Baseline:
    data, y = prepared(config), labels(config)
    if data.x_train.size * len(data.classes) > MAX_BASELINE or len(np.unique(y)) < 2:
        return Baseline(float("nan"), float("nan"))
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        fitted = LogisticRegression(max_iter=300, tol=1e-3).fit(data.x_train.astype(float), y)
        p = fitted.predict_proba(data.x_test.astype(float))
    of_truth = p[np.arange(len(p)), np.searchsorted(fitted.classes_, data.y_test)]
    accuracy = float((fitted.classes_[p.argmax(axis=1)] == data.y_test).mean())
    return Baseline(accuracy, float(-np.log(of_truth.clip(1e-12)).mean()))
