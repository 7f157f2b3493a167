"""k-means on what an autoencoder makes of pictures, beside k-means on their pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.data.digits import fashion_mnist, mnist
from core.learning.autoencoder import Autoencoder, principal_axes, reconstruction_loss
from core.learning.k_means import (
    agreement,
    between,
    composition,
    far_apart,
    lloyd,
    nearest,
    one_of,
    purity,
)
from core.optimizers import Adam
from core.training import Training

Assignments = NDArray[np.uint8]  # the cluster of every example (N,)

DATA = ("digits", "fashion", "blobs")
# A weak pull of the latent points to the origin: they keep a size that fits one picture.
PULL = 0.01
N_STARTS = 4  # of k-means on pixels; the best is taken
N_BLOBS, BLOB_SIDE = 10, 4
MAX_RECORDS = 200


@dataclass(frozen=True)
class Config:
    """All that a run of the autoencoder and its clusters depends on."""

    data: str = "digits"  # or clothes, or made-up blobs
    n_examples: int = 1000
    k: int = 10
    n_latent: int = 10
    hidden: tuple[int, ...] = (64,)
    learning_rate: float = 0.003
    batch_size: int = 50
    n_epochs: int = 25
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        between("number of hidden layers", len(self.hidden), 0, 3)
        for n_units in self.hidden:
            between("units of a hidden layer", n_units, 2, 512)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def updates_per_record(self) -> int:
        """Five updates, or more where a run would have too many records."""
        return max(5, -(-self.n_updates // MAX_RECORDS))

    @property
    def n_updates(self) -> int:
        """How many optimisation steps the whole run takes."""
        return self.n_epochs * -(-self.n_examples // self.batch_size)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 200, 3000),
    ("k", 2, 20),
    ("n_latent", 2, 32),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 10, 500),
    ("n_epochs", 1, 100),
    ("seed", 0, 9999),
)


class Examples(NamedTuple):
    """Pictures (N, H, W) of grey levels 0 … 255 and the classes (N,) kept from k-means."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    classes: tuple[str, ...]

    @property
    def x(self) -> Tensor:
        """Grey levels from 0 to 1 (N, D)."""
        return torch.from_numpy(self.pictures.reshape(len(self.pictures), -1) / np.float32(255))


def examples(config: Config) -> Examples:
    """The pictures that `config` asks for."""
    return _examples(config.data, config.n_examples, config.seed)


@lru_cache(maxsize=16)
def _examples(data: str, n_examples: int, seed: int) -> Examples:
    rng = np.random.default_rng(seed)
    if data == "blobs":
        return _blobs(rng, n_examples)
    source = mnist() if data == "digits" else fashion_mnist()
    rows = rng.permutation(len(source.x_train))[:n_examples]
    return Examples(source.x_train[rows], source.y_train[rows], source.classes)


def _blobs(rng: np.random.Generator, n_examples: int) -> Examples:
    """Made up: ten normal clouds in 16 dimensions, each point shown as a 4 x 4 picture."""
    centres = rng.uniform(40, 215, (N_BLOBS, BLOB_SIDE, BLOB_SIDE))
    labels = np.arange(n_examples) % N_BLOBS
    grey = centres[labels] + rng.normal(0, 25, (n_examples, BLOB_SIDE, BLOB_SIDE))
    names = tuple(f"blob {blob}" for blob in range(N_BLOBS))
    return Examples(grey.clip(0, 255).astype(np.uint8), labels.astype(np.uint8), names)


class Clusters(NamedTuple):
    """Every example's cluster (N,) and how well it agrees with the hidden classes."""

    assignments: Assignments
    nmi: float
    purity: float
    inertia: float  # mean squared distance to the centroid


def pixel_clusters(config: Config) -> Clusters:
    """k-means on the pixels themselves: scikit-learn's, the best of four starts."""
    return _pixel_clusters(config.data, config.n_examples, config.seed, config.k)


@lru_cache(maxsize=64)
def _pixel_clusters(data: str, n_examples: int, seed: int, k: int) -> Clusters:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    chosen = _examples(data, n_examples, seed)
    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        fitted = KMeans(k, n_init=N_STARTS, random_state=seed).fit(chosen.x.numpy())
    found = fitted.labels_.astype(np.uint8)
    counts = composition(found, chosen.labels, k, len(chosen.classes))
    mean_inertia = float(fitted.inertia_ / n_examples)
    return Clusters(found, agreement(counts), purity(counts), mean_inertia)


def training(config: Config) -> Training:
    """An autoencoder, with k-means on its latent points at every record."""
    chosen = examples(config)
    x, labels = chosen.x, chosen.labels
    model = Autoencoder(x.shape[1], config.hidden, config.n_latent, config.k)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)

    def update(minibatch: Tensor) -> None:
        optimizer.step(torch.autograd.grad(objective(model, minibatch), parameters))

    begin_clusters(config, model, x)
    return Training(
        model=model,
        examples=(x,),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(config, model, x, labels),
        n_records=config.n_updates // config.updates_per_record + 1,
        records_per_chunk=_records_per_chunk(config, sum(p.numel() for p in parameters)),
        updates_per_record=config.updates_per_record,
        optimizer=optimizer,
    )


def objective(model: Autoencoder, x: Tensor) -> Tensor:
    """What an update lessens: the reconstruction loss and a weak pull to the origin."""
    z, logits = model(x)
    value: Tensor = reconstruction_loss(logits, x) + PULL * z.square().mean()
    return value


def _records_per_chunk(config: Config, n_parameters: int) -> int:
    """About 50 ms a chunk, so that sessions take fair turns; the same for every one."""
    examples_per_record = 3 * config.updates_per_record * config.batch_size + config.n_examples
    return int(np.clip(8e8 / (examples_per_record * n_parameters), 1, 10))


@torch.no_grad()
def begin_clusters(config: Config, model: Autoencoder, x: Tensor) -> None:
    """Put centroids on the untrained latent points, far apart."""
    z = model.encoder(x)
    model.centroids.copy_(far_apart(z, config.k, np.random.default_rng(config.seed)))
    model.axes.copy_(principal_axes(z, model.axes))


@torch.no_grad()
def measured(
    config: Config, model: Autoencoder, x: Tensor, labels: NDArray[np.uint8]
) -> dict[str, Any]:
    """Latent points, clusters and their agreement with the hidden classes: one record.

    Lloyd starts from the centroids of the record before, so that clusters keep their
    identity while the points move.
    """
    z, logits = model(x)
    if not torch.isfinite(z).all():
        z = torch.zeros_like(z)  # the loss tells that the run has diverged
    model.centroids.copy_(lloyd(z, model.centroids, n_iterations=5))
    model.axes.copy_(principal_axes(z, model.axes))
    clusters, distances = nearest(z, model.centroids)
    found, pixels = clusters.numpy().astype(np.uint8), pixel_clusters(config)
    counts = composition(found, labels, config.k, int(labels.max()) + 1)
    origin = z.mean(dim=0)
    xy = (z - origin) @ model.axes
    # Early steps blow the latent points up and pull them in again: the map shows their
    # places in spreads (root mean square), so that its axes can stand still.
    spread = xy.square().mean().sqrt().clamp(min=1e-6)
    return {
        "xy": (xy / spread).numpy().astype(np.float16),
        "assignments": found,
        "distances": distances.sqrt().numpy(),
        "centroids": model.centroids.numpy().copy(),
        "centres": ((model.centroids - origin) @ model.axes / spread).numpy(),
        "spread": np.float32(spread),
        "axes": model.axes.numpy().copy(),
        "origin": origin.numpy(),
        "loss": np.float32(reconstruction_loss(logits, x)),
        "inertia": np.float32(distances.mean()),
        "nmi": np.float32(agreement(counts)),
        "purity": np.float32(purity(counts)),
        "pixel_nmi": np.float32(pixels.nmi),
        "pixel_purity": np.float32(pixels.purity),
    }
