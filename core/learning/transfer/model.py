"""Five new digits from a few labels: from scratch, on frozen features, fine-tuned.

Three learners see the same minibatches. Their heads begin at zero, so that all three begin
with the same picture: every answer equally likely.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.transfer.source import (
    KINDS,
    N_CLASSES,
    N_FEATURES,
    N_RECORDS,
    Network,
    as_input,
    first_digits,
    pictures,
    restored,
    source_network,
)
from core.networks.dense import flat_parameters
from core.optimizers import TorchAdam
from core.store import remembered
from core.training import Training, gradient_update
from core.validation import between, one_of

LEARNERS = ("From scratch", "Frozen features", "Fine-tuned")
SCRATCH, FROZEN, TUNED = range(3)
BATCH_SIZE = 25
MAX_RECORDS = 41  # with the untrained one


@dataclass(frozen=True)
class Config:
    """All that a run of the three learners depends on."""

    n_labels: int = 5  # pictures of every new digit
    source: str = "turned"  # what the source network was trained on
    source_record: int = N_RECORDS - 1  # how far it was trained; 0 is not at all
    learning_rate: float = 0.001  # of Adam
    n_steps: int = 90  # optimisation steps
    seed: int = 0  # of the labelled pictures, the first weights and the order

    def __post_init__(self) -> None:
        one_of("source", self.source, KINDS)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def updates_per_record(self) -> int:
        """Steps from one record to the next: about forty records a run."""
        return -(-self.n_steps // (MAX_RECORDS - 1))

    @property
    def n_records(self) -> int:
        """Records of the whole run, the untrained one included."""
        return 1 + self.n_steps // self.updates_per_record

    @property
    def digits(self) -> tuple[str, ...]:
        """The five new digits."""
        first = first_digits(self.source)[1]
        return tuple(str(first + place) for place in range(N_CLASSES))


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_labels", 1, 100),
    ("source_record", 0, N_RECORDS - 1),
    ("learning_rate", 1e-5, 10),
    ("n_steps", 20, 400),
    ("seed", 0, 9999),
)


class Learners(nn.Module):
    """A network from scratch, a head alone, and a network that begins as the source."""

    def __init__(self, source: Network) -> None:
        super().__init__()
        self.scratch, self.frozen = Network(), nn.Linear(N_FEATURES, N_CLASSES)
        self.tuned = Network()
        self.tuned.body.load_state_dict(source.body.state_dict())
        for head in (self.scratch.head, self.frozen, self.tuned.head):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, x: Tensor, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The logits of all three (B, C), for pictures and their frozen features."""
        return self.scratch(x), self.frozen(features), self.tuned(x)


def training(config: Config) -> Training:
    """All three learners, one step of each on every minibatch."""
    model = Learners(source_network(config.source, config.source_record))
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = TorchAdam(model.parameters(), lr=config.learning_rate, fused=True)

    def loss(x: Tensor, features: Tensor, y: Tensor) -> Tensor:
        # No parameter is in two of the three losses: each learner follows its own.
        return sum((F.cross_entropy(z, y) for z in model(x, features)), torch.zeros(()))

    return Training(
        model=model,
        examples=labelled(config),
        batch_size=BATCH_SIZE,
        update=gradient_update(model, optimizer, loss),
        measure=lambda: _measured(config, model),
        n_records=config.n_records,
        updates_per_record=config.updates_per_record,
        records_per_chunk=2,
        optimizer=optimizer,
    )


def chosen(config: Config) -> NDArray[np.intp]:
    """Rows of the labelled pictures; fewer labels are the first of more."""
    y = pictures(first_digits(config.source)[1], "train")[1].numpy()
    rng = np.random.default_rng(config.seed)
    orders = [rng.permutation(np.flatnonzero(y == label)) for label in range(N_CLASSES)]
    return np.concatenate([order[: config.n_labels] for order in orders])


def labelled(config: Config) -> tuple[Tensor, Tensor, Tensor]:
    """The labelled pictures as input, their frozen features, and their labels."""
    x, y = pictures(first_digits(config.source)[1], "train")
    rows = torch.from_numpy(chosen(config))
    x = as_input(x[rows])
    with torch.no_grad():
        return x, source_network(config.source, config.source_record).body(x), y[rows]


@remembered
@torch.no_grad()
def tested(source: str, source_record: int) -> tuple[Tensor, Tensor, Tensor]:
    """All test pictures of the new digits, their frozen features, and their labels."""
    x, y = pictures(first_digits(source)[1], "test")
    x = as_input(x)
    return x, source_network(source, source_record).body(x), y


@torch.no_grad()
def _measured(config: Config, model: Learners) -> dict[str, Any]:
    """One record: what all three answer to every test picture, and their weights."""
    x, features, y = labelled_once(config)
    x_test, features_test, y_test = tested(config.source, config.source_record)
    z, z_test = torch.stack(model(x, features)), torch.stack(model(x_test, features_test))
    losses = torch.stack([F.cross_entropy(each, y) for each in z])
    test_losses = torch.stack([F.cross_entropy(each, y_test) for each in z_test])
    is_right = z_test.argmax(2) == y_test
    accuracy = is_right.float().mean(1).numpy()
    return {
        "loss": losses.mean().numpy(),
        "losses": losses.numpy(),
        "test_losses": test_losses.numpy(),
        "train_accuracy": (z.argmax(2) == y).float().mean(1).numpy(),
        "accuracy": accuracy,
        "transferred": accuracy[[FROZEN, TUNED]].max(),
        # Of each learner, picture and digit; 255 is certain.
        "p": (255 * torch.softmax(z_test, 2).nan_to_num()).round().to(torch.uint8).numpy(),
        "answers": z_test.argmax(2).to(torch.uint8).numpy(),
        "scratch": flat_parameters(model.scratch).astype(np.float16),
        "frozen": flat_parameters(model.frozen).astype(np.float16),
        "tuned": flat_parameters(model.tuned).astype(np.float16),
    }


@remembered
def labelled_once(config: Config) -> tuple[Tensor, Tensor, Tensor]:
    """The labelled pictures, gathered once for all records of a run."""
    return labelled(config)


def networks(config: Config, known: Any) -> tuple[Network, Network, Network]:
    """The three learners of one record, ready to predict; the second has the source's body."""
    scratch, tuned = (restored(N_CLASSES, known[name]) for name in ("scratch", "tuned"))
    source = source_network(config.source, config.source_record)
    body = flat_parameters(source.body)
    frozen = restored(N_CLASSES, np.concatenate([body, known["frozen"].astype(np.float32)]))
    return scratch, frozen, tuned
