"""Proximal policy optimisation (Schulman et al., 2017) of several agents in one batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.reinforcement.cart_pole import (
    MAX_STEPS,
    Config,
    Floats,
    Ints,
    fallen,
    first_states,
    step,
)
from core.learning.reinforcement.cart_pole_networks import Layers, Stack, outputs, scaled

Flags = NDArray[np.bool_]

N_CARTS = 16  # that every agent drives at once
N_STEPS = 64  # of every cart before the agents learn from them
N_PASSES = 4  # passes over these steps
N_MINIBATCHES = 4
CLIP = 0.2  # how far a probability may move, as a share, before its gradient is cut
LAMBDA = 0.95  # how far advantages look ahead
ENTROPY = 0.01  # what being undecided is worth
STEPS_PER_UPDATE = N_CARTS * N_STEPS


class Agents(nn.Module):
    """Policies and value networks of M agents, and the carts they drive."""

    states: Tensor
    ages: Tensor
    n_rounds: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.policy = Stack(config.n_seeds, config.sizes, last=0.1)
        self.value = Stack(config.n_seeds, (*config.sizes[:-1], 1), last=1.0)
        rng = np.random.default_rng(config.seed)
        start = first_states(rng, config.n_seeds, N_CARTS)
        self.register_buffer("states", torch.from_numpy(start))
        self.register_buffer("n_rounds", torch.zeros((), dtype=torch.long))
        self.register_buffer("ages", torch.zeros(config.n_seeds, N_CARTS, dtype=torch.long))


@dataclass(frozen=True)
class Rollout:
    """What the carts went through: states (T, M, E, 4) scaled, and (T, M, E) of the rest."""

    x: NDArray[np.float32]
    actions: Ints
    advantages: NDArray[np.float32]
    targets: NDArray[np.float32]


def rollout(agents: Agents, config: Config, rng: Generator) -> Rollout:
    """Drive all carts for `N_STEPS`, and say how much better each action was than expected."""
    steps = list(drive(agents, rng))
    x, actions, nexts, ended, over = (np.stack(part) for part in zip(*steps, strict=True))
    advantages, targets = _advantages(agents, config, x, nexts, ended, over)
    return Rollout(scaled(x), actions, advantages, targets)


def drive(agents: Agents, rng: Generator) -> Iterator[tuple[Floats, Ints, Floats, Flags, Flags]]:
    """Each step of all carts: states, actions, states after it, who fell, whose episode is over."""
    states, ages = agents.states.numpy(), agents.ages.numpy()
    policy, shape = agents.policy.layers(), ages.shape
    luck = rng.random((N_STEPS, *shape))
    # Where logistic noise is below the difference of logits, the second action is drawn.
    for noise in np.log(luck / (1 - luck)):
        logits = outputs(policy, states)[-1]
        action = (noise < logits[..., 1] - logits[..., 0]).astype(np.int64)
        after = step(states, action)
        fell = fallen(after)
        over = fell | (ages + 1 >= MAX_STEPS)
        yield states.copy(), action, after, fell, over
        states[:] = np.where(over[..., None], first_states(rng, *shape), after)
        ages[:] = np.where(over, 0, ages + 1)


def _values(layers: Layers, states: Floats) -> Floats:
    return outputs(layers, states)[-1][..., 0].astype(np.float64)


def _advantages(
    agents: Agents, config: Config, x: Floats, nexts: Floats, ended: Flags, over: Flags
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Generalised advantages and what the values should have been, each (T, M, E)."""
    value = agents.value.layers()
    v = _values(value, x)
    v_next = _values(value, nexts)
    # A cart that reached the time limit has not fallen: what would follow still counts.
    surprise = 1 + config.discount * v_next * ~ended - v
    advantages, carried = np.zeros_like(v), np.zeros_like(v[0])
    for t in reversed(range(len(v))):
        carried = surprise[t] + config.discount * LAMBDA * carried * ~over[t]
        advantages[t] = carried
    return advantages.astype(np.float32), (advantages + v).astype(np.float32)


def loss(
    agents: Agents, x: Tensor, actions: Tensor, before: Tensor, gain: Tensor, v: Tensor
) -> Tensor:
    """PPO's loss, summed over agents; all (M, B, …). `before`: log-probabilities then."""
    log_p = F.log_softmax(agents.policy(x), dim=2)
    chosen = log_p.gather(2, actions[..., None])[..., 0]
    ratio = (chosen - before).exp()
    kept = torch.minimum(ratio * gain, ratio.clamp(1 - CLIP, 1 + CLIP) * gain)
    entropy = -(log_p.exp() * log_p).sum(dim=2)
    error = (agents.value(x)[..., 0] - v).square()
    each = -kept - ENTROPY * entropy + 0.5 * error / 100
    total: Tensor = each.mean(dim=1).sum()
    return total


def _by_agent(part: NDArray[Any]) -> Tensor:  # (T, M, E, …) -> (M, T E, …)
    rows = np.moveaxis(part, 1, 0).reshape(part.shape[1], STEPS_PER_UPDATE, *part.shape[3:])
    together: Tensor = torch.from_numpy(rows)
    return together


def update(agents: Agents, optimizer: torch.optim.Optimizer, config: Config) -> None:
    """One round: drive, then a few passes over what was seen."""
    rng = np.random.default_rng((config.seed, int(agents.n_rounds)))
    agents.n_rounds += 1
    # Weights may become infinite; the engine then ends the run and says so.
    with np.errstate(over="ignore", invalid="ignore"):
        seen = rollout(agents, config, rng)
    x, actions = _by_agent(seen.x), _by_agent(seen.actions)
    gain, targets = _by_agent(seen.advantages), _by_agent(seen.targets)
    gain = (gain - gain.mean(dim=1, keepdim=True)) / (gain.std(dim=1, keepdim=True) + 1e-6)
    with torch.no_grad():
        before = F.log_softmax(agents.policy(x), dim=2).gather(2, actions[..., None])[..., 0]
    for _ in range(N_PASSES):
        for rows in np.split(rng.permutation(STEPS_PER_UPDATE), N_MINIBATCHES):
            optimizer.zero_grad()
            parts = (part[:, rows] for part in (x, actions, before, gain, targets))
            loss(agents, *parts).backward()
            optimizer.step()
