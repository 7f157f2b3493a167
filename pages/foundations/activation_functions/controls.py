"""The controls of the activation page, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.data import planar
from core.foundations.activation_functions.findings import RATES
from core.foundations.activation_functions.model import FUNCTIONS, INITS, Config
from core.optimizers import OPTIMIZERS
from pages.elements import rows
from pages.elements.controls import Controls
from pages.elements.rows import Choice, Row, Slider, Steps

CHOSEN = "sigmoid"
DEFAULTS: dict[str, Any] = {
    name: getattr(Config, name)
    for name in ("data", "noise", "n_examples", "n_layers", "n_units", "init", "optimizer")
} | {name: getattr(Config, name) for name in ("learning_rate", "batch_size", "n_epochs", "seed")}
LABELS = {
    "circle": "Circle",
    "xor": "XOR",
    "gauss": "Two clouds",
    "spiral": "Spiral",
    "moons": "Moons",
    "torch": "PyTorch's default",
    "xavier": "Xavier",
    "he": "He",
    "small": "Tiny (0.05)",
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
}
controls = Controls("activation_functions", DEFAULTS, LABELS)


ROWS: tuple[Row, ...] = (
    Slider("n_layers", "Hidden layers", 1, 10, 1, basic=True, why="All eight networks share it."),
    Slider("n_units", "Units of a layer", 2, 16, 1),
    Choice(
        "init", "First weights", tuple(INITS), basic=True,
        why="Xavier keeps signals alike through tanh layers, He through ReLU layers.",
    ),
    Steps("learning_rate", "Learning rate", RATES, basic=True, why="The length of a step."),
    Choice("optimizer", "Optimiser", tuple(OPTIMIZERS), basic=True),
    Steps("batch_size", "Batch size", (5, 10, 20, 50, 100), why="Examples in a step."),
    Steps("n_epochs", "Epochs", (50, 80, 120, 200, 500)),
    Choice("data", "Data", tuple(planar.CLASSIFICATION), basic=True),
    Slider("n_examples", "Points", 50, 500, 50),
    Slider("noise", "Noise, %", 0, 50, 5),
    rows.seed("The same seed gives the same points, first weights and order."),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    return Config(**rows.draw(controls, ROWS))


def chosen() -> str:
    """The function shown large: the one picked last in the picture, kept in the address."""
    name = st.query_params.get("activation_functions_shown", CHOSEN)
    return name if name in FUNCTIONS else CHOSEN


def edited(edit: dict[str, Any]) -> None:
    """Keep the function that was picked in the picture; a callback of the player."""
    index = edit.get("index")
    if edit.get("kind") == "shown" and isinstance(index, int) and 0 <= index < len(FUNCTIONS):
        st.query_params["activation_functions_shown"] = list(FUNCTIONS)[index]
