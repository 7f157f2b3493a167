"""What goes into the network: a test picture, or the learner's own."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.digits import DATA
from core.data.images import LIMITS
from core.data.own_pictures import drawn, photographed
from core.store import remembered
from pages.elements import links
from pages.elements.sketchpad import digit_pad

SOURCES = ("Test image", "Draw", "Upload", "Photograph")
DEFAULTS = {"source": SOURCES[0], "picture": 0}


class Picture(NamedTuple):
    """28 × 28 grey levels, what they are called, and their class where it is known."""

    pixels: NDArray[np.uint8]
    caption: str
    truth: int | None = None


def choose_source(page: str) -> str:
    """Where the picture comes from: one of SOURCES."""
    return st.selectbox(
        "What goes into the network",
        SOURCES,
        key=f"{page}_source",
        bind="query-params",
    )


def choose_picture(page: str, data: str, source: str) -> Picture:
    """The picture the learner chose or made; the last good one while there is no other."""
    if source == SOURCES[0]:
        return _test_picture(page, data)
    kept = f"{page}-own-{data}"
    try:
        made = _own(page, data, source)
    except ValueError as error:
        st.error(str(error))
        made = None
    if made is not None:
        st.session_state[kept] = made
    last: Picture | None = st.session_state.get(kept)
    if last is not None:
        links.leaves_out("your image")
    if last is None:
        st.caption("Until there is an image of yours, test image 0 goes through.")
        return Picture(DATA[data]().x_test[0], "Test image 0", int(DATA[data]().y_test[0]))
    return last


def _test_picture(page: str, data: str) -> Picture:
    d = DATA[data]()
    row = st.number_input(
        "Test image",
        0,
        len(d.x_test) - 1,
        0,
        key=f"{page}_picture",
        bind="query-params",
        help="1,000 images that the network never learned from.",
    )
    return Picture(d.x_test[row], f"Test image {row}", int(d.y_test[row]))


def _own(page: str, data: str, source: str) -> Picture | None:
    if source == "Draw":
        label = "Draw a digit" if data == "mnist" else "Draw a piece of clothing"
        ink = digit_pad(f"{page}-pad", size=232, label=label)
        return None if ink is None else _noted(drawn(data, ink), "Your drawing")
    thing = "One digit, dark on light" if data == "mnist" else "One garment on a plain ground"
    if source == "Upload":
        file = st.file_uploader(thing, key=f"{page}-upload", help=LIMITS)
        st.caption(f"{LIMITS}. It is not stored.")
    else:
        file = st.camera_input(thing, key=f"{page}-camera")
    if file is None:
        return None
    return _noted(_read(data, file.getvalue(), file.name), "Your image")


def _noted(read: tuple[NDArray[np.uint8], tuple[str, ...]], caption: str) -> Picture:
    pixels, notes = read
    for note in notes:
        st.caption(note)
    return Picture(pixels, caption)


@remembered
def _read(data: str, content: bytes, name: str) -> Any:
    return photographed(data, content, name)
