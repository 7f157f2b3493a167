"""Update rules for small networks, without the bookkeeping that costs more than the step.

`torch.optim` spends 30 to 100 µs a step on hooks and parameter groups: as long as a small
network's forward and backward pass together. These rules give the same numbers (a test
compares them) from the same fused kernels.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor


class SGD:
    """Stochastic gradient descent; with momentum, Polyak's heavy ball (1964)."""

    def __init__(
        self, parameters: Sequence[Tensor], learning_rate: float, momentum: float = 0.0
    ) -> None:
        # Detached, they share their values with the network but no step needs `no_grad`.
        self.parameters = [parameter.detach() for parameter in parameters]
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = [torch.zeros_like(p) for p in self.parameters] if momentum else []

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move every parameter against its gradient."""
        moves = list(gradients)
        if self.velocities:
            torch._foreach_mul_(self.velocities, self.momentum)
            torch._foreach_add_(self.velocities, moves)
            moves = self.velocities
        torch._foreach_add_(self.parameters, moves, alpha=-self.learning_rate)

    def state_dict(self) -> dict[str, Any]:
        """The velocities; the learning rate belongs to the configuration."""
        return {"velocities": [velocity.clone() for velocity in self.velocities]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with the velocities of `state_dict`."""
        self.velocities = [velocity.clone() for velocity in state_dict["velocities"]]


class Adam:
    """Adam (Kingma and Ba, 2015) with its usual constants."""

    def __init__(self, parameters: Sequence[Tensor], learning_rate: float) -> None:
        # Detached, they share their values with the network but no step needs `no_grad`.
        self.parameters = [parameter.detach() for parameter in parameters]
        self.learning_rate = learning_rate
        self.averages = [torch.zeros_like(p) for p in self.parameters]
        self.squares = [torch.zeros_like(p) for p in self.parameters]
        self.steps = [torch.zeros(()) for _ in self.parameters]

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move every parameter by its averaged gradient over the root of its square."""
        torch._foreach_add_(self.steps, 1)
        torch._fused_adam_(
            self.parameters,
            list(gradients),
            self.averages,
            self.squares,
            [],
            self.steps,
            lr=self.learning_rate,
            beta1=0.9,
            beta2=0.999,
            weight_decay=0.0,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    def state_dict(self) -> dict[str, Any]:
        """The running averages and the number of steps."""
        lists = {"averages": self.averages, "squares": self.squares, "steps": self.steps}
        return {name: [value.clone() for value in values] for name, values in lists.items()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with the averages of `state_dict`."""
        for name in ("averages", "squares", "steps"):
            setattr(self, name, [value.clone() for value in state_dict[name]])


OPTIMIZERS: dict[str, Callable[[Sequence[Tensor], float], SGD | Adam]] = {
    "sgd": SGD,
    "momentum": lambda parameters, learning_rate: SGD(parameters, learning_rate, momentum=0.9),
    "adam": Adam,
}


Rule = TypeVar("Rule", bound=torch.optim.Optimizer)
_WRAPPED = ("step", "zero_grad", "state_dict", "load_state_dict", "add_param_group")


def eager(rule: type[Rule]) -> type[Rule]:
    """One of PyTorch's own rules, the same numbers, for steps that nobody compiles.

    PyTorch wraps these methods so that its compiler leaves them alone; the first call of a
    wrapper imports that compiler, 75 MB and a second of processor. Here they are as written.
    """
    plain: dict[str, Any] = {name: inspect.unwrap(getattr(rule, name)) for name in _WRAPPED}
    plain["step"] = torch.no_grad()(plain["step"])
    return type(rule.__name__, (rule,), plain)


TorchAdam = eager(torch.optim.Adam)
