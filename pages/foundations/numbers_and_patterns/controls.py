"""The controls of the page on numbers and patterns, and the learner's own thing."""

from collections.abc import Callable
from functools import partial
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
from pages.elements import links, rows
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
    """The learner's thing; a refused one is said, and the last good one stays.

    What was uploaded or recorded stays until another ready one is chosen: Streamlit forgets it
    when another page is opened, and while one upload replaces another.
    """
    choose = {"photo": _photo, "sentence": _sentence, "sound": _sound, "row": _row}[kind]
    ready, given = choose()
    last: tuple[Any, Thing, bool] | None = st.session_state.get(f"{PAGE}-thing-{kind}")
    try:
        if given is not None:
            last = ready, given(), True
        elif last is None or last[0] != ready:
            last = ready, _READY[kind](ready), False
    except ValueError as error:
        st.error(f"{error} The last good {kind} stays.")
        last = last or (ready, _READY[kind](_FIRST[kind]), False)
    st.session_state[f"{PAGE}-thing-{kind}"] = last
    if last[2] or (kind == "row" and ready != _FIRST["row"]):
        links.leaves_out(f"your {kind}")
    for note in last[1].notes:
        st.caption(note)
    return last[1]


_READY: dict[str, Callable[[Any], Thing]] = {
    "photo": own.drawn,
    "sentence": own.written,
    "sound": own.spoken,
    "row": own.measured,
}
_FIRST = {"photo": own.DRAWINGS[0], "sentence": SENTENCE, "sound": 9, "row": own.first_row()}
# A ready one, and what makes the learner's own where one was given.
Given = tuple[Any, Callable[[], Thing] | None]


def _photo() -> Given:
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
    return name, None if chosen is None else partial(_photographed, chosen.getvalue(), chosen.name)


@remembered
def _photographed(content: bytes, name: str) -> own.Photo:
    return own.photographed(content, name)


def _sentence() -> Given:
    text = st.text_input(
        "An English sentence", SENTENCE, max_chars=own.MAX_LETTERS,
        **bound(f"{PAGE}_sentence"),
        help="About a product, a film or a restaurant works best.",
    )  # fmt: skip
    upload = st.file_uploader("Or a text file", key=f"{PAGE}-upload-sentence")
    st.caption(f"{texts.LIMITS}; of these, {own.MAX_LETTERS} here.")
    return text, None if upload is None else partial(own.read_file, upload.getvalue())


def _sound() -> Given:
    digit = st.selectbox(
        "A ready one: a person says", list(range(10)), 9, **bound(f"{PAGE}_digit"),
        help="Said by Allison Smith; the encoder learns from a speech program's voices only.",
    )  # fmt: skip
    recorded = st.audio_input("Or say a digit in English", key=f"{PAGE}-record")
    upload = st.file_uploader("Or upload a recording", key=f"{PAGE}-upload-sound")
    st.caption(f"{sounds.LIMITS}.")
    chosen = recorded or upload
    return digit, None if chosen is None else partial(own.heard, chosen.getvalue())


def _row() -> Given:
    edited: Any = st.data_editor(
        {"measure": list(LABELS), "value": list(own.first_row())},
        hide_index=True, num_rows="fixed", disabled=["measure"], key=f"{PAGE}-row",
        column_config={"value": st.column_config.NumberColumn("yours")},
    )  # fmt: skip
    st.caption("Click a value and write the measure of your penguin.")
    return tuple(_number(value) for value in edited["value"]), None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
