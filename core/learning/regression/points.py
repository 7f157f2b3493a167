"""Points under a curve: drawn from a known truth, or placed and erased by the learner."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.changes import Change
from core.store import remembered

Floats = NDArray[np.float32]

CURVES: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "sine": lambda x: 2 * np.sin(x),
    "step": lambda x: np.where(x > 0, 2.0, -2.0),
    "line": lambda x: x / 2,
}
OWN_POINTS = "own_points"

EXTENT = 6.0  # both axes of a curve's picture go from -extent to extent
REACH = 5.0  # points are drawn from -reach to reach
N_ALONG = 121  # places at which a curve is drawn
N_TEST = 60
ERASER = 0.6  # a click erases the nearest point, if one is this near
FIRST_POINTS = tuple((x, 0.4 * x - 0.5) for x in (-4.5, -3.5, -2.5, -1.5, 1.5, 2.5, 3.5, 4.5))


class Placed(NamedTuple):
    """All points that a run ever trains with, (P,) each: there from `born`, until `gone`."""

    x: Floats
    y: Floats
    born: NDArray[np.int32]
    gone: NDArray[np.int32]
    is_outlier: NDArray[np.bool_]

    def at(self, record: int) -> NDArray[np.intp]:
        """The places of the points in force after `record`."""
        return np.flatnonzero((self.born <= record) & (record < self.gone))


NEVER = np.iinfo(np.int32).max


@remembered
def placed(
    data: str,
    n_points: int,
    noise: int,
    gap: int,
    n_outliers: int,
    seed: int,
    changes: tuple[Change, ...],
) -> Placed:
    """The points of a curve, those the learner placed, and when each was there."""
    x, y, is_outlier = _first_points(data, n_points, noise, gap, n_outliers, seed)
    found = Placed(x, y, np.zeros(len(x), np.int32), np.full(len(x), NEVER), is_outlier)
    for change in changes:
        found = _changed(found, change)
    return found


def _first_points(
    data: str, n_points: int, noise: int, gap: int, n_outliers: int, seed: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    if data == OWN_POINTS:
        x, y = np.array(FIRST_POINTS, dtype=np.float32).T
        return x, y, np.zeros(len(x), dtype=bool)
    rng = np.random.default_rng(seed)
    half = REACH * gap / 100
    x = rng.uniform(half, REACH, n_points) * rng.choice([-1, 1], n_points)
    y = CURVES[data](x) + rng.normal(0, 2 * noise / 100, len(x))
    is_outlier = np.zeros(len(x), dtype=bool)
    far = rng.permutation(len(x))[:n_outliers]
    y[far], is_outlier[far] = rng.uniform(4.5, 5.5, len(far)), True
    return x.astype(np.float32), y.clip(-EXTENT, EXTENT).astype(np.float32), is_outlier


def _changed(found: Placed, change: Change) -> Placed:
    x, y = change.values[:2]
    if change.kind == "point":
        new = (x, y, change.record, NEVER, False)
        pairs: Any = zip(found, new, strict=True)
        return Placed(*(np.append(old, np.array(value, old.dtype)) for old, value in pairs))
    there = found.at(change.record)
    apart = np.hypot(found.x[there] - x, found.y[there] - y)
    if change.kind != "erase" or len(there) <= 2 or apart.min() > ERASER:
        return found
    gone = found.gone.copy()
    gone[there[apart.argmin()]] = change.record
    return found._replace(gone=gone)


@remembered
def held_out_points(data: str, noise: int, seed: int) -> tuple[Floats, Floats]:
    """Points over the whole range, the gap too, that no network is trained with."""
    if data not in CURVES:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    rng = np.random.default_rng(seed + 1)
    x = rng.uniform(-REACH, REACH, N_TEST)
    y = CURVES[data](x) + rng.normal(0, 2 * noise / 100, N_TEST)
    return x.astype(np.float32), y.astype(np.float32)


def along() -> Floats:
    """The places (G,) at which curves are drawn."""
    return np.linspace(-EXTENT, EXTENT, N_ALONG, dtype=np.float32)
