"""Labelled points on the plane -6…6: the sets of TensorFlow Playground, and moons.

The definitions, and what noise does in each, are those of the Playground's
dataset.ts (Smilkov and Carter, 2016, Apache-2.0); the moons are scikit-learn's.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Planar = tuple[Floats, Floats]
MAX_NOISE = 50
# Half the edge of the square; gauss with much noise is the one set that leaves it.
EDGE = 6.0
_GAUSSIANS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def circle(rng: Generator, n: int, noise: float) -> Planar:
    """A disc of radius 2.5 (+1) in a ring of radii 3.5 to 5 (-1).

    Noise moves a point before it is labelled, not where it is drawn.
    """
    share = _share(n, noise)
    n_inside = n - n // 2
    radii = np.append(rng.uniform(0, 2.5, n_inside), rng.uniform(3.5, 5, n // 2))
    angles = rng.uniform(0, 2 * np.pi, n)
    points = radii[:, None] * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    moved = points + share * rng.uniform(-5, 5, (n, 2))
    return _planar(points, np.where(np.hypot(*moved.T) < 2.5, 1, -1))


def xor(rng: Generator, n: int, noise: float) -> Planar:
    """Four squares 0.3 away from the axes; +1 where both coordinates have one sign."""
    share = _share(n, noise)
    points = rng.uniform(-5, 5, (n, 2))
    points += np.where(points > 0, 0.3, -0.3)
    moved = points + share * rng.uniform(-5, 5, (n, 2))
    return _planar(points, np.where(moved.prod(axis=1) >= 0, 1, -1))


def gauss(rng: Generator, n: int, noise: float) -> Planar:
    """Two clouds around (2, 2) and (-2, -2); noise raises the variance from 0.5 to 4."""
    variance = 0.5 + _share(n, noise) / 0.5 * 3.5
    labels = _halves(n)
    points = 2 * labels[:, None] + rng.normal(0, np.sqrt(variance), (n, 2))
    return _planar(points, labels)


def spiral(rng: Generator, n: int, noise: float) -> Planar:
    """Two arms of 1.75 turns, half a turn apart; noise moves each point up to its share."""
    share = _share(n, noise)
    labels = _halves(n)
    n_first = n - n // 2
    along = np.append(np.arange(n_first) / n_first, np.arange(n // 2) / (n // 2))
    turn = 1.75 * 2 * np.pi * along + np.where(labels > 0, 0, np.pi)
    arms = 5 * along[:, None] * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    return _planar(arms + share * rng.uniform(-1, 1, (n, 2)), labels)


def moons(rng: Generator, n: int, noise: float) -> Planar:
    """Two half circles that reach into each other, scaled to the plane."""
    spread = 2 * _share(n, noise)
    upper = np.linspace(0, np.pi, n - n // 2)
    lower = np.linspace(0, np.pi, n // 2)
    x = np.append(np.cos(upper), 1 - np.cos(lower))
    y = np.append(np.sin(upper), 0.5 - np.sin(lower))
    points = (np.stack([x, y], axis=1) - [0.5, 0.25]) * 10 / 3
    return _planar(points + rng.normal(0, spread, (n, 2)), _halves(n))


def plane(rng: Generator, n: int, noise: float) -> Planar:
    """Targets that rise evenly with the sum of the coordinates, (x + y) / 10."""
    points, moved = _square(rng, n, noise)
    return _planar(points, moved.sum(axis=1) / 10)


def gaussian(rng: Generator, n: int, noise: float) -> Planar:
    """Six cones of radius 2, three up and three down; the strongest one counts."""
    points, moved = _square(rng, n, noise)
    centres = np.array(_GAUSSIANS)
    distances = np.linalg.norm(moved[:, None] - centres[:, :2], axis=2)
    heights = centres[:, 2] * np.clip(1 - distances / 2, 0, 1)
    strongest = np.abs(heights).argmax(axis=1)
    return _planar(points, heights[np.arange(n), strongest])


CLASSIFICATION: dict[str, Callable[[Generator, int, float], Planar]] = {
    "circle": circle,
    "xor": xor,
    "gauss": gauss,
    "spiral": spiral,
    "moons": moons,
}
REGRESSION: dict[str, Callable[[Generator, int, float], Planar]] = {
    "plane": plane,
    "gaussian": gaussian,
}


class Split(NamedTuple):
    """Points and labels to learn from, and others to test with."""

    x_train: Floats
    y_train: Floats
    x_test: Floats
    y_test: Floats


def split(points: Floats, labels: Floats, train_share: float, rng: Generator) -> Split:
    """Shuffle and divide; `train_share` from 0 to 1, at least one point on each side."""
    if not 0 < train_share < 1:
        raise ValueError(f"train_share must lie between 0 and 1, got {train_share}")
    if len(points) < 2:
        raise ValueError(f"points must be at least 2 to be divided, got {len(points)}")
    order = rng.permutation(len(points))
    n_train = min(max(round(train_share * len(points)), 1), len(points) - 1)
    train, test = order[:n_train], order[n_train:]
    return Split(points[train], labels[train], points[test], labels[test])


def _share(n: int, noise: float) -> float:
    """Noise in percent as a share, after checking the size and the noise asked for."""
    if n < 2:
        raise ValueError(f"n must be at least 2, got {n}")
    if not 0 <= noise <= MAX_NOISE:
        raise ValueError(f"noise must be between 0 and {MAX_NOISE}\u00a0%, got {noise}")
    return noise / 100


def _halves(n: int) -> NDArray[np.int64]:
    return np.repeat([1, -1], [n - n // 2, n // 2])


def _square(rng: Generator, n: int, noise: float) -> tuple[NDArray[np.float64], ...]:
    """Points all over the plane, and where noise moves them before they get a target."""
    share = _share(n, noise)
    points = rng.uniform(-EDGE, EDGE, (n, 2))
    return points, points + share * rng.uniform(-EDGE, EDGE, (n, 2))


def _planar(points: NDArray[np.float64], labels: NDArray[np.generic]) -> Planar:
    return points.astype(np.float32), labels.astype(np.float32)
