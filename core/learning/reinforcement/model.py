"""An agent in a grid world, learning what every action is worth in every state."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.reinforcement import grid_world
from core.learning.reinforcement.grid_agents import Agent, DeepAgent, DeepWalk, Walk
from core.learning.reinforcement.grid_world import MAX_STEPS, World
from core.optimizers import TorchAdam
from core.training import Training
from core.validation import between, one_of

METHODS = ("q_learning", "sarsa", "value_iteration", "dqn")
DEFAULT_MAP = "ooooog-owwowp-oooooo-owowow-soooop"


@dataclass(frozen=True)
class Config:
    """All that learning a grid world depends on."""

    method: str = "q_learning"
    map: str = DEFAULT_MAP  # rows of letters: see `grid_world.LETTERS`
    slip: float = 0.1  # probability that a move goes sideways
    step_cost: float = 0.02
    coin: float = 0.3  # what a coin pays each time it is stepped on
    discount: float = 0.95  # γ
    epsilon: float = 0.3  # share of actions drawn at random
    anywhere: bool = True  # whether training episodes begin in any cell
    learning_rate: float = 1.0  # α, of the tables
    falling: bool = True  # whether α falls with the visits N as N^-0.7
    network_rate: float = 0.003  # of Adam, of the deep Q-network
    n_hidden: int = 32
    steps_per_record: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("method", self.method, METHODS)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)
        _ = self.world  # refuses an impossible map

    @cached_property
    def world(self) -> World:
        """The world with its rules."""
        return World(self.map, self.slip, self.step_cost, self.coin)

    @property
    def n_records(self) -> int:
        """Sweeps of value iteration, or parts of the walk, with the untrained one."""
        return 41 if self.method == "value_iteration" else 301

    @property
    def unit(self) -> str:
        """What the moments of a run are counted in."""
        return "sweep" if self.method == "value_iteration" else "step"

    @property
    def units_per_record(self) -> int:
        """Sweeps or steps from one record to the next."""
        return 1 if self.method == "value_iteration" else self.steps_per_record

    @property
    def records_per_chunk(self) -> int:
        """As many as take about 50 ms."""
        if self.method == "value_iteration":
            return 41
        if self.method == "dqn":
            return min(max(250 // self.steps_per_record, 1), 10)
        return min(max(6000 // self.steps_per_record, 5), 30)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("slip", 0, 0.8),
    ("step_cost", 0, 1),
    ("coin", 0, 1),
    ("discount", 0, 0.99),
    ("epsilon", 0, 1),
    ("learning_rate", 0.001, 1),
    ("network_rate", 1e-5, 1),
    ("n_hidden", 2, 128),
    ("steps_per_record", 1, 1000),
    ("seed", 0, 9999),
)


def step_size(config: Config) -> Callable[[int], float]:
    """α after so many visits. Sums of N^-0.7 grow without end, those of its square do not."""
    if not config.falling:
        return lambda _: config.learning_rate
    sizes = (config.learning_rate * np.arange(1, 4000, dtype=float) ** -0.7).tolist()
    return lambda n: sizes[n - 1] if n < 4000 else config.learning_rate * float(n**-0.7)


def training(config: Config) -> Training:
    """The method of `config`: a sweep over all states, or so many steps, lead to a record."""
    if config.method == "dqn":
        agent: Agent = DeepAgent(config.world, config.n_hidden)
        optimizer = TorchAdam(agent.parameters(), lr=config.network_rate, fused=True)
    else:
        agent, optimizer = Agent(config.world), None
    return Training(
        model=agent,
        examples=(torch.arange(1),),  # there are none: an agent makes its own experience
        batch_size=1,
        update=update(config, agent, optimizer),
        measure=lambda: _measured(config, agent),
        n_records=config.n_records,
        updates_per_record=1,
        records_per_chunk=config.records_per_chunk,
        optimizer=optimizer,
    )


def update(
    config: Config, agent: Agent, optimizer: torch.optim.Optimizer | None
) -> Callable[[Tensor], None]:
    """What leads from one record to the next."""
    if config.method == "value_iteration":
        return lambda _: _sweep(config, agent)
    return lambda _: walk(config, agent, optimizer).go(config.steps_per_record)


def walk(config: Config, agent: Agent, optimizer: torch.optim.Optimizer | None) -> Walk:
    """The agent on its way through the world, under the rules of `config`."""
    rules: dict[str, Any] = {
        "world": config.world,
        "discount": config.discount,
        "epsilon": config.epsilon,
        "rate": step_size(config),
        "on_policy": config.method == "sarsa",
        "anywhere": config.anywhere,
        "seed": config.seed,
    }
    if isinstance(agent, DeepAgent) and optimizer:
        return DeepWalk(agent, optimizer, **rules)
    return Walk(agent, **rules)


def _sweep(config: Config, agent: Agent) -> None:
    values = agent.q.numpy().max(axis=1)
    agent.q.copy_(torch.from_numpy(grid_world.backup(config.world, values, config.discount)))


def truth(config: Config) -> NDArray[np.float64]:
    """The true action values (N, 4) of the world, which no learning method is told."""
    return grid_world.optimal(config.world, config.discount)


def _measured(config: Config, agent: Agent) -> dict[str, Any]:
    """One record: values, how far they are from the truth, and an episode of the policy."""
    world, q = config.world, agent.q.numpy()
    policy = q.argmax(axis=1)
    apart = np.abs(q.max(axis=1) - truth(config).max(axis=1))[world.free]
    # The same luck at every record: what differs between two episodes is the policy.
    episode = grid_world.follow(world, policy, np.random.default_rng(config.seed))
    earned = grid_world.policy_values(world, policy, config.discount)[world.start]
    return {
        "q": q.astype(np.float32),
        "visits": agent.visits.sum(dim=1).numpy().astype(np.int32),
        "loss": np.float64(apart.mean()),
        "error": np.float32(apart.max()),
        "expected": np.float32(earned),
        "best": np.float32(truth(config)[world.start].max()),
        "training_return": np.float32(agent.sums[1]),
        "n_episodes": np.int32(agent.place[4]),
        "states": _padded(episode.states, MAX_STEPS + 1),
        "actions": _padded(episode.actions, MAX_STEPS),
        "rewards": np.array(_filled(episode.rewards, MAX_STEPS, 0.0), dtype=np.float32),
        "trail": agent.trail.numpy().astype(np.int16),
        "age": np.int16(agent.place[2]),
        "last": agent.last.numpy().astype(np.float32),
        **_network(agent),
    }


def _filled(values: list[Any], length: int, filler: Any) -> list[Any]:
    return [*values, *[filler] * (length - len(values))]


def _padded(values: list[int], length: int) -> NDArray[np.int16]:
    return np.array(_filled(values, length, -1), dtype=np.int16)


def _network(agent: nn.Module) -> dict[str, Any]:
    """The parameters of a deep Q-network, flat; a table has none."""
    if not isinstance(agent, DeepAgent):
        return {}
    flat = torch.cat([p.detach().reshape(-1) for p in agent.network.parameters()])
    return {"parameters": flat.numpy().astype(np.float16)}
