"""What the moving picture of a race is told: surface, curves, notes, the lines of code."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.foundations.gradient_descent.model import Config, drawn_inputs
from core.foundations.gradient_descent.reading import NAMES, outcome
from core.foundations.gradient_descent.surfaces import EXTENT, SIZES, surface_losses
from core.runs import Run

LETTERS = {
    "sgd": "S",
    "momentum": "M",
    "nesterov": "N",
    "adagrad": "G",
    "rmsprop": "R",
    "adam": "A",
    "adamw": "W",
}


def scene(config: Config) -> dict[str, Any]:
    """The surface, the start and the runners, as the drawing wants them described."""
    ground = config.landscape
    return {
        "extent": EXTENT,
        "axes": list(ground.axes),
        "start": list(config.start),
        "names": [NAMES[name] for name in config.optimizers],
        "letters": [LETTERS[name] for name in config.optimizers],
        "slice": config.surface in ("pca", "random"),
    }


def scene_arrays(config: Config) -> dict[str, NDArray[Any]]:
    """The losses over the picture, the examples, and where the curves are drawn."""
    ground = config.landscape
    return {
        "surface": surface_losses(*config.ground),
        "x": ground.x.numpy(),
        "y": ground.y.numpy(),
        "along": drawn_inputs(config).numpy(),
    }


def ground(config: Config) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Places along both axes of the picture, and the losses over it, row 0 the lowest."""
    losses = surface_losses(*config.ground)
    return np.linspace(-EXTENT, EXTENT, len(losses)), losses


def arrays(run: Run, first: int, stop: int) -> Mapping[str, NDArray[Any]]:
    """What is drawn of the records `first` to `stop - 1`: not all the parameters."""
    records = run.until(stop - 1)
    return {name: records[name][first:] for name in ("losses", "places", "curves")}


def curves(config: Config) -> list[dict[str, Any]]:
    """The loss of every optimiser, over powers of ten."""
    series = [
        {"array": "losses", "index": place, "label": NAMES[name]}
        for place, name in enumerate(config.optimizers)
    ]
    return [{"title": "Loss", "unit": "mean squared error", "series": series, "log": True}]


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Who arrives or leaves within chunk `k`, said when the picture passes that step."""
    chunk = run.chunk(k)
    ended = outcome(config, run.until(run.n_records - 1))
    said = []
    for steps, what in (
        (ended.arrived, "is at the bottom"),
        (ended.gone, "has run off the surface"),
    ):
        for name, step in zip(ended.names, steps, strict=True):
            if step is not None and chunk.first <= step < chunk.stop:
                said.append((step, f"{name} {what}."))
    return sorted(said)


def slice_said(config: Config) -> str:
    """What a picture of a network's surface leaves out."""
    n_parameters = len(config.landscape.names)
    sizes = "-".join(map(str, SIZES))
    return (
        f"The network ({sizes} units or neurons, tanh) has {n_parameters} parameters; the surface "
        f"is a plane through them that holds {np.floor(100 * config.landscape.shown):.0f}\u00a0% "
        "of what its own training moved. The optimisers move in all of them: you see their "
        "shadows, and their true losses."
    )


def code(config: Config, optimizer: str) -> dict[str, str]:
    """The lines of PyTorch that do the parts of one step."""
    return {
        "forward": "prediction = model(x)",
        "loss": "loss = ((prediction - y) ** 2).mean()",
        "backward": "loss.backward()",
        "update": "optimizer.step()",
        "made": f"optimizer = {constructor(config, optimizer)}",
    }


def constructor(config: Config, optimizer: str) -> str:
    """The call that makes one of the optimisers for the parameters `p`."""
    rate, momentum = f"lr={config.rate(optimizer)!r}", f"momentum={config.momentum!r}"
    nesterov = ", nesterov=True" if config.momentum else ""
    return {
        "sgd": f"torch.optim.SGD([p], {rate})",
        "momentum": f"torch.optim.SGD([p], {rate}, {momentum})",
        "nesterov": f"torch.optim.SGD([p], {rate}, {momentum}{nesterov})",
        "adagrad": f"torch.optim.Adagrad([p], {rate})",
        "rmsprop": f"torch.optim.RMSprop([p], {rate})",
        "adam": f"torch.optim.Adam([p], {rate})",
        "adamw": f"torch.optim.AdamW([p], {rate}, weight_decay={config.weight_decay!r})",
    }[optimizer]
