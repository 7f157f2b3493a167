"""The controls of the page on numbers and patterns, and the learner's own thing."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.data import images
from core.foundations.numbers_and_patterns import input as own
from core.foundations.numbers_and_patterns import sounds, texts
from core.foundations.numbers_and_patterns.examples import KINDS
from core.foundations.numbers_and_patterns.input import Thing
from core.foundations.numbers_and_patterns.model import Config
from core.foundations.numbers_and_patterns.penguins import LABELS
from core.store import remembered
from pages.elements import rows
from pages.elements.controls import Controls, bound
from pages.elements.rows import Own, Row, Segments, Slider, Steps

PAGE = "numbers_and_patterns"
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SENTENCE = "The soup was delicious and the staff friendly."
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("kind", "train_share", "n_hidden", "n_epochs")},
    **{name: getattr(Config, name) for name in ("learning_rate", "batch_size", "seed")},
    "drawing": own.DRAWINGS[0],
    "sentence": SENTENCE,
    "digit": 9,
    "zoom": "whole",
    "row": 40,
    "column": 24,
}
controls = Controls(PAGE, DEFAULTS)


ROWS: tuple[Row, ...] = (
    Segments("kind", "What to turn into numbers", list(KINDS), basic=True,
             why="A photo, a sentence, a sound, or the values of a table row."),
    Own("thing", "Yours", lambda values: {"thing": _thing(values["kind"])}, section="Yours"),
    Slider(
        "train_share", "Known examples to learn from, %", 5, 100, 5, basic=True,
        section="The encoder",
        why="All of them stand on the map; only these are learned from.",
    ),
    Slider("n_hidden", "Hidden units (neurons)", 1, 24, 1, basic=True, section="The encoder",
           why="How many things it looks for."),
    Steps("learning_rate", "Learning rate", RATES, basic=True, section="The encoder",
          why="The length of a step."),
    Slider("batch_size", "Batch size", 10, 200, 10, section="The encoder",
           why="Examples in one step."),
    Slider("n_epochs", "Epochs", 5, 100, 5, section="The encoder",
           why="Passes over all examples."),
    rows.seed("The same seed gives the same first weights and order."),
)  # fmt: skip


def sidebar() -> tuple[Config, Thing]:
    """All controls in order: the configuration they say, and the learner's thing."""
    said = rows.draw(controls, ROWS, expanded=("Yours", "The encoder"))
    thing: Thing = said.pop("thing")
    return Config(**said), thing


def _thing(kind: str) -> Thing:
    """The learner's thing; a refused one is said, and the last good one stays."""
    choose = {"photo": _photo, "sentence": _sentence, "sound": _sound, "row": _row}[kind]
    given = f"{PAGE}-given-{kind}"
    try:
        thing, own_one = choose()
    except ValueError as error:
        kept: Thing | None = st.session_state.get(given)
        st.error(f"{error} The last good {kind} stays.")
        thing, own_one = kept or _FIRST[kind](), False
    if own_one:
        # While one upload replaces another there is none for a moment; the last one counts.
        st.session_state[given] = thing
    for note in thing.notes:
        st.caption(note)
    return thing


_FIRST: dict[str, Callable[[], Thing]] = {
    "photo": lambda: own.drawn(own.DRAWINGS[0]),
    "sentence": lambda: own.written(SENTENCE),
    "sound": lambda: own.spoken(9),
    "row": lambda: own.measured(own.first_row()),
}


def _photo() -> tuple[Thing, bool]:
    name = st.selectbox(
        "A ready one", own.DRAWINGS, **bound(f"{PAGE}_drawing"),
        help="Drawn by this program.",
    )  # fmt: skip
    upload = st.file_uploader(
        "Or upload a photo", key=f"{PAGE}-upload-photo",
        help="A piece of clothing on a plain ground works best.",
    )  # fmt: skip
    st.caption(f"{images.LIMITS}.")
    camera = None
    if st.toggle("Use the camera", key=f"{PAGE}-camera-on"):
        camera = st.camera_input("Take a photo", key=f"{PAGE}-camera")
    chosen = camera or upload
    if chosen is not None:
        return _photographed(chosen.getvalue(), chosen.name), True
    return own.drawn(name), False


@remembered
def _photographed(content: bytes, name: str) -> own.Photo:
    return own.photographed(content, name)


def _sentence() -> tuple[Thing, bool]:
    text = st.text_input(
        "An English sentence", SENTENCE, max_chars=own.MAX_LETTERS,
        **bound(f"{PAGE}_sentence"),
        help="About a product, a film or a restaurant works best.",
    )  # fmt: skip
    upload = st.file_uploader("Or a text file", key=f"{PAGE}-upload-sentence")
    st.caption(f"{texts.LIMITS}; of these, {own.MAX_LETTERS} here.")
    return (own.written(text) if upload is None else own.read_file(upload.getvalue())), True


def _sound() -> tuple[Thing, bool]:
    digit = st.selectbox(
        "A ready one: a person says", list(range(10)), 9, **bound(f"{PAGE}_digit"),
        help="Said by Allison Smith; the encoder learns from a speech program's voices only.",
    )  # fmt: skip
    recorded = st.audio_input("Or say a digit in English", key=f"{PAGE}-record")
    upload = st.file_uploader("Or upload a recording", key=f"{PAGE}-upload-sound")
    st.caption(f"{sounds.LIMITS}.")
    chosen = recorded or upload
    if chosen is None:
        return own.spoken(digit), False
    return own.heard(chosen.getvalue()), True


def _row() -> tuple[Thing, bool]:
    edited: Any = st.data_editor(
        {"measure": list(LABELS), "value": list(own.first_row())},
        hide_index=True, num_rows="fixed", disabled=["measure"], key=f"{PAGE}-row",
        column_config={"value": st.column_config.NumberColumn("yours")},
    )  # fmt: skip
    st.caption("Click a value and write the measure of your penguin.")
    return own.measured([_number(value) for value in edited["value"]]), True


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
