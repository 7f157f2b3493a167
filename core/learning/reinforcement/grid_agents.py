"""Agents that learn a grid world by walking in it: Q-learning, SARSA, a deep Q-network."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.learning.reinforcement.grid_world import MAX_STEPS, World
from core.networks.dense import MLP

# What is kept of the latest step: s, a, r, s', the old value, what was aimed at, the new value.
LAST = ("s", "a", "r", "after", "old", "target", "new")
MEMORY = 4000  # steps that a deep Q-network remembers, the newest ones
BATCH_SIZE = 64
STEPS_PER_UPDATE = 4
SYNC = 40  # updates from one copy of the network to the next


class Agent(nn.Module):
    """Action values Q (N, 4), where the agent is, and what its current episode was."""

    q: Tensor
    visits: Tensor
    place: Tensor
    trail: Tensor
    sums: Tensor
    last: Tensor

    def __init__(self, world: World) -> None:
        super().__init__()
        n = len(world.cells)
        self.register_buffer("q", torch.zeros(n, 4, dtype=torch.float64))
        self.register_buffer("visits", torch.zeros(n, 4, dtype=torch.long))
        # State, next action, steps of this episode; steps and episodes altogether.
        self.register_buffer("place", torch.tensor([world.start, 0, 0, 0, 0]))
        self.register_buffer("trail", torch.full((MAX_STEPS + 1,), world.start))
        # The return of this episode, that of the one before.
        self.register_buffer("sums", torch.zeros(2, dtype=torch.float64))
        self.register_buffer("last", torch.full((len(LAST),), -1.0, dtype=torch.float64))


class DeepAgent(Agent):
    """An agent whose action values are a network's: one input a cell, one output an action."""

    memory: Tensor
    rewards: Tensor
    aim: Tensor
    n_updates: Tensor

    def __init__(self, world: World, n_hidden: int) -> None:
        super().__init__(world)
        n = len(world.cells)
        self.network = MLP((n, n_hidden, 4), "relu")
        self.register_buffer("memory", torch.zeros(MEMORY, 3, dtype=torch.long))
        self.register_buffer("rewards", torch.zeros(MEMORY))
        self.register_buffer("aim", torch.zeros(n, 4))  # values of the older copy
        self.register_buffer("n_updates", torch.zeros((), dtype=torch.long))
        self.q.copy_(self.table())
        self.aim.copy_(self.q)

    @torch.no_grad()
    def table(self) -> Tensor:
        """What the network answers for every cell (N, 4)."""
        table: Tensor = self.network(torch.eye(len(self.q)))
        return table


class Walk:
    """An agent on its way, its numbers in lists: far cheaper to step with than tensors."""

    def __init__(
        self,
        agent: Agent,
        world: World,
        *,
        discount: float,
        epsilon: float,
        rate: Callable[[int], float],
        on_policy: bool,
        anywhere: bool,
        seed: int,
    ) -> None:
        """`rate` gives the step size α after so many visits of a state and action."""
        self.agent, self.world, self.seed = agent, world, seed
        self.discount, self.epsilon, self.rate = discount, epsilon, rate
        self.on_policy, self.anywhere = on_policy, anywhere
        self.q: list[list[float]] = agent.q.tolist()
        self.visits: list[list[int]] = agent.visits.tolist()
        self.s, self.a, self.age, self.n_steps, self.n_episodes = agent.place.tolist()
        self.trail: list[int] = agent.trail.tolist()[: self.age + 1]
        self.gain, self.gain_before = agent.sums.tolist()
        self.last: list[float] = agent.last.tolist()

    def go(self, n_steps: int) -> None:
        """Take steps and learn from each; what was learned is kept in the agent."""
        self.rng = np.random.default_rng((self.seed, self.n_steps))
        for luck in self.rng.random((n_steps, 4)).tolist():
            self.step(luck)
        self.keep()

    def step(self, luck: list[float]) -> None:
        """One move and, for a table, one update: Q(s, a) goes a share α towards its target."""
        if self.age == 0:
            self.begin(luck)
        s, a = self.s, self.a
        after = self.world.move(s, a, luck[0])
        r = self.world.reward(s, after)
        over = self.world.ends(after)
        next_action = self.choice(after, luck) if self.on_policy else 0
        follows = self.q[after][next_action] if self.on_policy else max(self.q[after])
        self.learn(s, a, r, after, r if over else r + self.discount * follows)
        self.arrive(after, r, over)
        self.a = next_action if self.on_policy else self.choice(self.s, luck)

    def begin(self, luck: list[float]) -> None:
        """Start an episode at the start, or anywhere."""
        if self.anywhere:
            self.s = self.world.free[int(luck[3] * len(self.world.free))]
        self.a = self.choice(self.s, luck)
        self.trail = [self.s]

    def choice(self, s: int, luck: list[float]) -> int:
        """ε-greedy: the best action so far or, with probability ε, any."""
        if luck[1] < self.epsilon:
            return int(luck[2] * 4)
        values = self.q[s]
        return values.index(max(values))

    def learn(self, s: int, a: int, r: float, after: int, target: float) -> None:
        """Move the value of what was done towards what it turned out to be worth."""
        old = self.q[s][a]
        self.visits[s][a] += 1
        new = old + self.rate(self.visits[s][a]) * (target - old)
        self.q[s][a] = new
        self.last = [s, a, r, after, old, target, new]

    def arrive(self, after: int, r: float, over: bool) -> None:
        """Count the step; at the end of an episode go back to the start."""
        self.gain += self.discount**self.age * r
        self.age, self.s, self.n_steps = self.age + 1, after, self.n_steps + 1
        self.trail.append(after)
        if over or self.age >= MAX_STEPS:
            self.s, self.age, self.n_episodes = self.world.start, 0, self.n_episodes + 1
            self.gain, self.gain_before = 0.0, self.gain

    def keep(self) -> None:
        """Write all back into the agent, which a checkpoint holds."""
        agent = self.agent
        agent.q.copy_(torch.tensor(self.q, dtype=torch.float64))
        agent.visits.copy_(torch.tensor(self.visits))
        agent.place.copy_(torch.tensor([self.s, self.a, self.age, self.n_steps, self.n_episodes]))
        agent.trail.fill_(self.trail[-1])
        agent.trail[: len(self.trail)] = torch.tensor(self.trail)
        agent.sums.copy_(torch.tensor([self.gain, self.gain_before], dtype=torch.float64))
        agent.last.copy_(torch.tensor(self.last, dtype=torch.float64))


class DeepWalk(Walk):
    """A walk that is remembered; a network learns from minibatches of the memory."""

    def __init__(self, agent: DeepAgent, optimizer: torch.optim.Optimizer, **rules: object) -> None:
        super().__init__(agent, **rules)  # type: ignore[arg-type]
        self.deep, self.optimizer = agent, optimizer
        # Views of the same memory: a row is written in a microsecond.
        self.memory, self.rewards = agent.memory.numpy(), agent.rewards.numpy()
        self.is_end = torch.tensor([self.world.ends(s) for s in range(len(self.q))])
        self.inputs = torch.eye(len(self.q))

    def learn(self, s: int, a: int, r: float, after: int, target: float) -> None:
        """Remember the step; after every few of them, update the network."""
        self.visits[s][a] += 1
        slot = self.n_steps % MEMORY
        self.memory[slot] = s, a, after
        self.rewards[slot] = r
        old = self.q[s][a]
        if (self.n_steps + 1) % STEPS_PER_UPDATE == 0 and self.n_steps >= BATCH_SIZE:
            self.update_network()
        self.last = [s, a, r, after, old, target, self.q[s][a]]

    def update_network(self) -> None:
        """One minibatch: forward, loss, backward, update."""
        if self.deep.n_updates % SYNC == 0:
            self.deep.aim.copy_(self.deep.table())
        rows = torch.from_numpy(self.rng.integers(min(self.n_steps + 1, MEMORY), size=BATCH_SIZE))
        s, a, after = self.deep.memory[rows].unbind(1)
        self.optimizer.zero_grad()
        q = self.deep.network(self.inputs[s]).gather(1, a[:, None])[:, 0]
        F.smooth_l1_loss(q, self.targets(rows, after)).backward()
        self.optimizer.step()
        self.deep.n_updates += 1
        self.q = self.deep.table().tolist()

    def targets(self, rows: Tensor, after: Tensor) -> Tensor:
        """R + γ max Q of the older copy, without the second part where an episode ended."""
        best = self.deep.aim[after].max(dim=1).values
        return self.deep.rewards[rows] + self.discount * best * ~self.is_end[after]
