"""The controls of a small network in the plane, each bound to the address of the page."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import streamlit as st

from core import changes as made_by_hand
from core.foundations.network import model
from core.foundations.network.losses import LOSSES
from core.foundations.network.model import Config
from core.foundations.network.own_table import PlanarTable
from core.foundations.network.picture import FEATURE_LABELS
from core.networks.dense import ACTIVATIONS
from core.optimizers import OPTIMIZERS
from pages.elements import changes, rows
from pages.elements.controls import Controls
from pages.elements.rows import (
    Choice,
    Number,
    Own,
    Row,
    Segments,
    Several,
    Slider,
    Steps,
    Toggle,
    Values,
)
from pages.foundations.network import own_table

PAGE = "network"
UNITS = (4, 2, 4, 4, 4, 4)
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("task", "data", "noise", "n_examples", "seed")},
    **{name: getattr(Config, name) for name in ("train_share", "activation", "loss", "l1", "l2")},
    **{name: getattr(Config, name) for name in ("optimizer", "learning_rate", "batch_size")},
    **{name: getattr(Config, name) for name in ("p_drop", "n_epochs")},
    **{f"units_{layer}": n_units for layer, n_units in enumerate(UNITS, start=1)},
    "features": list(Config.features),
    "n_hidden": len(Config.hidden),
    "show_test": False,
}
RATES = (0.00001, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
LABELS = {
    **FEATURE_LABELS,
    "classification": "Classes",
    "regression": "Numbers",
    "circle": "Circle",
    "xor": "XOR",
    "gauss": "Two clouds",
    "spiral": "Spiral",
    "moons": "Moons",
    "plane": "Plane",
    "gaussian": "Hills",
    "own": "Your own",
    "identity": "Identity (none)",
    "sigmoid": "Sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "gelu": "GELU",
    "softplus": "Softplus",
    "cross_entropy": "Cross-entropy",
    "squared_error": "Squared error",
    "absolute_error": "Absolute error",
    "hinge": "Hinge",
    "huber": "Huber",
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
}
controls = Controls(PAGE, DEFAULTS, LABELS)


def _sets(values: Values) -> list[str]:
    return [*model.DATA_SETS[values["task"]], model.OWN]


def _own_table(values: Values) -> Values:
    """The learner's table, as the points that a configuration holds."""
    table = own_table.own_table(PAGE, values["task"], seed=0)
    return {"points": own_table.points(table), "table": table}


def _has_layer(layer: int) -> Callable[[Values], bool]:
    return lambda values: bool(values["n_hidden"] >= layer)


ROWS: tuple[Row, ...] = (
    Segments(
        "task", "Predict", list(LOSSES), section="Examples",
        why="Tell two classes apart, or predict a number for every point.",
    ),
    Choice(
        "data", "Data", _sets, basic=True, section="Examples",
        why="Classic sets, or your own: upload a table, or click points into the plane.",
    ),
    Own("table", "Your table", _own_table, basic=True, section="Examples",
        shown=lambda values: bool(values["data"] == model.OWN)),
    Slider("noise", "Noise, %", 0, 50, 5, basic=True, section="Examples",
           why="How far points lie from where they belong."),
    Slider("n_examples", "Number of points", 50, 500, 50, section="Examples"),
    Slider("train_share", "For training, %", 10, 90, 10, section="Examples",
           why="The rest is the test."),
    Toggle("show_test", "Show test points", basic=True, section="Examples"),
    Several(
        "features", "Input features", list(model.FEATURES), section="Network",
        why="What the network is told of each point. At least one.",
    ),
    Slider("n_hidden", "Hidden layers", 0, 6, 1, basic=True, section="Network"),
    *(
        Number(f"units_{layer}", f"Units of layer {layer}", 1, 8, section="Network",
               basic=layer <= 2, shown=_has_layer(layer))
        for layer in range(1, 7)
    ),
    Choice("activation", "Activation", list(ACTIVATIONS), basic=True, section="Network"),
    Steps(
        "learning_rate", "Learning rate", RATES, basic=True, section="Training",
        why="The length of a step. It may change while the network trains.",
        others={"on_change": changes.learning_rate_changed, "args": (PAGE,)},
    ),
    Slider("batch_size", "Batch size", 1, 30, 1, section="Training", why="Examples in one step."),
    Choice("loss", "Loss", lambda values: list(LOSSES[values["task"]]), section="Training"),
    Choice("optimizer", "Optimiser", list(OPTIMIZERS), section="Training"),
    Steps(
        "n_epochs", "Epochs", (100, 200, 500, 1000, 2000, 5000), section="Training",
        why="Where training stops; an epoch sees every training point once.",
    ),
    Steps("l1", "L1", PENALTIES, section="Regularisation",
          why="Pulls every weight to zero with the same force; some become useless."),
    Steps("l2", "L2", PENALTIES, section="Regularisation",
          why="Pulls every weight to zero in proportion to its size."),
    Steps(
        "p_drop", "Dropout", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        section="Regularisation",
        why="The share of hidden units silenced at random in every step.",
    ),
    rows.seed("The same seed gives the same points, first weights and order."),
)  # fmt: skip


def sidebar() -> tuple[Values, PlanarTable | None]:
    """All controls in order; the fields of a `Config` they say, and the learner's table."""
    said = rows.draw(controls, ROWS, expanded=("Examples", "Network", "Training"))
    table: PlanarTable | None = said.pop("table", None)
    if not said["features"]:
        st.caption("A network needs an input: X₁ is used.")
    layers = range(1, said.pop("n_hidden") + 1)
    fields = {name: value for name, value in said.items() if name in Config.__dataclass_fields__}
    return {
        "points": (),
        **fields,
        "features": tuple(said["features"] or ["x1"]),
        "hidden": tuple(said[f"units_{layer}"] for layer in layers),
    }, table


def applied(fields: dict[str, Any]) -> Config:
    """The configuration that the controls say, with what was changed by hand since."""
    network = tuple(fields[name] for name in ("task", "data", "points", "features", "hidden"))
    if st.session_state.get(f"{PAGE}-network", network) != network:
        # Of what was done by hand to one network, another keeps the points.
        changes.keep(PAGE, made_by_hand.for_another_network(changes.in_link(PAGE)))
    sizes = (len(fields["features"]), *fields["hidden"], 1)
    n_parameters = sum((before + 1) * after for before, after in pairwise(sizes))
    made = changes.in_link(PAGE, (fields["n_epochs"], n_parameters))
    st.session_state[f"{PAGE}-network"] = network
    st.session_state[f"{PAGE}-rate"] = fields["learning_rate"]
    rate = made_by_hand.initial_rate(made) or fields["learning_rate"]
    return Config(**{**fields, "learning_rate": rate, "changes": made})
