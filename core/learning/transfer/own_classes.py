"""A head on features that others have trained: one linear layer, learned from a few pictures.

Beside it, for every picture, a head that never saw that picture: what those say of the
pictures left out tells how new ones would fare.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.learning.transfer.own_classes_pictures import (
    N_FEATURES,
    READY,
    kept,
    ready_features,
    ready_pictures,
)
from core.optimizers import SGD
from core.store import remembered
from core.training import Training
from core.validation import between

MAX_CLASSES, MAX_PICTURES = 5, 20  # pictures of each class
BATCH_SIZE = 8
RATES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)

__all__ = ["READY", "Config", "head_training"]


@dataclass(frozen=True)
class Config:
    """All that a head depends on: a ready-made set, or digests of pictures with labels."""

    ready: str = "clothes"
    pictures: tuple[tuple[str, int], ...] = ()
    learning_rate: float = 3.0  # of gradient descent on features of length 1
    n_epochs: int = 30
    seed: int = 0  # of the order in which pictures are taken

    def __post_init__(self) -> None:
        if (self.ready in READY) == bool(self.pictures):
            raise ValueError(
                f"ready must be one of {', '.join(READY)}, or images be given, got {self.ready!r}"
            )
        if self.pictures:
            between("number of classes", self.n_classes, 2, MAX_CLASSES)
            between("number of images", len(self.pictures), 2, MAX_CLASSES * MAX_PICTURES)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def n_classes(self) -> int:
        """How many classes the head tells apart."""
        if self.ready:
            return len(READY[self.ready].classes)
        return 1 + max(label for _, label in self.pictures)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("learning_rate", 1e-3, 1e4),
    ("n_epochs", 1, 200),
    ("seed", 0, 9999),
)


class Head(nn.Module):
    """A linear layer, and for each of N pictures what N heads without it have learned.

    Gradient descent from zero never leaves the span of the features, so that a head is as
    well described by how much it took of every picture: N numbers a class instead of 1,280.
    """

    left_out: Tensor
    left_out_bias: Tensor

    def __init__(self, n_pictures: int, n_classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(N_FEATURES, n_classes)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)
        # (picture learned from, head, class)
        self.register_buffer("left_out", torch.zeros(n_pictures, n_pictures, n_classes))
        self.register_buffer("left_out_bias", torch.zeros(n_pictures, n_classes))

    def forward(self, x: Tensor) -> Tensor:
        """The logits (B, C)."""
        logits: Tensor = self.linear(x)
        return logits

    def without(self, similarity: Tensor) -> Tensor:
        """What every head says of pictures, by their similarity (B, N): (B, N, C)."""
        # One plain product: a batched one gives other last digits in another thread.
        z = similarity @ self.left_out.flatten(1)
        return z.view(len(z), *self.left_out.shape[1:]) + self.left_out_bias


def head_training(config: Config) -> Training:
    """The head of `config` and those that leave one picture out, in the same minibatches."""
    x, y = examples(config)
    model = Head(len(x), config.n_classes)
    optimizer = SGD(list(model.linear.parameters()), config.learning_rate)
    # In double precision, because a product's last digits differ from thread to thread.
    similarity, seen = (x.double() @ x.double().T).float(), 1 - torch.eye(len(x))

    def update(rows: Tensor) -> None:
        loss = F.cross_entropy(model(x[rows]), y[rows])
        optimizer.step(torch.autograd.grad(loss, list(model.linear.parameters())))
        _without(model, similarity, y, seen, rows, config.learning_rate)

    return Training(
        model=model,
        examples=(torch.arange(len(x)),),
        batch_size=BATCH_SIZE,
        update=update,
        measure=lambda: _measured(model, x, y, similarity),
        n_records=config.n_epochs + 1,
        records_per_chunk=10,
    )


@torch.no_grad()
def _without(
    model: Head, similarity: Tensor, y: Tensor, seen: Tensor, rows: Tensor, learning_rate: float
) -> None:
    """The same step for all heads that leave one picture out, each on what it may see."""
    p = torch.softmax(model.without(similarity[rows]), 2)
    weight = seen[rows] / seen[rows].sum(0).clamp(min=1)
    slope = (p - F.one_hot(y[rows], p.shape[2])[:, None]) * weight[:, :, None]
    model.left_out[rows] -= learning_rate * slope
    model.left_out_bias -= learning_rate * slope.sum(0)


@remembered
def examples(config: Config) -> tuple[Tensor, Tensor]:
    """Features (N, 1280) and labels (N,) that the head learns from."""
    if config.ready:
        shown = ready_pictures(config.ready, "train")
        x, labels = ready_features()[shown.rows], shown.labels
    else:
        x = np.stack([kept(name) for name, _ in config.pictures])
        labels = np.array([label for _, label in config.pictures], np.uint8)
    return torch.from_numpy(x), torch.from_numpy(labels.astype(np.int64))


@torch.no_grad()
def _measured(model: Head, x: Tensor, y: Tensor, similarity: Tensor) -> dict[str, Any]:
    """One record: answers to the pictures learned from, and to each by the head without it."""
    everyone = torch.arange(len(x))
    z = torch.stack([model(x), model.without(similarity)[everyone, everyone]])
    losses = torch.stack([F.cross_entropy(each, y) for each in z])
    return {
        "loss": losses[0].numpy(),
        "losses": losses.numpy(),
        "accuracy": (z.argmax(2) == y).float().mean(1).numpy(),
        "p": torch.softmax(z, 2).numpy(),
        "answers": z.argmax(2).to(torch.uint8).numpy(),
        "weight": model.linear.weight.numpy().copy(),
        "bias": model.linear.bias.numpy().copy(),
    }
