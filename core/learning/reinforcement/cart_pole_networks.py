"""Networks of several agents, stacked: one batched product a layer serves all of them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.reinforcement.cart_pole import SCALE, Floats

Parameters = NDArray[np.float32]  # (M, P), or (S, M, P) over records
Layers = list[tuple[NDArray[np.float32], NDArray[np.float32]]]  # weights (…, D, H), biases (…, H)


class Stack(nn.Module):
    """M perceptrons of one shape with tanh units, each with inputs of its own."""

    def __init__(self, n_networks: int, sizes: Sequence[int], last: float) -> None:
        """`sizes`: units of every layer; `last` is the spread of the last first weights."""
        super().__init__()
        self.affine: list[tuple[Tensor, Tensor]] = []  # (M, D, H) and (M, 1, H)
        for depth, (n_in, n_out) in enumerate(pairwise(sizes)):
            spread = last if depth == len(sizes) - 2 else 1.0
            weight = nn.Parameter(spread * torch.randn(n_networks, n_in, n_out) / n_in**0.5)
            bias = nn.Parameter(torch.zeros(n_networks, 1, n_out))
            self.register_parameter(f"weight{depth}", weight)
            self.register_parameter(f"bias{depth}", bias)
            self.affine.append((weight, bias))

    def forward(self, x: Tensor) -> Tensor:  # (M, B, D)
        """The outputs (M, B, C) of every network for its own inputs."""
        *hidden, (weight, bias) = self.affine
        for w, b in hidden:
            x = torch.tanh(torch.baddbmm(b, x, w))
        return torch.baddbmm(bias, x, weight)

    def flat(self) -> Parameters:
        """All parameters (M, P): weights (D, H) and biases, layer by layer."""
        parts = [p.detach().reshape(len(p), -1) for p in self.parameters()]
        return np.asarray(torch.cat(parts, dim=1).numpy())

    @torch.no_grad()
    def layers(self) -> Layers:
        """The parameters as they are now, for `outputs`; not copied."""
        return [(weight.numpy(), bias.numpy()[:, 0]) for weight, bias in self.affine]


def unflattened(parameters: NDArray[np.floating], sizes: Sequence[int]) -> Layers:
    """The layers of networks of `sizes`, from the vectors (…, P) that `flat` makes."""
    found, place, before = [], 0, parameters.shape[:-1]
    values = np.asarray(parameters, dtype=np.float32)
    for n_in, n_out in pairwise(sizes):
        weight = values[..., place : place + n_in * n_out].reshape(*before, n_in, n_out)
        bias = values[..., place + n_in * n_out : place + (n_in + 1) * n_out]
        found.append((weight, bias))
        place += (n_in + 1) * n_out
    return found


def scaled(states: Floats) -> NDArray[np.float32]:
    """States as the networks take them."""
    return np.asarray(states / SCALE, dtype=np.float32)


def outputs(layers: Layers, states: Floats) -> list[NDArray[np.float32]]:
    """What every layer answers (…, B, H), without gradients, for states (…, B, 4)."""
    found = [scaled(states)]
    for depth, (weight, bias) in enumerate(layers, start=1):
        z = found[-1] @ weight + bias[..., None, :]
        found.append(z if depth == len(layers) else np.tanh(z))
    return found[1:]
