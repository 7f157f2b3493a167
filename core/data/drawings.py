"""What a learner draws in the browser: points of the plane and ink on a small field.

The browser is not to be trusted: everything is checked, and nothing is fetched.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from core.data.images import open_picture
from core.data.planar import EDGE
from core.data.refusal import Refused

SIDE = 28
MIN_POINTS = 4
MAX_POINTS = 500
MAX_LINK_POINTS = 200
_MAX_TEXT = 200_000
# Ink whose longer side is below this share of the field is called small.
_SMALL = 0.25
_DATA_URL = "data:image/png;base64,"
# Two decimals are finer than a pixel of the plane on any screen.
_COORDINATE = re.compile(r"-?[0-9](?:\.[0-9]{1,2})?")


@dataclass(frozen=True)
class Points:
    """Points drawn on the plane with their labels, and sentences for what was mended."""

    points: NDArray[np.float32]  # (N, 2), within -6 to 6
    labels: NDArray[np.float32]  # (N,), -1 or 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ink:
    """A drawing on the field; 0 is paper and 1 is ink."""

    pixels: NDArray[np.float32]  # (28, 28)
    notes: tuple[str, ...] = ()


def read_points(value: object) -> Points:
    """Read points {x, y, c} from JSON or from what JSON gives; class c is 0 or 1 (or -1).

    Points outside the plane are moved to its edge, with a note.
    """
    items = _items(value)
    if not items:
        raise Refused("nothing_drawn", "No points are drawn yet; click into the plane.")
    if len(items) > MAX_POINTS:
        raise Refused("too_many_points", f"At most {MAX_POINTS} points can be drawn.")
    rows = np.array([_point(item) for item in items])
    if len(rows) < MIN_POINTS:
        raise Refused("too_few_points", f"At least {MIN_POINTS} points are needed.")
    points = np.clip(rows[:, :2], -EDGE, EDGE)
    notes = []
    if n_outside := int((points != rows[:, :2]).any(axis=1).sum()):
        points_were = (
            "1 point outside the plane was"
            if n_outside == 1
            else (f"{n_outside} points outside the plane were")
        )
        notes.append(f"{points_were} moved to its edge.")
    places = {tuple(row) for row in points.tolist()}
    if len({(*place, label) for *place, label in np.c_[points, rows[:, 2]].tolist()}) > len(places):
        notes.append("Some points lie at the same place with both classes: no model can fit them.")
    return Points(points.astype(np.float32), rows[:, 2].astype(np.float32), tuple(notes))


def _items(value: object) -> list[Any]:
    if isinstance(value, str):
        value = _from_json(value)
    if isinstance(value, dict):
        value = value.get("points")
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _bad_points()
    return list(value)


def _from_json(text: str) -> object:
    if len(text) > _MAX_TEXT:
        raise _bad_points()
    try:
        return json.loads(text)
    # Thousands of nested brackets end in a RecursionError.
    except (ValueError, RecursionError):
        raise _bad_points() from None


def _point(item: object) -> tuple[float, float, float]:
    if not isinstance(item, dict):
        raise _bad_points()
    x, y, label = (_finite(item.get(key)) for key in ("x", "y", "c"))
    if label not in (-1, 0, 1):
        raise _bad_points()
    return x, y, 1.0 if label == 1 else -1.0


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad_points()
    try:
        number = float(value)
    except OverflowError:
        raise _bad_points() from None
    if not math.isfinite(number):
        raise _bad_points()
    return number


def _bad_points() -> Refused:
    return Refused(
        "bad_points", "The points cannot be read; each needs numbers for x and y and class 0 or 1."
    )


def encode_points(points: NDArray[np.floating], labels: NDArray[np.floating]) -> str:
    """Points as text for a link, like "1.25,-3.4,1;0,2,-1", to two decimals."""
    if len(points) > MAX_LINK_POINTS:
        raise ValueError(f"points must be at most {MAX_LINK_POINTS}, got {len(points)}")
    if len(points) and not (np.abs(points) <= EDGE).all():
        raise ValueError(f"points must lie between -{EDGE:g} and {EDGE:g}")
    return ";".join(
        ",".join(_short(float(value)) for value in (*point, label))
        for point, label in zip(points, labels, strict=True)
    )


def _short(value: float) -> str:
    # Adding zero turns a rounded -0.0 into 0.0.
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def decode_points(text: str) -> Points:
    """Read points from a link; every letter out of place refuses the whole text."""
    parts = text.split(";", MAX_LINK_POINTS) if text else []
    if len(parts) > MAX_LINK_POINTS:
        raise Refused("bad_points", f"A link holds at most {MAX_LINK_POINTS} points.")
    rows = [_linked_point(part) for part in parts]
    if len(rows) < MIN_POINTS:
        raise Refused("too_few_points", f"A link must hold {MIN_POINTS} points or more.")
    table = np.array(rows, dtype=np.float32)
    return Points(table[:, :2], table[:, 2])


def _linked_point(part: str) -> tuple[float, float, float]:
    values = part.split(",", 3)
    if len(values) != 3 or not all(_COORDINATE.fullmatch(value) for value in values):
        raise Refused("bad_points", "The points of the link are damaged or cut off.")
    x, y, label = map(float, values)
    if max(abs(x), abs(y)) > EDGE or label not in (-1, 1):
        raise Refused("bad_points", "The link has a point outside the plane or without a class.")
    return x, y, label


def read_ink(value: object) -> Ink:
    """Read a drawing of 28 x 28 from what a sketchpad sends.

    Accepted are 784 grey values as bytes, as base64 or as a list, and a data URL
    of a PNG picture of any size. A link to a picture is refused, never opened.
    """
    if value is None or value == "":
        raise Refused("nothing_drawn", "Nothing is drawn yet; draw something to have it read.")
    pixels = _field(value)
    dark = pixels > 0.1
    if not dark.any():
        raise Refused("nothing_drawn", "Nothing is drawn yet; draw something to have it read.")
    if dark.mean() > 0.9:
        return Ink(pixels, ("Nearly the whole field is filled, so no shape can be seen.",))
    if max(np.ptp(edge) + 1 for edge in np.nonzero(dark)) < _SMALL * SIDE:
        return Ink(pixels, ("The drawing is tiny and will be enlarged; draw larger.",))
    return Ink(pixels)


def _field(value: object) -> NDArray[np.float32]:
    if isinstance(value, str):
        if value.startswith(_DATA_URL):
            return _ink_of_picture(_decoded(value.removeprefix(_DATA_URL)))
        value = _decoded(value)
    if isinstance(value, bytes | bytearray):
        levels = np.frombuffer(value, dtype=np.uint8).astype(np.float64)
    elif isinstance(value, list | tuple):
        levels = _levels(value)
    else:
        raise _not_ink()
    if levels.size != SIDE * SIDE:
        raise _not_ink()
    return (levels / 255).astype(np.float32).reshape(SIDE, SIDE)


def _levels(value: Sequence[object]) -> NDArray[np.float64]:
    """Grey values of a flat list, or of 28 rows."""
    nested = len(value) == SIDE and all(isinstance(row, list | tuple) for row in value)
    flat = [level for row in value for level in row] if nested else value  # type: ignore[attr-defined]
    if len(flat) != SIDE * SIDE:
        raise _not_ink()
    levels = [level for level in flat if isinstance(level, int | float) and 0 <= level <= 255]
    if len(levels) < len(flat):
        raise _not_ink()
    return np.array(levels, dtype=np.float64)


def _decoded(text: str) -> bytes:
    if len(text) > _MAX_TEXT:
        raise _not_ink()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _not_ink() from None


def _ink_of_picture(content: bytes) -> NDArray[np.float32]:
    """Ink of a canvas: what is opaque, or on an opaque ground what differs from its border."""
    picture = open_picture(content)
    if picture.has_transparency_data:
        gray = picture.convert("RGBA").getchannel("A")
    else:
        gray = picture.convert("L")
    small = gray.resize((SIDE, SIDE), PillowImage.Resampling.BOX)
    ink: NDArray[np.float32] = np.asarray(small, dtype=np.float32) / np.float32(255)
    on_paper = not picture.has_transparency_data and np.ptp(ink) > 0.1
    border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    if on_paper and np.median(border) > 0.5:
        ink = np.float32(1) - ink
    return ink


def _not_ink() -> Refused:
    return Refused(
        "not_an_image", "The drawing cannot be read; it must come from the field on this page."
    )
