"""Penalties that hold weights small; their gradient is known without a backward pass."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Gradients = Callable[[Tensor], Sequence[Tensor]]


def penalty(weights: Sequence[Tensor], l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """l1 Σ|w| + l2/2 Σw² over the weights."""
    return torch.stack([l1 * w.abs().sum() + l2 / 2 * w.square().sum() for w in weights]).sum()


def gradients(
    parameters: Sequence[Tensor], weights: Sequence[Tensor], l1: float = 0.0, l2: float = 0.0
) -> Gradients:
    """What finds the gradients of a loss plus the penalty on `weights`; other parameters go free.

    By autograd the penalty would cost a small network more than its loss does.
    """

    def of_loss(loss: Tensor) -> Sequence[Tensor]:
        return torch.autograd.grad(loss, parameters)

    if not ((l1 or l2) and weights):
        return of_loss
    held = [weight.detach() for weight in weights]  # shares its values with the network
    places = [place for place, p in enumerate(parameters) if any(p is w for w in weights)]

    def of_both(loss: Tensor) -> Sequence[Tensor]:
        found = list(of_loss(loss))
        pulled = [found[place] for place in places]
        if l1:
            signs = list(torch._foreach_sign(held))
            pulled = list(torch._foreach_add(pulled, signs, alpha=l1))
        if l2:
            pulled = list(torch._foreach_add(pulled, held, alpha=l2))
        for place, gradient in zip(places, pulled, strict=True):
            found[place] = gradient
        return found

    return of_both
