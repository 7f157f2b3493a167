"""What the small network can be trained to lessen, for classes and for numbers."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Loss = Callable[..., Tensor]


# Labels y are -1 and 1, or from -1 to 1; z is the output before any squashing. Both are
# (B, 1) in training, and z is (M, B, 1) for stacked networks.
def cross_entropy(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """Minus the log of the probability, in nats, that the network gives the true class."""
    target = (y + 1) / 2
    if target.shape != z.shape:
        target = target.expand_as(z)
    return F.binary_cross_entropy_with_logits(z, target, reduction=reduction)


def squared_label_error(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """Half the squared distance of tanh z from the label, as in TensorFlow Playground."""
    return F.mse_loss(torch.tanh(z), y.expand_as(z), reduction=reduction) / 2


def hinge(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """What is missing to a margin of 1 on the right side."""
    values = torch.relu(1 - z * y)
    return values.mean() if reduction == "mean" else values


def squared_error(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """Half the squared distance from the target."""
    return F.mse_loss(z, y.expand_as(z), reduction=reduction) / 2


def absolute_error(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """The distance from the target: outliers pull no harder than others."""
    return F.l1_loss(z, y.expand_as(z), reduction=reduction)


def huber(z: Tensor, y: Tensor, reduction: str = "none") -> Tensor:
    """Squared near the target, absolute beyond 0.5 of it (Huber, 1964)."""
    return F.huber_loss(z, y.expand_as(z), reduction=reduction, delta=0.5)


LOSSES: dict[str, dict[str, Loss]] = {
    "classification": {
        "cross_entropy": cross_entropy,
        "squared_error": squared_label_error,
        "hinge": hinge,
    },
    "regression": {
        "squared_error": squared_error,
        "absolute_error": absolute_error,
        "huber": huber,
    },
}
