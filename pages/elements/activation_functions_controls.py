"""The controls of the activation page, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.data import planar
from core.foundations.activation_functions import FUNCTIONS, INITS, Config
from core.optimizers import OPTIMIZERS

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


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    return Config(
        n_layers=_slider("Hidden layers", "n_layers", 1, 10, 1, "All eight networks share it."),
        n_units=_slider("Units of a layer", "n_units", 2, 16, 1),
        init=_choice(
            "First weights",
            "init",
            tuple(INITS),
            "Xavier keeps signals alike through tanh layers, He through ReLU layers.",
        ),
        learning_rate=_steps("Learning rate", "learning_rate", RATES, "The length of a step."),
        optimizer=_choice("Optimiser", "optimizer", tuple(OPTIMIZERS)),
        batch_size=_steps("Batch size", "batch_size", (5, 10, 20, 50, 100), "Examples in a step."),
        n_epochs=_steps("Epochs", "n_epochs", (50, 80, 120, 200, 500)),
        data=_choice("Data", "data", tuple(planar.CLASSIFICATION)),
        n_examples=_slider("Points", "n_examples", 50, 500, 50),
        noise=_slider("Noise, %", "noise", 0, 50, 5),
        seed=int(
            st.number_input(
                "Seed",
                0,
                9999,
                Config.seed,
                key="activation_functions_seed",
                bind="query-params",
                help="The same seed gives the same points, first weights and order.",
            )
        ),
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


def _choice(label: str, name: str, options: tuple[str, ...], why: str | None = None) -> str:
    return st.selectbox(
        label,
        options,
        options.index(DEFAULTS[name]),
        format_func=lambda option: LABELS.get(option, option),
        key=f"activation_functions_{name}",
        bind="query-params",
        help=why,
    )


def _steps(label: str, name: str, options: tuple[Any, ...], why: str | None = None) -> Any:
    return st.select_slider(
        label,
        options,
        DEFAULTS[name],
        key=f"activation_functions_{name}",
        bind="query-params",
        help=why,
    )


def _slider(label: str, name: str, low: int, high: int, step: int, why: str | None = None) -> int:
    value: int = st.slider(
        label,
        low,
        high,
        DEFAULTS[name],
        step,
        key=f"activation_functions_{name}",
        bind="query-params",
        help=why,
    )
    return value
