"""An autoencoder, plain or variational, and what it loses by its bottleneck."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks.dense import MLP


class Bottleneck(nn.Module):
    """Encoder and decoder with few numbers between them, certain or, if variational, not."""

    axes: Tensor
    mean: Tensor

    def __init__(
        self, n_inputs: int, n_latent: int, hidden: tuple[int, ...], is_variational: bool
    ) -> None:
        """Without hidden layers nothing bends, and the errors are squares."""
        super().__init__()
        self.n_latent, self.is_linear = n_latent, not hidden
        self.is_variational = is_variational
        self.encoder = MLP((n_inputs, *hidden, n_latent * (1 + is_variational)), "gelu")
        self.decoder = MLP((n_latent, *reversed(hidden), n_inputs), "gelu")
        self.register_buffer("axes", torch.eye(max(n_latent, 2))[:n_latent, :2].clone())
        self.register_buffer("mean", torch.zeros(n_inputs))

    def code(self, x: Tensor) -> tuple[Tensor, Tensor]:  # (B, D) -> (B, L), (B, L)
        """Mean and log variance of the latent numbers; without uncertainty, only the mean."""
        out = self.encoder(x - self.mean)
        if not self.is_variational:
            return out, torch.full_like(out, -torch.inf)
        return out[:, : self.n_latent], out[:, self.n_latent :]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The code's mean and log variance, and what the decoder makes of a draw from it."""
        mean, log_variance = self.code(x)
        z = reparametrised(mean, log_variance) if self.is_variational else mean
        return mean, log_variance, self.decoder(z)

    def decoded(self, z: Tensor) -> Tensor:  # (B, L) -> (B, D)
        """Grey levels that latent numbers stand for, from 0 to 1 unless linear."""
        out: Tensor = self.decoder(z)
        return out + self.mean if self.is_linear else torch.sigmoid(out)


def reparametrised(mean: Tensor, log_variance: Tensor) -> Tensor:
    """A draw from N(mean, variance) that gradients pass through (Kingma and Welling, 2014)."""
    return mean + torch.exp(log_variance / 2) * torch.randn_like(mean)


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:  # (B, L) both
    """KL divergence of N(mean, variance) from N(0, 1) in nats, number by number (B, L)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


def reconstruction_loss(model: Bottleneck, out: Tensor, x: Tensor) -> Tensor:
    """Summed over pixels, mean over pictures: cross-entropy in nats; if linear, squares."""
    if model.is_linear:
        return (out + model.mean - x).square().sum() / len(x)
    return F.binary_cross_entropy_with_logits(out, x, reduction="sum") / len(x)
