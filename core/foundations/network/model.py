"""A small network on points in the plane: every unit a map, every weight a line."""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import penalties
from core.changes import Change, data_with, weights_with
from core.data import planar
from core.foundations.network.losses import LOSSES, Loss
from core.networks.dense import ACTIVATIONS, MLP, StackedMLP, flat_parameters
from core.optimizers import OPTIMIZERS
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Generator = Callable[[np.random.Generator, int, float], planar.Planar]
Points = tuple[tuple[float, float, float], ...]

FEATURES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1sq": lambda x1, x2: x1 * x1,
    "x2sq": lambda x1, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sinx1": lambda x1, x2: torch.sin(x1),
    "sinx2": lambda x1, x2: torch.sin(x2),
}
DATA_SETS: dict[str, dict[str, Generator]] = {
    "classification": planar.CLASSIFICATION,
    "regression": planar.REGRESSION,
}
EPOCHS_PER_STACKED_RECORD = 5
EXTENT = 6.0  # the plane goes from -6 to 6 on both axes
# An empty plane would leave nothing to learn from: one point of each class begins it.
FIRST_POINTS: Points = ((-2.0, 0.0, -1.0), (2.0, 0.0, 1.0))
OWN = "own"  # the learner's points alone: drawn, or read from a table


@dataclass(frozen=True)
class Config:
    """All that a run of the network depends on."""

    task: str = "classification"  # or "regression"
    data: str = "circle"  # a set of core.data.planar, or "own"
    n_examples: int = 250
    noise: int = 0  # per cent, as in TensorFlow Playground
    train_share: int = 50  # per cent of the examples
    points: Points = ()  # (x1, x2, label) of the learner's table
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (4, 2)
    activation: str = "tanh"
    loss: str = "cross_entropy"
    optimizer: str = "sgd"
    learning_rate: float = 0.03
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    p_drop: float = 0.0
    seed: int = 0
    n_epochs: int = 1000
    changes: tuple[Change, ...] = ()  # what the learner changed, at which epoch

    def __post_init__(self) -> None:
        one_of("task", self.task, LOSSES)
        one_of("data", self.data, (*self.data_sets, OWN))
        if self.data == OWN and len(self.points) < 2:
            raise ValueError(f"points must be at least 2, got {len(self.points)}")
        one_of("activation", self.activation, ACTIVATIONS)
        one_of("loss", self.loss, self.losses)
        one_of("optimizer", self.optimizer, OPTIMIZERS)
        for feature in self.features:
            one_of("features", feature, FEATURES)
        between("number of features", len(self.features), 1, len(FEATURES))
        between("number of hidden layers", len(self.hidden), 0, 6)
        for n_units in self.hidden:
            between("units of a hidden layer", n_units, 1, 8)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def data_sets(self) -> dict[str, Generator]:
        """The point sets of this task."""
        return DATA_SETS[self.task]

    @property
    def losses(self) -> dict[str, Loss]:
        """The loss functions of this task."""
        return LOSSES[self.task]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs and output included."""
        return (len(self.features), *self.hidden, 1)

    def until(self, record: int) -> "Config":
        """The configuration that gives the same records up to `record`."""
        return replace(self, changes=tuple(c for c in self.changes if c.record < record))


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 50, 500),
    ("noise", 0, 50),
    ("train_share", 10, 90),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 1, 30),
    ("l1", 0, 10),
    ("l2", 0, 10),
    ("p_drop", 0, 0.8),
    ("seed", 0, 9999),
    ("n_epochs", 100, 5000),
)


class Examples(NamedTuple):
    """Points of the plane (N, 2) with labels (N,) in -1 … 1; some are kept for the test."""

    points: NDArray[np.float32]
    labels: NDArray[np.float32]
    is_test: NDArray[np.bool_]


@remembered
def drawn_examples(config: Config) -> Examples:
    """The examples of `config` before the learner changed any."""
    rng = np.random.default_rng(config.seed)
    if config.data == OWN:
        table = np.array(config.points, dtype=np.float32).reshape(-1, 3)
        points, labels = table[:, :2], table[:, 2]
    else:
        points, labels = config.data_sets[config.data](rng, config.n_examples, config.noise)
    n_train = max(1, round(len(points) * config.train_share / 100))
    return Examples(points, labels, rng.permutation(len(points)) >= n_train)


def examples(config: Config, record: int = -1) -> Examples:
    """The examples in force after `record`, with what the learner changed by then."""
    drawn = drawn_examples(replace(config, changes=()))
    return Examples(*data_with(*drawn, config.changes, record))


def inputs(points: Tensor, features: tuple[str, ...]) -> Tensor:  # (N, 2) -> (N, D)
    """The features that the network sees of points of the plane."""
    x1, x2 = points.unbind(1)
    return torch.stack([FEATURES[name](x1, x2) for name in features], dim=1)


def network(config: Config) -> MLP:
    """A fresh network; its weights are drawn from the generator in force."""
    return MLP(config.sizes, config.activation, config.p_drop)


def training(config: Config) -> Training:
    """The network of `config`, trained one epoch a record."""
    return _training(config, network(config))


def stacked_training(config: Config) -> Training:
    """The same training for 32 networks at once that differ in their first weights."""
    stacked = StackedMLP([network(config) for _ in range(32)])
    return _training(config, stacked, EPOCHS_PER_STACKED_RECORD)


def _training(config: Config, model: MLP | StackedMLP, epochs_per_record: int = 1) -> Training:
    parameters = list(model.parameters())
    optimizer = OPTIMIZERS[config.optimizer](parameters, config.learning_rate)
    data = _Data(config)
    gradients = penalties.gradients(parameters, model.weights, config.l1, config.l2)

    def update(x: Tensor, y: Tensor) -> None:
        optimizer.step(gradients(minibatch_loss(config, model, x, y)))

    def before(record: int) -> tuple[Tensor, ...]:
        for change in config.changes:
            if change.kind == "learning_rate" and change.record <= record:
                optimizer.learning_rate = change.values[0]
        if isinstance(model, MLP):
            weights_with(model, config.changes, record)
        data.go_to(record)
        return data.train

    n_updates = -(-len(data.train[0]) // config.batch_size) * epochs_per_record
    return Training(
        model=model,
        examples=data.train,
        batch_size=config.batch_size,
        update=update,
        measure=lambda: data.measured(model),
        n_records=config.n_epochs // epochs_per_record + 1,
        # About 50 ms a chunk, so that sessions take fair turns; the same for every one.
        records_per_chunk=int(np.clip(1000 / (n_updates * (1 + len(config.hidden))), 5, 50)),
        updates_per_record=n_updates if epochs_per_record > 1 else None,
        optimizer=optimizer,
        before=before,
    )


def objective(config: Config, model: MLP | StackedMLP, x: Tensor, y: Tensor) -> Tensor:
    """What an update lessens: mean loss of a minibatch x (B, D), y (B, 1), and the penalty."""
    value = minibatch_loss(config, model, x, y)
    if config.l1 or config.l2:
        value = value + penalties.penalty(model.weights, config.l1, config.l2)
    return value


def minibatch_loss(config: Config, model: MLP | StackedMLP, x: Tensor, y: Tensor) -> Tensor:
    """The mean loss of a minibatch, summed over stacked networks: each its own gradient."""
    value = LOSSES[config.task][config.loss](model.forward(x), y, "mean")
    return value * model.n_networks if model.n_networks > 1 else value


class _Data:
    """The examples as tensors, kept until the learner changes them."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.records = sorted({c.record for c in config.changes if c.kind in ("point", "erase")})
        self.seen = -1
        self._load(-1)

    def go_to(self, record: int) -> None:
        """Take the examples in force after `record`."""
        if self.records and bisect(self.records, record) != self.seen:
            self._load(record)

    def _load(self, record: int) -> None:
        self.seen = bisect(self.records, record)
        points, labels, is_test = map(torch.from_numpy, examples(self.config, record))
        x = inputs(points, self.config.features)
        y = labels[:, None]  # as the network answers: a column for its one output
        self.train = (x[~is_test], y[~is_test])
        # One forward pass measures both parts, the training part first.
        self.x = torch.cat([self.train[0], x[is_test]])
        self.y = torch.cat([self.train[1], y[is_test]])

    @torch.no_grad()
    def measured(self, model: MLP | StackedMLP) -> dict[str, Any]:
        """Parameters, losses and, for classes, the shares that are right: one record."""
        model.training = False
        z = model.forward(self.x)
        model.training = True
        loss = self.config.losses[self.config.loss](z, self.y).numpy()
        record: dict[str, Any] = {"parameters": flat_parameters(model)}
        record["loss"], record["test_loss"] = self._means(loss)
        if self.config.task == "classification":
            right = (z * self.y > 0).numpy().astype(np.float32)
            record["accuracy"], record["test_accuracy"] = self._means(right)
        return record

    def _means(self, values: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The means (…) of values (…, N, 1) over the training and over the test examples."""
        n_train = len(self.train[0])
        n_test = values.shape[-2] - n_train
        training = values[..., :n_train, 0].sum(-1) / n_train
        return training, values[..., n_train:, 0].sum(-1) / (n_test or np.float32(np.nan))
