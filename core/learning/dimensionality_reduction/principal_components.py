"""Principal component analysis: the best that sums of a few pictures can do."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.learning.dimensionality_reduction.model import examples
from core.store import remembered

MAX_COMPONENTS = 32


class PrincipalComponents(NamedTuple):
    """The mean picture (D,) and the directions of most variance (MAX_COMPONENTS, D)."""

    mean: Tensor
    components: Tensor

    def code(self, x: Tensor, n_latent: int) -> Tensor:  # (N, D) -> (N, L)
        """Coordinates along the first components."""
        return (x - self.mean) @ self.components[:n_latent].T

    def restored(self, x: Tensor, n_latent: int) -> Tensor:  # (N, D) -> (N, D)
        """Pictures as the mean and the first components rebuild them."""
        return self.code(x, n_latent) @ self.components[:n_latent] + self.mean


@remembered
def principal_components(data: str, n_examples: int) -> PrincipalComponents:
    """Fitted on the training pictures: eigenvectors of their covariance (Pearson, 1901).

    The same as scikit-learn's, which a test compares, without the time its import takes.
    """
    x = examples(data, n_examples).x
    mean = x.mean(dim=0)
    covariance = ((x - mean).T @ (x - mean)).double()
    directions = torch.linalg.eigh(covariance)[1].flip(1)[:, :MAX_COMPONENTS].T
    # Either sign is right: the larger part points to positive values.
    signs = torch.sign(directions.gather(1, directions.abs().argmax(1, keepdim=True)))
    return PrincipalComponents(mean, (directions * signs).float().contiguous())


@remembered
def held_out_error(data: str, n_examples: int, n_latent: int) -> float:
    """Mean squared error per pixel of the held-out pictures, rebuilt from few numbers."""
    x = examples(data, n_examples).held_out
    restored = principal_components(data, n_examples).restored(x, n_latent)
    return float((restored - x).square().mean())


@remembered
def place_on_map(data: str, n_examples: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The held-out pictures' first two components (N, 2)."""
    xy = principal_components(data, n_examples).code(examples(data, n_examples).held_out, 2)
    return np.asarray(xy.numpy())
