"""What can be read off the eight networks: which learn, and where the gradient stops."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core.diagnosis import Finding
from core.foundations.activation_functions.model import FUNCTIONS, REACH, Config, examples, slope
from core.recordings import Records
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
NAMES = {
    "identity": "identity",
    "step": "step",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "gelu": "GELU",
    "softplus": "softplus",
}
FORMULAS = {
    "identity": "f(z) = z",
    "step": "f(z) = 1 where z > 0, else 0",
    "sigmoid": "f(z) = 1 / (1 + exp(−z))",
    "tanh": "f(z) = (exp z − exp(−z)) / (exp z + exp(−z))",
    "relu": "f(z) = max(0, z)",
    "leaky_relu": "f(z) = z where z > 0, else 0.01 z",
    "gelu": "f(z) = z · Φ(z), Φ the normal distribution",
    "softplus": "f(z) = ln(1 + exp z)",
}
GUESS = float(np.log(2))  # nats: the loss of a network that calls every answer even
LEARNED = 0.95  # the share right from which a network is said to have learned
_PLACES = {name: place for place, name in enumerate(FUNCTIONS)}


@remembered
def sampled(n_places: int = 481) -> tuple[Floats, Floats]:
    """Every function and its derivative (8, n) at places from -REACH to REACH."""
    z = torch.linspace(-REACH, REACH, n_places)
    values = torch.stack([f(z) for f in FUNCTIONS.values()])
    slopes = torch.stack([slope(f, z) for f in FUNCTIONS.values()])
    return values.numpy(), slopes.numpy()


def by_name(values: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
    """Rows (8, …) by the names that people read."""
    return {NAMES[name]: values[place] for name, place in _PLACES.items()}


def table(records: Records) -> pd.DataFrame:
    """One row a network at the last of `records`: how it does and what passes through it."""
    gradients, dead = records["gradients"][-1], records["dead"][-1]
    return pd.DataFrame(
        {
            "function": list(NAMES.values()),
            "loss": records["losses"][-1],
            "right": records["accuracies"][-1],
            "gradient, first layer": gradients[:, 0],
            "gradient, last layer": gradients[:, -1],
            "dead units": dead.mean(axis=1),
        }
    )


def curve_table(records: Records) -> pd.DataFrame:
    """The losses of all networks, one row an epoch."""
    frame = pd.DataFrame(records["losses"], columns=[f"loss {name}" for name in NAMES.values()])
    return frame.rename_axis("epoch").reset_index()


def points_table(config: Config) -> pd.DataFrame:
    """The examples that all networks learn from."""
    points, labels = examples(config)
    return pd.DataFrame(points, columns=["x1", "x2"]).assign(label=labels)


def findings(config: Config, records: Records) -> list[Finding]:
    """What happened up to the last of `records`, the most instructive first."""
    if len(records["loss"]) < 10:
        return []
    found = [
        _dead(config, records),
        _diverged(config, records),
        _vanished(config, records),
        _learned(records),
    ]
    return [finding for finding in found if finding]


def _dead(config: Config, records: Records) -> Finding | None:
    shares = records["dead"][:, _PLACES["relu"]].mean(axis=1)  # (S,)
    if shares[-1] < 0.25:
        return None
    said = (
        f"{per_cent(shares[-1])} of the ReLU network's units are dead now: their input is below "
        "zero for every example, where the slope is 0. Before training it was "
        f"{per_cent(shares[0])}, at most {per_cent(shares.max())}."
    )
    if not records["gradients"][-1, _PLACES["relu"], 0]:
        said += " The first layer receives no gradient at all now."
    return Finding("dead", "bad", said)


def _diverged(config: Config, records: Records) -> Finding | None:
    lost = [n for n, place in _PLACES.items() if not np.isfinite(records["losses"][-1, place])]
    if not lost:
        return None
    return Finding(
        "diverged",
        "bad",
        f"Training with {_listed(lost)} diverged: at a learning rate of {config.learning_rate:g} "
        "the steps overshot until the loss was no longer a number.",
    )


def _vanished(config: Config, records: Records) -> Finding | None:
    """A network that still guesses while its first layer hears next to nothing."""
    gradients = records["gradients"][:10].mean(axis=0)  # (8, layers), from the first epochs
    smaller = gradients[:, -1] / np.maximum(gradients[:, 0], 1e-30)
    stuck = [
        name
        for name, place in _PLACES.items()
        if name != "step"
        and records["losses"][-1, place] > 0.9 * GUESS
        and (smaller[place] > 100 or gradients[place, 0] < 1e-6)
    ]
    if not stuck:
        return None
    worst = max(stuck, key=lambda name: smaller[_PLACES[name]])
    far = smaller[_PLACES[worst]]
    said = (
        f"The gradient vanishes on its way back: with {_listed(stuck)} nothing beats guessing yet"
    )
    if far > 100:
        said += (
            f". With {NAMES[worst]} the first layer receives a gradient {far:,.0f} times smaller "
            f"than the last one in the first epochs: {config.n_layers} slopes multiply on the way"
        )
    else:
        said += ". Weights this small shrink what passes every layer, forth and back"
    return Finding("vanished", "bad", f"{said}.")


def _learned(records: Records) -> Finding | None:
    right = records["accuracies"]  # (S, 8)
    good = [name for name, place in _PLACES.items() if right[-1, place] >= LEARNED]
    if not good:
        return None
    first = {name: int(np.argmax(right[:, _PLACES[name]] >= LEARNED)) for name in good}
    fastest = min(good, key=lambda name: first[name])
    said = (
        f"It was learned with {_listed(good)}: at least {per_cent(LEARNED)} right. The first was "
        f"{NAMES[fastest]}, at epoch {first[fastest]}."
    )
    if "identity" not in good:
        said += " The identity cannot: layers without a bend add up to one straight line."
    return Finding("learned", "good", said)


def _listed(names: Sequence[str]) -> str:
    shown = [NAMES[name] for name in names]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def notes(config: Config, records: Records, first: int) -> list[tuple[int, str]]:
    """What is new to say about the last of `records` since record `first`."""
    before = {f.kind for f in findings(config, {n: a[:first] for n, a in records.items()})}
    found = [f for f in findings(config, records) if f.tone == "bad" and f.kind not in before]
    return [(len(records["loss"]) - 1, finding.sentence) for finding in found]


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a deep sigmoid network has learned, and how far it is from that."""
    right = float(records["accuracies"][-1, _PLACES["sigmoid"]])
    layers = f"{config.n_layers} hidden layer{'s' * (config.n_layers != 1)}"
    return right >= LEARNED and config.n_layers >= 5, f"{per_cent(right)} with {layers}."
