"""Pictures a learner gives for classes of their own, kept for this visit only."""

import base64
import io
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from PIL import Image as PillowImage

from core.data.escaping import as_markdown
from core.data.images import LIMITS, read_image
from core.learning.transfer import own_classes_pictures
from core.learning.transfer.own_classes import MAX_PICTURES
from core.learning.transfer.own_classes_head import MAX_NAME, unlike
from core.networks.backbone import squared
from pages.learning.transfer.controls import PAGE

MINE = f"{PAGE}-mine"
NEW = f"{PAGE}-new"
FIRST_NAMES = ("Class A", "Class B", "Class C", "Class D", "Class E")
SOURCES = ("A ready one", "Upload", "Photograph")


class Own(NamedTuple):
    """One picture: a thumbnail and its features; the picture itself is let go."""

    digest: str
    thumbnail: NDArray[np.uint8]  # (48, 48, 3)
    features: own_classes_pictures.Floats  # (1280,)


class Set(NamedTuple):
    """Pictures to learn from: names of the classes, thumbnails, labels, and the digests."""

    classes: tuple[str, ...]
    thumbnails: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    pictures: tuple[tuple[str, int], ...]  # of the learner's own only


class New(NamedTuple):
    """A picture that the head has not seen."""

    thumbnail: NDArray[np.uint8]
    features: own_classes_pictures.Floats
    caption: str


def mine(n_classes: int) -> Set | None:
    """Columns to name and fill the classes; None while fewer than two have a picture."""
    held: dict[int, list[Own]] = st.session_state.setdefault(MINE, {})
    st.caption(
        f"At most {MAX_PICTURES} images a class: {LIMITS}. Of each image a thumbnail and "
        "1,280 numbers are kept while this page is open; nothing is stored."
    )
    _camera(n_classes, held)
    typed = [
        _class(column, label, held.setdefault(label, []))
        for label, column in enumerate(st.columns(n_classes))
    ]
    for sentence in st.session_state.get(f"{MINE}-errors", ()):
        st.error(sentence)
    names = unlike(typed)
    filled = [label for label in range(n_classes) if held.get(label)]
    return _set(names, filled, held) if len(filled) >= 2 else None


def _set(names: tuple[str, ...], filled: list[int], held: dict[int, list[Own]]) -> Set:
    every = [(place, own) for place, label in enumerate(filled) for own in held[label]]
    for _, own in every:
        own_classes_pictures.keep(
            own.digest, own.features
        )  # others' pictures may have pushed them out
    return Set(
        tuple(names[label] for label in filled),
        np.stack([own.thumbnail for _, own in every]),
        np.array([place for place, _ in every], np.uint8),
        tuple((own.digest, place) for place, own in every),
    )


def _class(column: Any, label: int, own: list[Own]) -> str:
    """One class: its name, a place to drop files on, its pictures."""
    named = f"{MINE}-name-{label}"
    with column:
        name: str = st.text_input(
            f"Name of class {label + 1}",
            st.session_state.get(f"{named}-kept", FIRST_NAMES[label]),
            max_chars=MAX_NAME,
            key=named,
        )
        st.session_state[f"{named}-kept"] = name
        files = st.file_uploader(
            f"Images of class {label + 1}",
            accept_multiple_files=True,
            key=f"{MINE}-files-{label}-{_token()}",
            help=LIMITS,
        )
        if files:
            _take([(file.name, file.getvalue()) for file in files], own)
        st.markdown(f"**{len(own)}** of {MAX_PICTURES} images")
        if own:
            thumbnails = [each.thumbnail for each in own]
            st.image(thumbnails, width=48, alt=[f"Image {n}" for n, _ in enumerate(own, 1)])
            if st.button("Remove all", key=f"{MINE}-clear-{label}", icon=":material/delete:"):
                own.clear()
                st.rerun()
    return name


def _camera(n_classes: int, held: dict[int, list[Own]]) -> None:
    if not st.toggle("Use the camera", key=f"{MINE}-camera-on"):
        return
    label = st.segmented_control(
        "The photo shows",
        range(n_classes),
        default=0,
        required=True,
        format_func=lambda place: f"class {place + 1}",
        key=f"{MINE}-camera-class-{n_classes}",
    )
    photo = st.camera_input("One thing, large in the image", key=f"{MINE}-camera-{_token()}")
    if photo is not None:
        _take([("The photo", photo.getvalue())], held.setdefault(label, []))


def _token() -> int:
    """Counts up with every file taken, so that the browser's copies are let go."""
    return int(st.session_state.setdefault(f"{MINE}-token", 0))


def _take(files: list[tuple[str, bytes]], own: list[Own]) -> None:
    """Add what can be read to a class; remember a sentence for what cannot."""
    room = MAX_PICTURES - len(own)
    errors = []
    if len(files) > room:
        errors.append(f"{len(files)} images were given, {room} more fit; the rest is left out.")
    for name, content in files[:room]:
        try:
            own.append(_read(name, content))
        except ValueError as error:
            errors.append(f"{as_markdown(name[:60])}: {error} The other images stay.")
    st.session_state[f"{MINE}-errors"] = tuple(errors)
    st.session_state[f"{MINE}-token"] = _token() + 1
    st.rerun()


def _read(name: str, content: bytes) -> Own:
    square = squared(read_image(content, name).pixels)
    return Own(
        own_classes_pictures.digest(square),
        own_classes_pictures.thumbnail(square),
        own_classes_pictures.features(square),
    )


def new(ready: str, of_mine: bool) -> New:
    """A picture the learner chose or made to be judged; the last good one at least."""
    source = st.segmented_control(
        "Image",
        SOURCES,
        default=SOURCES[of_mine],  # one's own classes want pictures of one's own
        required=True,
        key=f"{NEW}-source-{int(of_mine)}",
    )
    if source == SOURCES[0]:
        shown = own_classes_pictures.ready_pictures(ready, "test")
        # Labels come in order: every seventh picture shows another class soon.
        last = len(shown.labels) - 1
        place = st.number_input("Ready image", 0, last, 0, key=f"{NEW}-place-{ready}")
        row = int(place) * 7 % len(shown.labels)
        truth = own_classes_pictures.READY[ready].classes[shown.labels[row]]
        features = own_classes_pictures.ready_features()[shown.rows[row]]
        return New(shown.thumbnails[row], features, f"{truth}; never learned from")
    _give(source)
    kept: New | None = st.session_state.get(NEW)
    if kept is None:
        shown = own_classes_pictures.ready_pictures(ready, "test")
        features = own_classes_pictures.ready_features()[shown.rows[0]]
        return New(shown.thumbnails[0], features, "Until there is an image of yours")
    return kept


def _give(source: str) -> None:
    token = int(st.session_state.setdefault(f"{NEW}-token", 0))
    if source == "Upload":
        file = st.file_uploader("An image", key=f"{NEW}-upload-{token}", help=LIMITS)
        st.caption(f"{LIMITS}. It is not stored.")
    else:
        file = st.camera_input("One thing, large in the image", key=f"{NEW}-camera")
    if file is not None and st.session_state.get(f"{NEW}-file") != file.file_id:
        st.session_state[f"{NEW}-file"] = file.file_id
        st.session_state[f"{NEW}-error"] = ""
        try:
            own = _read(file.name, file.getvalue())
            st.session_state[NEW] = New(own.thumbnail, own.features, "Your image")
        except ValueError as error:
            st.session_state[f"{NEW}-error"] = f"{error} The last good image stays."
        if source == "Upload":
            st.session_state[f"{NEW}-token"] = token + 1
            st.rerun(scope="fragment")
    if st.session_state.get(f"{NEW}-error"):
        st.error(st.session_state[f"{NEW}-error"])


def table(chosen: Set, p: NDArray[np.float32]) -> None:
    """Every picture with the probabilities (N, C) that a head without it gives."""
    right = p[np.arange(len(p)), chosen.labels]
    order = np.argsort(right, kind="stable")
    frame = pd.DataFrame(100 * p[order], columns=[str(place) for place in range(p.shape[1])])
    frame.insert(0, "picture", [_as_address(chosen.thumbnails[row]) for row in order])
    frame.insert(1, "class", [chosen.classes[chosen.labels[row]] for row in order])
    said = {
        str(place): st.column_config.ProgressColumn(
            name, min_value=0, max_value=100, format="%.0f %%"
        )
        for place, name in enumerate(chosen.classes)
    }
    st.dataframe(
        frame,
        column_config={"picture": st.column_config.ImageColumn("picture"), **said},
        hide_index=True,
        row_height=52,
        height=420,
        key=f"{PAGE}-left-out",
    )


def _as_address(pixels: NDArray[np.uint8]) -> str:
    content = io.BytesIO()
    PillowImage.fromarray(pixels).save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
