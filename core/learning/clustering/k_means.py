"""k-means as Lloyd ran it: give every point to its nearest centroid, move each to its mean."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data import planar
from core.data.digits import mnist
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Points = tuple[tuple[float, float], ...]
DATA = ("blobs", "moons", "circle", "digits", "own")
STARTS = ("random", "spread", "crowded", "placed")
UNASSIGNED = 255  # no cluster yet, in the arrays of a record
MAX_K = 20


@dataclass(frozen=True)
class Config:
    """All that a run of k-means in the plane depends on."""

    data: str = "blobs"
    n_examples: int = 300
    n_blobs: int = 4
    spread: float = 0.8  # standard deviation of a blob; the plane reaches from -6 to 6
    points: Points = ()  # the learner's own
    k: int = 4
    start: str = "random"  # k points drawn at random, far apart, all in one corner, or placed
    placed: Points = ()  # where the learner put centroids; those that lack are drawn at random
    seed: int = 0
    n_iterations: int = 20

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        one_of("start", self.start, STARTS)
        between("n_examples", self.n_examples, 50, 1000)
        between("n_blobs", self.n_blobs, 2, 8)
        between("spread", self.spread, 0.1, 3)
        between("k", self.k, 1, MAX_K)
        between("seed", self.seed, 0, 9999)
        between("n_iterations", self.n_iterations, 1, 50)
        if self.data == "own" and len(self.points) < self.k:
            raise ValueError(f"points must be at least k = {self.k}, got {len(self.points)}")


class Examples(NamedTuple):
    """Points of the plane (N, 2) and the groups (N,) that k-means is not told."""

    x: NDArray[np.float64]
    labels: NDArray[np.uint8]
    classes: tuple[str, ...]


@remembered
def examples(config: Config) -> Examples:
    """The points that `config` asks for."""
    rng = np.random.default_rng(config.seed)
    if config.data == "own":
        x = np.array(config.points, dtype=float)
        return Examples(x, np.zeros(len(x), dtype=np.uint8), ("point",))
    if config.data == "blobs":
        return _blobs(rng, config)
    if config.data == "digits":
        return _projected_digits(config.seed, config.n_examples)
    x, signs = planar.CLASSIFICATION[config.data](rng, config.n_examples, 5)
    return Examples(x.astype(float), (signs < 0).astype(np.uint8), ("first", "second"))


def _blobs(rng: Generator, config: Config) -> Examples:
    """Normal clouds round centres on a ring, so that no two lie on each other."""
    turn = 2 * np.pi * (np.arange(config.n_blobs) + rng.uniform(0, 1)) / config.n_blobs
    centres = 4 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    labels = np.arange(config.n_examples) % config.n_blobs
    x = centres[labels] + rng.normal(0, config.spread, (config.n_examples, 2))
    names = tuple(f"blob {blob}" for blob in range(config.n_blobs))
    return Examples(x, labels.astype(np.uint8), names)


@remembered
def _projected_digits(seed: int, n_examples: int) -> Examples:
    """MNIST digits on their first two principal components, scaled to the plane."""
    digits = mnist()
    rows = np.random.default_rng(seed).permutation(len(digits.x_train))[:n_examples]
    pixels = digits.x_train[rows].reshape(n_examples, -1) / 255
    pixels = pixels - pixels.mean(axis=0)
    components = np.linalg.svd(pixels, full_matrices=False)[2][:2]
    x = pixels @ components.T
    return Examples(6 * x / np.abs(x).max(), digits.y_train[rows], digits.classes)


def squared_distances(x: Tensor, centroids: Tensor) -> Tensor:  # (N, D), (K, D) -> (N, K)
    """Squared distances, as exact for near points as for far ones."""
    return torch.cdist(x, centroids, compute_mode="donot_use_mm_for_euclid_dist").square()


def nearest(x: Tensor, centroids: Tensor) -> tuple[Tensor, Tensor]:
    """The cluster of every point (N,) and its squared distance to the centroid (N,)."""
    distances, clusters = squared_distances(x, centroids).min(dim=1)
    return clusters, distances


def means(x: Tensor, clusters: Tensor, centroids: Tensor) -> Tensor:
    """The mean of every cluster (K, D); an empty one takes the point farthest from its own."""
    counts = torch.bincount(clusters, minlength=len(centroids))
    sums = torch.zeros_like(centroids).index_add_(0, clusters, x)
    moved = sums / counts.clamp(min=1)[:, None].to(x.dtype)
    empty = (counts == 0).nonzero()[:, 0]
    if len(empty):
        distances = (x - centroids[clusters]).square().sum(dim=1)
        moved[empty] = x[distances.argsort(descending=True, stable=True)[: len(empty)]]
    return moved


def lloyd(x: Tensor, centroids: Tensor, n_iterations: int) -> Tensor:
    """Centroids (K, D) after at most so many iterations; fewer if nothing moves."""
    for _ in range(n_iterations):
        moved = means(x, nearest(x, centroids)[0], centroids)
        if torch.equal(moved, centroids):
            break
        centroids = moved
    return centroids


def far_apart(x: Tensor, k: int, rng: Generator) -> Tensor:
    """k-means++ (Arthur and Vassilvitskii, 2007): the farther, the likelier to be drawn."""
    rows = [int(rng.integers(len(x)))]
    while len(rows) < k:
        distances = nearest(x, x[rows])[1].double().numpy()
        total = distances.sum()
        likely = distances / total if total > 0 else None
        rows.append(int(rng.choice(len(x), p=likely)))
    return x[rows].clone()


def first_centroids(config: Config) -> Tensor:
    """Where the centroids stand before the first step (K, 2)."""
    x = torch.from_numpy(examples(config).x)
    rng = np.random.default_rng(config.seed)
    starts: dict[str, Callable[[], Tensor]] = {
        "random": lambda: x[rng.permutation(len(x))[: config.k]],
        "placed": lambda: torch.cat([_placed(config), x[rng.permutation(len(x))]])[: config.k],
        "spread": lambda: far_apart(x, config.k, rng),
        "crowded": lambda: x[nearest(x, x[x.sum(dim=1).argmin()][None])[1].argsort()[: config.k]],
    }
    return starts[config.start]()


def _placed(config: Config) -> Tensor:  # (P, 2)
    return torch.tensor(config.placed, dtype=torch.float64).view(-1, 2)


class KMeans(nn.Module):
    """Centroids (K, D) and every point's cluster (N,), moved in two half steps."""

    centroids: Tensor
    clusters: Tensor
    n_halves: Tensor

    def __init__(self, centroids: Tensor, n_examples: int) -> None:
        super().__init__()
        self.register_buffer("centroids", centroids.clone())
        self.register_buffer("clusters", torch.full((n_examples,), UNASSIGNED))
        self.register_buffer("n_halves", torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:  # (N, D) -> (N,)
        """The cluster of every point."""
        return nearest(x, self.centroids)[0]

    def half_step(self, x: Tensor) -> None:
        """Give every point to its nearest centroid or, the next time, move the centroids."""
        if self.n_halves % 2 == 0:
            self.clusters.copy_(self(x))
        else:
            self.centroids.copy_(means(x, self.clusters, self.centroids))
        self.n_halves += 1


def lloyd_training(config: Config) -> Training:
    """k-means as the engine runs it: no gradient and no optimiser, a half step a record."""
    x = torch.from_numpy(examples(config).x)
    model = KMeans(first_centroids(config), len(x))
    return Training(
        model=model,
        examples=(x,),
        batch_size=len(x),
        # Not the shuffled minibatch: a sum in another order ends in other last digits, and
        # inertia could seem to rise.
        update=lambda _: model.half_step(x),
        measure=lambda: _measured(model, x, examples(config)),
        n_records=2 * config.n_iterations + 2,
        records_per_chunk=2 * config.n_iterations + 2,
        updates_per_record=1,
    )


def _measured(model: KMeans, x: Tensor, chosen: Examples) -> dict[str, Any]:
    """Centroids, clusters and inertia, the sum of squared distances: one record."""
    clusters = model.clusters if model.n_halves else model(x)
    inertia = float((x - model.centroids[clusters]).square().sum())
    return {
        "centroids": model.centroids.numpy().astype(np.float32),
        "assignments": model.clusters.numpy().astype(np.uint8),
        "inertia": np.float64(inertia),
        "loss": np.float64(inertia / len(x)),
        "nmi": np.float32(agreement(clusters.numpy(), chosen.labels)),
    }


def composition(
    clusters: NDArray[Any], labels: NDArray[Any], k: int, n_classes: int
) -> NDArray[np.int64]:
    """How many examples of every class each cluster holds (K, C)."""
    counts = np.zeros((k, n_classes), dtype=np.int64)
    np.add.at(counts, (clusters, labels), 1)
    return counts


def agreement(clusters: NDArray[Any], labels: NDArray[Any]) -> float:
    """Normalised mutual information of clusters and classes, scikit-learn's.

    1 for the same groups whatever their names, 0 where one says nothing of the other.
    """
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(labels, clusters))


def cluster_names(k: int) -> list[str]:
    """What the clusters are called, counted from 1."""
    return [f"cluster {cluster + 1}" for cluster in range(k)]


def purity(counts: NDArray[np.int64]) -> float:
    """The share that would be right if every cluster took its commonest class; from (K, C)."""
    return float(counts.max(axis=1).sum() / counts.sum())


@remembered
def inertia_by_k(config: Config, max_k: int = 10) -> NDArray[np.float64]:
    """Inertia for k = 1 … max_k, the best of four far-apart starts each."""
    x = torch.from_numpy(examples(config).x)
    rng = np.random.default_rng(config.seed)
    ks = range(1, min(max_k, len(x)) + 1)
    return np.array(
        [
            min(float(nearest(x, lloyd(x, far_apart(x, k, rng), 50))[1].sum()) for _ in range(4))
            for k in ks
        ]
    )
