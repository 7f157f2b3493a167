"""Loss surfaces of real models: of two weights whole, of a network a slice.

Every model fits 40 simulated points (x, y) by the mean squared error. The slices are
those of Li et al. (Visualizing the Loss Landscape of Neural Nets, 2018): two random
directions with filters normalised, or the two along which training moved most.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.optimizers import TorchAdam
from core.store import remembered

Floats = NDArray[np.float32]
Predict = Callable[[Tensor, Tensor], Tensor]  # (M, P), (N,) -> (M, N)

SURFACES = ("line", "saddle", "wave", "pca", "random")
EXTENT = 4.0  # the picture goes from -4 to 4 on both axes
N_EXAMPLES = 40
SIZES = (1, 6, 6, 1)  # units of the network's layers
N_REFERENCE = 400  # steps of the training that the slices go through
N_GRID = 81


@dataclass(frozen=True)
class Landscape:
    """A model's loss on its examples, and the plane of its parameters that is drawn."""

    predict: Predict
    x: Tensor  # (N,)
    y: Tensor  # (N,)
    origin: Tensor  # (P,) the parameters in the middle of the picture
    directions: Tensor  # (2, P) at right angles: one unit of the picture along each axis
    names: tuple[str, ...]  # of the parameters
    axes: tuple[str, str]
    shown: float = 1.0  # share of the reference training's movement that lies in the plane

    def loss(self, parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """The mean squared error (M,) of M parameter vectors (M, P) on examples (N,)."""
        return (self.predict(parameters, x) - y).square().mean(dim=-1)

    def parameters(self, places: Tensor) -> Tensor:  # (M, 2) -> (M, P)
        """The parameters at places of the picture."""
        return self.origin + places @ self.directions

    def places(self, parameters: Tensor) -> Tensor:  # (M, P) -> (M, 2)
        """Where parameters lie in the picture; those outside the plane cast a shadow."""
        lengths = self.directions.square().sum(dim=1)
        return (parameters - self.origin) @ self.directions.T / lengths


def _line(parameters: Tensor, x: Tensor) -> Tensor:
    return parameters[:, :1] * x + parameters[:, 1:]


def _saddle(parameters: Tensor, x: Tensor) -> Tensor:
    return parameters[:, 1:] * torch.tanh(parameters[:, :1] * x)


def _wave(parameters: Tensor, x: Tensor) -> Tensor:
    return torch.sin(parameters[:, :1] * x + parameters[:, 1:])


def _network(parameters: Tensor, x: Tensor) -> Tensor:
    """A tanh network for M flat parameter vectors, each layer one batched product."""
    a = x[None, :, None].expand(len(parameters), -1, 1)  # (M, N, 1)
    for depth, (weight, bias) in enumerate(_layers(parameters), start=1):
        z = torch.baddbmm(bias, a, weight)
        a = z if depth == len(SIZES) - 1 else torch.tanh(z)
    return a[:, :, 0]


def _layers(parameters: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Weight (M, D, H) and bias (M, 1, H) of every layer, in nn.Linear's order."""
    start = 0
    for n_in, n_out in pairwise(SIZES):
        stop = start + n_in * n_out
        weight = parameters[:, start:stop].unflatten(1, (n_out, n_in)).transpose(1, 2)
        yield weight, parameters[:, None, stop : stop + n_out]
        start = stop + n_out


@remembered
def landscape(surface: str, scaled: bool, seed: int) -> Landscape:
    """The surface of that name over examples drawn from the seed."""
    rng = np.random.default_rng(seed)
    if surface in ("pca", "random"):
        return _slice(surface, rng)
    x, y = _examples(surface, rng)
    if scaled:
        x = (x - x.mean()) / x.std()
    predict, names = {
        "line": (_line, ("slope w", "intercept b")),
        "saddle": (_saddle, ("weight w₁", "weight w₂")),
        "wave": (_wave, ("frequency w", "phase b")),
    }[surface]
    return Landscape(predict, _tensor(x), _tensor(y), torch.zeros(2), torch.eye(2), names, names)


def _examples(surface: str, rng: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    """Simulated x and y (N,): what the model could say at its best, and noise."""
    low, high = {"line": (0, 4), "wave": (-4, 4)}.get(surface, (-2, 2))
    x = rng.uniform(low, high, N_EXAMPLES)
    truth = {
        "line": 1.2 * x - 1,
        "saddle": 2 * np.tanh(1.5 * x),
        "wave": np.sin(2.2 * x + 0.6),
    }.get(surface, np.sin(2 * x) + 0.4 * x)
    return x, truth + rng.normal(0, 0.2, N_EXAMPLES)


def _tensor(values: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _slice(surface: str, rng: np.random.Generator) -> Landscape:
    """The plane through a trained network along the two directions asked for."""
    x, y = map(_tensor, _examples(surface, rng))
    path = _reference(x, y, rng)
    moved = path - path[-1]
    directions = _principal(moved) if surface == "pca" else _random(path[-1], rng)
    axis = "principal direction" if surface == "pca" else "random direction"
    within = (moved @ directions.T).square().sum(0) / directions.square().sum(1)
    return Landscape(
        _network,
        x,
        y,
        path[-1],
        directions,
        tuple(_names()),
        (f"{axis} 1", f"{axis} 2"),
        float(within.sum() / moved.square().sum()),
    )


def _reference(x: Tensor, y: Tensor, rng: np.random.Generator) -> Tensor:
    """The parameters (S, P) that Adam goes through from random first weights."""
    bounds = [[n_in**-0.5] * (n_in + 1) * n_out for n_in, n_out in pairwise(SIZES)]
    first = rng.uniform(-1, 1, sum(map(len, bounds))) * np.concatenate(bounds)
    parameters = _tensor(first).requires_grad_()
    optimizer = TorchAdam([parameters], lr=0.02)
    path = [parameters.detach().clone()]
    for _ in range(N_REFERENCE):
        loss = (_network(parameters[None], x) - y).square().mean()
        (parameters.grad,) = torch.autograd.grad(loss, [parameters])
        optimizer.step()
        path.append(parameters.detach().clone())
    return torch.stack(path)


def _principal(moved: Tensor) -> Tensor:
    """The two directions of most movement, long enough that the start is at three."""
    _, _, axes = torch.linalg.svd(moved, full_matrices=False)
    along = moved @ axes[:2].T  # (S, 2)
    # The sign of a singular vector is free: the start lies to the left, and below.
    signs = -torch.sign(along[0])
    lengths = signs * along.abs().amax(dim=0) / 3
    directions: Tensor = axes[:2] * lengths[:, None]
    return directions


def _random(trained: Tensor, rng: np.random.Generator) -> Tensor:
    """Two random directions, each unit's part as long as its own weights are."""
    drawn = _tensor(rng.normal(size=(2, len(trained))))
    scaled = torch.empty_like(drawn)
    for columns in _units():
        sizes = drawn[:, columns].norm(dim=1, keepdim=True)
        scaled[:, columns] = drawn[:, columns] / sizes * trained[columns].norm()
    first, second = scaled
    second = second - first * (second @ first) / (first @ first)
    return torch.stack([first, second]) / 3


def _units() -> Iterator[list[int]]:
    """The places of each unit's weights and bias among the flat parameters."""
    start = 0
    for n_in, n_out in pairwise(SIZES):
        for unit in range(n_out):
            first = start + unit * n_in
            yield [*range(first, first + n_in), start + n_in * n_out + unit]
        start += (n_in + 1) * n_out


def _names() -> Iterator[str]:
    """A name for each flat parameter of the network."""
    layers = [[f"h{k}.{j + 1}" for j in range(n)] for k, n in enumerate(SIZES)]
    layers[0], layers[-1] = ["x"], ["output"]
    for sources, targets in pairwise(layers):
        yield from (f"{source} → {target}" for target in targets for source in sources)
        yield from (f"bias of {target}" for target in targets)


@remembered
def surface_losses(surface: str, scaled: bool, seed: int) -> Floats:
    """The loss over the picture (81, 81); row 0 is the lowest, column 0 the leftmost."""
    ground = landscape(surface, scaled, seed)
    along = torch.linspace(-EXTENT, EXTENT, N_GRID)
    across, up = torch.meshgrid(along, along, indexing="xy")
    places = torch.stack([across.flatten(), up.flatten()], dim=1)
    # A thousand networks at a time stay within the processor's cache.
    parts = [ground.loss(ground.parameters(p), ground.x, ground.y) for p in places.split(1000)]
    losses = torch.cat(parts).reshape(N_GRID, N_GRID).numpy()
    losses.setflags(write=False)
    return losses
