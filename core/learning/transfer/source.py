"""The network that is transferred: trained here on half of the digits, never on the other.

Asked only which of five digits it sees, so small a network keeps little else; asked also
how the digit is turned, it must look at shapes. Four quarter turns make twenty classes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data.digits import mnist
from core.networks import dense
from core.networks.dense import flat_parameters
from core.optimizers import TorchAdam
from core.runs import Run
from core.store import remembered
from core.training import Training, gradient_update
from core.validation import between, one_of

RECORDED = Path(__file__).parent / "recorded"
KINDS = ("turned", "swapped", "upright", "random")
# Mean and spread of MNIST's grey levels.
MEAN, SPREAD = 0.13, 0.31
N_CLASSES = 5  # digits of the source, and as many of the target
N_FEATURES = 288
N_TURNS = 4
N_RECORDS = 21
UPDATES_PER_RECORD = 60
BATCH_SIZE = 50
LEARNING_RATE = 0.003  # of Adam; falls to zero in a straight line
P_DROP = 0.2
# How far a picture is turned (radians), stretched, sheared and moved (of its half side).
TURN, STRETCH, SHEAR, MOVE = 0.42, 0.28, 0.42, 0.175


@dataclass(frozen=True)
class SourceConfig:
    """Which digits the source network learns, and what it is asked about them."""

    kind: str = "turned"
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("kind", self.kind, KINDS)
        between("seed", self.seed, 0, 9999)

    @property
    def first_digit(self) -> int:
        """The lowest of the five digits that it learns."""
        return first_digits(self.kind)[0]

    @property
    def n_classes(self) -> int:
        """Answers that it tells apart."""
        return N_CLASSES if self.kind == "upright" else N_CLASSES * N_TURNS


def first_digits(kind: str) -> tuple[int, int]:
    """The lowest digit of the source's five, and of the target's."""
    return (5, 0) if kind == "swapped" else (0, 5)


class Body(nn.Module):
    """Three convolutions that make 288 features of a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, stride=2)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2)
        self.conv3 = nn.Conv2d(16, 32, 3)

    def forward(self, x: Tensor) -> Tensor:  # (B, 1, 28, 28), around zero
        """Features (B, 288), none negative."""
        return self.maps(x)[-1].flatten(1)

    def maps(self, x: Tensor) -> list[Tensor]:
        """What each convolution puts out, rectified."""
        found = []
        for convolution in (self.conv1, self.conv2, self.conv3):
            x = F.relu(convolution(x))
            found.append(x)
        return found


class Network(nn.Module):
    """A body, and a head that reads an answer off its features."""

    def __init__(self, n_classes: int = N_CLASSES) -> None:
        super().__init__()
        self.body = Body()
        self.head = nn.Linear(N_FEATURES, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """The logits (B, C)."""
        logits: Tensor = self.head(self.body(x))
        return logits


def source_training(config: SourceConfig) -> Training:
    """The source network, learning from pictures bent and moved anew at every step."""
    model = Network(config.n_classes)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = TorchAdam(model.parameters(), lr=LEARNING_RATE, fused=True)
    x, y = asked(config)

    def loss(x: Tensor, y: Tensor) -> Tensor:
        features = model.body(as_input(bent(x)))
        return F.cross_entropy(model.head(F.dropout(features, P_DROP)), y)

    def before(record: int) -> None:
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - record / (N_RECORDS - 1))

    return Training(
        model=model,
        examples=(x, y),
        batch_size=BATCH_SIZE,
        update=gradient_update(model, optimizer, loss),
        measure=lambda: _measured(config, model),
        n_records=N_RECORDS,
        updates_per_record=UPDATES_PER_RECORD,
        records_per_chunk=1,
        optimizer=optimizer,
        before=before,
    )


def asked(config: SourceConfig, part: str = "train") -> tuple[Tensor, Tensor]:
    """Pictures (N, 28, 28) uint8 that the source network is asked about, and the answers."""
    x, y = pictures(config.first_digit, part)
    if config.kind != "upright":
        x = torch.cat([torch.rot90(x, turn, (1, 2)) for turn in range(N_TURNS)])
        y = torch.cat([y + N_CLASSES * turn for turn in range(N_TURNS)])
    if config.kind == "random":
        y = torch.from_numpy(np.random.default_rng(config.seed).permutation(y.numpy()))
    return x, y


def pictures(first_digit: int, part: str) -> tuple[Tensor, Tensor]:
    """Pictures (N, 28, 28) uint8 of five digits, and which of the five each is (N,)."""
    d = mnist()
    x, y = (d.x_train, d.y_train) if part == "train" else (d.x_test, d.y_test)
    rows = (y >= first_digit) & (y < first_digit + N_CLASSES)
    return torch.from_numpy(x[rows]), torch.from_numpy(y[rows].astype(np.int64) - first_digit)


def as_input(pictures: Tensor) -> Tensor:  # (B, 28, 28) grey levels -> (B, 1, 28, 28)
    """Grey levels as the networks take them, around zero."""
    x = (pictures[:, None].float() / 255 - MEAN) / SPREAD
    return x.to(memory_format=torch.channels_last)


def bent(x: Tensor) -> Tensor:  # (B, 28, 28)
    """Every picture turned a little, stretched, sheared and moved, each in its own way."""
    around = torch.rand(7, len(x)) * 2 - 1
    turn, shear = TURN / 1.4 * around[0], SHEAR / 1.4 * around[1]
    wide, high = 1 + STRETCH * around[2], 1 + STRETCH * around[3]
    cosine, sine = torch.cos(turn), torch.sin(turn)
    rows = (cosine * wide, shear - sine, MOVE * around[4], sine, cosine * high, MOVE * around[5])
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), [len(x), 1, 28, 28], False)
    return F.grid_sample(x[:, None].float(), grid, align_corners=False)[:, 0]


@torch.no_grad()
def _measured(config: SourceConfig, model: Network) -> dict[str, Any]:
    """One record: all parameters, and how well new pictures are answered."""
    x, y = asked(config, "test")
    z = model(as_input(x))
    return {
        "parameters": flat_parameters(model).astype(np.float16),
        "loss": F.cross_entropy(z, y).numpy(),
        "test_accuracy": (z.argmax(1) == y).float().mean().numpy(),
    }


def recording(kind: str) -> Path:
    """The file that holds the training of one kind of source network."""
    return RECORDED / f"transfer_{kind}.npz"


def source_run(kind: str) -> Run:
    """The recorded training of the source network."""
    return Run(source_training, SourceConfig(kind), recording(kind))


def fresh_run(kind: str) -> Run:
    """The same training without its recording."""
    return Run(source_training, SourceConfig(kind))


@remembered
def source_network(kind: str, record: int) -> Network:
    """The source network as it stood at a record of its training; shared, only to be read."""
    parameters = source_run(kind).at(record)["parameters"]
    return restored(SourceConfig(kind).n_classes, parameters).requires_grad_(False)


def restored(n_classes: int, parameters: NDArray[np.float16]) -> Network:
    """A network with these parameters."""
    return dense.restored(lambda: Network(n_classes), parameters)
