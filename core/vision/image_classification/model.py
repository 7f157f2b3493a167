"""A small convolutional network that reads digits or clothes, every layer looked into."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data.digits import DATA
from core.networks.dense import flat_parameters, restored
from core.optimizers import TorchAdam
from core.recordings import Recorded
from core.store import remembered
from core.training import Training, gradient_update

RECORDING = Path(__file__).parent / "recorded" / "image_classification.npz"
SIDE = 28  # pixels
N_CLASSES = 10
# Mean and spread of MNIST's grey levels: a network learns faster from inputs around zero.
MEAN, SPREAD = 0.13, 0.31
# How many training pictures the training loss is measured on, always the same ones.
N_MEASURED = 500


@dataclass(frozen=True)
class Config:
    """All that a run of the convolutional network depends on."""

    data: str = "mnist"  # or "fashion_mnist"
    n_train: int = 6000  # the first ones of 6,000
    n_filters: tuple[int, int] = (8, 16)  # of the first and the second convolution
    kernel_size: int = 5  # pixels on a side
    shift: int = 1  # pixels by which a minibatch is moved at most, to see more pictures
    p_drop: float = 0.1  # of the pooled values before the dense layer
    learning_rate: float = 0.003  # of Adam; falls to zero in a straight line
    batch_size: int = 32
    n_epochs: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        if self.data not in DATA:
            raise ValueError(f"data must be one of {', '.join(DATA)}, got {self.data!r}")
        if self.kernel_size not in (3, 5):
            raise ValueError(f"kernel_size must be 3 or 5, got {self.kernel_size!r}")
        if len(self.n_filters) != 2:
            raise ValueError(f"n_filters must be two numbers, got {self.n_filters!r}")
        _between("n_filters of the first layer", self.n_filters[0], 1, 12)
        _between("n_filters of the second layer", self.n_filters[1], 1, 24)
        for name, low, high in BOUNDS:
            _between(name, getattr(self, name), low, high)

    @property
    def updates_per_record(self) -> int:
        """Updates from one record to the next: about fifty records a run."""
        return max(1, -(-self.n_train // self.batch_size) * self.n_epochs // 50)

    @property
    def n_records(self) -> int:
        """Records of the whole run, the untrained network's included."""
        n_updates = -(-self.n_train // self.batch_size) * self.n_epochs
        return 1 + n_updates // self.updates_per_record

    @property
    def n_pooled(self) -> tuple[int, int]:
        """Pixels on a side of the maps after the first and the second pooling."""
        first = (SIDE - self.kernel_size + 1) // 2
        return first, (first - self.kernel_size + 1) // 2

    @property
    def n_parameters(self) -> int:
        """Weights and biases of the whole network."""
        (first, second), area = self.n_filters, self.kernel_size**2
        n_dense = second * self.n_pooled[1] ** 2
        return first * (area + 1) + second * (first * area + 1) + N_CLASSES * (n_dense + 1)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_train", 100, 6000),
    ("shift", 0, 3),
    ("p_drop", 0, 0.8),
    ("learning_rate", 1e-5, 1),
    ("batch_size", 16, 256),
    ("n_epochs", 1, 12),
    ("seed", 0, 9999),
)


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low:g} and {high:g}, got {value!r}")


class ConvolutionalNetwork(nn.Module):
    """Two convolutions, each pooled and rectified, and a dense layer (LeCun, 1998)."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        first, second = config.n_filters
        self.conv1 = nn.Conv2d(1, first, config.kernel_size)
        self.pool1 = nn.MaxPool2d(2)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(first, second, config.kernel_size)
        self.pool2 = nn.MaxPool2d(2)
        self.relu2 = nn.ReLU()
        self.dropout = nn.Dropout(config.p_drop)
        self.dense = nn.Linear(second * config.n_pooled[1] ** 2, N_CLASSES)

    def forward(self, x: Tensor) -> Tensor:  # (B, 1, 28, 28), ink from 0 to 1
        """The logits of the ten classes (B, 10)."""
        # ReLU of the largest is the largest after ReLU, and a quarter of the work.
        x = self.relu1(self.pool1(self.conv1((x - MEAN) / SPREAD)))
        x = self.relu2(self.pool2(self.conv2(x)))
        logits: Tensor = self.dense(self.dropout(x.flatten(1)))
        return logits


def training(config: Config) -> Training:
    """The network of `config`, learning with Adam from slightly moved pictures."""
    # Convolutions on a CPU are twice as fast with the channels last in memory.
    model = ConvolutionalNetwork(config)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = TorchAdam(model.parameters(), lr=config.learning_rate, fused=True)
    x, y, _, _ = examples(config.data)

    def loss(x: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(model(moved(as_input(x), config.shift)), y)

    def before(record: int) -> None:
        remaining = 1 - record / (config.n_records - 1)
        optimizer.param_groups[0]["lr"] = config.learning_rate * remaining

    return Training(
        model=model,
        examples=(x[: config.n_train], y[: config.n_train]),
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


def moved(x: Tensor, shift: int) -> Tensor:
    """A minibatch moved by up to `shift` pixels across and down, empty at the edge."""
    if not shift:
        return x
    down, across = torch.randint(2 * shift + 1, (2,)).tolist()
    padded = F.pad(x, (shift, shift, shift, shift))
    return padded[:, :, down : down + SIDE, across : across + SIDE]


@remembered
def examples(data: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test pictures (N, 28, 28) uint8, each with its classes (N,)."""
    d = DATA[data]()
    x_train, x_test = (torch.from_numpy(x.copy()) for x in (d.x_train, d.x_test))
    y_train, y_test = (torch.from_numpy(y.astype(np.int64)) for y in (d.y_train, d.y_test))
    return x_train, y_train, x_test, y_test


@torch.no_grad()
def _measured(config: Config, model: nn.Module) -> dict[str, Any]:
    """One record: parameters, losses, accuracies, and what the test pictures were taken for."""
    x_train, y_train, x_test, y_test = examples(config.data)
    n_measured = min(N_MEASURED, config.n_train)
    model.eval()
    z_train, z_test = model(as_input(x_train[:n_measured])), model(as_input(x_test))
    confusion = torch.bincount(y_test * N_CLASSES + z_test.argmax(1), minlength=N_CLASSES**2)
    is_right = z_train.argmax(1) == y_train[:n_measured]
    return {
        "parameters": flat_parameters(model).astype(np.float16),
        "loss": F.cross_entropy(z_train, y_train[:n_measured]).numpy(),
        "test_loss": F.cross_entropy(z_test, y_test).numpy(),
        "accuracy": is_right.float().mean().numpy(),
        "test_accuracy": (z_test.argmax(1) == y_test).float().mean().numpy(),
        # (true class, class it was taken for)
        "confusion": confusion.view(N_CLASSES, N_CLASSES).numpy().astype(np.uint16),
    }


def restore(config: Config, parameters: NDArray[np.float16]) -> ConvolutionalNetwork:
    """The network of one record, ready to predict."""
    return restored(lambda: ConvolutionalNetwork(config), parameters)


RECORDINGS = (Recorded(Config, training, RECORDING),)
