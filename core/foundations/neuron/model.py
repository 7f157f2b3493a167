"""One neuron on points of the plane: two weights, a bias, an activation, a straight line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.dense import flat_parameters, step
from core.optimizers import SGD
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Floats = NDArray[np.float32]
Points = tuple[tuple[float, float, int], ...]

# Labels y are 0 and 1; z is what the neuron sums up, w1 x1 + w2 x2 + b.
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": lambda z: z,
    "step": step,
}
# With the sigmoid the loss is the cross-entropy; else the squared error to these targets.
TARGETS: dict[str, tuple[float, float]] = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "identity": (-1, 1),
    "step": (0, 1),
}
GATES: dict[str, tuple[int, int, int, int]] = {
    "and": (0, 0, 0, 1),  # the answers for (0, 0), (0, 1), (1, 0) and (1, 1)
    "or": (0, 1, 1, 1),
    "xor": (0, 1, 1, 0),
}
OWN = "own"
DATA = ("clouds", *GATES, OWN)
FIRST_POINTS: Points = ((-2.0, 1.0, 0), (-3.0, -1.0, 0), (2.0, -1.0, 1), (3.0, 1.5, 1))


@dataclass(frozen=True)
class Config:
    """All that the neuron and its descent depend on."""

    data: str = "clouds"
    n_examples: int = 100
    noise: int = 20  # per cent
    points: Points = ()  # (x1, x2, class) clicked by the learner
    activation: str = "sigmoid"
    w1: float = 1.0  # where gradient descent starts
    w2: float = -1.0
    b: float = 1.0
    learning_rate: float = 0.1
    batch_size: int = 200  # more than there are examples: all of them
    n_steps: int = 300
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        one_of("activation", self.activation, ACTIVATIONS)
        if self.data == OWN and len(self.points) < 2:
            raise ValueError(f"points must be at least 2, got {len(self.points)}")
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def reach(self) -> float:
        """How far the weights and the bias are to be tried, from zero."""
        return 10.0 if self.data in GATES else 5.0

    @property
    def domain(self) -> tuple[float, float]:
        """What the plane shows of both inputs."""
        return (-0.7, 1.7) if self.data in GATES else (-6.0, 6.0)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 20, 200),
    ("noise", 0, 50),
    ("w1", -20, 20),
    ("w2", -20, 20),
    ("b", -20, 20),
    ("learning_rate", 1e-4, 10),
    ("batch_size", 1, 200),
    ("n_steps", 50, 2000),
    ("seed", 0, 9999),
)


class Examples(NamedTuple):
    """Points of the plane (N, 2) with their classes (N,), 0 and 1."""

    points: Floats
    labels: Floats


def examples(config: Config) -> Examples:
    """The examples of `config`, the same for every start and rate."""
    return drawn(config.data, config.n_examples, config.noise, config.points, config.seed)


@remembered
def drawn(data: str, n_examples: int, noise: int, points: Points, seed: int) -> Examples:
    """The points of a set, or the learner's own."""
    if data == OWN:
        table = np.array(points, dtype=np.float32).reshape(-1, 3)
        return Examples(table[:, :2], table[:, 2])
    rng = np.random.default_rng(seed)
    if data in GATES:
        return Examples(*gate(rng, n_examples, noise, GATES[data]))
    return Examples(*clouds(rng, n_examples, noise))


def clouds(rng: np.random.Generator, n: int, noise: float) -> tuple[Floats, Floats]:
    """Two clouds around (-1, -2) and (2, 1.5), the wider the more noise."""
    labels = np.arange(n) % 2
    centres = np.array([[-1, -2], [2, 1.5]])[labels]
    points = centres + rng.normal(0, 0.5 + 0.03 * noise, (n, 2))
    return points.astype(np.float32), labels.astype(np.float32)


def gate(
    rng: np.random.Generator, n: int, noise: float, answers: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """The corners of the unit square with a gate's answers; noise scatters the points."""
    corner = np.arange(n) % 4
    points = np.stack([corner // 2, corner % 2], axis=1) + rng.normal(0, 0.005 * noise, (n, 2))
    return points.astype(np.float32), np.array(answers)[corner].astype(np.float32)


class Neuron(nn.Module):
    """w1 x1 + w2 x2 + b, to be squashed by an activation function."""

    def __init__(self, start: tuple[float, float, float]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(start[:2]))
        self.bias = nn.Parameter(torch.tensor(start[2]))

    def forward(self, x: Tensor) -> Tensor:  # (B, 2)
        """The sums z (B,), before the activation."""
        return torch.mv(x, self.weight) + self.bias


def loss(activation: str, z: Tensor, y: Tensor) -> Tensor:
    """The loss of each example (B,): nats with the sigmoid, else the error squared."""
    if activation == "sigmoid":
        return F.softplus(z * (1 - 2 * y))
    low, high = TARGETS[activation]
    return (ACTIVATIONS[activation](z) - (low + (high - low) * y)).square()


def training(config: Config) -> Training:
    """Gradient descent from the start of `config`, one step a record."""
    model = Neuron((config.w1, config.w2, config.b))
    parameters = list(model.parameters())
    optimizer = SGD(parameters, config.learning_rate)
    x, y = map(torch.from_numpy, examples(config))

    def gradients(x: Tensor, y: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        value = loss(config.activation, model(x), y).mean()
        return value, torch.autograd.grad(value, parameters)

    def measure() -> dict[str, Any]:
        value, (weight, bias) = gradients(x, y)
        with torch.no_grad():
            right = ((model(x) > 0) == (y > 0.5)).float().mean()
        return {
            "parameters": flat_parameters(model),
            "gradient": np.append(weight.numpy(), bias.numpy()),
            "loss": np.float32(value.item()),
            "accuracy": np.float32(right.item()),
        }

    return Training(
        model=model,
        examples=(x, y),
        batch_size=config.batch_size,
        update=lambda x, y: optimizer.step(gradients(x, y)[1]),
        measure=measure,
        n_records=config.n_steps + 1,
        records_per_chunk=100,
        updates_per_record=1,
        optimizer=optimizer,
    )
