"""An autoencoder, plain or variational, that squeezes pictures through a few numbers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.data.digits import Pictures, fashion_mnist, mnist
from core.learning.dimensionality_reduction.variational_autoencoder import (
    Bottleneck,
    kl_divergence,
    reconstruction_loss,
)
from core.networks.autoencoder import principal_axes
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between, hidden_layers, one_of

RECORDED = Path(__file__).parent / "recorded"
RECORDING = RECORDED / "dimensionality_reduction.npz"

MODELS = ("autoencoder", "variational")
DATA = ("digits", "fashion")
SIDE = 28  # pixels
N_MEASURED = 500  # training pictures that the training loss is measured on
FARTHEST = 1000.0  # of a point on the map, in its units
PICTURES_PER_RECORD = 2000
REACH = 3.0  # of the map, from its middle to its edge
GRID = 10  # decoded pictures on a side of the map
TILE = SIDE // 2  # pixels on a side of each of them


@dataclass(frozen=True)
class Config:
    """All that a run of the autoencoder depends on."""

    model: str = "variational"  # or "autoencoder"
    data: str = "digits"  # or clothes
    n_examples: int = 6000
    n_latent: int = 2
    hidden: tuple[int, ...] = (64, 32)  # none: linear, with squared errors
    beta: float = 1.0  # weight of the KL term; the plain autoencoder has none
    learning_rate: float = 0.005
    batch_size: int = 50
    n_epochs: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("model", self.model, MODELS)
        one_of("data", self.data, DATA)
        hidden_layers(self.hidden)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def is_variational(self) -> bool:
        """Whether the code of a picture is a distribution."""
        return self.model == "variational"

    @property
    def is_linear(self) -> bool:
        """Whether nothing bends: without a hidden layer, and with squared errors."""
        return not self.hidden

    @property
    def n_updates(self) -> int:
        """How many optimisation steps the whole run takes."""
        return self.n_epochs * -(-self.n_examples // self.batch_size)

    @property
    def updates_per_record(self) -> int:
        """A record every 2,000 pictures, or more often in a short run."""
        return max(1, min(PICTURES_PER_RECORD // self.batch_size, self.n_updates // 20))

    @property
    def n_records(self) -> int:
        """Records of the whole run, the untrained network's included."""
        return self.n_updates // self.updates_per_record + 1


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 500, 6000),
    ("n_latent", 1, 32),
    ("beta", 0, 1000),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 10, 500),
    ("n_epochs", 1, 60),
    ("seed", 0, 9999),
)


class Examples(NamedTuple):
    """Grey levels from 0 to 1 (N, D): to learn from, and held out with their classes."""

    x: Tensor
    held_out: Tensor
    labels: NDArray[np.uint8]  # of those held out
    classes: tuple[str, ...]


def pictures(data: str) -> Pictures:
    """The pictures as they come, uint8."""
    return mnist() if data == "digits" else fashion_mnist()


@remembered
def _grey_levels(data: str) -> tuple[Tensor, Tensor]:
    source = pictures(data)
    learned, held_out = (
        torch.from_numpy(x.reshape(len(x), -1) / np.float32(255))
        for x in (source.x_train, source.x_test)
    )
    return learned, held_out


def examples(data: str, n_examples: int) -> Examples:
    """The first training pictures, and all 1,000 that are held out."""
    learned, held_out = _grey_levels(data)
    source = pictures(data)
    return Examples(learned[:n_examples], held_out, source.y_test, source.classes)


@remembered
def sample_rows(data: str) -> NDArray[np.intp]:
    """The first held-out picture of every class (10,): shown beside the map."""
    return np.unique(pictures(data).y_test, return_index=True)[1]


def autoencoder(config: Config) -> Bottleneck:
    """A fresh autoencoder; its weights are drawn from the generator in force."""
    return Bottleneck(SIDE * SIDE, config.n_latent, config.hidden, config.is_variational)


def training(config: Config) -> Training:
    """The autoencoder of `config`, trained with Adam."""
    chosen = examples(config.data, config.n_examples)
    model = autoencoder(config)
    if config.is_linear:
        model.mean.copy_(chosen.x.mean(dim=0))
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)

    def update(minibatch: Tensor) -> None:
        optimizer.step(torch.autograd.grad(objective(config, model, minibatch), parameters))

    pictures_seen = config.updates_per_record * config.batch_size
    return Training(
        model=model,
        examples=(chosen.x,),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(config, model, chosen),
        n_records=config.n_records,
        # About 100 ms a chunk: one record of 2,000 pictures, or several of fewer.
        records_per_chunk=int(np.clip(PICTURES_PER_RECORD // pictures_seen, 1, 8)),
        updates_per_record=config.updates_per_record,
        optimizer=optimizer,
    )


def objective(config: Config, model: Bottleneck, x: Tensor) -> Tensor:
    """What an update lessens: reconstruction loss, and β times the KL term if variational."""
    mean, log_variance, out = model(x)
    loss = reconstruction_loss(model, out, x)
    if not config.is_variational:
        return loss
    return loss + config.beta * kl_divergence(mean, log_variance).sum() / len(x)


@torch.no_grad()
def measured(config: Config, model: Bottleneck, chosen: Examples) -> dict[str, Any]:
    """The map of held-out pictures, the decoded plane and all losses: one record.

    Everything is measured at the code's mean, without noise, so that it stands still.
    """
    z, log_variance = model.code(chosen.held_out)
    if not torch.isfinite(z).all():
        z = torch.zeros_like(z)  # the loss tells that the run has diverged
    if config.n_latent > 2:
        model.axes.copy_(principal_axes(z, model.axes))
    restored = model.decoded(z)
    origin, spread = _frame(config, model, z)
    samples = torch.from_numpy(sample_rows(config.data))
    errors = (restored - chosen.held_out).square().mean(dim=1)
    kl = _kl(config, z, log_variance)
    # Before a run diverges its codes may be larger than 16 bits can hold.
    xy = on_map(config, model, z, origin, spread, chosen).clamp(-FARTHEST, FARTHEST)
    return {
        "xy": xy.numpy().astype(np.float16),
        "grid": _tiles(model.decoded(_plane(model, origin, spread))),
        "restored": as_grey(restored[samples]),
        "errors": errors[samples].numpy(),
        "origin": origin.numpy(),
        "spread": np.float32(spread),
        "axes": model.axes.numpy().copy(),
        "kl_each": kl.numpy(),
        "kl": np.float32(kl.sum()),
        "mse": np.float32(errors.mean()),
        "loss": np.float32(_loss(config, model, chosen.x[:N_MEASURED])),
        "test_loss": np.float32(_loss(config, model, chosen.held_out)),
    }


def _frame(config: Config, model: Bottleneck, z: Tensor) -> tuple[Tensor, Tensor]:
    """Where the map's middle lies in latent space, and the length of its unit.

    The KL term fixes the scale of a variational code; a plain one's is shown in spreads
    (root mean square), since it may be anything.
    """
    if config.is_variational:
        return torch.zeros(z.shape[1]), torch.ones(())
    origin = z.mean(dim=0)
    spread = ((z - origin) @ model.axes)[:, : z.shape[1]].square().mean().sqrt()
    # Where all codes are equal, rounding errors must not be blown up to a cloud.
    return origin, spread.clamp(min=1e-6 + 1e-4 * float(origin.abs().max()))


def on_map(
    config: Config, model: Bottleneck, z: Tensor, origin: Tensor, spread: Tensor, chosen: Examples
) -> Tensor:  # (N, L) -> (N, 2)
    """Places of latent points; one number alone has its classes one above the other."""
    xy = (z - origin) @ model.axes / spread
    if z.shape[1] == 1:
        xy[:, 1] = torch.from_numpy(class_rows(chosen.classes)[chosen.labels])
    return xy


def class_rows(classes: tuple[str, ...]) -> NDArray[np.float32]:
    """Heights of the classes on a map of one number, the first on top."""
    return np.linspace(0.9 * REACH, -0.9 * REACH, len(classes), dtype=np.float32)


def _plane(model: Bottleneck, origin: Tensor, spread: Tensor) -> Tensor:
    """Latent points in the middle of every tile of the map, row 0 on top (GRID², L)."""
    middles = (torch.arange(GRID) + 0.5) * (2 * REACH / GRID) - REACH
    y, x = torch.meshgrid(middles.flip(0), middles, indexing="ij")
    return origin + spread * torch.stack([x.flatten(), y.flatten()], dim=1) @ model.axes.T


def _tiles(grey: Tensor) -> NDArray[np.uint8]:  # (GRID², D) -> (GRID², TILE²)
    small = F.avg_pool2d(grey.view(-1, 1, SIDE, SIDE), SIDE // TILE)
    return as_grey(small.flatten(1))


def as_grey(grey: Tensor) -> NDArray[np.uint8]:
    """Grey levels 0 … 255 of values from 0 to 1."""
    return np.asarray((grey.nan_to_num() * 255).round().clamp(0, 255).to(torch.uint8).numpy())


def _kl(config: Config, mean: Tensor, log_variance: Tensor) -> Tensor:  # -> (L,)
    if not config.is_variational:
        return torch.zeros(mean.shape[1])
    return kl_divergence(mean, log_variance).mean(dim=0)


def _loss(config: Config, model: Bottleneck, x: Tensor) -> Tensor:
    mean, log_variance = model.code(x)
    loss = reconstruction_loss(model, model.decoder(mean), x)
    return loss + config.beta * _kl(config, mean, log_variance).sum()
