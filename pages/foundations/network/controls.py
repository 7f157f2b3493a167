"""The controls of a small network in the plane, each bound to the address of the page."""

from itertools import pairwise
from typing import Any

import streamlit as st

from core import changes as made_by_hand
from core.data.tables import PlanarTable
from core.foundations.network import model
from core.foundations.network.losses import LOSSES
from core.foundations.network.model import Config
from core.foundations.network.picture import FEATURE_LABELS
from core.networks.dense import ACTIVATIONS
from core.optimizers import OPTIMIZERS
from pages.elements import changes
from pages.elements.controls import Controls
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
controls = Controls("network", DEFAULTS, LABELS)


def sidebar() -> tuple[dict[str, Any], PlanarTable | None]:
    """All controls in order; the fields of a `Config` they say, and the learner's table."""
    fields: dict[str, Any] = {"task": _task()}
    fields["data"] = controls.choice(
        "Data",
        "data",
        [*model.DATA_SETS[fields["task"]], model.OWN],
        "Classic sets, or your own: upload a table, or click points into the picture.",
    )
    own = fields["data"] == model.OWN
    table = own_table.own_table("network", fields["task"], seed=0) if own else None
    fields["points"] = own_table.points(table) if own else ()
    with st.expander("Examples", expanded=True):
        fields |= _examples()
    with st.expander("Network", expanded=True):
        fields |= _network()
    with st.expander("Training", expanded=True):
        fields |= _training(fields["task"])
    with st.expander("Regularisation"):
        fields |= _regularisation()
    return fields, table


def _task() -> str:
    return st.segmented_control(
        "Predict",
        list(LOSSES),
        default=Config.task,
        required=True,
        format_func=_label,
        key="network_task",
        bind="query-params",
        help="Tell two classes apart, or predict a number for every point.",
    )


def _examples() -> dict[str, Any]:
    fields = {
        "noise": controls.slider(
            "Noise, %", "noise", 0, 50, 5, "How far points lie from where they belong."
        ),
        "n_examples": controls.slider("Number of points", "n_examples", 50, 500, 50),
        "train_share": controls.slider(
            "For training, %", "train_share", 10, 90, 10, "The rest is the test."
        ),
    }
    st.toggle("Show test points", key="network_show_test", bind="query-params")
    return fields


def _network() -> dict[str, Any]:
    features = st.pills(
        "Input features",
        list(model.FEATURES),
        selection_mode="multi",
        default=list(Config.features),
        format_func=lambda name: FEATURE_LABELS.get(name, name),
        key="network_features",
        bind="query-params",
        help="What the network is told of each point. At least one.",
    )
    if not features:
        st.caption("A network needs an input: X₁ is used.")
        features = ["x1"]
    n_hidden = controls.slider("Hidden layers", "n_hidden", 0, 6, 1)
    columns = st.columns(3)
    hidden = tuple(
        int(
            columns[layer % 3].number_input(
                f"Layer {layer + 1}",
                1,
                8,
                UNITS[layer],
                key=f"network_units_{layer + 1}",
                bind="query-params",
                help="Units of this hidden layer, 1 to 8.",
            )
        )
        for layer in range(n_hidden)
    )
    activation = controls.choice("Activation", "activation", list(ACTIVATIONS))
    return {"features": tuple(features), "hidden": hidden, "activation": activation}


def _training(task: str) -> dict[str, Any]:
    return {
        "learning_rate": st.select_slider(
            "Learning rate",
            RATES,
            Config.learning_rate,
            key="network_learning_rate",
            bind="query-params",
            on_change=changes.learning_rate_changed,
            args=("network",),
            help="The length of a step. It may change while the network trains.",
        ),
        "batch_size": controls.slider(
            "Batch size", "batch_size", 1, 30, 1, "Examples in one step."
        ),
        "loss": controls.choice("Loss", "loss", list(LOSSES[task])),
        "optimizer": controls.choice("Optimiser", "optimizer", list(OPTIMIZERS)),
        "n_epochs": st.select_slider(
            "Epochs",
            (100, 200, 500, 1000, 2000, 5000),
            Config.n_epochs,
            key="network_n_epochs",
            bind="query-params",
            help="Where training stops; an epoch sees every training point once.",
        ),
        "seed": controls.seed("The same seed gives the same points, first weights and order."),
    }


def _regularisation() -> dict[str, Any]:
    penalties = {
        name: st.select_slider(
            name.upper(), PENALTIES, 0.0, key=f"network_{name}", bind="query-params", help=why
        )
        for name, why in (
            ("l1", "Pulls every weight to zero with the same force; some become useless."),
            ("l2", "Pulls every weight to zero in proportion to its size."),
        )
    }
    p_drop = st.select_slider(
        "Dropout",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        0.0,
        key="network_p_drop",
        bind="query-params",
        help="The share of hidden units silenced at random in every step.",
    )
    return {**penalties, "p_drop": p_drop}


def _label(name: str) -> str:
    return LABELS.get(name, name)


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
