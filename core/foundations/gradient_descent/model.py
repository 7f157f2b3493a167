"""Gradient descent from above: optimisers race down the loss surface of a real model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from core.foundations.gradient_descent.surfaces import (
    EXTENT,
    N_EXAMPLES,
    SURFACES,
    Landscape,
    landscape,
)
from core.optimizers import TorchAdam, eager
from core.training import Training
from core.validation import between, one_of

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
# Their steps are about as long as the learning rate, however large the gradient.
ADAPTIVE = ("adagrad", "rmsprop", "adam", "adamw")
SWEPT = np.geomspace(1e-3, 10, 33)  # the learning rates of a sweep
N_DRAWN = 81  # points of a model's curve
LIMIT = 1000.0  # a loss that many times the first one has left the picture for good


@dataclass(frozen=True)
class Config:
    """All that a race depends on."""

    surface: str = "line"
    scaled: bool = False  # the line's input brought to mean 0 and deviation 1
    start: tuple[float, float] = (-3.0, 1.0)  # in the picture, where all begin
    optimizers: tuple[str, ...] = OPTIMIZERS
    learning_rate: float = 0.05  # of SGD, momentum and Nesterov
    adaptive_rate: float = 0.2  # of the others
    momentum: float = 0.9
    weight_decay: float = 0.01  # of AdamW
    batch_size: int = N_EXAMPLES  # all examples: the gradient itself, without chance
    n_steps: int = 150
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("surface", self.surface, SURFACES)
        between("number of optimizers", len(self.optimizers), 1, len(OPTIMIZERS))
        for name in self.optimizers:
            one_of("optimizers", name, OPTIMIZERS)
        for place in self.start:
            between("start", place, -EXTENT, EXTENT)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def landscape(self) -> Landscape:
        """The model, its examples and the plane that is drawn."""
        return landscape(*self.ground)

    @property
    def ground(self) -> tuple[str, bool, int]:
        """What the landscape depends on."""
        return self.surface, self.scaled and self.surface == "line", self.seed

    @property
    def first(self) -> Tensor:
        """The parameters (P,) that every optimiser begins with."""
        return self.landscape.parameters(torch.tensor([self.start], dtype=torch.float32))[0]

    def rate(self, optimizer: str) -> float:
        """The learning rate of one of the optimisers."""
        return self.adaptive_rate if optimizer in ADAPTIVE else self.learning_rate


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("learning_rate", 1e-5, 10),
    ("adaptive_rate", 1e-5, 10),
    ("momentum", 0, 0.99),
    ("weight_decay", 0, 1),
    ("batch_size", 1, N_EXAMPLES),
    ("n_steps", 10, 500),
    ("seed", 0, 9999),
)


@dataclass(frozen=True)
class Sweep:
    """The same descent with every learning rate of `SWEPT`, by one optimiser."""

    race: Config
    optimizer: str = "sgd"

    @property
    def seed(self) -> int:
        """The race's: the same examples, the same minibatches."""
        return self.race.seed


def sweep(config: Config, optimizer: str) -> Sweep:
    """The sweep of a race; what it does not depend on is left out, so that none is new."""
    same = {"learning_rate": 0.1, "adaptive_rate": 0.1, "optimizers": (optimizer,)}
    return Sweep(replace(config, **same), optimizer)  # type: ignore[arg-type]


SGD, Adagrad = eager(torch.optim.SGD), eager(torch.optim.Adagrad)
RMSprop, AdamW = eager(torch.optim.RMSprop), eager(torch.optim.AdamW)


def optimizer_of(
    name: str, config: Config, parameters: Sequence[Tensor], rate: float
) -> torch.optim.Optimizer:
    """One of PyTorch's own optimisers, as the configuration sets it."""
    made: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "sgd": lambda: SGD(parameters, lr=rate),
        "momentum": lambda: SGD(parameters, lr=rate, momentum=config.momentum),
        # PyTorch refuses Nesterov's look ahead where there is no momentum to look along.
        "nesterov": lambda: SGD(
            parameters, lr=rate, momentum=config.momentum, nesterov=config.momentum > 0
        ),
        "adagrad": lambda: Adagrad(parameters, lr=rate),
        "rmsprop": lambda: RMSprop(parameters, lr=rate),
        "adam": lambda: TorchAdam(parameters, lr=rate),
        "adamw": lambda: AdamW(parameters, lr=rate, weight_decay=config.weight_decay),
    }
    return made[name]()


class Racers(nn.Module):
    """One parameter vector for each optimiser, all from the same start."""

    def __init__(self, first: Tensor, n_racers: int) -> None:
        super().__init__()
        self.each = nn.ParameterList(nn.Parameter(first.clone()) for _ in range(n_racers))

    def forward(self) -> Tensor:
        """The parameters of all (M, P)."""
        return torch.stack(list(self.each))


class Optimizers:
    """Several optimisers that are kept and restored as one."""

    def __init__(self, each: Sequence[torch.optim.Optimizer]) -> None:
        self.each = each

    def state_dict(self) -> dict[str, Any]:
        """The state of every optimiser by its place."""
        return {str(place): one.state_dict() for place, one in enumerate(self.each)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with the states of `state_dict`."""
        for place, one in enumerate(self.each):
            one.load_state_dict(state_dict[str(place)])


def training(config: Config) -> Training:
    """The race: one step of every optimiser a record."""
    ground = config.landscape
    racers = Racers(config.first, len(config.optimizers))
    optimizers = [
        optimizer_of(name, config, [parameters], config.rate(name))
        for name, parameters in zip(config.optimizers, racers.each, strict=True)
    ]

    def update(x: Tensor, y: Tensor) -> None:
        # The sum's gradient is each racer's own; one pass serves all of them.
        loss = ground.loss(racers(), x, y).sum()
        gradients = torch.autograd.grad(loss, list(racers.each))
        for parameters, gradient, one in zip(racers.each, gradients, optimizers, strict=True):
            parameters.grad = gradient
            one.step()

    return _training(config, racers, Optimizers(optimizers), update, lambda: racers())


def sweep_training(config: Sweep) -> Training:
    """The same descent with 33 learning rates, one batched computation.

    PyTorch's optimiser steps once for all rows with rate 1; each row's move is then scaled
    by its own rate, which every one of these rules is proportional to.
    """
    race = config.race
    rows = nn.Parameter(race.first.repeat(len(SWEPT), 1))
    optimizer = optimizer_of(config.optimizer, race, [rows], 1.0)
    rates = torch.from_numpy(SWEPT.astype(np.float32))[:, None]

    def update(x: Tensor, y: Tensor) -> None:
        before = rows.detach().clone()
        (rows.grad,) = torch.autograd.grad(race.landscape.loss(rows, x, y).sum(), [rows])
        optimizer.step()
        with torch.no_grad():
            rows.copy_(before + rates * (rows - before))

    model = nn.ParameterList([rows])
    return _training(race, model, Optimizers([optimizer]), update, lambda: rows)


def _training(
    config: Config,
    model: nn.Module,
    optimizer: Optimizers,
    update: Callable[..., None],
    parameters: Callable[[], Tensor],
) -> Training:
    ground = config.landscape
    return Training(
        model=model,
        examples=(ground.x, ground.y),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(config, parameters().detach()),
        n_records=config.n_steps + 1,
        records_per_chunk=25,
        updates_per_record=1,
        optimizer=optimizer,
    )


@torch.no_grad()
def measured(config: Config, parameters: Tensor) -> dict[str, Any]:
    """One record: where every racer is, its loss and its model's curve.

    A racer that has left for good has NaN for all; "loss" is that of the best one.
    """
    ground = config.landscape
    first = ground.loss(config.first[None], ground.x, ground.y)
    losses = ground.loss(parameters, ground.x, ground.y)
    gone = ~(losses <= LIMIT * (first + 1))
    seen = {
        "losses": losses,
        "places": ground.places(parameters),
        "curves": ground.predict(parameters, drawn_inputs(config)),
        "parameters": parameters,
    }
    record = {name: values.clone() for name, values in seen.items()}
    for values in record.values():
        values[gone] = torch.nan
    best = losses.masked_fill(gone, torch.inf).min()
    worst = losses.masked_fill(gone, LIMIT * float(first + 1)).max()
    return {
        "loss": np.float32(best),
        "worst": np.float32(worst),
        **{name: v.numpy() for name, v in record.items()},
    }


def drawn_inputs(config: Config) -> Tensor:
    """The places x (81,) at which a model's curve is drawn: the range of the examples."""
    x = config.landscape.x
    return torch.linspace(float(x.min()), float(x.max()), N_DRAWN)
