"""The controls of the activation page, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.data import planar
from core.foundations.activation_functions.model import FUNCTIONS, INITS, Config
from core.optimizers import OPTIMIZERS
from pages.elements.controls import Controls

CHOSEN = "sigmoid"
DEFAULTS: dict[str, Any] = {
    name: getattr(Config, name)
    for name in ("data", "noise", "n_examples", "n_layers", "n_units", "init", "optimizer")
} | {name: getattr(Config, name) for name in ("learning_rate", "batch_size", "n_epochs", "seed")}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
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


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    return Config(
        n_layers=controls.slider(
            "Hidden layers", "n_layers", 1, 10, 1, "All eight networks share it."
        ),
        n_units=controls.slider("Units of a layer", "n_units", 2, 16, 1),
        init=controls.choice(
            "First weights",
            "init",
            tuple(INITS),
            "Xavier keeps signals alike through tanh layers, He through ReLU layers.",
        ),
        learning_rate=controls.steps(
            "Learning rate", "learning_rate", RATES, "The length of a step."
        ),
        optimizer=controls.choice("Optimiser", "optimizer", tuple(OPTIMIZERS)),
        batch_size=controls.steps(
            "Batch size", "batch_size", (5, 10, 20, 50, 100), "Examples in a step."
        ),
        n_epochs=controls.steps("Epochs", "n_epochs", (50, 80, 120, 200, 500)),
        data=controls.choice("Data", "data", tuple(planar.CLASSIFICATION)),
        n_examples=controls.slider("Points", "n_examples", 50, 500, 50),
        noise=controls.slider("Noise, %", "noise", 0, 50, 5),
        seed=controls.seed("The same seed gives the same points, first weights and order."),
    )


def chosen() -> str:
    """The function shown large: the one picked last in the picture, kept in the address."""
    name = st.query_params.get("activation_functions_shown", CHOSEN)
    return name if name in FUNCTIONS else CHOSEN


def edited(edit: dict[str, Any]) -> None:
    """Keep the function that was picked in the picture; a callback of the player."""
    index = edit.get("index")
    if edit.get("kind") == "shown" and isinstance(index, int) and 0 <= index < len(FUNCTIONS):
        st.query_params["activation_functions_shown"] = list(FUNCTIONS)[index]
