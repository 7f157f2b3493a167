"""Label propagation: labels spread along a graph of near neighbours, and no network.

Zhu and Ghahramani, "Learning from labeled and unlabeled data with label propagation" (2002):
every point takes the weighted mean of its neighbours' beliefs, labelled points keep theirs.
"""

from typing import NamedTuple

import torch
from torch import Tensor

SHARPNESS = 4.0  # of the kernel, per squared distance to the farthest of the neighbours


class Graph(NamedTuple):
    """Points, joined where either is among the other's nearest; weights fall with distance."""

    x: Tensor  # (N, D)
    scale: float  # mean distance to the farthest of the nearest points
    n_neighbours: int
    weights: Tensor  # (N, N), sparse and symmetric, zero on the diagonal
    transition: Tensor  # (N, N), sparse; its rows sum to 1


class Places(NamedTuple):
    """The nearest points of each of Q places, and their weights, both (Q, K)."""

    neighbours: Tensor
    weights: Tensor


def graph(x: Tensor, n_neighbours: int) -> Graph:
    """Join every point to its nearest ones with weights exp(-4 d² / scale²)."""
    n = len(x)
    if not 1 <= n_neighbours < n:
        raise ValueError(f"n_neighbours must be between 1 and {n - 1}, got {n_neighbours}")
    distances = torch.cdist(x, x)
    distances.fill_diagonal_(torch.inf)
    near, neighbours = distances.topk(n_neighbours, largest=False)
    scale = max(float(near[:, -1].mean()), 1e-9)
    weights = torch.zeros(n, n).scatter_(1, neighbours, kernel(near, scale))
    weights = torch.maximum(weights, weights.T)
    transition = weights / weights.sum(1, keepdim=True).clamp(min=1e-30)
    return Graph(x, scale, n_neighbours, weights.to_sparse(), transition.to_sparse())


def kernel(distances: Tensor, scale: float) -> Tensor:
    """How much points at these distances have to say to each other, 0 to 1."""
    return torch.exp(-SHARPNESS * (distances / scale).square())


def spread(graph: Graph, beliefs: Tensor, first: Tensor, known: Tensor) -> Tensor:
    """One iteration: neighbours' mean belief (N, C); those `known` (N,) keep their `first`."""
    mean = normalised(torch.sparse.mm(graph.transition, beliefs))
    return torch.where(known[:, None], first, mean)


def normalised(beliefs: Tensor) -> Tensor:
    """Rows that sum to 1; a row that no label has reached stays zero."""
    sums = beliefs.sum(-1, keepdim=True)
    return beliefs / torch.where(sums > 0, sums, 1.0)


def class_factors(beliefs: Tensor) -> Tensor:
    """What each class (C,) is multiplied by so that all have one mass (Zhu et al., 2003).

    Without it the class that happens to lie at a hub of the graph takes nearly all points.
    """
    mass = beliefs.sum(0)
    return torch.where(mass > 0, mass.sum() / mass.clamp(min=1e-30), 0.0)


def places(graph: Graph, x: Tensor) -> Places:
    """Where new points (Q, D) stand among those of the graph."""
    near, neighbours = torch.cdist(x, graph.x).topk(graph.n_neighbours, largest=False)
    # Relative to the nearest one: far from all points every weight would be zero.
    exponents = -SHARPNESS * (near / graph.scale).square()
    return Places(neighbours, (exponents - exponents[:, :1]).exp())


def beliefs_at(places: Places, beliefs: Tensor) -> Tensor:
    """Beliefs (Q, C) of new points: their nearest points' weighted mean."""
    return normalised((beliefs[places.neighbours] * places.weights[..., None]).sum(1))
