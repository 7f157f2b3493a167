"""Autoencoders of six bottleneck sizes, plain and variational, trained as one computation."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.dimensionality_reduction.model import RECORDED, SIDE, Config, Examples, examples
from core.learning.dimensionality_reduction.variational_autoencoder import kl_divergence
from core.networks.dense import MLP, StackedMLP
from core.optimizers import Adam
from core.training import Training

RECORDING = RECORDED / "bottlenecks.npz"
SIZES = (1, 2, 4, 8, 16, 32)
WIDEST = SIZES[-1]
UPDATES_PER_RECORD = 40


class Bottlenecks(nn.Module):
    """Plain autoencoders of all sizes, then variational ones: M = 12 networks at once.

    Each is as wide as the widest; `used` (M, 1, L) says which latent numbers it has.
    """

    used: Tensor
    noisy: Tensor
    mean: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        n_inputs, hidden = SIDE * SIDE, config.hidden
        sizes = [*SIZES, *SIZES]
        self.encoder = StackedMLP([_encoder(n_inputs, hidden, size) for size in sizes])
        self.decoder = StackedMLP([_decoder(n_inputs, hidden, size) for size in sizes])
        used = torch.arange(WIDEST) < torch.tensor(sizes)[:, None, None]
        noisy = torch.arange(len(sizes)) >= len(SIZES)
        self.register_buffer("used", used.float())
        self.register_buffer("noisy", noisy.float()[:, None, None])
        self.register_buffer("mean", torch.zeros(n_inputs))

    def code(self, x: Tensor) -> tuple[Tensor, Tensor]:  # (B, D) -> (M, B, L) both
        """Mean and log variance; both are 0 where a network has no such number."""
        mean, log_variance = (self.encoder(x - self.mean) * self.used.repeat(1, 1, 2)).chunk(2, 2)
        return mean, log_variance

    def decode(self, z: Tensor) -> Tensor:  # (M, B, L) -> (M, B, D)
        """Logits of the pictures; if linear, grey levels less the mean picture."""
        *hidden, (weight, bias) = self.decoder.affine
        for w, b in hidden:
            z = self.decoder.activation(torch.baddbmm(b, z, w))
        return torch.baddbmm(bias, z, weight)


def _encoder(n_inputs: int, hidden: Sequence[int], size: int) -> MLP:
    """Begins as an encoder of that size does: means in front, log variances behind."""
    wide = MLP((n_inputs, *hidden, 2 * WIDEST), "gelu")
    narrow = MLP((n_inputs, *hidden, 2 * size), "gelu")
    columns = [*range(size), *range(WIDEST, WIDEST + size)]
    with torch.no_grad():
        for mine, theirs in zip(wide.columns[:-1], narrow.columns[:-1], strict=True):
            mine[0].copy_(theirs[0])
            mine[1].copy_(theirs[1])
        wide.columns[-1][0][:, columns] = narrow.columns[-1][0]
        wide.columns[-1][1][columns] = narrow.columns[-1][1]
    return wide


def _decoder(n_inputs: int, hidden: Sequence[int], size: int) -> MLP:
    """Begins as a decoder of that size does."""
    wide = MLP((WIDEST, *reversed(hidden), n_inputs), "gelu")
    narrow = MLP((size, *reversed(hidden), n_inputs), "gelu")
    with torch.no_grad():
        for mine, theirs in zip(wide.columns, narrow.columns, strict=True):
            mine[0][: len(theirs[0])] = theirs[0]
            mine[1].copy_(theirs[1])
    return wide


def training(config: Config) -> Training:
    """All sizes with the other settings of `config`, its model and size left aside."""
    chosen = examples(config.data, config.n_examples)
    model = Bottlenecks(config)
    if config.is_linear:
        model.mean.copy_(chosen.x.mean(dim=0))
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    updates_per_record = min(UPDATES_PER_RECORD, config.n_updates)
    return Training(
        model=model,
        examples=(chosen.x,),
        batch_size=config.batch_size,
        update=_update(config, model, optimizer, parameters),
        measure=lambda: _measured(config, model, chosen),
        n_records=config.n_updates // updates_per_record + 1,
        records_per_chunk=1,
        updates_per_record=updates_per_record,
        optimizer=optimizer,
    )


def _update(
    config: Config, model: Bottlenecks, optimizer: Adam, parameters: list[nn.Parameter]
) -> Callable[[Tensor], None]:
    def update(x: Tensor) -> None:
        mean, log_variance = model.code(x)
        noise = torch.randn_like(mean) * model.used * model.noisy
        out = model.decode(mean + torch.exp(log_variance / 2) * noise)
        kl = (kl_divergence(mean, log_variance) * model.noisy).sum()
        loss = (_reconstruction(config, model, out, x) + config.beta * kl) / len(x)
        optimizer.step(torch.autograd.grad(loss, parameters))

    return update


def _reconstruction(config: Config, model: Bottlenecks, out: Tensor, x: Tensor) -> Tensor:
    """Summed over everything: no network's gradient has a part in another's."""
    if config.is_linear:
        return (out + model.mean - x).square().sum()
    return F.binary_cross_entropy_with_logits(out, x.expand_as(out), reduction="sum")


@torch.no_grad()
def _measured(config: Config, model: Bottlenecks, chosen: Examples) -> dict[str, Any]:
    """Error of all sizes on the held-out pictures: (6,) plain, (6,) variational."""
    out = model.decode(model.code(chosen.held_out)[0])
    restored = out + model.mean if config.is_linear else torch.sigmoid(out)
    errors: NDArray[np.float32] = (restored - chosen.held_out).square().mean(dim=(1, 2)).numpy()
    return {
        "autoencoder": errors[: len(SIZES)],
        "variational": errors[len(SIZES) :],
        "loss": np.float32(errors.mean()),
    }
