"""Principal components as a rival: what as many straight axes restore as the bottleneck holds."""

from typing import NamedTuple

import numpy as np

from core.learning.anomaly_detection.model import Config, Floats, auc, examples
from core.store import remembered


class Linear(NamedTuple):
    """What principal component analysis restores (Pearson, 1901), fitted on the training set."""

    n_axes: int
    loss: float  # mean squared error of the training examples
    restored: Floats  # of everything watched (M, D)
    errors: Floats  # (M,), root mean square
    auc: float


def linear(config: Config) -> Linear:
    """As many axes as the bottleneck has numbers; half of all where it is no bottleneck."""
    n_inputs = examples(config).x_train.shape[1]
    n_axes = config.n_latent if config.n_latent < n_inputs else n_inputs // 2
    of_data = ("data", "window", "simulated", "n_examples", "contamination", "seed")
    same = {name: getattr(config, name) for name in of_data}
    return _linear(Config(**same, n_latent=n_axes))


@remembered
def _linear(config: Config) -> Linear:
    chosen = examples(config)
    x = chosen.x_train.astype(np.float64)
    mean = x.mean(axis=0)
    _, axes = np.linalg.eigh((x - mean).T @ (x - mean))
    kept = axes[:, -config.n_latent :]
    loss = np.square((x - mean) - (x - mean) @ kept @ kept.T).mean()
    restored = (mean + (chosen.x_shown - mean) @ kept @ kept.T).astype(np.float32)
    errors = np.sqrt(np.square(chosen.x_shown - restored).mean(axis=1)).astype(np.float32)
    return Linear(config.n_latent, float(loss), restored, errors, auc(errors, chosen.is_anomaly))
