"""Several agents that learn to balance at once, as the engine runs them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.learning.reinforcement import cart_pole_dqn, cart_pole_ppo
from core.learning.reinforcement.cart_pole import (
    MAX_STEPS,
    Config,
    Floats,
    fallen,
    first_states,
    step,
)
from core.learning.reinforcement.cart_pole_networks import Layers, outputs
from core.optimizers import TorchAdam
from core.training import Training

__all__ = ["RECORDING", "Config", "training"]

RECORDING = Path(__file__).parent / "recorded" / "cart_pole.npz"
N_EPISODES = 10  # that every agent is judged by at every record
EVALUATION_SEED = 2026  # of the states they begin with, which no training sees


def training(config: Config) -> Training:
    """The agents of `config`: one round of driving and learning leads to the next record."""
    method: Any = {"ppo": cart_pole_ppo, "dqn": cart_pole_dqn}[config.method]
    agents = method.Agents(config)
    learned = [p for name, p in agents.named_parameters() if not name.startswith("target.")]
    optimizer = TorchAdam(learned, lr=config.learning_rate, fused=True)

    def before(record: int) -> None:
        remaining = 1 - record / (config.n_records - 1)
        optimizer.param_groups[0]["lr"] = config.learning_rate * remaining

    return Training(
        model=agents,
        examples=(torch.arange(1),),  # there are none: agents make their own experience
        batch_size=1,
        update=_round(method.update, agents, optimizer, config),
        measure=lambda: _measured(agents),
        n_records=config.n_records,
        updates_per_record=1,
        records_per_chunk=1,  # a record costs more than 50 ms
        optimizer=optimizer,
        before=before,
    )


def _round(
    update: Callable[..., None],
    agents: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    config: Config,
) -> Callable[[Tensor], None]:
    return lambda _: update(agents, optimizer, config)


def _measured(agents: Any) -> dict[str, Any]:
    """One record: what decides, and how long every agent keeps its pole up."""
    parameters = agents.policy.flat()
    with np.errstate(over="ignore", invalid="ignore"):
        returns = evaluated(agents.policy.layers())
    lost = 1 - returns.mean() / MAX_STEPS
    return {
        "parameters": parameters.astype(np.float32),
        "returns": returns.astype(np.float32),
        "mean": np.float32(returns.mean()),
        # Weights that are no numbers any more decide nothing: then the run has diverged.
        "loss": np.float32(lost if np.isfinite(parameters).all() else np.nan),
    }


def evaluated(layers: Layers) -> Floats:
    """The mean return (M,) of every agent, always taking what it holds for the best action."""
    first = first_states(np.random.default_rng(EVALUATION_SEED), N_EPISODES)
    n_agents = len(layers[0][0])
    states = np.broadcast_to(first, (n_agents, *first.shape))
    survived: NDArray[np.int64] = np.zeros(states.shape[:2], dtype=np.int64)
    up = np.ones(states.shape[:2], dtype=bool)
    for _ in range(MAX_STEPS):
        states = step(states, outputs(layers, states)[-1].argmax(axis=-1))
        survived += up
        up &= ~fallen(states)
        if not up.any():
            break
    return np.asarray(survived.mean(axis=1), dtype=np.float64)
