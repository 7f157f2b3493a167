"""One step of an optimiser taken apart: forward, loss, backward, update."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.foundations.gradient_descent.model import Config, Optimizers, Racers
from core.runs import Run
from core.store import remembered
from core.training import Training

Floats = NDArray[np.float32]
# What the optimisers remember of a parameter, as torch.optim names it.
_MEMORIES = {
    "momentum_buffer": "velocity",
    "sum": "sum of squares",
    "square_avg": "average square",
    "exp_avg": "average gradient",
    "exp_avg_sq": "average square",
}


@dataclass(frozen=True)
class Step:
    """One update of one optimiser taken apart."""

    forward: pd.DataFrame  # one row an example
    update: pd.DataFrame  # one row a parameter
    loss_before: float
    loss_after: float


@remembered
def next_step(config: Config, run: Run, record: int, optimizer: str) -> Step | None:
    """The update that leads on from `record`; None if this optimiser has left."""
    place = config.optimizers.index(optimizer)
    last = min(record, run.n_records - 2)
    return run.resumed(last, lambda training: _opened(config, training, place))


def _opened(config: Config, training: Training, place: int) -> Step | None:
    racers, optimizers = training.model, training.optimizer
    assert isinstance(racers, Racers)
    assert isinstance(optimizers, Optimizers)
    parameters = racers.each[place]
    x, y = next(training.minibatches(1))
    before = parameters.detach().clone()
    if not torch.isfinite(before).all():
        return None
    training.update(x, y)
    update = {"parameter": config.landscape.names, "before": before.numpy()}
    assert parameters.grad is not None
    update["gradient"] = parameters.grad.numpy()
    update |= _remembered(optimizers.each[place], parameters)
    after = parameters.detach()
    update |= {"change": (after - before).numpy(), "after": after.numpy().copy()}
    losses = [config.landscape.loss(p[None], x, y)[0] for p in (before, after)]
    forward = forward_table(config, before, x, y)
    return Step(forward, pd.DataFrame(update), float(losses[0]), float(losses[1]))


def _remembered(optimizer: torch.optim.Optimizer, parameters: Tensor) -> dict[str, Floats]:
    state = optimizer.state[parameters]
    return {
        shown: state[name].numpy().copy()
        for name, shown in _MEMORIES.items()
        if isinstance(state.get(name), Tensor)
    }


def forward_table(config: Config, parameters: Tensor, x: Tensor, y: Tensor) -> pd.DataFrame:
    """Every example: input, target, prediction, loss and, for two weights, its gradients.

    The mean of a gradient column is the gradient that the update uses.
    """
    ground = config.landscape
    each = parameters.repeat(len(x), 1).requires_grad_()
    predicted = ground.predict(each, x).diagonal()
    loss = (predicted - y).square()
    (gradients,) = torch.autograd.grad(loss.sum(), [each])
    columns = {"x": x, "y": y, "prediction": predicted, "loss": loss}
    if len(parameters) == 2:
        names = [f"∂loss/∂{name.split()[-1]}" for name in ground.names]
        columns |= dict(zip(names, gradients.T, strict=True))
    return pd.DataFrame({name: column.detach().numpy() for name, column in columns.items()})
