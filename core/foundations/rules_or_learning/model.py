"""A rule written by hand against a small network, on a simulated stream of card payments."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.foundations.rules_or_learning import payments
from core.foundations.rules_or_learning.payments import Payments
from core.networks.dense import MLP, flat_parameters
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between

Floats = NDArray[np.float32]
# Logarithms of the features, centred and scaled: a network learns faster around zero.
CENTRE = (1.4, 1.0, 0.2)
SCALE = (0.8, 1.2, 0.4)
N_PAYMENTS = 1500  # of a day
HISTORY, VALIDATION, TODAY = range(3)  # the streams of one seed


@dataclass(frozen=True)
class Config:
    """All that the learned model depends on."""

    n_examples: int = 3000  # payments of the past to learn from, each with its outcome
    fraud_share: float = 6.0  # per cent of all payments
    learned_drift: int = 0  # how far the world had changed when they were collected, per cent
    hidden: tuple[int, ...] = (8, 4)
    learning_rate: float = 0.01
    batch_size: int = 100
    n_epochs: int = 40
    seed: int = 0

    def __post_init__(self) -> None:
        between("number of hidden layers", len(self.hidden), 0, 3)
        for n_units in self.hidden:
            between("units of a hidden layer", n_units, 1, 16)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs and output included."""
        return (len(payments.FEATURES), *self.hidden, 1)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 50, 5000),
    ("fraud_share", 1, 20),
    ("learned_drift", 0, 100),
    ("learning_rate", 1e-4, 10),
    ("batch_size", 10, 500),
    ("n_epochs", 20, 400),
    ("seed", 0, 9999),
)


@dataclass(frozen=True)
class Rule:
    """Raise the alarm where at least `votes` of three thresholds are reached."""

    amount: float = 300.0  # euros
    distance: float = 300.0  # kilometres
    count: int = 4  # payments in the last hour
    votes: int = 2

    def __post_init__(self) -> None:
        between("amount", self.amount, 1, 10_000)
        between("distance", self.distance, 0.1, 10_000)
        between("count", self.count, 1, 12)
        between("votes", self.votes, 1, 3)

    def alarms(self, features: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        """Which payments (N, 3) the rule stops."""
        reached = features >= np.array([self.amount, self.distance, self.count])
        return np.asarray(reached.sum(axis=1) >= self.votes)


@dataclass(frozen=True)
class Day:
    """The day on which both are judged, and what work costs on it."""

    drift: int = 0  # how far the world has changed by now, per cent
    threshold: int = 50  # per cent of probability from which the model raises the alarm
    minutes_per_check: float = 2.0  # to look at one payment
    minutes_per_miss: float = 45.0  # to sort out a fraud that got through

    def __post_init__(self) -> None:
        between("drift", self.drift, 0, 100)
        between("threshold", self.threshold, 1, 99)
        between("minutes_per_check", self.minutes_per_check, 0.5, 10)
        between("minutes_per_miss", self.minutes_per_miss, 0, 240)


@remembered
def stream(config: Config, which: int, drift: int) -> Payments:
    """The payments of one stream: HISTORY, VALIDATION or TODAY."""
    rng = np.random.default_rng([config.seed, which])
    n = config.n_examples if which == HISTORY else N_PAYMENTS
    drawn = payments.simulated(rng, n, config.fraud_share / 100, drift / 100)
    for array in drawn:
        array.setflags(write=False)
    return drawn


def inputs(features: NDArray[np.floating[Any]]) -> Tensor:
    """Payments (N, 3) as the network sees them."""
    return torch.from_numpy(((np.log10(features) - CENTRE) / SCALE).astype(np.float32))


def network(config: Config) -> MLP:
    """A fresh network; its weights are drawn from the generator in force."""
    return MLP(config.sizes, "tanh")


def training(config: Config) -> Training:
    """The network of `config`, learning from labelled payments, one epoch a record."""
    model = network(config)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    x, y = _tensors(stream(config, HISTORY, config.learned_drift))
    x_new, y_new = _tensors(stream(config, VALIDATION, config.learned_drift))

    def update(x: Tensor, y: Tensor) -> None:
        value = F.binary_cross_entropy_with_logits(model(x)[:, 0], y)
        optimizer.step(torch.autograd.grad(value, parameters))

    @torch.no_grad()
    def measure() -> dict[str, Any]:
        losses = [
            F.binary_cross_entropy_with_logits(model(inputs)[:, 0], labels)
            for inputs, labels in ((x, y), (x_new, y_new))
        ]
        return {
            "parameters": flat_parameters(model),
            "loss": np.float32(losses[0]),
            "test_loss": np.float32(losses[1]),
        }

    return Training(
        model=model,
        examples=(x, y),
        batch_size=config.batch_size,
        update=update,
        measure=measure,
        n_records=config.n_epochs + 1,
        # About 50 ms a chunk, so that sessions take fair turns.
        records_per_chunk=int(np.clip(300 * config.batch_size / config.n_examples, 5, 20)),
        optimizer=optimizer,
    )


def _tensors(drawn: Payments) -> tuple[Tensor, Tensor]:
    return inputs(drawn.features), torch.from_numpy(drawn.is_fraud.astype(np.float32))


def layers(config: Config, parameters: Floats) -> list[tuple[Floats, Floats]]:
    """Weight (H, D) and bias (H,) of every layer, out of the flat parameters of a record."""
    found, start = [], 0
    for n_in, n_out in pairwise(config.sizes):
        stop = start + n_in * n_out
        weight = parameters[start:stop].reshape(n_out, n_in)
        found.append((weight, parameters[stop : stop + n_out]))
        start = stop + n_out
    return found


def units(config: Config, parameters: Floats, features: NDArray[np.floating[Any]]) -> list[Floats]:
    """The activations (N, H) of every layer for payments (N, 3); of the last, the logits."""
    x = inputs(features).numpy()
    values = []
    for depth, (weight, bias) in enumerate(layers(config, parameters), start=1):
        z = x @ weight.T + bias
        x = z if depth == len(config.sizes) - 1 else np.tanh(z)
        values.append(x)
    return values


def probabilities(
    config: Config, parameters: Floats, features: NDArray[np.floating[Any]]
) -> Floats:
    """How likely the model of one record takes payments (N, 3) to be frauds (N,)."""
    z = units(config, parameters, features)[-1][:, 0].astype(np.float64)
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -700, 700))), dtype=np.float32)
