"""The controls of the page on transfer learning, for its two pictures."""

from typing import Any

import streamlit as st

from core.learning.transfer.model import Config
from core.learning.transfer.own_classes import MAX_CLASSES, RATES, READY
from core.learning.transfer.own_classes import Config as HeadConfig
from core.learning.transfer.source import KINDS, N_RECORDS
from core.learning.transfer.sweep import LABELS
from pages.elements.controls import Controls

PAGE = "transfer"
DIGITS, OWN = "digits", "own_classes"
SHARES = (0, 5, 10, 25, 50, 100)
MINE = "mine"
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


def mode() -> str:
    """Which of the two pictures: new digits, or classes of the learner's own."""
    return str(controls.segments("What to learn", "mode", [DIGITS, OWN]))


def config() -> Config:
    """What the controls of the three learners say."""
    n_labels = controls.steps(
        "Labels of each new digit", "n_labels", LABELS, "Labelled pictures that are learned from."
    )
    source = controls.choice(
        "Source network learned", "source", KINDS,
        "What the transferred network was trained on before, and what is learned now.",
    )  # fmt: skip
    share = controls.steps(
        "Source training, %", "source_share", SHARES,
        "How much of its training the source network had; 0: its weights are random.",
    )  # fmt: skip
    return Config(
        n_labels=n_labels,
        source=source,
        source_record=share * (N_RECORDS - 1) // 100,
        learning_rate=controls.steps(
            "Learning rate", "learning_rate", (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.1, 1.0),
            "The length of Adam's steps, the same for all three learners.",
        ),
        n_steps=controls.steps(
            "Steps", "n_steps", (30, 60, 90, 120, 240),
            "Each learner takes a step for every minibatch of at most 25 pictures.",
        ),
        seed=controls.seed("Another seed labels other pictures and draws other first weights."),
    )  # fmt: skip


def pictures() -> str:
    """Which pictures the head learns from: a ready-made set or the learner's own."""
    return str(controls.choice("Pictures", "pictures", [*READY, MINE]))


def n_classes() -> int:
    """How many classes the learner wants."""
    return int(controls.slider("Classes", "n_classes", 2, MAX_CLASSES, 1))


def head_settings() -> dict[str, Any]:
    """How the head is trained."""
    return {
        "learning_rate": controls.steps(
            "Learning rate", "head_rate", RATES, "The length of a gradient step."
        ),
        "n_epochs": controls.slider(
            "Epochs", "n_epochs", 5, 60, 5, "How often every picture is seen."
        ),
        "seed": controls.seed("Another seed takes the pictures in another order."),
    }


def pick(edit: dict[str, Any]) -> None:
    """Remember the test digit that was clicked; a callback of the player."""
    if edit.get("kind") == "pick" and isinstance(edit.get("index"), int):
        st.session_state[f"{PAGE}-picked"] = edit["index"]


def picked(n_pictures: int) -> int:
    """The test digit clicked last, or the first."""
    index = st.session_state.get(f"{PAGE}-picked", 0)
    return index if 0 <= index < n_pictures else 0
