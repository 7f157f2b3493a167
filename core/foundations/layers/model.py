"""A convolutional network on pictures of clothes whose every layer can be asked what it knows."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data.digits import fashion_mnist
from core.networks.dense import flat_parameters, restored
from core.optimizers import TorchAdam
from core.store import remembered
from core.training import Training, gradient_update
from core.validation import between

RECORDING = Path(__file__).parent / "recorded" / "layers.npz"
N_CLASSES = 10
# Mean and spread of Fashion-MNIST's grey levels.
MEAN, SPREAD = 0.29, 0.35
# The network learns from the first pictures; the probes from the last, which it never saw.
N_LEARNED = 4500
N_MEASURED = 500  # pictures that the training loss is measured on
N_MAPPED = 400  # test pictures on the map
PART = 200  # images that are measured at once
REACH = 3.2  # spreads; nearly all points of a map lie within


@dataclass(frozen=True)
class Config:
    """All that a run depends on."""

    n_layers: int = 4  # convolutions, one after the other
    n_filters: int = 16  # maps that each of them makes
    n_train: int = 4500  # pictures
    share_shuffled: int = 0  # per cent of the training labels dealt out at random
    learning_rate: float = 0.003  # of Adam; falls to zero in a straight line
    batch_size: int = 20
    n_epochs: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def n_updates(self) -> int:
        """Optimisation steps of the whole run."""
        return self.n_epochs * -(-self.n_train // self.batch_size)

    @property
    def updates_per_record(self) -> int:
        """Updates from one record to the next: about forty records a run."""
        return max(1, self.n_updates // 40)

    @property
    def n_records(self) -> int:
        """Records of the whole run, the untrained network's included."""
        return 1 + self.n_updates // self.updates_per_record

    @property
    def layers(self) -> tuple[str, ...]:
        """What can be asked, from the picture itself to the answer."""
        convolutions = (f"Convolution {depth}" for depth in range(1, self.n_layers + 1))
        return ("Pixels", *convolutions, "Answer")

    @property
    def n_parameters(self) -> int:
        """Weights and biases of the whole network."""
        later = (self.n_layers - 1) * self.n_filters * (9 * self.n_filters + 1)
        n_values = self.n_filters * sides(self.n_layers)[-1] ** 2
        return 10 * self.n_filters + later + N_CLASSES * (n_values + 1)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_layers", 1, 5),
    ("n_filters", 2, 24),
    ("n_train", 200, N_LEARNED),
    ("share_shuffled", 0, 100),
    ("learning_rate", 1e-5, 1),
    ("batch_size", 20, 500),
    ("n_epochs", 1, 20),
    ("seed", 0, 9999),
)
POOLED = (0, 1, 3)  # the convolutions whose maps are halved


def sides(n_layers: int) -> list[int]:
    """Pixels on a side of what goes in and of every convolution's maps after pooling."""
    found = [28]
    for depth in range(n_layers):
        found.append(found[-1] // 2 if depth in POOLED else found[-1])
    return found


def fields(n_layers: int) -> list[int]:
    """Pixels of the picture on a side that one value of each convolution looks at."""
    found, field, step = [], 1, 1
    for depth in range(n_layers):
        field += 2 * step  # a kernel of 3 x 3
        if depth in POOLED:
            field, step = field + step, 2 * step
        found.append(min(field, 28))
    return found


class DeepNetwork(nn.Module):
    """Convolutions, each rectified and some of them pooled, and a dense layer."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        widths = (1, *(config.n_filters,) * config.n_layers)
        convolutions = (nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths))
        self.convolutions = nn.ModuleList(convolutions)
        n_values = config.n_filters * sides(config.n_layers)[-1] ** 2
        self.dense = nn.Linear(n_values, N_CLASSES)

    def forward(self, x: Tensor) -> Tensor:  # (B, 1, 28, 28), ink from 0 to 1
        """The logits of the ten classes (B, 10)."""
        return self.outputs(x)[-1]

    def outputs(self, x: Tensor) -> list[Tensor]:
        """What every layer puts out: the maps of the convolutions, then the logits."""
        x, found = (x - MEAN) / SPREAD, []
        for depth, convolution in enumerate(self.convolutions):
            x = convolution(x)
            x = F.relu(F.max_pool2d(x, 2) if depth in POOLED else x)
            found.append(x)
        return [*found, self.dense(x.flatten(1))]


def training(config: Config) -> Training:
    """The network of `config`, learning with Adam."""
    # Convolutions on a CPU are faster with the channels last in memory.
    model = DeepNetwork(config)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = TorchAdam(model.parameters(), lr=config.learning_rate, fused=True)
    x, y = learned(config)

    def loss(x: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(model(as_input(x)), y)

    def before(record: int) -> None:
        remaining = 1 - record / (config.n_records - 1)
        optimizer.param_groups[0]["lr"] = config.learning_rate * remaining

    return Training(
        model=model,
        examples=(x, y),
        batch_size=config.batch_size,
        update=gradient_update(model, optimizer, loss),
        measure=lambda: _measured(config, model),
        n_records=config.n_records,
        updates_per_record=config.updates_per_record,
        records_per_chunk=1,  # a record costs more than 50 ms
        optimizer=optimizer,
        before=before,
    )


def as_input(pictures: Tensor) -> Tensor:  # (B, 28, 28) uint8 -> (B, 1, 28, 28)
    """Grey levels as the network takes them: ink from 0 to 1."""
    return (pictures[:, None].float() / 255).to(memory_format=torch.channels_last)


@remembered
def examples() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test pictures (N, 28, 28) uint8, each with its classes (N,)."""
    d = fashion_mnist()
    x_train, x_test = (torch.from_numpy(x.copy()) for x in (d.x_train, d.x_test))
    y_train, y_test = (torch.from_numpy(y.astype(np.int64)) for y in (d.y_train, d.y_test))
    return x_train, y_train, x_test, y_test


def learned(config: Config) -> tuple[Tensor, Tensor]:
    """The pictures that the network learns from and their labels, shuffled where asked."""
    x, y, _, _ = examples()
    labels = y[: config.n_train].numpy().copy()
    n_shuffled = config.n_train * config.share_shuffled // 100
    labels[:n_shuffled] = np.random.default_rng(config.seed).permutation(labels[:n_shuffled])
    return x[: config.n_train], torch.from_numpy(labels)


@torch.no_grad()
def answers(model: DeepNetwork, pixels: Tensor) -> Tensor:
    """The logits (N, 10) for images, in parts: the maps of a thousand at once are 90 MB."""
    return torch.cat([model(as_input(part)) for part in pixels.split(PART)])


@torch.no_grad()
def _measured(config: Config, model: DeepNetwork) -> dict[str, Any]:
    """One record: parameters, losses, accuracies, and a map of every layer."""
    x, y = (each[:N_MEASURED] for each in learned(config))
    _, _, x_test, y_test = examples()
    found = model.outputs(as_input(x_test[:N_MAPPED]))
    z, z_test = answers(model, x), torch.cat([found[-1], answers(model, x_test[N_MAPPED:])])
    return {
        "parameters": flat_parameters(model).astype(np.float16),
        "loss": F.cross_entropy(z, y).numpy(),
        "test_loss": F.cross_entropy(z_test, y_test).numpy(),
        "accuracy": (z.argmax(1) == y).float().mean().numpy(),
        "test_accuracy": (z_test.argmax(1) == y_test).float().mean().numpy(),
        # (layer, picture, 2): the places of 400 test pictures
        "maps": np.stack([class_map(each) for each in found]),
    }


def class_map(outputs: Tensor) -> NDArray[np.int8]:
    """The two directions in which a layer's outputs vary most (N, 2), in spreads.

    127 stands for `REACH`. Principal axes have no fixed sign and change places while a
    network learns: the map is turned to lie as near as it can to that of the pixels.
    """
    xy = _principal(outputs)
    if len(xy) == N_MAPPED:
        left, _, right = torch.linalg.svd(xy.T @ _pixel_map())
        xy = xy @ (left @ right)
    return (xy * (127 / REACH)).round().clamp(-127, 127).to(torch.int8).numpy()


@remembered
def _pixel_map() -> Tensor:
    return _principal(examples()[2][:N_MAPPED].float() / 255)


def _principal(outputs: Tensor) -> Tensor:
    """Scores on the first two principal axes, (N, 2), with root mean square 1."""
    x = torch.nan_to_num(outputs.flatten(1), posinf=0, neginf=0)
    x = x - x.mean(0)
    # There are fewer pictures than values: the small matrix has the same scores.
    values, vectors = torch.linalg.eigh(x @ x.T)
    xy = vectors[:, -2:].flip(1) * values[-2:].flip(0).clamp(min=0).sqrt()
    in_spreads: Tensor = xy / xy.square().mean().sqrt().clamp(min=1e-6)
    return in_spreads


def pixel_map() -> NDArray[np.int8]:
    """The map of the pictures themselves, which no training moves."""
    return class_map(examples()[2][:N_MAPPED].float() / 255)


def restore(config: Config, parameters: NDArray[np.float16]) -> DeepNetwork:
    """The network of one record, ready to predict."""
    return restored(lambda: DeepNetwork(config), parameters)
