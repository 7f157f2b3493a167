"""The controls of the page on transfer learning, for its two pictures."""

from typing import Any

import streamlit as st

from core.learning.transfer.model import Config
from core.learning.transfer.own_classes import MAX_CLASSES, RATES, READY
from core.learning.transfer.own_classes import Config as HeadConfig
from core.learning.transfer.source import KINDS, N_RECORDS
from core.learning.transfer.sweep import LABELS
from pages.elements import rows
from pages.elements.controls import Controls
from pages.elements.rows import Choice, Row, Segments, Slider, Steps, Values

PAGE = "transfer"
DIGITS, OWN = "digits", "own_classes"
SHARES = (0, 5, 10, 25, 50, 100)
MINE = "mine"
_FIELDS = ("n_labels", "source", "learning_rate", "n_steps", "seed")
DEFAULTS: dict[str, Any] = {
    "mode": DIGITS,
    **{name: getattr(Config, name) for name in ("n_labels", "source", "learning_rate")},
    **{name: getattr(Config, name) for name in ("n_steps", "seed")},
    "source_share": 100,
    "pictures": HeadConfig.ready,
    "head_rate": HeadConfig.learning_rate,
    "n_epochs": HeadConfig.n_epochs,
    "n_classes": 3,
}
NAMES = {
    DIGITS: "New digits",
    OWN: "Your own classes",
    "turned": "0–4, each in four turns → learn 5–9",
    "swapped": "5–9, each in four turns → learn 0–4",
    "upright": "0–4, upright only → learn 5–9",
    "random": "0–4 with random labels → learn 5–9",
    MINE: "My own pictures",
    **{name: ready.title for name, ready in READY.items()},
}
controls = Controls(PAGE, DEFAULTS, NAMES)


def _digits(values: Values) -> bool:
    return bool(values["mode"] == DIGITS)


def _own(values: Values) -> bool:
    return not _digits(values)


def _mine(values: Values) -> bool:
    return _own(values) and bool(values["pictures"] == MINE)


ROWS: tuple[Row, ...] = (
    Segments("mode", "What to learn", [DIGITS, OWN], basic=True),
    Steps("n_labels", "Labels of each new digit", LABELS, basic=True, shown=_digits,
          why="Labelled images that are learned from."),
    Choice("source", "Source task", KINDS, basic=True, shown=_digits,
           why="What the transferred network was trained on before, and what is learned now."),
    Steps("source_share", "Source training, %", SHARES, basic=True, shown=_digits,
          why="How much of its training the source network had; 0: its weights are random."),
    Steps("learning_rate", "Learning rate", (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.1, 1.0),
          shown=_digits, why="The length of Adam's steps, the same for all three learners."),
    Steps("n_steps", "Steps", (30, 60, 90, 120, 240, 400), basic=True, shown=_digits,
          why="Each learner takes a step for every minibatch of at most 25 images."),
    Choice("pictures", "Images", [*READY, MINE], basic=True, shown=_own),
    Slider("n_classes", "Classes", 2, MAX_CLASSES, 1, basic=True, shown=_mine),
    Steps("head_rate", "Learning rate", RATES, basic=True, shown=_own,
          why="The length of a gradient step."),
    Slider("n_epochs", "Epochs", 5, 60, 5, basic=True, shown=_own,
           why="How often every image is seen."),
    rows.seed("Another seed takes other labelled images, first weights and another order."),
)  # fmt: skip


def sidebar() -> Values:
    """All controls in order, and what they say by name."""
    return rows.draw(controls, ROWS)


def config(said: Values) -> Config:
    """What the controls of the three learners say."""
    fields = {name: said[name] for name in _FIELDS}
    return Config(**fields, source_record=said["source_share"] * (N_RECORDS - 1) // 100)


def head_settings(said: Values) -> dict[str, Any]:
    """How the head of one's own classes is trained."""
    named = {"learning_rate": "head_rate", "n_epochs": "n_epochs", "seed": "seed"}
    return {field: said[name] for field, name in named.items()}


def pick(edit: dict[str, Any]) -> None:
    """Remember the test digit that was clicked; a callback of the player."""
    if edit.get("kind") == "pick" and isinstance(edit.get("index"), int):
        st.session_state[f"{PAGE}-picked"] = edit["index"]


def picked(n_pictures: int) -> int:
    """The test digit clicked last, or the first."""
    index = st.session_state.get(f"{PAGE}-picked", 0)
    return index if 0 <= index < n_pictures else 0
