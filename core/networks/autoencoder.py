"""An autoencoder: a network that squeezes its input through few numbers and restores it."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks.dense import MLP


class Autoencoder(nn.Module):
    """Encoder and decoder, mirror images of each other; k centroids live in between."""

    centroids: Tensor
    axes: Tensor

    def __init__(self, n_inputs: int, hidden: Sequence[int], n_latent: int, k: int) -> None:
        super().__init__()
        self.encoder = MLP((n_inputs, *hidden, n_latent), "relu")
        self.decoder = MLP((n_latent, *reversed(hidden), n_inputs), "relu")
        # Buffers, so that a checkpoint carries the clusters on to the next chunk.
        self.register_buffer("centroids", torch.zeros(k, n_latent))
        self.register_buffer("axes", torch.eye(n_latent)[:, :2].contiguous())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:  # (B, D) -> (B, L), (B, D)
        """The latent points, and the logits of the restored input."""
        z = self.encoder(x)
        return z, self.decoder(z)

    def decoded(self, z: Tensor) -> Tensor:  # (B, L) -> (B, D)
        """Grey levels from 0 to 1 that latent points stand for."""
        return torch.sigmoid(self.decoder(z))


def reconstruction_loss(logits: Tensor, x: Tensor) -> Tensor:
    """Binary cross-entropy of grey levels from 0 to 1, in nats per pixel."""
    return F.binary_cross_entropy_with_logits(logits, x)


def principal_axes(z: Tensor, before: Tensor) -> Tensor:  # (N, L), (L, 2) -> (L, 2)
    """The two directions of most variance, turned to agree best with those `before`.

    Eigenvectors come with any sign and change places; the orthogonal Procrustes rotation
    (Schönemann, 1966) keeps a moving picture from flipping over.
    """
    if z.shape[1] == 2:
        return before
    # In double precision, so that squares stay finite while a run diverges.
    centred = z.double() - z.double().mean(dim=0)
    axes = torch.linalg.eigh(centred.T @ centred)[1][:, -2:]
    u, _, v = torch.linalg.svd(axes.T @ before.double())
    turned: Tensor = axes @ (u @ v)
    return turned.float()
