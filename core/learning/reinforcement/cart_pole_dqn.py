"""Deep Q-learning (Mnih et al., 2015) of several agents in one batch."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator
from torch import Tensor, nn

from core.learning.reinforcement.cart_pole import (
    MAX_STEPS,
    Config,
    Floats,
    fallen,
    first_states,
    step,
)
from core.learning.reinforcement.cart_pole_networks import Stack, outputs, scaled

N_CARTS = 16  # that every agent drives at once
N_STEPS = 64  # of every cart in one round, each followed by an update
CAPACITY = 5000  # steps of each agent that are remembered, the newest ones
BATCH_SIZE = 64
# What a step pays here: sums of 1s, a hundred at most, would be large for a small network.
REWARD = 0.1
FOLLOW = 0.01  # how far the slow copy of the network goes towards it after each update
EXPLORING_ROUNDS = 15  # in which the share of random actions falls
LEAST_RANDOM = 0.05
STEPS_PER_UPDATE = N_CARTS * N_STEPS


class Agents(nn.Module):
    """Q-networks of M agents, the older copies they aim at, their carts and memories."""

    states: Tensor
    ages: Tensor
    n_updates: Tensor
    memory: Tensor
    actions: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        m = config.n_seeds
        self.policy = Stack(m, config.sizes, last=0.1)
        self.target = Stack(m, config.sizes, last=0.1)
        self.target.load_state_dict(self.policy.state_dict())
        start = first_states(np.random.default_rng(config.seed), m, N_CARTS)
        self.register_buffer("states", torch.from_numpy(start))
        self.register_buffer("ages", torch.zeros(m, N_CARTS, dtype=torch.long))
        self.register_buffer("n_updates", torch.zeros((), dtype=torch.long))
        self.register_buffer("memory", torch.zeros(m, CAPACITY, 4, dtype=torch.float16))
        self.register_buffer("actions", torch.zeros(m, CAPACITY, dtype=torch.uint8))


def share_random(n_updates: int) -> float:
    """ε: how many actions are drawn at random after so many updates."""
    done = n_updates / (EXPLORING_ROUNDS * N_STEPS)
    return max(LEAST_RANDOM, 1 - done * (1 - LEAST_RANDOM))


def update(agents: Agents, optimizer: torch.optim.Optimizer, config: Config) -> None:
    """One round: every step of the carts is remembered, and followed by an update."""
    rng = np.random.default_rng((config.seed, int(agents.n_updates)))
    for _ in range(N_STEPS):
        # Weights may become infinite; the engine then ends the run and says so.
        with np.errstate(over="ignore", invalid="ignore"):
            _drive(agents, rng)
            x, actions, targets = _remembered(agents, config, rng)
        optimizer.zero_grad()
        q = agents.policy(x).gather(2, actions[..., None])[..., 0]
        F.smooth_l1_loss(q, targets, reduction="none").mean(dim=1).sum().backward()
        optimizer.step()
        agents.n_updates += 1
        _follow(agents)


@torch.no_grad()
def _follow(agents: Agents) -> None:
    for slow, fast in zip(agents.target.parameters(), agents.policy.parameters(), strict=True):
        slow.lerp_(fast, FOLLOW)


def _drive(agents: Agents, rng: Generator) -> None:
    """One step of all carts, the best action or a random one, kept in the memory."""
    states, ages, n = agents.states.numpy(), agents.ages.numpy(), int(agents.n_updates)
    q = outputs(agents.policy.layers(), states)[-1]
    random = rng.random(ages.shape) < share_random(n)
    action = np.where(random, rng.integers(0, 2, ages.shape), q.argmax(axis=-1))
    slots = (n * N_CARTS + np.arange(N_CARTS)) % CAPACITY
    agents.memory.numpy()[:, slots] = states
    agents.actions.numpy()[:, slots] = action
    after = step(states, action)
    stop = fallen(after) | (ages + 1 >= MAX_STEPS)
    states[:] = np.where(stop[..., None], first_states(rng, *ages.shape), after)
    ages[:] = np.where(stop, 0, ages + 1)


def _remembered(agents: Agents, config: Config, rng: Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Remembered states, actions and r + γ max Q of the older copy; each (M, B, …)."""
    held = min((int(agents.n_updates) + 1) * N_CARTS, CAPACITY)
    rows = rng.integers(0, held, (config.n_seeds, BATCH_SIZE))
    which = np.arange(config.n_seeds)[:, None]
    states: Floats = agents.memory.numpy()[which, rows].astype(np.float64)
    actions = agents.actions.numpy()[which, rows].astype(np.int64)
    # CartPole has no luck: what followed need not be remembered, it follows again.
    after = step(states, actions)
    choice = outputs(agents.policy.layers(), after)[-1].argmax(axis=-1)
    worth = outputs(agents.target.layers(), after)[-1]
    best = np.take_along_axis(worth, choice[..., None], axis=-1)[..., 0]
    targets = (REWARD + config.discount * best * ~fallen(after)).astype(np.float32)
    return torch.from_numpy(scaled(states)), torch.from_numpy(actions), torch.from_numpy(targets)
