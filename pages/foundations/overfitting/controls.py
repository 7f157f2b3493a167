"""The controls of the overfitting page, each bound to its address."""

from typing import Any

import streamlit as st

from core.foundations.overfitting.model import DATA, Config
from pages.elements import rows
from pages.elements.controls import Controls
from pages.elements.own_points import own_points
from pages.elements.rows import Own, Row, Segments, Slider, Steps, Toggle, Values

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


def _drawn(values: Values) -> bool:
    return bool(values["data"] != "own")


def _own(values: Values) -> Values:
    """The learner's points: half to train with, the others to stop by and to test with."""
    # The pad draws its first class blue, as the picture draws class 1.
    clicked = own_points("overfitting", FIRST_POINTS, ("class 1", "class −1"), per_class=5)
    points = tuple((x1, x2, 1 - place) for x1, x2, place in clicked)
    st.caption(f"{len(points) // 2} of the {len(points)} points train the network.")
    return {"points": points, "n_train": min(200, len(points) // 2)}


ROWS: tuple[Row, ...] = (
    Segments(
        "data", "Data", DATA, basic=True,
        why="Simulated: numbers to predict from one input, or two classes to tell apart. Or "
        "points that you click.",
    ),
    Own("points", "Your points", _own, basic=True, section="Examples",
        shown=lambda values: not _drawn(values)),
    Slider("n_train", "For training", 5, 200, 5, basic=True, section="Examples", shown=_drawn,
           why="60 more are for validation."),
    Slider("noise", "Noise, %", 0, 50, 5, section="Examples", shown=_drawn,
           why="How far labels or points are off."),
    Toggle("shuffled", "Shuffle the labels", basic=True, section="Examples",
           why="Every label goes to another point, in all parts: nothing is left to learn."),
    Toggle("show_test", "Show test points", section="Examples"),
    Slider("width", "Units (neurons) of a layer", 1, 64, 1, basic=True, section="Capacity",
           why="How wide the network is."),
    Slider("depth", "Hidden layers", 1, 3, 1, section="Capacity"),
    Steps("l2", "Weight decay", PENALTIES, basic=True, section="Against overfitting",
          why="Pulls every weight to zero in proportion to its size (L2)."),
    Steps("p_drop", "Dropout", DROPS, section="Against overfitting",
          why="The share of hidden units silenced at random in every step."),
    Slider("n_epochs", "Epochs", 50, 3000, 50, basic=True, section="Against overfitting",
           why="An epoch sees all training points once. Fewer is early stopping."),
    Steps("learning_rate", "Learning rate", RATES, section="Training",
          why="The length of Adam's steps."),
    rows.seed(),
)  # fmt: skip


def sidebar() -> tuple[Config, bool]:
    """All controls in order; the run they say, and whether test points are to be seen."""
    said = rows.draw(controls, ROWS, expanded=("Examples", "Capacity", "Against overfitting"))
    show_test = bool(said.pop("show_test"))
    return Config(**said), show_test
