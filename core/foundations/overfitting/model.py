"""Capacity against data: a network that learns the pattern, or each of its examples."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core import penalties
from core.data import planar
from core.networks.dense import MLP
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Floats = NDArray[np.float32]

DATA = ("wave", "moons", "own")
Points = tuple[tuple[float, float, int], ...]  # x1, x2 and the class, 0 or 1
N_VALIDATION = 60  # early stopping looks at these alone, never at the test
N_TEST = 300
EXTENT = {"wave": 3.0, "moons": 6.0, "own": 6.0}  # the picture goes from -extent to extent
N_CURVE = 121  # places at which a curve is drawn
N_PLANE = 33  # places along each side of a map of the plane
UPDATES_PER_RECORD = 10
PARTS = ("", "validation_", "test_")  # what a record names the three parts


@dataclass(frozen=True)
class Config:
    """All that a run depends on."""

    data: str = "wave"  # numbers to predict, or two classes of the plane
    points: Points = ()  # clicked by the learner, for "own"
    n_train: int = 20
    noise: int = 40  # per cent
    shuffled: bool = False  # every label goes to another point: there is no pattern
    width: int = 64  # units of a hidden layer
    depth: int = 2  # hidden layers
    learning_rate: float = 0.01
    l2: float = 0.0
    p_drop: float = 0.0
    n_epochs: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)
        if self.data == "own" and len(self.points) < self.n_train + 2:
            raise ValueError(f"points must be at least {self.n_train + 2}, got {len(self.points)}")

    @property
    def parts(self) -> tuple[int, int, int]:
        """How many examples are for training, validation and test."""
        if self.data != "own":
            return self.n_train, N_VALIDATION, N_TEST
        others = len(self.points) - self.n_train
        return self.n_train, others // 2, others - others // 2

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, input and output included."""
        return (1 if self.data == "wave" else 2, *[self.width] * self.depth, 1)

    @property
    def classifies(self) -> bool:
        """Whether the labels are classes, -1 and 1."""
        return self.data != "wave"

    @property
    def floor(self) -> float:
        """The squared error that the noise alone makes: no model can be better on a test."""
        return (self.noise / 100) ** 2


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_train", 5, 200),
    ("noise", 0, 50),
    ("width", 1, 64),
    ("depth", 1, 3),
    ("learning_rate", 1e-5, 10),
    ("l2", 0, 10),
    ("p_drop", 0, 0.8),
    ("n_epochs", 50, 3000),
    ("seed", 0, 9999),
)


class Examples(NamedTuple):
    """Inputs x (N, D) and labels y (N,): to train with, to stop by, and to test with."""

    train: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]


def examples(config: Config) -> Examples:
    """The examples of `config`; simulated, so that the truth is known."""
    about = (config.data, config.points, config.noise, config.shuffled, config.seed)
    return _examples(*about, config.parts)


@remembered
def _examples(
    data: str, own: Points, noise: int, shuffled: bool, seed: int, parts: tuple[int, int, int]
) -> Examples:
    rng = np.random.default_rng(seed)
    n = sum(parts)
    if data == "wave":
        x = spread(rng.uniform(-3, 3, (n, 1)).astype(np.float32), parts[0])
        y = (truth(x[:, 0]) + rng.normal(0, noise / 100, n)).astype(np.float32)
    else:
        x, y = _clicked(own) if data == "own" else planar.moons(rng, n, noise)
        order = rng.permutation(n)
        x, y = x[order], y[order]
    if shuffled:
        y = rng.permutation(y)
    xs = torch.from_numpy(x).split(parts)
    ys = torch.from_numpy(y).split(parts)
    return Examples(*zip(xs, ys, strict=True))


def spread(x: Floats, n_train: int) -> Floats:
    """The first `n_train` places, one in each of as many steps, a third of a step off at most.

    Where two lie on one another with different labels, no curve goes through both.
    """
    x[:n_train] = -3 + 6 / n_train * (np.arange(n_train)[:, None] + 0.5 + x[:n_train] / 9)
    return x


def _clicked(points: Points) -> tuple[Floats, Floats]:
    rows = np.array(points, dtype=np.float32)
    return rows[:, :2], 2 * rows[:, 2] - 1


def truth(x: Floats) -> Floats:
    """What the wave is without noise."""
    return np.asarray(np.sin(2 * x) * (0.6 + 0.15 * x))


def network(config: Config) -> MLP:
    """A fresh network; its weights are drawn from the generator in force."""
    return MLP(config.sizes, "tanh", config.p_drop)


def loss_of(config: Config, z: Tensor, y: Tensor) -> Tensor:
    """The loss of every example: squared error, or cross-entropy in nats."""
    return F.softplus(-z * y) if config.classifies else (z - y).square()


def training(config: Config) -> Training:
    """The network of `config`, measured every ten epochs; an epoch is one update."""
    model = network(config)
    shown = drawn_places(config)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    gradients = penalties.gradients(parameters, model.weights, l2=config.l2)

    def update(x: Tensor, y: Tensor) -> None:
        model.train()
        loss = loss_of(config, model(x).squeeze(-1), y).mean()
        optimizer.step(gradients(loss))

    def measure() -> dict[str, Any]:
        record, z = measured(config, model, shown)
        return {**record, "drawn": _quantised(config, z)}

    return Training(
        model=model,
        examples=examples(config).train,
        batch_size=config.n_train,
        update=update,
        measure=measure,
        n_records=config.n_epochs // UPDATES_PER_RECORD + 1,
        records_per_chunk=12,
        updates_per_record=UPDATES_PER_RECORD,
        optimizer=optimizer,
    )


@torch.no_grad()
def measured(config: Config, model: MLP, shown: Tensor) -> tuple[dict[str, Any], Tensor]:
    """The losses of all three parts, for classes the shares that are right; `shown`'s outputs."""
    parts = examples(config)
    sizes = [len(y) for _, y in parts]
    y = torch.cat([labels for _, labels in parts])
    # One forward pass for all costs what one for each part would.
    z = model.eval()(torch.cat([*(x for x, _ in parts), shown])).squeeze(-1)
    z, drawn = z[..., : len(y)], z[..., len(y) :]
    values = {"loss": loss_of(config, z, y)}
    if config.classifies:
        values["accuracy"] = (z * y > 0).float()
    record = {
        f"{part}{name}": value.mean(-1).numpy()
        for name, of_each in values.items()
        for part, value in zip(PARTS, of_each.split(sizes, dim=-1), strict=True)
    }
    return record, drawn


def drawn_places(config: Config) -> Tensor:
    """Where the picture asks the network: along x, or over the plane, row 0 on top."""
    extent = EXTENT[config.data]
    if config.data == "wave":
        return torch.linspace(-extent, extent, N_CURVE)[:, None]
    along = torch.linspace(-extent, extent, N_PLANE)
    x2, x1 = torch.meshgrid(-along, along, indexing="ij")
    return torch.stack([x1.flatten(), x2.flatten()], dim=1)


def _quantised(config: Config, z: Tensor) -> NDArray[Any]:
    """A curve as it is; a map as the probability of class 1, -127 … 127 for 0 … 1."""
    if not config.classifies:
        return z.numpy()
    return (127 * torch.tanh(z / 2)).round().to(torch.int8).numpy()
