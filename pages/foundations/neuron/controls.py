"""The controls of the neuron page, each bound to its address, and the hand-over."""

from typing import Any

import streamlit as st

from core.foundations.neuron import model, picture
from core.foundations.neuron.model import Config
from core.foundations.neuron.reading import Try, read_start, read_tries, written
from pages.elements import edits
from pages.elements.controls import Controls
from pages.elements.own_points import own_points

DEFAULTS: dict[str, Any] = {
    name: getattr(Config, name)
    for name in ("data", "n_examples", "noise", "activation", "learning_rate", "batch_size")
} | {"n_steps": Config.n_steps, "seed": Config.seed}
DEFAULTS["start"] = written((Config.w1, Config.w2, Config.b))
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
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


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    data = controls.choice("Data", "data", model.DATA, "Gates are the unit square's four corners.")
    points = _own_points() if data == model.OWN else ()
    own = data == model.OWN
    return Config(
        data=data,
        points=points,
        n_examples=Config.n_examples
        if own
        else controls.slider("Points", "n_examples", 20, 200, 20),
        noise=Config.noise
        if own
        else controls.slider("Noise, %", "noise", 0, 50, 5, "0: no scatter."),
        activation=controls.choice(
            "Activation",
            "activation",
            tuple(model.ACTIVATIONS),
            "The sigmoid is trained on cross-entropy, the others on the squared error.",
        ),
        learning_rate=controls.steps(
            "Learning rate", "learning_rate", RATES, "The length of a step."
        ),
        batch_size=controls.steps(
            "Batch size",
            "batch_size",
            (1, 2, 5, 10, 20, 50, 200),
            "Examples that a step looks at; 200 is all of them.",
        ),
        n_steps=controls.steps("Steps", "n_steps", (50, 100, 200, 300, 500, 1000, 2000)),
        seed=controls.seed("Decides the points and their order."),
        **_start(),
    )


def _start() -> dict[str, float]:
    """Where gradient descent starts; at the default, with a word, if it cannot be read."""
    edits.hold("neuron_start")
    text = st.text_input(
        "Start of gradient descent: w₁, w₂, b",
        DEFAULTS["start"],
        key="neuron_start",
        bind="query-params",
        max_chars=40,
        help="Handing over in the picture writes your own weights here.",
    )
    try:
        start = read_start(text)
    except ValueError as error:
        st.info(f"{str(error).replace('`', '')} The default is used.")
        start = (Config.w1, Config.w2, Config.b)
    return dict(zip(("w1", "w2", "b"), start, strict=True))


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
    rows = own_points("neuron", first, ("class 1", "class 0"), per_class=0)
    return tuple((x1, x2, 1 - place) for x1, x2, place in rows)
