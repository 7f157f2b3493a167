"""Fully connected networks: one, or many of the same shape trained as one computation."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]
ACTIVATIONS: dict[str, Activation] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "gelu": F.gelu,
    "softplus": F.softplus,
}


class MLP(nn.Module):
    """A multilayer perceptron: linear layers with an activation after all but the last."""

    def __init__(self, sizes: Sequence[int], activation: str, p_drop: float = 0.0) -> None:
        """`sizes`: units of every layer, inputs and outputs included."""
        super().__init__()
        layers = [nn.Linear(n, m) for n, m in pairwise(sizes)]
        self.layers = nn.ModuleList(layers)
        self.activation: Activation = ACTIVATIONS[activation]
        self.p_drop = p_drop
        self.affine: list[tuple[Tensor, Tensor]] = [(x.weight, x.bias) for x in layers]

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs before any squashing (B, C)."""
        # Calling the layers as functions saves a third of a small network's step.
        *hidden, (weight, bias) = self.affine
        for w, b in hidden:
            x = self.activation(F.linear(x, w, b))
            if self.p_drop and self.training:
                x = F.dropout(x, self.p_drop)
        return F.linear(x, weight, bias)

    @property
    def weights(self) -> list[Tensor]:
        """The weight matrices (H, D), without the biases."""
        return [weight for weight, _ in self.affine]

    def units(self, x: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Every layer's pre-activation and activation, each (B, H); the last is linear."""
        values = []
        for depth, (weight, bias) in enumerate(self.affine, start=1):
            z = F.linear(x, weight, bias)
            x = z if depth == len(self.affine) else self.activation(z)
            values.append((z, x))
        return values


class StackedMLP(nn.Module):
    """M perceptrons of one shape, every layer one batched product over all of them."""

    def __init__(self, networks: Sequence[MLP]) -> None:
        """Begin with the parameters of `networks`."""
        super().__init__()
        self.activation: Activation = networks[0].activation
        self.p_drop = networks[0].p_drop
        self.affine: list[tuple[Tensor, Tensor]] = []  # (M, D, H) and (M, 1, H) each
        for depth, layers in enumerate(zip(*(net.affine for net in networks), strict=True)):
            weight = nn.Parameter(torch.stack([w.detach().T for w, _ in layers]))
            bias = nn.Parameter(torch.stack([b.detach()[None] for _, b in layers]))
            self.register_parameter(f"weight{depth}", weight)
            self.register_parameter(f"bias{depth}", bias)
            self.affine.append((weight, bias))

    @property
    def weights(self) -> list[Tensor]:
        """The weights (M, D, H) of every layer, without the biases."""
        return [weight for weight, _ in self.affine]

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs of every network (M, B, C) for the same examples."""
        *hidden, (weight, bias) = self.affine
        x = x.expand(len(weight), *x.shape)
        for w, b in hidden:
            x = self.activation(torch.baddbmm(b, x, w))
            if self.p_drop and self.training:
                x = F.dropout(x, self.p_drop)
        return torch.baddbmm(bias, x, weight)


def flat_parameters(network: nn.Module) -> NDArray[np.float32]:
    """All parameters as one vector (P,): weight (out, in), then bias, layer by layer."""
    values = [parameter.detach().flatten() for parameter in network.parameters()]
    return np.asarray(torch.cat(values).numpy())


def load_flat_parameters(network: nn.Module, values: NDArray[np.float32]) -> None:
    """Set all parameters from one vector (P,), in the order of `flat_parameters`."""
    with torch.no_grad():
        nn.utils.vector_to_parameters(torch.from_numpy(np.array(values)), network.parameters())
