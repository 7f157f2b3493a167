"""The controls of the neuron page, each bound to its address, and the hand-over."""

from typing import Any

import streamlit as st

from core.foundations.neuron import model, picture
from core.foundations.neuron.model import Config
from core.foundations.neuron.reading import RATES, Try, read_start, read_tries, written
from pages.elements import edits, rows
from pages.elements.controls import Controls, bound
from pages.elements.own_points import own_points
from pages.elements.rows import Choice, Own, Row, Slider, Steps, Values

DEFAULTS: dict[str, Any] = {
    name: getattr(Config, name)
    for name in ("data", "n_examples", "noise", "activation", "learning_rate", "batch_size")
} | {"n_steps": Config.n_steps, "seed": Config.seed}
DEFAULTS["start"] = written((Config.w1, Config.w2, Config.b))
LABELS = {
    "clouds": "Two clouds",
    "and": "AND",
    "or": "OR",
    "xor": "XOR",
    "own": "Your own points",
    "sigmoid": "Sigmoid",
    "tanh": "tanh",
    "identity": "Identity (none)",
    "step": "Step",
}
controls = Controls("neuron", DEFAULTS, LABELS)


def _drawn(values: Values) -> bool:
    return bool(values["data"] != model.OWN)


def _clicked(values: Values) -> Values:
    return {"points": _own_points()}


def _own_start(values: Values) -> Values:
    return dict(zip(("w1", "w2", "b"), _start(), strict=True))


ROWS: tuple[Row, ...] = (
    Choice("data", "Data", model.DATA, basic=True,
           why="Gates are the unit square's four corners."),
    Own("points", "Your points", _clicked, basic=True,
        shown=lambda values: not _drawn(values)),
    Slider("n_examples", "Points", 20, 200, 20, shown=_drawn),
    Slider("noise", "Noise, %", 0, 50, 5, basic=True, shown=_drawn, why="0: no scatter."),
    Choice(
        "activation", "Activation", tuple(model.ACTIVATIONS), basic=True,
        why="The sigmoid is trained on cross-entropy, the others on the squared error.",
    ),
    Steps("learning_rate", "Learning rate", RATES, basic=True, why="The length of a step."),
    Steps("batch_size", "Batch size", (1, 2, 5, 10, 20, 50, 200),
          why="Examples that a step looks at; 200 is all of them."),
    Steps("n_steps", "Steps", (50, 100, 200, 300, 500, 1000, 2000)),
    Own("start", "Start of gradient descent", _own_start, basic=True),
    rows.seed("Decides the points and their order."),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    return Config(**rows.draw(controls, ROWS))


def _start() -> Try:
    """Where gradient descent starts; at the default, with a word, if it cannot be read."""
    text = st.text_input(
        "Start of gradient descent: w₁, w₂, b",
        DEFAULTS["start"],
        max_chars=40,
        help="Handing over beside the plane writes your own weights here.",
        **bound("neuron_start"),
    )
    try:
        start = read_start(text)
    except ValueError as error:
        st.info(f"{str(error).replace('`', '')} The default is used.")
        start = (Config.w1, Config.w2, Config.b)
    return start


def edited(edit: dict[str, Any]) -> None:
    """Let gradient descent start where the learner's hand stopped; a player's callback."""
    if edit.get("kind") != "hand_over":
        return
    try:
        (start,), tries = read_tries([edit["start"]]), read_tries(edit["tries"])
    except (ValueError, KeyError, TypeError, IndexError):
        return  # not from our picture
    edits.write("neuron", start=written(start))
    st.session_state["neuron-tries"] = (str(edit.get("data")), tries)


def tries(config: Config) -> tuple[Try, ...]:
    """The tries handed over for these examples."""
    data, found = st.session_state.get("neuron-tries", ("", ()))
    return found if data == picture.data_key(config) else ()


def _own_points() -> model.Points:
    """The points clicked; the pad draws its first class blue, as the picture draws class 1."""
    first = tuple((x1, x2, 1 - label) for x1, x2, label in model.FIRST_POINTS)
    clicked = own_points("neuron", first, ("class 1", "class 0"), per_class=0)
    return tuple((x1, x2, 1 - place) for x1, x2, place in clicked)
