"""Fully connected networks: one, or many of the same shape trained as one computation."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]
Network = TypeVar("Network", bound=nn.Module)
ACTIVATIONS: dict[str, Activation] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "gelu": F.gelu,
    "softplus": F.softplus,
}


def step(z: Tensor) -> Tensor:
    """1 above zero, else 0; its derivative is 0 wherever there is one."""
    # The product keeps the graph, through which a gradient of exactly zero flows.
    return (z > 0).to(z.dtype) + 0 * z


class MLP(nn.Module):
    """A multilayer perceptron: linear layers with an activation after all but the last."""

    def __init__(self, sizes: Sequence[int], activation: str, p_drop: float = 0.0) -> None:
        """`sizes`: units of every layer, inputs and outputs included."""
        super().__init__()
        self.activation: Activation = ACTIVATIONS[activation]
        self.p_drop = p_drop
        self.n_networks = 1
        self.columns: list[tuple[Tensor, Tensor]] = []  # (D, H) and (H,) each
        for depth, (n_in, n_out) in enumerate(pairwise(sizes)):
            linear = nn.Linear(n_in, n_out)
            # Stored as it is multiplied: a transposition costs a node in every backward pass.
            weight = nn.Parameter(linear.weight.detach().T.contiguous())
            self.register_parameter(f"weight{depth}", weight)
            self.register_parameter(f"bias{depth}", linear.bias)
            self.columns.append((weight, linear.bias))

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs before any squashing (B, C)."""
        *hidden, (weight, bias) = self.columns
        for w, b in hidden:
            x = self.activation(torch.addmm(b, x, w))
            if self.p_drop and self.training:
                x = F.dropout(x, self.p_drop)
        return torch.addmm(bias, x, weight)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "MLP":
        # A network that moves to another device or type may get new parameters.
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        depths = range(len(self.columns))
        self.columns = [(getattr(self, f"weight{d}"), getattr(self, f"bias{d}")) for d in depths]
        return self

    @property
    def affine(self) -> list[tuple[Tensor, Tensor]]:
        """Weight (H, D) and bias (H,) of every layer, as PyTorch's linear layers hold them."""
        return [(weight.T, bias) for weight, bias in self.columns]

    @property
    def weights(self) -> list[Tensor]:
        """The weights (D, H) of every layer, without the biases."""
        return [weight for weight, _ in self.columns]

    def units(self, x: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Every layer's pre-activation and activation, each (B, H); the last is linear."""
        values = []
        for depth, (weight, bias) in enumerate(self.columns, start=1):
            z = torch.addmm(bias, x, weight)
            x = z if depth == len(self.columns) else self.activation(z)
            values.append((z, x))
        return values


class StackedMLP(nn.Module):
    """M perceptrons of one shape, every layer one batched product over all of them."""

    def __init__(self, networks: Sequence[MLP]) -> None:
        """Begin with the parameters of `networks`."""
        super().__init__()
        self.activation: Activation = networks[0].activation
        self.p_drop = networks[0].p_drop
        self.n_networks = len(networks)
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
    return flattened(network, list(network.parameters()))


def flattened(network: nn.Module, values: Sequence[Tensor]) -> NDArray[np.float32]:
    """Values that belong to a network's parameters, gradients for one, as one vector (P,)."""
    turned = isinstance(network, MLP)
    rows = [value.T if turned and value.ndim == 2 else value for value in values]
    return np.asarray(torch.cat([row.detach().reshape(-1) for row in rows]).numpy())


def load_flat_parameters(network: nn.Module, values: NDArray[np.float32]) -> None:
    """Set all parameters, in place, from one vector (P,) in the order of `flat_parameters`."""
    parameters = list(network.parameters())
    parts = torch.from_numpy(np.array(values)).split([p.numel() for p in parameters])
    with torch.no_grad():
        for parameter, part in zip(parameters, parts, strict=True):
            if isinstance(network, MLP) and parameter.ndim == 2:
                parameter.copy_(part.view(parameter.shape[::-1]).T)
            else:
                parameter.copy_(part.view_as(parameter))


def undrawn(build: Callable[[], Network]) -> Network:
    """The network that `build` makes, its parameters not yet set to anything."""
    with torch.device("meta"):
        network = build()
    # As `to_empty`, which imports PyTorch's symbolic shapes: 33 MB and half a second.
    network._apply(lambda t: torch.empty(t.shape, dtype=t.dtype))  # type: ignore[no-untyped-call]
    return network


def restored(build: Callable[[], Network], parameters: NDArray[np.floating]) -> Network:
    """The network that `build` makes with these parameters, ready to predict.

    No first weights are drawn: that would move the generator under another session's run.
    """
    network = undrawn(build)
    load_flat_parameters(network, parameters.astype(np.float32))
    return network.eval()
