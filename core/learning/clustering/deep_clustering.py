"""Deep embedded clustering: soft clusters of latent points that sharpen themselves.

Xie, Girshick and Farhadi (2016); the moved copies of pictures are from Guo et al. (2018).
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.learning.clustering.k_means import squared_distances
from core.networks.autoencoder import Autoencoder, reconstruction_loss

LARGEST = 1e15  # of a code: its square still is a number
N_STARTS = 10  # of k-means, where the clustering phase begins
# A moved copy of a picture: turned, sheared, scaled and shifted by up to so much.
TURN, SHEAR, SCALE, SHIFT = 0.2, 0.2, 0.1, 0.14  # radians, share, share, of half a side


def soft_assignment(z: Tensor, centroids: Tensor) -> Tensor:  # (N, L), (K, L) -> (N, K)
    """How much every point belongs to every cluster, q: Student's t with one degree.

    Rows sum to one: q_ik ∝ 1 / (1 + |z_i − μ_k|²).
    """
    likeness = 1 / (1 + squared_distances(z, centroids))
    return likeness / likeness.sum(dim=1, keepdim=True)


def target_distribution(q: Tensor) -> Tensor:  # (N, K) -> (N, K)
    """What q should become, p: squared to be surer, divided by the size of a cluster.

    Rows sum to one: p_ik ∝ q_ik² / f_k with f_k the sum of q_ik over all points.
    """
    sharper = q.square() / q.sum(dim=0)
    return sharper / sharper.sum(dim=1, keepdim=True)


def divergence(p: Tensor, q: Tensor) -> Tensor:  # (N, K) both
    """KL(p‖q) in nats, the mean over points."""
    return F.kl_div(q.log(), p, reduction="batchmean")


def moved(x: Tensor, side: int) -> Tensor:  # (B, side²) -> (B, side²)
    """Copies of pictures, each turned, sheared, scaled and shifted a little at random."""
    turn, shear, scale, across, down = (2 * torch.rand(5, len(x)) - 1).unbind()
    cosine, sine = torch.cos(TURN * turn), torch.sin(TURN * turn)
    size = 1 + SCALE * scale
    rows = [
        torch.stack([cosine * size, SHEAR * shear - sine * size, SHIFT * across], dim=1),
        torch.stack([sine * size, cosine * size, SHIFT * down], dim=1),
    ]
    shape = [len(x), 1, side, side]
    grid = F.affine_grid(torch.stack(rows, dim=1), shape, align_corners=False)
    return F.grid_sample(x.view(shape), grid, align_corners=False).flatten(1)


class DeepClustering(Autoencoder):
    """An autoencoder that after `n_pretraining` updates goes on as deep clustering.

    From then on the encoder and the centroids follow the gradient of KL(p‖q) alone; the
    decoder only learns to draw what the moving codes stand for.
    """

    target: Tensor
    n_updates: Tensor
    names: Tensor

    def __init__(
        self, n_inputs: int, hidden: tuple[int, ...], n_latent: int, k: int, n_examples: int
    ) -> None:
        super().__init__(n_inputs, hidden, n_latent, k)
        # Buffers, so that a checkpoint carries the phase on to the next chunk.
        self.register_buffer("target", torch.zeros(n_examples, k))
        self.register_buffer("n_updates", torch.zeros((), dtype=torch.long))
        self.register_buffer("names", torch.arange(k))

    def learned(self) -> list[Tensor]:
        """What an update moves: encoder and decoder, and in the second phase the centroids."""
        return [*self.encoder.parameters(), *self.decoder.parameters(), self.centroids]

    def pretraining_gradients(self, x: Tensor, pull: float) -> list[Tensor]:
        """Of the reconstruction loss and a weak pull of the codes to the origin."""
        z, logits = self(x)
        value = reconstruction_loss(logits, x) + pull * z.square().mean()
        parameters = self.learned()[:-1]
        return [*torch.autograd.grad(value, parameters), torch.zeros_like(self.centroids)]

    def clustering_gradients(self, x: Tensor, p: Tensor) -> list[Tensor]:
        """Of KL(p‖q) for encoder and centroids, of the reconstruction for the decoder."""
        z = self.encoder(x)
        centroids = self.centroids.detach().requires_grad_()
        restored = self.decoder(z.detach())
        value = divergence(p, soft_assignment(z, centroids)) + reconstruction_loss(restored, x)
        # The code given to the decoder is cut off: one sum serves both, neither disturbs.
        return list(torch.autograd.grad(value, [*self.learned()[:-1], centroids]))

    @torch.no_grad()
    def begin_clustering(self, x: Tensor, seed: int) -> None:
        """Put the centroids where k-means on the codes finds them; clusters keep their names."""
        before = self.centroids.clone()
        self.centroids.copy_(k_means_of(self.encoder(x), len(before), seed))
        self.names.copy_(same_names(self.centroids, before))

    @torch.no_grad()
    def refresh_target(self, x: Tensor) -> None:
        """Make the target anew from what the clusters are now."""
        self.target.copy_(target_distribution(soft_assignment(self.encoder(x), self.centroids)))


def k_means_of(z: Tensor, k: int, seed: int) -> Tensor:  # (N, L) -> (K, L)
    """Centroids of k-means, scikit-learn's, the best of several starts."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if not z.abs().max() < LARGEST:
        return torch.full((k, z.shape[1]), torch.nan)  # the loss tells that the run diverged
    if len(z.unique(dim=0)) < k:
        return z[:k].clone()  # a dead network gives every picture the same code
    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        fitted = KMeans(k, n_init=N_STARTS, random_state=seed).fit(z.numpy())
    return torch.from_numpy(fitted.cluster_centers_.astype(np.float32))


def same_names(centroids: Tensor, before: Tensor) -> Tensor:  # (K, L) both -> (K,)
    """For each centroid the one before that it replaces, all in all the nearest ones."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    apart = squared_distances(centroids, before).nan_to_num(posinf=1e30)
    return torch.from_numpy(linear_sum_assignment(apart.numpy())[1])
