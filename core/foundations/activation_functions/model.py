"""Eight activation functions, each in the same deep network, all trained as one computation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data import planar
from core.networks.dense import ACTIVATIONS, Activation, step
from core.optimizers import OPTIMIZERS
from core.recordings import Recorded
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

RECORDING = Path(__file__).parent / "recorded" / "activation_functions.npz"


FUNCTIONS: dict[str, Activation] = {
    "identity": ACTIVATIONS["identity"],
    "step": step,
    **{name: ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu", "leaky_relu")},
    **{name: ACTIVATIONS[name] for name in ("gelu", "softplus")},
}
# How the first weights are drawn; their spread decides how signals pass the layers.
INITS: dict[str, Callable[[Tensor], Tensor]] = {
    "torch": lambda w: nn.init.kaiming_uniform_(w, a=5**0.5),
    "xavier": nn.init.xavier_normal_,
    "he": nn.init.kaiming_normal_,
    "small": lambda w: nn.init.normal_(w, std=0.05),
}
DEAD = 0.001  # a unit is dead if its slope is below this for every example
REACH = 6.0  # inputs are shown from -6 to 6
N_BINS = 48  # of the pre-activations, over the same range
N_MAP = 17  # places along each side of a map of the plane
EXTENT = 2.0  # the maps go from -EXTENT to EXTENT in both inputs


@dataclass(frozen=True)
class Config:
    """All that the eight networks depend on."""

    data: str = "moons"  # a classification set of core.data.planar
    noise: int = 10  # per cent
    n_examples: int = 150
    n_layers: int = 6  # hidden ones
    n_units: int = 10  # of each hidden layer
    init: str = "xavier"
    optimizer: str = "sgd"
    learning_rate: float = 0.3
    batch_size: int = 50
    n_epochs: int = 80
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, planar.CLASSIFICATION)
        one_of("init", self.init, INITS)
        one_of("optimizer", self.optimizer, OPTIMIZERS)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs and output included."""
        return (2, *[self.n_units] * self.n_layers, 1)


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("noise", 0, 50),
    ("n_examples", 50, 500),
    ("n_layers", 1, 10),
    ("n_units", 2, 16),
    ("learning_rate", 1e-4, 10),
    ("batch_size", 5, 100),
    ("n_epochs", 50, 500),
    ("seed", 0, 9999),
)


class Pass(NamedTuple):
    """What the layers of M networks put out, the input of each activation kept."""

    z: list[Tensor]  # (M, N, H) of each hidden layer
    output: Tensor  # (M, N), before any squashing


class DeepNetworks(nn.Module):
    """One network a function, equal in shape and in first weights, every layer one product."""

    def __init__(self, sizes: Sequence[int], init: str, functions: Sequence[Activation]) -> None:
        super().__init__()
        self.functions = list(functions)
        self.affine: list[tuple[Tensor, Tensor]] = []
        for depth, (n_in, n_out) in enumerate(pairwise(sizes)):
            first = INITS[init](torch.empty(n_out, n_in)).T
            weight = nn.Parameter(first.repeat(len(functions), 1, 1))  # (M, D, H)
            bias = nn.Parameter(torch.zeros(len(functions), 1, n_out))
            self.register_parameter(f"weight{depth}", weight)
            self.register_parameter(f"bias{depth}", bias)
            self.affine.append((weight, bias))

    def activate(self, z: Tensor) -> Tensor:
        """Each network's own function of its own slice of z (M, …)."""
        return torch.stack([f(each) for f, each in zip(self.functions, z.unbind(), strict=True)])

    def forward(self, x: Tensor) -> Tensor:  # (B, D)
        """The outputs (M, B)."""
        return self.run(x).output

    def run(self, x: Tensor) -> Pass:
        """The outputs with all that led to them."""
        *hidden, (weight, bias) = self.affine
        values = x.expand(len(weight), *x.shape)
        found = []
        for w, b in hidden:
            found.append(torch.baddbmm(b, values, w))
            values = self.activate(found[-1])
        return Pass(found, torch.baddbmm(bias, values, weight).squeeze(-1))


@remembered
def examples(config: Config) -> planar.Planar:
    """The points (N, 2), scaled to about -1 … 1, and their labels (N,), -1 and 1."""
    rng = np.random.default_rng(config.seed)
    points, labels = planar.CLASSIFICATION[config.data](rng, config.n_examples, config.noise)
    return points / np.float32(3), labels


def losses(output: Tensor, y: Tensor) -> Tensor:
    """The mean cross-entropy (M,) of every network's outputs (M, B), in nats."""
    return F.softplus(-output * y).mean(-1)


def training(config: Config) -> Training:
    """The networks of all functions, trained one epoch a record."""
    model = DeepNetworks(config.sizes, config.init, list(FUNCTIONS.values()))
    parameters = list(model.parameters())
    optimizer = OPTIMIZERS[config.optimizer](parameters, config.learning_rate)
    x, y = map(torch.from_numpy, examples(config))

    def update(x: Tensor, y: Tensor) -> None:
        # A sum over the networks gives each the gradient of its own loss.
        value = losses(model(x), y).sum()
        gradients = torch.autograd.grad(value, parameters)
        optimizer.step([torch.nan_to_num(g, 0.0, 0.0, 0.0) for g in gradients])

    n_updates = -(-config.n_examples // config.batch_size)
    return Training(
        model=model,
        examples=(x, y),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(model, x, y),
        n_records=config.n_epochs + 1,
        # About 50 ms: a record costs its updates and two more of them to be measured.
        records_per_chunk=int(np.clip(170 / ((n_updates + 2) * (2 + config.n_layers)), 1, 10)),
        optimizer=optimizer,
    )


def measured(model: DeepNetworks, x: Tensor, y: Tensor) -> dict[str, Any]:
    """One record: how each network does, and what passes through its layers."""
    passed = model.run(x)
    each = losses(passed.output, y)  # (M,)
    weights = [weight for weight, _ in model.affine]
    gradients = torch.autograd.grad(each.sum(), weights)
    with torch.no_grad():
        right = (passed.output * y > 0).float().mean(-1)
        sizes = torch.stack([g.square().mean((1, 2)).sqrt() for g in gradients], dim=1)
    found = each.detach().numpy()
    return {
        # One network that has diverged does not end the training of the others.
        "loss": np.float32(
            found[np.isfinite(found)].mean() if np.isfinite(found).any() else np.nan
        ),
        "losses": found,
        "accuracies": right.numpy(),
        "gradients": sizes.numpy(),  # (M, layers), root mean square
        "dead": _dead(model, passed.z),  # (M, hidden layers), shares of the units
        "inputs": _histograms(passed.z),  # (M, N_BINS)
        "maps": _maps(model),  # (M, N_MAP ** 2), row 0 on top
    }


def _dead(model: DeepNetworks, z: Sequence[Tensor]) -> NDArray[np.float32]:
    """The share of units (M, hidden layers) that let no gradient through for any example."""
    slopes = slope(model.activate, torch.stack(list(z), dim=1).detach())  # (M, layers, N, H)
    return np.asarray((slopes.abs() < DEAD).all(dim=2).float().mean(-1).numpy())


def _histograms(z: Sequence[Tensor]) -> NDArray[np.uint8]:
    """How often what goes into the activations (M, N_BINS); the most frequent is 255."""
    values = torch.cat([layer.detach().flatten(1) for layer in z], dim=1).nan_to_num()
    place = ((values + REACH) / (2 * REACH) * N_BINS).clamp(0, N_BINS - 1).long()
    counts = torch.zeros(len(values), N_BINS).scatter_add_(1, place, torch.ones_like(values))
    shown = 255 * counts / counts.amax(1, keepdim=True)
    return np.asarray(shown.to(torch.uint8).numpy())


@torch.no_grad()
def _maps(model: DeepNetworks) -> NDArray[np.int8]:
    """What each network answers over the plane: -127 … 127 for a probability of 0 … 1."""
    along = torch.linspace(-EXTENT, EXTENT, N_MAP)
    x2, x1 = torch.meshgrid(-along, along, indexing="ij")
    output = model(torch.stack([x1.flatten(), x2.flatten()], dim=1)).nan_to_num()
    return np.asarray((127 * torch.tanh(output / 2)).round().to(torch.int8).numpy())


def slope(function: Activation, z: Tensor) -> Tensor:
    """The derivative of an elementwise function at z, by PyTorch's autograd."""
    at = z.clone().requires_grad_()
    return torch.autograd.grad(function(at).sum(), at)[0]


RECORDINGS = (Recorded(Config, training, RECORDING),)
