"""Encoders that place photos, sentences, sounds and table rows on a map of known examples."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.foundations.numbers_and_patterns.examples import KINDS, Known, known
from core.optimizers import Adam
from core.training import Training
from core.validation import between, one_of

Floats = NDArray[np.float32]
N_PLACE = 2  # numbers that say where a thing stands on the map


@dataclass(frozen=True)
class Config:
    """All that a run of an encoder depends on."""

    kind: str = "photo"  # or "sentence", "sound", "row"
    train_share: int = 100  # per cent of the known examples that are learned from
    n_hidden: int = 16
    learning_rate: float = 0.003
    batch_size: int = 50
    n_epochs: int = 40
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("kind", self.kind, KINDS)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def examples(self) -> Known:
        """All known examples of this kind."""
        return known(self.kind)

    @property
    def n_train(self) -> int:
        """How many of the known examples are learned from."""
        return max(10, round(len(self.examples.x) * self.train_share / 100))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer: the numbers, hidden units, place, classes."""
        found = self.examples
        return (found.x.shape[1], self.n_hidden, N_PLACE, len(found.classes))


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("train_share", 5, 100),
    ("n_hidden", 1, 24),
    ("learning_rate", 1e-4, 10),
    ("batch_size", 10, 200),
    ("n_epochs", 5, 100),
    ("seed", 0, 9999),
)


class Encoder(nn.Module):
    """Numbers to hidden units to a place on the map; a last layer names the class there."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        n_numbers, n_hidden, n_place, n_classes = sizes
        self.hidden = nn.Linear(n_numbers, n_hidden)
        self.place = nn.Linear(n_hidden, n_place)
        self.classes = nn.Linear(n_place, n_classes)

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """Where each thing stands on the map (B, 2)."""
        place: Tensor = self.place(torch.tanh(self.hidden(x)))
        return place


def training(config: Config) -> Training:
    """The encoder of `config`, learning to tell the classes apart, one epoch a record."""
    model = Encoder(config.sizes)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    found, n_train = config.examples, config.n_train
    x_all, y_all, x_test, y_test = (
        torch.from_numpy(array.copy()) for array in (found.x, found.y, found.x_test, found.y_test)
    )
    x, y = x_all[:n_train], y_all[:n_train]

    def update(x: Tensor, y: Tensor) -> None:
        value = F.cross_entropy(model.classes(model(x)), y)
        optimizer.step(torch.autograd.grad(value, parameters))

    @torch.no_grad()
    def measure() -> dict[str, Any]:
        place = model(x_all)
        z, z_test = model.classes(place[:n_train]), model.classes(model(x_test))
        return {
            "parameters": nn.utils.parameters_to_vector(parameters).numpy().astype(np.float16),
            "xy": place.numpy().astype(np.float32),
            "loss": np.float32(F.cross_entropy(z, y)),
            "test_loss": np.float32(F.cross_entropy(z_test, y_test)),
            "accuracy": np.float32((z.argmax(1) == y).float().mean()),
            "test_accuracy": np.float32((z_test.argmax(1) == y_test).float().mean()),
        }

    return Training(
        model=model,
        examples=(x, y),
        batch_size=config.batch_size,
        update=update,
        measure=measure,
        n_records=config.n_epochs + 1,
        # About 50 ms a chunk, so that sessions take fair turns.
        records_per_chunk=int(np.clip(150 * config.batch_size / n_train, 2, 20)),
        optimizer=optimizer,
    )
