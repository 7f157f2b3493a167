"""Fully connected networks: one, or many of the same shape trained as one computation."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
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
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in pairwise(sizes))
        self.activation = ACTIVATIONS[activation]
        self.p_drop = p_drop
        self._affine = [(layer.weight, layer.bias) for layer in self.layers]

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs before any squashing (B, C)."""
        # Calling the layers as functions saves a third of a small network's step.
        *hidden, (weight, bias) = self._affine
        for w, b in hidden:
            x = self.activation(F.linear(x, w, b))
            if self.p_drop and self.training:
                x = F.dropout(x, self.p_drop)
        return F.linear(x, weight, bias)

    @property
    def weights(self) -> list[Tensor]:
        """The weight matrices (H, D), without the biases."""
        return [weight for weight, _ in self._affine]

    def units(self, x: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Every layer's pre-activation and activation, each (B, H); the last is linear."""
        values = []
        for depth, (weight, bias) in enumerate(self._affine, start=1):
            z = F.linear(x, weight, bias)
            x = z if depth == len(self._affine) else self.activation(z)
            values.append((z, x))
        return values


class StackedMLP(nn.Module):
    """M perceptrons of one shape, every layer one batched product over all of them."""

    def __init__(self, networks: Sequence[MLP]) -> None:
        """Begin with the parameters of `networks`."""
        super().__init__()
        first = networks[0]
        self.activation = first.activation
        self.p_drop = first.p_drop
        self.weights = nn.ParameterList()  # (M, D, H) each
        self.biases = nn.ParameterList()  # (M, 1, H) each
        for depth in range(len(first.layers)):
            layers = [network.layers[depth] for network in networks]
            self.weights.append(torch.stack([layer.weight.detach().T for layer in layers]))
            self.biases.append(torch.stack([layer.bias.detach()[None] for layer in layers]))
        self._affine = list(zip(self.weights, self.biases, strict=True))

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs of every network (M, B, C) for the same examples."""
        *hidden, (weight, bias) = self._affine
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
