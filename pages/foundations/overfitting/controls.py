"""The controls of the overfitting page, each bound to its address."""

from typing import Any

import streamlit as st

from core.foundations.overfitting.model import DATA, Config
from pages.elements.controls import Controls
from pages.elements.own_points import own_points

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
DROPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
NAMES = ("data", "n_train", "noise", "shuffled", "width", "depth", "learning_rate")
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in (*NAMES, "l2", "p_drop", "n_epochs", "seed")},
    "show_test": False,
}
LABELS = {"wave": "Wave", "moons": "Moons", "own": "Your own"}
# Two groups that each have a stray point of the other.
FIRST_POINTS = (
    *((x, y, 0) for x in (-4.0, -3.0, -2.0) for y in (0.0, 1.0, 2.0)),
    *((x, y, 1) for x in (2.0, 3.0, 4.0) for y in (-2.0, -1.0, 0.0)),
    (3.5, -0.5, 0),
    (-3.5, 1.5, 1),
)
controls = Controls("overfitting", DEFAULTS, LABELS)


def sidebar() -> Config:
    """All controls in order, and the run they say."""
    data = controls.segments(
        "Data",
        "data",
        DATA,
        "Simulated: numbers to predict from one input, or two classes to tell apart. Or points "
        "that you click.",
    )
    with st.expander("Examples", expanded=True):
        fields = _own() if data == "own" else _simulated()
        fields["shuffled"] = controls.toggle(
            "Shuffle the labels",
            "shuffled",
            "Every label goes to another point, in all parts: nothing is left to learn.",
        )
        controls.toggle("Show test points", "show_test")
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


def _simulated() -> dict[str, Any]:
    return {
        "n_train": controls.slider(
            "For training", "n_train", 5, 200, 5, "60 more are for validation."
        ),
        "noise": controls.slider(
            "Noise, %", "noise", 0, 50, 5, "How far labels or points are off."
        ),
    }


def _own() -> dict[str, Any]:
    """The learner's points: half to train with, the others to stop by and to test with."""
    # The pad draws its first class blue, as the picture draws class 1.
    rows = own_points("overfitting", FIRST_POINTS, ("class 1", "class −1"), per_class=5)
    points = tuple((x1, x2, 1 - place) for x1, x2, place in rows)
    st.caption(f"{len(points) // 2} of the {len(points)} points train the network.")
    return {"points": points, "n_train": min(200, len(points) // 2)}
