"""A simulated stream of card payments, honest ones and two kinds of fraud; nothing is real.

Every feature of a payment is drawn on its own, from a normal distribution on a logarithmic
scale or from a Poisson distribution. So the probability that a payment is a fraud is known
exactly (Bayes' rule), and anything that learns from the stream can be held against it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEATURES = ("amount", "distance", "count")
UNITS = {"amount": "€", "distance": "km", "count": "payments"}
LABELS = {
    "amount": "Amount",
    "distance": "Distance from home",
    "count": "Payments in the last hour",
}


@dataclass(frozen=True)
class Habit:
    """How one group of people pays: median and spread of each feature.

    `amount` and `distance` are (log10 of the median, standard deviation of log10);
    `others` is the mean number of other payments with the card in the last hour.
    """

    name: str
    amount: tuple[float, float]
    distance: tuple[float, float]
    others: float


# What each group does before the world changes, and what it does after.
HABITS = {
    "honest": (
        Habit("honest customers", (1.40, 0.45), (0.70, 0.65), 0.4),
        Habit("honest customers", (1.55, 0.45), (1.70, 0.75), 0.4),
    ),
    "testing": (
        Habit("testing stolen numbers", (0.30, 0.25), (3.30, 0.35), 5.0),
        Habit("testing stolen numbers", (0.90, 0.20), (-0.20, 0.30), 4.0),
    ),
    "cashing": (
        Habit("cashing in", (2.75, 0.25), (2.70, 0.45), 1.0),
        Habit("cashing in", (2.05, 0.18), (-0.40, 0.35), 2.5),
    ),
}
FRAUDS = ("testing", "cashing")  # equally many of each


class Payments(NamedTuple):
    """Payments (N, 3) in the order of FEATURES, and whether each is a fraud (N,)."""

    features: Floats
    is_fraud: NDArray[np.bool_]


def habit(group: str, drift: float) -> Habit:
    """What a group does when the world has changed by `drift`, 0 to 1."""
    before, after = HABITS[group]
    mixed = [
        tuple((1 - drift) * a + drift * b for a, b in zip(one, other, strict=True))
        for one, other in ((before.amount, after.amount), (before.distance, after.distance))
    ]
    others = (1 - drift) * before.others + drift * after.others
    return Habit(before.name, (mixed[0][0], mixed[0][1]), (mixed[1][0], mixed[1][1]), others)


def simulated(rng: Generator, n: int, fraud_share: float, drift: float) -> Payments:
    """Draw `n` payments; `fraud_share` and `drift` go from 0 to 1. At least two are frauds."""
    n_frauds = max(2, round(n * fraud_share))
    kinds = np.array(["honest"] * (n - n_frauds) + [FRAUDS[i % 2] for i in range(n_frauds)])
    features = np.empty((n, 3))
    for group in HABITS:
        rows = np.flatnonzero(kinds == group)
        features[rows] = _drawn(rng, len(rows), habit(group, drift))
    order = rng.permutation(n)
    return Payments(features[order], (kinds != "honest")[order])


def _drawn(rng: Generator, n: int, how: Habit) -> Floats:
    amount = 10 ** rng.normal(*how.amount, n)
    distance = 10 ** rng.normal(*how.distance, n)
    return np.column_stack([amount, distance, 1 + rng.poisson(how.others, n)])


def fraud_probability(features: Floats, fraud_share: float, drift: float) -> Floats:
    """The exact probability (N,) that payments (N, 3) are frauds, by Bayes' rule."""
    honest = np.log(1 - fraud_share) + _log_density(features, habit("honest", drift))
    kinds = [_log_density(features, habit(group, drift)) for group in FRAUDS]
    fraud = np.log(fraud_share / len(FRAUDS)) + np.logaddexp(*kinds)
    return np.asarray(1 / (1 + np.exp(np.clip(honest - fraud, -700, 700))))


def _log_density(features: Floats, how: Habit) -> Floats:
    """The logarithm of a density, up to what all groups have in common."""
    value = np.zeros(len(features))
    for column, (middle, spread) in enumerate((how.amount, how.distance)):
        z = (np.log10(features[:, column]) - middle) / spread
        value -= z * z / 2 + np.log(spread)
    return np.asarray(value + (features[:, 2] - 1) * np.log(how.others) - how.others)
