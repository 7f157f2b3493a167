"""Several regressors of one shape, trained as one batched computation."""

import torch
from torch import Tensor, nn

from core.networks.dense import MLP, StackedMLP

# What a regressor may be: a constant, a straight line, or a line and a network added up.
SHAPES: dict[str, tuple[int, ...] | None] = {
    "constant": None,
    "linear": (),
    "8": (8,),
    "32": (32,),
    "32-32": (32, 32),
}


class Ensemble(nn.Module):
    """M regressors that differ in their first weights only: a linear part plus a network.

    The line lets a network of a table begin as linear regression, which is hard to beat
    there, and spend its units on what a line cannot express.
    """

    def __init__(self, n_members: int, n_inputs: int, shape: str, activation: str) -> None:
        super().__init__()
        hidden = SHAPES[shape]
        self.n_members = n_members
        self.bias = nn.Parameter(torch.zeros(n_members, 1, 1))
        if hidden is not None:
            bound = n_inputs**-0.5
            line = torch.empty(n_members, n_inputs, 1).uniform_(-bound, bound)
            self.line = nn.Parameter(line)
        if hidden:
            sizes = (n_inputs, *hidden, 1)
            self.network = StackedMLP([MLP(sizes, activation) for _ in range(n_members)])

    @property
    def weights(self) -> list[Tensor]:
        """All weights (M, D, H), the line's first, without the biases."""
        line = [self.line] if hasattr(self, "line") else []
        return [*line, *(self.network.weights if hasattr(self, "network") else [])]

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The answers (M, B, 1) of every member to the same examples."""
        each = x.expand(self.n_members, *x.shape)
        if not hasattr(self, "line"):
            return self.bias.expand(self.n_members, len(x), 1)
        answers = torch.baddbmm(self.bias, each, self.line)
        return answers + self.network(x) if hasattr(self, "network") else answers

    def units(self, x: Tensor) -> list[Tensor]:
        """Every hidden layer's activations (M, B, H)."""
        found: list[Tensor] = []
        values = x.expand(self.n_members, *x.shape)
        for weight, bias in self.network.affine[:-1] if hasattr(self, "network") else []:
            values = self.network.activation(torch.baddbmm(bias, values, weight))
            found.append(values)
        return found
