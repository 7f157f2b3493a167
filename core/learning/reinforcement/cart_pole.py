"""Gymnasium's CartPole as one computation for many carts, and what an agent of it is.

A state is (x, v, θ, ω): the cart's place in metres and its speed, the pole's angle from
upright in radians and its speed. An action pushes with 10 newtons, 0 left and 1 right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.validation import between, one_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METHODS = ("ppo", "dqn")
STATE = ("x", "v", "θ", "ω")
ACTIONS = ("push left", "push right")
MAX_STEPS = 500  # an episode ends here, and its return cannot be larger
SECONDS = 0.02  # of one step
MAX_X = 2.4  # metres
MAX_ANGLE = 12 * 2 * np.pi / 360  # radians
START = 0.05  # an episode begins with all four numbers between -START and START
GRAVITY, FORCE = 9.8, 10.0
CART_MASS, POLE_MASS, HALF_LENGTH = 1.0, 0.1, 0.5
# Networks learn faster from inputs of about the same size.
SCALE = np.array([MAX_X, 2.0, MAX_ANGLE, 2.5])


@dataclass(frozen=True)
class Config:
    """All that learning to balance depends on."""

    method: str = "ppo"  # or "dqn"
    n_seeds: int = 6  # agents that learn side by side, each with its own luck
    n_hidden: int = 32  # units of the one hidden layer
    learning_rate: float = 0.01  # of Adam
    discount: float = 0.99  # γ
    n_records: int = 61  # one round of driving and learning after another
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("method", self.method, METHODS)
        between("n_seeds", self.n_seeds, 1, 8)
        between("n_hidden", self.n_hidden, 2, 64)
        between("learning_rate", self.learning_rate, 1e-5, 1)
        between("discount", self.discount, 0, 1)
        between("n_records", self.n_records, 2, 81)
        between("seed", self.seed, 0, 9999)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer of the network that decides, inputs and outputs included."""
        return (len(STATE), self.n_hidden, len(ACTIONS))


def first_states(rng: Generator, *shape: int) -> Floats:
    """States that episodes begin with (…, 4)."""
    return rng.uniform(-START, START, (*shape, 4))


def step(states: Floats, actions: Ints) -> Floats:  # (…, 4), (…) -> (…, 4)
    """All carts pushed for one step, as Gymnasium moves its one (Barto et al., 1983)."""
    x, v, angle, spin = np.moveaxis(states, -1, 0)
    mass = CART_MASS + POLE_MASS
    cos, sin = np.cos(angle), np.sin(angle)
    push = (np.where(actions == 1, FORCE, -FORCE) + POLE_MASS * HALF_LENGTH * spin**2 * sin) / mass
    turn = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - POLE_MASS * cos**2 / mass))
    speedup = push - POLE_MASS * HALF_LENGTH * turn * cos / mass
    moved = (x + SECONDS * v, v + SECONDS * speedup, angle + SECONDS * spin, spin + SECONDS * turn)
    return np.stack(moved, axis=-1)


def fallen(states: Floats) -> NDArray[np.bool_]:  # (…, 4) -> (…)
    """Where an episode is over: the cart off its track, or the pole more than 12° over."""
    over: NDArray[np.bool_] = (np.abs(states[..., 0]) > MAX_X) | (
        np.abs(states[..., 2]) > MAX_ANGLE
    )
    return over
