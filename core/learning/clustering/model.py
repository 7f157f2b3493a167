"""Deep embedded clustering of pictures, and k-means on an autoencoder's codes or on pixels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import recordings
from core.learning.clustering import examples as pictures
from core.learning.clustering.deep_clustering import (
    DeepClustering,
    divergence,
    moved,
    soft_assignment,
)
from core.learning.clustering.examples import DATA, N_MEASURED, Clusters, Examples
from core.learning.clustering.k_means import (
    agreement,
    composition,
    far_apart,
    lloyd,
    nearest,
    purity,
)
from core.networks.autoencoder import principal_axes, reconstruction_loss
from core.optimizers import Adam
from core.training import Training
from core.validation import between, hidden_layers, one_of

RECORDING = Path(__file__).parent / "recorded" / "clustering.npz"
METHODS = ("dec", "k_means")
# A weak pull of the codes to the origin: they keep a size that Student's t can part.
PULL = 0.0003
N_RESTORED = 250  # of those on the map, whose reconstruction is measured
MAX_RECORDS = 80


@dataclass(frozen=True)
class Config:
    """All that a run of the autoencoder and its clusters depends on."""

    method: str = "dec"  # or k-means on the codes of an autoencoder
    data: str = "digits"  # or clothes, or made-up blobs
    n_examples: int = 4000
    k: int = 10
    n_latent: int = 10
    hidden: tuple[int, ...] = (256, 64)
    is_moved: bool = True  # learn from copies of pictures, shifted and turned a little
    learning_rate: float = 0.003
    batch_size: int = 100
    n_epochs: int = 20  # of the autoencoder alone
    n_deep_epochs: int = 20  # of deep clustering, after them
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("method", self.method, METHODS)
        one_of("data", self.data, DATA)
        hidden_layers(self.hidden)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def is_deep(self) -> bool:
        """Whether deep clustering follows on the autoencoder."""
        return self.method == "dec"

    @property
    def updates_per_epoch(self) -> int:
        """Optimisation steps in one pass over all examples."""
        return -(-self.n_examples // self.batch_size)

    @property
    def n_pretraining(self) -> int:
        """Updates of the autoencoder alone."""
        return self.n_epochs * self.updates_per_epoch

    @property
    def n_updates(self) -> int:
        """How many optimisation steps the whole run takes."""
        return self.n_pretraining + self.is_deep * self.n_deep_epochs * self.updates_per_epoch

    @property
    def updates_per_record(self) -> int:
        """Ten updates, or more where a run would have too many records."""
        return max(10, -(-self.n_updates // MAX_RECORDS))

    @property
    def n_records(self) -> int:
        """Records of the whole run, the untrained network's included."""
        return self.n_updates // self.updates_per_record + 1

    @property
    def first_deep(self) -> int:
        """The last record before deep clustering begins."""
        return self.n_pretraining // self.updates_per_record


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 200, 5000),
    ("k", 2, 20),
    ("n_latent", 2, 32),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 10, 500),
    ("n_epochs", 1, 100),
    ("n_deep_epochs", 1, 100),
    ("seed", 0, 9999),
)


def examples(config: Config) -> Examples:
    """The pictures that `config` asks for."""
    return pictures.examples(config.data, config.n_examples, config.seed)


def shown(config: Config) -> Examples:
    """The first of them: those on the map, whose clusters are judged."""
    chosen = examples(config)
    return Examples(chosen.pictures[:N_MEASURED], chosen.labels[:N_MEASURED], chosen.classes)


def pixel_clusters(config: Config) -> Clusters:
    """What k-means on the pixels makes of the same pictures."""
    return pictures.pixel_clusters(config.data, config.n_examples, config.seed, config.k)


def spectral_nmi(config: Config) -> float:
    """The agreement that spectral clustering of the pixels reaches; the default's is recorded."""
    pixels = (config.data, config.n_examples, config.seed, config.k)
    default = Config()
    if pixels == (default.data, default.n_examples, default.seed, default.k):
        stored = recordings.read(RECORDING, default)
        if stored and "spectral_nmi" in stored:
            return float(stored["spectral_nmi"][0])
    return pictures.spectral_nmi(*pixels)


def training(config: Config) -> Training:
    """An autoencoder whose codes are clustered at every record, and deep clustering after it."""
    x = examples(config).x
    model = DeepClustering(x.shape[1], config.hidden, config.n_latent, config.k, len(x))
    optimizer = Adam(model.learned(), config.learning_rate)

    def update(minibatch: Tensor, rows: Tensor) -> None:
        if config.is_deep and model.n_updates >= config.n_pretraining:
            _deepen(config, model, optimizer, x)
            optimizer.step(model.clustering_gradients(_seen(config, minibatch), model.target[rows]))
        else:
            optimizer.step(model.pretraining_gradients(_seen(config, minibatch), PULL))
        model.n_updates += 1

    begin_clusters(config, model, x)
    return Training(
        model=model,
        examples=(x, torch.arange(len(x))),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(config, model, x[:N_MEASURED]),
        n_records=config.n_records,
        records_per_chunk=_records_per_chunk(config, sum(p.numel() for p in model.learned())),
        updates_per_record=config.updates_per_record,
        optimizer=optimizer,
    )


def _seen(config: Config, x: Tensor) -> Tensor:
    """What the network is shown of pictures; blobs have no shape that could be moved."""
    return moved(x, round(x.shape[1] ** 0.5)) if config.is_moved and config.data != "blobs" else x


def _deepen(config: Config, model: DeepClustering, optimizer: Adam, x: Tensor) -> None:
    """What comes before some updates of the clustering phase: its start, and new targets."""
    done = int(model.n_updates) - config.n_pretraining
    if done == 0:
        model.begin_clustering(x, config.seed)
        # Another loss, another scale of gradients: Adam's averages begin anew.
        optimizer.load_state_dict(Adam(model.learned(), config.learning_rate).state_dict())
    if done % config.updates_per_epoch == 0:
        model.refresh_target(x)


def _records_per_chunk(config: Config, n_parameters: int) -> int:
    """About 50 ms a chunk, so that sessions take fair turns; the same for every one."""
    n_shown = min(config.n_examples, N_MEASURED)
    examples_per_record = 3 * config.updates_per_record * config.batch_size + n_shown
    return int(np.clip(8e8 / (examples_per_record * n_parameters), 1, 10))


@torch.no_grad()
def begin_clusters(config: Config, model: DeepClustering, x: Tensor) -> None:
    """Put centroids on the untrained codes, far apart."""
    z = model.encoder(x[:N_MEASURED])
    model.centroids.copy_(far_apart(z, config.k, np.random.default_rng(config.seed)))
    model.axes.copy_(principal_axes(z, model.axes))


@torch.no_grad()
def measured(config: Config, model: DeepClustering, x: Tensor) -> dict[str, Any]:
    """Codes, clusters and their agreement with the hidden classes: one record.

    Before deep clustering Lloyd starts from the centroids of the record before, so that
    clusters keep their identity while the points move.
    """
    z = model.encoder(x)
    loss = reconstruction_loss(model.decoder(z[:N_RESTORED]), x[:N_RESTORED])
    if not torch.isfinite(z).all():
        z = torch.zeros_like(z)  # the loss tells that the run has diverged
    if not config.is_deep or model.n_updates <= config.n_pretraining:
        model.centroids.copy_(lloyd(z, model.centroids, n_iterations=5))
    model.axes.copy_(principal_axes(z, model.axes))
    centroids = torch.empty_like(model.centroids)
    centroids[model.names] = model.centroids.nan_to_num()
    return {
        **_places(model, z, centroids),
        **_judged(config, z, centroids),
        "loss": np.float32(loss),
        "kl": np.float32(_divergence(config, model, z)),
    }


def _places(model: DeepClustering, z: Tensor, centroids: Tensor) -> dict[str, Any]:
    """The map: its points and centroids, and where it lies among the codes."""
    origin = z.mean(dim=0)
    xy = (z - origin) @ model.axes
    # Early steps blow the codes up and pull them in again: the map shows their places in
    # spreads (root mean square), so that its axes can stand still.
    spread = xy.square().mean().sqrt().clamp(min=1e-6)
    return {
        "xy": compact(xy / spread),
        "centroids": centroids.numpy(),
        "centres": ((centroids - origin) @ model.axes / spread).numpy(),
        "spread": np.float32(spread),
        "axes": model.axes.numpy().copy(),
        "origin": origin.numpy(),
    }


def compact(values: Tensor) -> NDArray[np.float16]:
    """Steps of 1/64, less than is seen and quickly packed."""
    return ((values * 64).round() / 64).clamp(-6e4, 6e4).numpy().astype(np.float16)


def _judged(config: Config, z: Tensor, centroids: Tensor) -> dict[str, Any]:
    """Every example's cluster, how sure it is, and what the hidden classes say to them."""
    clusters, distances = nearest(z, centroids)
    found, pixels = clusters.numpy().astype(np.uint8), pixel_clusters(config)
    chosen = shown(config)
    counts = composition(found, chosen.labels, config.k, len(chosen.classes))
    sure = soft_assignment(z, centroids).max(dim=1)[0]
    return {
        "assignments": found,
        "distances": compact(distances.sqrt()),
        "sure": (sure * 255).round().numpy().astype(np.uint8),
        "confidence": np.float32(sure.mean()),
        "inertia": np.float32(distances.mean()),
        "nmi": np.float32(agreement(found, chosen.labels)),
        "purity": np.float32(purity(counts)),
        "pixel_nmi": np.float32(pixels.nmi),
        "pixel_purity": np.float32(pixels.purity),
    }


def _divergence(config: Config, model: DeepClustering, z: Tensor) -> Tensor:
    """KL(p‖q) of the measured examples; before deep clustering there is no target."""
    if not config.is_deep or model.n_updates <= config.n_pretraining:
        return torch.tensor(torch.nan)
    return divergence(model.target[:N_MEASURED], soft_assignment(z, model.centroids))
