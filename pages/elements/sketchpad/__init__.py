"""Pads for the learner's own input: a digit in ink, points on a plane, a curve."""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.elements import links

MAX_POINTS = 500  # as many as core.data.drawings.read_points accepts
MAX_CLASSES = 5  # as many as there are shapes
_HERE = Path(__file__).parent


def _source(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


_DIGIT = st.components.v2.component(
    "explorer_digit_pad",
    js=_source("pad.js", "strokes.js", "ink.js"),
    css=_source("sketchpad.css"),
)
_POINTS = st.components.v2.component(
    "explorer_points_pad",
    js=_source("pad.js", "plane.js", "points.js"),
    css=_source("sketchpad.css"),
)
_CURVE = st.components.v2.component(
    "explorer_curve_pad",
    js=_source("pad.js", "curve.js"),
    css=_source("sketchpad.css"),
)


def digit_pad(
    key: str, *, size: int = 280, label: str = "Draw a digit", clear_token: int = 0
) -> str | None:
    """Base64 of the 28 × 28 ink drawn (uint8, 0 paper … 255 ink), None while blank.

    Another `clear_token` empties the paper; ink drawn under an earlier one is dropped, even
    when it arrives late.
    """
    _check_size(size)
    image = _drawn(key, "ink", "image", clear_token)
    data = {"label": label, "size": size, "token": clear_token}
    if image is not None:
        links.leaves_out("your drawing")
    _DIGIT(key=key, data=data | {"key": key, "holds": image is not None})
    return image


def points_pad(
    key: str,
    *,
    points: Sequence[tuple[float, float, int]],
    classes: Sequence[str] = ("A", "B"),
    extent: float = 6.0,
    size: int = 360,
    label: str = "Points on a plane",
) -> str:
    """JSON of the points {x, y, c} on the plane −extent … extent; at first the ones given.

    The browser's text comes back unread: `core.data.drawings.read_points` checks it.
    Other given points, classes or extent replace what was drawn: give the same ones until
    the learner chooses another start.
    """
    _check_size(size)
    if not 1 <= len(classes) <= MAX_CLASSES:
        raise ValueError(f"classes must be 1 to {MAX_CLASSES} names, got {len(classes)}")
    data = {"label": label, "size": size, "limit": MAX_POINTS, "extent": extent}
    start = {"start": [list(point) for point in points], "classes": list(classes)}
    token = zlib.crc32(json.dumps([start, extent]).encode())
    text = _drawn(key, "drawn", "text", token)
    _POINTS(key=key, data=data | start | {"key": key, "token": token, "holds": text is not None})
    return _as_json(points) if text is None else text


def drawn_curve(key: str, start: Sequence[float]) -> str | None:
    """JSON of the numbers drawn over `start`, unread, None while it is as it was given."""
    drawn = _drawn(key, "drawn", "text", _curve_token(start))
    if drawn is not None:
        links.leaves_out("your drawing")
    return drawn


def curve_pad(key: str, *, start: Sequence[float], label: str = "A curve", **answer: Any) -> None:
    """A curve to draw over `start`, with what is answered to the one drawn so far.

    `answer`: `places` of the numbers and the `axis` they lie on, `low` and `high` of the
    field, the `restored` curve, its `error`, those of others (`errors`), the `threshold`
    and the `span` of the error axis in powers of ten. Ask `drawn_curve` for the drawing
    first; another `start` replaces it.
    """
    token = _curve_token(start)
    data = {"key": key, "label": label, "token": token, "start": list(start), **answer}
    _CURVE(key=key, data=data | {"holds": _drawn(key, "drawn", "text", token) is not None})


def _curve_token(start: Sequence[float]) -> int:
    return zlib.crc32(json.dumps(list(start)).encode())


def _as_json(points: Sequence[tuple[float, float, int]]) -> str:
    return json.dumps({"points": [{"x": x, "y": y, "c": c} for x, y, c in points]})


def _check_size(size: int) -> None:
    if not 140 <= size <= 720:
        raise ValueError(f"size must be between 140 and 720 pixels, got {size}")


def _drawn(key: str, state: str, part: str, token: int) -> str | None:
    """What the browser last sent under this token, if anything."""
    value = st.session_state.get(key)
    sent = value.get(state) if isinstance(value, Mapping) else None
    if not isinstance(sent, Mapping) or sent.get("token") != token:
        return None
    drawn = sent.get(part)
    return drawn if isinstance(drawn, str) else None
