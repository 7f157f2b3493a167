"""Label propagation one iteration at a time: how far labels have come, and one example's sum."""

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.label_propagation import spread
from core.learning.semi_supervised.model import Config
from core.shares import per_cent

N_ITERATIONS = 60


def beliefs(config: Config, iteration: int) -> Tensor:  # (N, C)
    """What is believed of every example after so many iterations; nothing is all zero."""
    data = examples(config.kind)
    known = torch.zeros(len(data.truth), dtype=torch.bool)
    known[list(config.rows)] = True
    first = F.one_hot(data.truth, data.n_classes).float() * known[:, None]
    found = first
    for _ in range(iteration):
        found = spread(data.graph, found, first, known)
    return found


def reached(config: Config, iteration: int) -> tuple[int, int]:
    """How many examples have a belief without a label of their own, and how many had one before."""
    counts = [
        int((beliefs(config, at).sum(1) > 0).sum()) - len(config.rows)
        for at in (iteration, max(iteration - 1, 0))
    ]
    return counts[0], counts[1]


def labels(config: Config, iteration: int) -> NDArray[np.int64]:
    """The likeliest class of every example (N,); -1 where no label has come yet."""
    found = beliefs(config, iteration)
    return np.where(found.sum(1).numpy() > 0, found.argmax(1).numpy(), -1)


def edges(config: Config) -> NDArray[np.int64]:
    """Pairs of examples that the graph joins (E, 2), each once."""
    pairs = examples(config.kind).graph.weights.coalesce().indices().T.numpy()
    return np.asarray(pairs[pairs[:, 0] < pairs[:, 1]])


def neighbours(config: Config, row: int) -> NDArray[np.int64]:
    """The examples that the graph joins to one, the weightiest first."""
    weights = examples(config.kind).graph.transition[row].to_dense().numpy()
    return np.argsort(-weights, kind="stable")[: int((weights > 0).sum())]


def reached_first(config: Config) -> int:
    """An example in the picture that the first iteration reaches; else the first one."""
    found = np.flatnonzero(labels(config, 1)[examples(config.kind).shown.numpy()] >= 0)
    new = [int(row) for row in found if row not in config.rows]
    return new[0] if new else 0


def sum_table(config: Config, row: int, iteration: int) -> pd.DataFrame:
    """One row a neighbour: its part of the mean, its belief one iteration before.

    The last row is the mean over neighbours, which is the example's belief at `iteration`;
    a labelled example keeps its own label instead.
    """
    data, joined = examples(config.kind), neighbours(config, row)
    before = beliefs(config, iteration - 1)[joined]
    parts = data.graph.transition[row].to_dense()[joined]
    mean = beliefs(config, iteration)[row]
    frame = pd.DataFrame(
        {
            "neighbour": [*joined.astype(str), "mean over those with a belief"],
            "weight": [*(per_cent(float(part)) for part in parts), ""],
        }
    )
    shown = torch.cat([before, mean[None]])
    for place in np.flatnonzero(shown.sum(0).numpy() > 0):
        frame[f"belief {data.classes[place]}"] = [per_cent(float(v)) for v in shown[:, place]]
    return frame
