"""What the four methods learn from: points of two moons, or digits, and their graph."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.data import planar
from core.data.digits import mnist
from core.learning.semi_supervised.label_propagation import (
    Graph,
    Places,
    beliefs_at,
    graph,
    normalised,
    places,
)
from core.store import remembered

DATA = ("moons", "across", "digits")
WHO = ("random", "corner", "own")
MAX_LABELS = 100
N_POINTS, N_TEST_POINTS = 300, 600
N_DIGITS, N_SHOWN = 2000, 300
N_NEIGHBOURS = 10
GRID = 36  # places on a side of the plane at which the methods are asked
EDGE = 6.0  # of the plane on which the moons lie
Kind = tuple[str, int, int]  # data, noise in per cent, seed


class Examples(NamedTuple):
    """Examples (N, D) with their true classes, most of which the methods do not see."""

    x: Tensor
    truth: Tensor  # (N,)
    x_test: Tensor
    truth_test: Tensor
    classes: tuple[str, ...]
    xy: NDArray[np.float32]  # (N, 2), where they lie in the picture
    extent: tuple[float, float]  # of the picture, from its middle to its edges
    shown: Tensor  # rows of those in the picture
    graph: Graph
    near_test: Places
    grid: Tensor | None  # (G², 2) places of the plane; digits have none
    near_grid: Places | None

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.classes)

    def at_test(self, beliefs: Tensor, factors: Tensor) -> Tensor:
        """What label propagation answers for the test examples (1, Q, C)."""
        return normalised(beliefs_at(self.near_test, beliefs) * factors)[None]

    def at_grid(self, beliefs: Tensor, factors: Tensor) -> Tensor:
        """What label propagation answers all over the plane (1, G², C)."""
        assert self.near_grid is not None
        return normalised(beliefs_at(self.near_grid, beliefs) * factors)[None]


@remembered
def examples(kind: Kind) -> Examples:
    """The examples of data, noise and seed."""
    return _digits(kind[2]) if kind[0] == "digits" else _points(*kind)


def _points(data: str, noise: int, seed: int) -> Examples:
    x, truth = _drawn(data, np.random.default_rng(seed), N_POINTS, noise)
    x_test, truth_test = _drawn(data, np.random.default_rng([seed, 1]), N_TEST_POINTS, noise)
    joined = graph(x, N_NEIGHBOURS)
    reach = x.abs().amax(0) + 0.4
    steps = (torch.arange(GRID) + 0.5) / GRID * 2 - 1
    # Row 0 of the grid is the top of the picture.
    grid = torch.stack([steps.repeat(GRID), steps.flip(0).repeat_interleave(GRID)], dim=1) * reach
    return Examples(
        x=x,
        truth=truth,
        x_test=x_test,
        truth_test=truth_test,
        classes=("A", "B"),
        xy=x.numpy(),
        extent=(float(reach[0]), float(reach[1])),
        shown=torch.arange(N_POINTS),
        graph=joined,
        near_test=places(joined, x_test),
        grid=grid,
        near_grid=places(joined, grid),
    )


def _drawn(data: str, rng: np.random.Generator, n: int, noise: int) -> tuple[Tensor, Tensor]:
    points, labels = planar.moons(rng, n, noise)
    # "across": the same two moons, but the classes are left and right, not the moons.
    truth = points[:, 0] > 0 if data == "across" else labels < 0
    return torch.from_numpy(points), torch.from_numpy(truth).long()


def _digits(seed: int) -> Examples:
    source = mnist()
    rows = np.random.default_rng(seed).permutation(len(source.x_train))[:N_DIGITS]
    x, x_test = (
        torch.from_numpy(p.reshape(len(p), -1) / np.float32(255))
        for p in (source.x_train[rows], source.x_test)
    )
    joined = graph(x, N_NEIGHBOURS)
    return Examples(
        x=x,
        truth=torch.tensor(source.y_train[rows].astype(np.int64)),
        x_test=x_test,
        truth_test=torch.tensor(source.y_test.astype(np.int64)),
        classes=source.classes,
        xy=_principal_plane(x),
        extent=(EDGE, EDGE),
        shown=torch.arange(N_SHOWN),
        graph=joined,
        near_test=places(joined, x_test),
        grid=None,
        near_grid=None,
    )


def _principal_plane(x: Tensor) -> NDArray[np.float32]:
    """Where examples lie on the plane of their two principal axes, to fill the picture."""
    centred = x - x.mean(0)
    _, axes = torch.linalg.eigh(centred.T @ centred)
    xy = centred @ axes[:, -2:].flip(1)
    # An axis has no direction of its own: let its largest entry be positive.
    largest = axes[:, -2:].flip(1)
    signs = largest.gather(0, largest.abs().argmax(0, keepdim=True)).sign()
    xy = xy * signs
    low, high = xy[:N_SHOWN].amin(0), xy[:N_SHOWN].amax(0)
    scaled = (2 * xy - low - high) / (high - low) * (EDGE - 0.6)
    return np.asarray(scaled.numpy(), dtype=np.float32)


@remembered
def labelled_rows(kind: Kind, n_labels: int, who: str) -> tuple[int, ...]:
    """As many rows of every class as `n_labels` allow, among those that are shown.

    "corner": of every class those farthest to the left of the picture.
    """
    data = examples(kind)
    truth = data.truth[data.shown].numpy()
    order = np.random.default_rng([kind[2], 2]).permutation(len(truth))
    if who == "corner":
        order = np.argsort(data.xy[: len(truth), 0], kind="stable")
    each = max(n_labels // data.n_classes, 1)
    rows = [order[truth[order] == c][:each] for c in range(data.n_classes)]
    return tuple(sorted(int(row) for row in np.concatenate(rows)))
