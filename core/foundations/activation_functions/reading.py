"""What can be read off the eight networks: which learn, and where the gradient stops."""

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

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
LEARNED = 0.95  # the share right from which a network is said to have learned
PLACES = {name: place for place, name in enumerate(FUNCTIONS)}


@remembered
def sampled(n_places: int = 481) -> tuple[Floats, Floats]:
    """Every function and its derivative (8, n) at places from -REACH to REACH."""
    z = torch.linspace(-REACH, REACH, n_places)
    values = torch.stack([f(z) for f in FUNCTIONS.values()])
    slopes = torch.stack([slope(f, z) for f in FUNCTIONS.values()])
    return values.numpy(), slopes.numpy()


def by_name(values: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
    """Rows (8, …) by the names that people read."""
    return {NAMES[name]: values[place] for name, place in PLACES.items()}


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


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a deep sigmoid network has learned, and how far it is from that."""
    right = float(records["accuracies"][-1, PLACES["sigmoid"]])
    layers = f"{config.n_layers} hidden layer{'s' * (config.n_layers != 1)}"
    return right >= LEARNED and config.n_layers >= 5, f"{per_cent(right)} with {layers}."
