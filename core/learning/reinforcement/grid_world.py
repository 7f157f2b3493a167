"""A world of cells: what a move may lead to, what it pays, and what every state is worth.

A map is rows of letters with a dash between them, `START` … `COIN` below.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.store import remembered

Floats = NDArray[np.float64]

EMPTY, WALL, START, GOAL, PIT, COIN = "owsgpc"
LETTERS = {
    EMPTY: "empty",
    WALL: "wall",
    START: "start",
    GOAL: "goal +1",
    PIT: "pit −1",
    COIN: "coin",
}
MAX_ROWS, MAX_COLUMNS = 8, 12
ACTIONS = ("up", "right", "down", "left")
ARROWS = ("↑", "→", "↓", "←")
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # rows, columns
MAX_STEPS = 60  # an episode ends here if nothing else ends it


@dataclass(frozen=True)
class World:
    """A map and its rules: an action slips sideways with probability `slip`."""

    map: str
    slip: float = 0.1
    step_cost: float = 0.02
    coin: float = 0.3

    def __post_init__(self) -> None:
        rows = self.map.split("-")
        if not 1 <= len(rows) <= MAX_ROWS or not 2 <= len(rows[0]) <= MAX_COLUMNS:
            raise ValueError(
                f"map must have 1 to {MAX_ROWS} rows of 2 to {MAX_COLUMNS} cells, "
                f"got {len(rows)} of {len(rows[0])}"
            )
        if len({len(row) for row in rows}) > 1:
            raise ValueError("map must have rows of one length, got different ones")
        if set("".join(rows)) - set(LETTERS):
            raise ValueError(f"map must hold only the letters {', '.join(LETTERS)}, got others")
        if self.map.count(START) != 1:
            raise ValueError(f"map must have 1 start (s), got {self.map.count(START)}")

    @cached_property
    def n_columns(self) -> int:
        """Cells in a row."""
        return len(self.map.split("-")[0])

    @cached_property
    def cells(self) -> str:
        """All letters in reading order; a state is a place in it."""
        return self.map.replace("-", "")

    @property
    def start(self) -> int:
        """The state that an episode begins in."""
        return self.cells.index(START)

    @cached_property
    def free(self) -> list[int]:
        """The states in which there is something to decide."""
        return [s for s, letter in enumerate(self.cells) if letter not in (WALL, GOAL, PIT)]

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """Where each action leads if it does not slip; walls and edges hold the agent back."""
        return [[self._moved(s, a) for a in range(4)] for s in range(len(self.cells))]

    def _moved(self, s: int, a: int) -> int:
        (row, column), (down, right) = divmod(s, self.n_columns), MOVES[a]
        row, column = row + down, column + right
        inside = 0 <= row < len(self.cells) // self.n_columns and 0 <= column < self.n_columns
        after = row * self.n_columns + column
        return after if inside and self.cells[after] != WALL else s

    def ends(self, s: int) -> bool:
        """Whether an episode is over in this state."""
        return self.cells[s] in (GOAL, PIT)

    def reward(self, s: int, after: int) -> float:
        """What one move pays. A coin pays whoever steps on it, again and again."""
        paid = {GOAL: 1.0, PIT: -1.0, COIN: self.coin}.get(self.cells[after], 0.0)
        return (paid if after != s else 0.0) - self.step_cost

    def move(self, s: int, a: int, luck: float) -> int:
        """Where an action leads, given a random number from 0 to 1."""
        if luck < self.slip:
            a = (a + (1 if luck < self.slip / 2 else 3)) % 4
        return self.neighbours[s][a]

    @cached_property
    def model(self) -> tuple[Floats, Floats]:
        """Probabilities p(s' | s, a) (N, 4, N), none after an end, and mean rewards (N, 4)."""
        n = len(self.cells)
        p, r = np.zeros((n, 4, n)), np.zeros((n, 4))
        for s in self.free:
            for a in range(4):
                for turn, share in ((0, 1 - self.slip), (1, self.slip / 2), (3, self.slip / 2)):
                    after = self.neighbours[s][(a + turn) % 4]
                    p[s, a, after] += share
                    r[s, a] += share * self.reward(s, after)
        return p, r


def backup(world: World, values: Floats, discount: float) -> Floats:  # (N,) -> (N, 4)
    """Bellman's equation: what every action is worth if its outcomes are worth `values`."""
    p, r = world.model
    return np.asarray(r + discount * p @ values, dtype=np.float64)


@remembered
def optimal(world: World, discount: float) -> Floats:
    """The true action values Q* (N, 4), by value iteration until nothing changes."""
    q: Floats = np.zeros((len(world.cells), 4))
    for _ in range(20_000):
        improved = backup(world, q.max(axis=1), discount)
        if np.abs(improved - q).max() < 1e-10:
            break
        q = improved
    q.setflags(write=False)
    return q


def policy_values(world: World, policy: NDArray[np.int64], discount: float) -> Floats:
    """What every state is worth (N,) to one who always follows `policy` (N,): solved exactly."""
    p, r = world.model
    rows = np.arange(len(policy))
    values = np.linalg.solve(np.eye(len(policy)) - discount * p[rows, policy], r[rows, policy])
    return np.asarray(values, dtype=np.float64)


@dataclass(frozen=True)
class Episode:
    """States (T + 1), actions (T) and rewards (T) of one walk."""

    states: list[int]
    actions: list[int]
    rewards: list[float]


def follow(world: World, policy: NDArray[np.int64], rng: Generator) -> Episode:
    """Walk from the start as `policy` (N,) says, to an end or for `MAX_STEPS`."""
    episode = Episode([world.start], [], [])
    for luck in rng.random(MAX_STEPS).tolist():
        s = episode.states[-1]
        if world.ends(s):
            break
        a = int(policy[s])
        after = world.move(s, a, luck)
        episode.states.append(after)
        episode.actions.append(a)
        episode.rewards.append(world.reward(s, after))
    return episode


def discounted(rewards: list[float], discount: float) -> float:
    """The return: rewards added up, each later one by γ less."""
    return float(sum(reward * discount**t for t, reward in enumerate(rewards)))


def changed(text: str, cell: int, letter: str) -> str:
    """The map with another letter in one cell; there is always exactly one start."""
    rows = text.split("-")
    letters = list("".join(rows))
    if not 0 <= cell < len(letters) or letter not in LETTERS:
        raise ValueError(f"cell must be between 0 and {len(letters) - 1}, got {cell!r}")
    if letters[cell] == START:
        return text
    if letter == START:
        letters[letters.index(START)] = EMPTY
    letters[cell] = letter
    width = len(rows[0])
    return "-".join("".join(letters[i : i + width]) for i in range(0, len(letters), width))
