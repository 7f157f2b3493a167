"""What was measured in a run, from which a cause may be named: numbers, no sentences."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
SAME = 0.01  # of the span of an activation: a unit that varies less answers the same everywhere


class Motion(NamedTuple):
    """How parameters (S, P) moved: the way they went, and how far they came."""

    path: float
    moved: float

    @property
    def detour(self) -> float:
        """The way over the distance: 1 is straight ahead, 10 is back and forth."""
        return self.path / self.moved if self.moved else np.inf


def motion(parameters: Floats) -> Motion:
    """The way and the distance of parameters (S, P) from the first record to the last."""
    steps = np.linalg.norm(np.diff(parameters.astype(np.float64), axis=0), axis=1)
    return Motion(float(steps.sum()), float(np.linalg.norm(parameters[-1] - parameters[0])))


def reach(parameters: Floats) -> float:
    """How far parameters (S, P) came, as a share of their length at the first record."""
    first, last = (parameters[place].astype(np.float64) for place in (0, -1))
    if not np.isfinite(last).all():
        return np.inf
    return float(np.linalg.norm(last - first) / np.linalg.norm(first))


def unvarying(activations: Sequence[Floats], span: float) -> list[float]:
    """Of each layer's activations (N, H), the share of units that answer all examples alike."""
    return [float((np.ptp(values, axis=0) < SAME * span).mean()) for values in activations]


def twins(activations: Sequence[Floats]) -> bool:
    """Whether all units of some layer with several give the same answers: none differs."""
    return any(
        values.shape[1] > 1 and float(np.ptp(values, axis=1).max()) < 1e-6 for values in activations
    )


class Rise(NamedTuple):
    """How much larger errors are now than they were, with the standard error of that."""

    mean: float
    error: float

    @property
    def is_certain(self) -> bool:
        """Whether the rise is more than two standard errors."""
        return self.mean > 2 * self.error


def rise(before: Floats, now: Floats) -> Rise:
    """The mean rise of the losses (N,) of the same examples."""
    apart = (now - before).astype(np.float64)
    spread = float(apart.std(ddof=1)) if len(apart) > 1 else np.inf
    return Rise(float(apart.mean()), spread / np.sqrt(len(apart)))


def share_error(share: float, n: int) -> float:
    """The standard error of a share among `n`; never below that of one in `n`."""
    return float(np.sqrt(max(share * (1 - share), 1 / n) / n))


def separable(x: Floats, y: NDArray[np.int_]) -> float:
    """The share of examples x (N, D) that the best straight boundary puts right.

    Found by scikit-learn's logistic regression, nearly without a penalty.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(y)) < 2:
        return 1.0
    scaled = StandardScaler().fit_transform(x)
    return float(LogisticRegression(C=1e4, max_iter=2000).fit(scaled, y).score(scaled, y))
