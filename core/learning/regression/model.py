"""Regression by an ensemble: curves through points, house prices, the learner's own table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import penalties
from core.changes import Change
from core.data.encoders import DEFAULT
from core.data.features import Features, KnownTable, features
from core.data.tables import Table
from core.learning.regression import ames
from core.learning.regression.ensemble import SHAPES, Ensemble
from core.learning.regression.points import (
    CURVES,
    OWN_POINTS,
    Placed,
    along,
    held_out_points,
    placed,
)
from core.learning.regression.scores import loss_of, r2, spread, whole
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Floats = NDArray[np.float32]

AMES, OWN_TABLE = "ames", "own_table"
DATA = (*CURVES, OWN_POINTS, AMES, OWN_TABLE)
LOSSES = ("squared", "absolute", "huber")
ALL_LOSSES = "all"
ACTIVATIONS = ("relu", "tanh")

STEPS_PER_RECORD = 5
BATCH = 128  # rows of a table in one step; of a curve's points, all
MEASURED = 500  # of the training rows


@dataclass(frozen=True)
class Config:
    """All that a run depends on."""

    data: str = "sine"
    n_points: int = 40  # of a curve, to train with
    noise: int = 10  # per cent of the curve's height
    gap: int = 40  # per cent of the range in which there are no points to train with
    n_outliers: int = 0
    upload: KnownTable | None = None
    target: str = ""  # of the learner's own table
    columns: tuple[str, ...] = ()  # its features; none named: all
    train_share: int = 80  # per cent of a table's rows; the others are the test
    loss: str = "squared"  # one of LOSSES, or all of them side by side
    delta: float = 0.5  # where Huber's loss goes from squared to absolute
    n_members: int = 8  # of the ensemble, for each loss
    shape: str = "32-32"
    activation: str = "relu"
    resampled: bool = False  # whether each member has a sample of the rows of its own
    learning_rate: float = 0.01
    l2: float = 0.0
    n_steps: int = 500
    seed: int = 0
    changes: tuple[Change, ...] = ()  # points that the learner placed or erased

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        if self.data == OWN_TABLE and (self.upload is None or not self.target):
            raise ValueError("upload and target must be given for one's own table, got none")
        one_of("loss", self.loss, (*LOSSES, ALL_LOSSES))
        one_of("shape", self.shape, SHAPES)
        one_of("activation", self.activation, ACTIVATIONS)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def is_table(self) -> bool:
        """Whether the examples are rows of a table, not points under a curve."""
        return self.data in (AMES, OWN_TABLE)

    @property
    def losses(self) -> tuple[str, ...]:
        """The losses trained with: one, or all in the same run."""
        return LOSSES if self.loss == ALL_LOSSES else (self.loss,)

    def until(self, record: int) -> "Config":
        """The configuration that gives the same records up to `record`."""
        return replace(self, changes=tuple(c for c in self.changes if c.record < record))


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_points", 5, 200),
    ("noise", 0, 50),
    ("gap", 0, 60),
    ("n_outliers", 0, 10),
    ("train_share", 10, 95),
    ("delta", 0.01, 10),
    ("n_members", 1, 16),
    ("learning_rate", 1e-5, 10),
    ("l2", 0, 10),
    ("n_steps", 10, 5000),
    ("seed", 0, 9999),
)


def points(config: Config) -> Placed:
    """All points of a curve that a run ever trains with, the learner's among them."""
    return placed(
        config.data, config.n_points, config.noise, config.gap, config.n_outliers, config.seed,
        config.changes,
    )  # fmt: skip


def table(config: Config) -> Table:
    """The table that `config` learns from, its target included."""
    return config.upload.table if config.upload and config.data == OWN_TABLE else ames.houses()


def prepared(config: Config) -> Features:
    """Inputs and standardised targets of a table's rows, the held-out ones apart."""
    return _prepared(
        config.data, config.upload, config.target, config.columns, config.train_share, config.seed
    )


@remembered
def _prepared(
    data: str,
    upload: KnownTable | None,
    target: str,
    columns: tuple[str, ...],
    train_share: int,
    seed: int,
) -> Features:
    is_own = data == OWN_TABLE and upload is not None
    return features(
        upload.table if upload and is_own else ames.houses(),
        target if is_own else ames.TARGET,
        columns,
        task="regression",
        train_share=train_share / 100,
        seed=seed,
        encoding=DEFAULT if is_own else ames.ENCODING,
    )


def held_out(config: Config) -> tuple[Tensor, Tensor]:
    """Inputs (N, D) and targets (N, 1) that no network is trained with."""
    if config.is_table:
        data = prepared(config)
        return torch.from_numpy(data.x_test), torch.from_numpy(data.y_test)[:, None]
    x, y = map(torch.from_numpy, held_out_points(config.data, config.noise, config.seed))
    return x[:, None], y[:, None]


def training_set(config: Config, record: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs (N, D), targets (N, 1) and what each row counts for each network (N, M)."""
    if config.is_table:
        data = prepared(config)
        x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)[:, None]
        rows = np.arange(len(x))
    else:
        found = points(config)
        rows = found.at(record)
        x, y = (torch.from_numpy(v[rows])[:, None] for v in (found.x, found.y))
    return x, y, torch.from_numpy(_counts(config, rows))


def _counts(config: Config, rows: NDArray[np.intp]) -> Floats:
    """How often a row is in each member's own sample; once in all without samples."""
    n_networks = len(config.losses) * config.n_members
    if not config.resampled:
        return np.ones((len(rows), n_networks), dtype=np.float32)
    # Poisson counts are nearly those of drawing with replacement, and know no other row.
    drawn = np.random.default_rng(config.seed + 2).poisson(1, (rows.max() + 1, config.n_members))
    return np.tile(drawn[rows].astype(np.float32), len(config.losses))


def losses_of(config: Config, z: Tensor, y: Tensor) -> Tensor:
    """The losses (M, N) of all networks' answers (M, N, 1): of each kind a share of them."""
    parts = z.split(config.n_members)
    found = [
        loss_of(name, part, y.expand_as(part), config.delta)
        for name, part in zip(config.losses, parts, strict=True)
    ]
    return (found[0] if len(found) == 1 else torch.cat(found))[..., 0]


def batch_loss(config: Config, model: Ensemble, x: Tensor, y: Tensor, counts: Tensor) -> Tensor:
    """Every network's own mean loss, summed."""
    return (losses_of(config, model.forward(x), y) * counts.T).sum() / len(y)


def ensemble(config: Config) -> Ensemble:
    """Fresh networks; their weights are drawn from the generator in force."""
    n_inputs = prepared(config).x_train.shape[1] if config.is_table else 1
    n_networks = len(config.losses) * config.n_members
    return Ensemble(n_networks, n_inputs, config.shape, config.activation)


def training(config: Config) -> Training:
    """The ensemble of `config`, all its networks in one batched run."""
    model = ensemble(config)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    data = _Data(config)
    gradients = penalties.gradients(parameters, model.weights, l2=config.l2)

    def update(x: Tensor, y: Tensor, counts: Tensor) -> None:
        optimizer.step(gradients(batch_loss(config, model, x, y, counts)))

    return Training(
        model=model,
        examples=data.train,
        batch_size=BATCH if config.is_table else 1000,
        update=update,
        measure=lambda: data.measured(model),
        n_records=config.n_steps // STEPS_PER_RECORD + 1,
        records_per_chunk=_records_per_chunk(config, parameters),
        updates_per_record=STEPS_PER_RECORD,
        optimizer=optimizer,
        before=data.before,
    )


def _records_per_chunk(config: Config, parameters: Sequence[Tensor]) -> int:
    """About 50 ms of records, so that sessions take fair turns; the same for every one."""
    n_rows = BATCH if config.is_table else config.n_points
    work = sum(p.numel() for p in parameters) * n_rows * STEPS_PER_RECORD
    return int(np.clip(50 / (3.5 + 1.2e-7 * work), 1, 12))


class _Data:
    """The examples as tensors, kept until the learner changes them."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.train = training_set(config)
        self.test = held_out(config)
        self.along = torch.from_numpy(along())[:, None]
        self.records = {change.record for change in config.changes}
        self.seen = 0

    def before(self, record: int) -> tuple[Tensor, ...]:
        """The examples in force after `record`."""
        if any(self.seen < changed <= record for changed in self.records):
            self.train = training_set(self.config, record)
        self.seen = record
        return self.train

    @torch.no_grad()
    def measured(self, model: Ensemble) -> dict[str, Any]:
        """Losses, R² and what is drawn: every network's curve, or mean and spread of answers."""
        # The rows of a table are in random order: the first of them are a fair sample.
        config, (x, y) = self.config, (part[:MEASURED] for part in self.train[:2])
        shown = self.test[0][:0] if config.is_table else self.along
        z = model.forward(torch.cat([x, self.test[0], shown]))
        z_train, z_test, drawn = z.split([len(x), len(self.test[0]), len(shown)], dim=1)
        record: dict[str, Any] = {
            "loss": losses_of(config, z_train, y).mean().numpy(),
            "test_loss": losses_of(config, z_test, self.test[1]).mean().numpy(),
            "r2": r2(by_loss(config, z_test), self.test[1][:, 0]).numpy(),
        }
        if not config.is_table:
            return record | {"members": whole(drawn[..., 0])}
        first = z_test[: config.n_members, :, 0]  # of several losses, the first one's answers
        return record | {"predicted": whole(first.mean(dim=0)), "spread": whole(spread(first))}


def by_loss(config: Config, z: Tensor) -> Tensor:
    """The mean answers (L, N) of each loss's networks to N inputs, of answers (M, N, 1)."""
    each = z[..., 0].reshape(len(config.losses), config.n_members, z.shape[1])
    return each.mean(dim=1)
