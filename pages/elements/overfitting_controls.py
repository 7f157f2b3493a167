"""The controls of the overfitting page, each bound to its address."""

from typing import Any

import streamlit as st

from core.foundations.overfitting import DATA, Config
from pages.elements.controls import Controls

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
DROPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
NAMES = ("data", "n_train", "noise", "shuffled", "width", "depth", "learning_rate")
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in (*NAMES, "l2", "p_drop", "n_epochs", "seed")},
    "show_test": False,
}
LABELS = {"wave": "A wave", "moons": "Two moons"}
controls = Controls("overfitting", DEFAULTS, LABELS)


def sidebar() -> Config:
    """All controls in order, and the run they say."""
    data = st.segmented_control(
        "Data, simulated",
        DATA,
        default=Config.data,
        required=True,
        format_func=LABELS.__getitem__,
        key="overfitting_data",
        bind="query-params",
        help="Numbers to predict from one input, or two classes to tell apart.",
    )
    with st.expander("Examples", expanded=True):
        fields = _examples()
    with st.expander("Capacity", expanded=True):
        fields |= {
            "width": controls.slider(
                "Units of a layer", "width", 1, 64, 1, "How wide the network is."
            ),
            "depth": controls.slider("Hidden layers", "depth", 1, 3, 1),
        }
    with st.expander("Against overfitting", expanded=True):
        why = "Pulls every weight to zero in proportion to its size (L2)."
        fields["l2"] = controls.steps("Weight decay", "l2", PENALTIES, why)
        why = "The share of hidden units silenced at random in every step."
        fields["p_drop"] = controls.steps("Dropout", "p_drop", DROPS, why)
        why = "An epoch sees all training points once. Fewer is early stopping."
        fields["n_epochs"] = controls.slider("Epochs", "n_epochs", 50, 3000, 50, why)
    with st.expander("Training"):
        why = "The length of Adam's steps."
        fields["learning_rate"] = controls.steps("Learning rate", "learning_rate", RATES, why)
        fields["seed"] = controls.seed()
    return Config(data=data, **fields)


def _examples() -> dict[str, Any]:
    n_train = controls.slider("For training", "n_train", 5, 200, 5, "60 more are for validation.")
    noise = controls.slider("Noise, %", "noise", 0, 50, 5, "How far labels or points are off.")
    shuffled = st.toggle(
        "Shuffle the labels",
        Config.shuffled,
        key="overfitting_shuffled",
        bind="query-params",
        help="Every label goes to another point, in all parts: nothing is left to learn.",
    )
    st.toggle("Show test points", key="overfitting_show_test", bind="query-params")
    return {"n_train": n_train, "noise": noise, "shuffled": shuffled}
