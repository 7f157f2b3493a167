"""Drawings and photographs brought to the form of MNIST and Fashion-MNIST pictures."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageFilter

from core.data.refusal import Refused

Ink = NDArray[np.float32]
SIDE = 28
# MNIST scales the longest side of a digit to 20 pixels and puts its centre of mass at 14, 14.
DIGIT_SIDE = 20
CENTRE = 14
# Fainter than this counts as paper when the outline is looked for.
_FAINT = 0.1
_PHOTO_SIDE = 256
_STROKE = 16  # half the width of the broadest stroke, in pixels of 256
_LINE = 7  # pixels of 256, more than a ruled line is wide
_CORNER = 4  # pixels
_MIN_CONTRAST = 20.0  # grey levels
_RULED = 0.6  # of a side: what runs straight for so long is a line of the paper
_LEANING = 3  # pixels of 256 by which such a line may leave its row
_SMALLEST = 0.06  # of the longer side: smaller things are dust
_NOTHING = "No writing stands out in the photograph; use a dark pen on paper."


def centre_digit(ink: NDArray[np.floating]) -> Ink:
    """Scale and place ink (H, W) from 0 to 1 as MNIST does; shape (28, 28).

    The bounding box keeps its proportions: its longer side becomes 20 pixels by
    averaging areas, and the centre of mass goes to the middle of the picture.
    """
    digit = _scaled(_trimmed(ink), DIGIT_SIDE)
    mass = float(digit.sum())
    height, width = digit.shape
    top = _start(float(digit.sum(axis=1) @ np.arange(height)) / mass, height)
    left = _start(float(digit.sum(axis=0) @ np.arange(width)) / mass, width)
    field = np.zeros((SIDE, SIDE), dtype=np.float32)
    field[top : top + height, left : left + width] = digit
    return field


def _start(centre_of_mass: float, length: int) -> int:
    """Where to put the first pixel; uneven ink may not push the digit over the edge."""
    return int(np.clip(round(CENTRE - centre_of_mass), 0, SIDE - length))


def _trimmed(ink: NDArray[np.floating]) -> Ink:
    if ink.ndim != 2 or not np.isfinite(ink).all():
        raise ValueError(f"ink must be finite and of shape (H, W), got shape {ink.shape}")
    dark = ink > _FAINT
    if not dark.any():
        raise Refused("nothing_drawn", "Nothing is drawn yet; draw something to have it read.")
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    trimmed: Ink = np.clip(box, 0, 1).astype(np.float32)
    return trimmed


def _scaled(ink: Ink, longest: int) -> Ink:
    """Ink with its longer side at `longest` pixels: areas averaged, or smoothly enlarged."""
    height, width = ink.shape
    factor = longest / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = PillowImage.Resampling.BOX if factor <= 1 else PillowImage.Resampling.BILINEAR
    return np.asarray(PillowImage.fromarray(ink).resize(size, how), dtype=np.float32)


def photo_to_digit(rgb: NDArray[np.uint8]) -> Ink:
    """Find one written digit in a photograph (H, W, 3); shape (28, 28), ink 1.

    The paper is taken for a smooth surface of brightness, so that a shadow over it
    is not taken for ink; writing may be dark on light or light on dark.
    """
    from scipy.ndimage import grey_closing  # type: ignore[import-untyped]

    gray = _gray(rgb)
    distance = gray - _background(gray)
    # What is broad, as a shadow or a window's frame is, is no stroke. Paper between ruled
    # lines is narrow and lighter than they are, but no stroke of chalk.
    bare = grey_closing(gray, (_LINE, _LINE), mode="nearest")
    dark = _thin(gray)
    distance = np.clip(distance, -dark, _thin(255 - bare))
    noise = 6 * float(np.median(np.abs(distance)))
    strokes = _unruled(np.clip(distance, 0, None))
    if _strongest(_unruled(np.clip(-distance, 0, None))) > _strongest(strokes):
        # Beside a shadow a line is to be seen all along, which its distance does not show.
        strokes = _unruled(np.clip(dark - np.median(dark), 0, None))
    strongest = _strongest(strokes)
    if strongest < max(_MIN_CONTRAST, noise):
        raise Refused("nothing_drawn", _NOTHING)
    # A soft threshold keeps the grey edges that the digits of MNIST have.
    faint, full = max(0.3 * strongest, min(noise, 0.5 * strongest)), 0.7 * strongest
    ink = np.clip((strokes - faint) / (full - faint), 0, 1)
    return centre_digit(_written(ink))


def _strongest(strokes: Ink) -> float:
    return float(np.percentile(strokes, 99.9))


def _unruled(strokes: Ink) -> Ink:
    """Strokes (H, W) without the ruled lines of the paper, which run on for most of a side."""
    from scipy.ndimage import grey_dilation, grey_opening

    lines = np.zeros_like(strokes)
    for axis, side in enumerate(strokes.shape):
        # A line that is not quite level leaves its row: what is beside it counts as well.
        thick, long = [1, 1], [1, 1]
        thick[1 - axis], long[axis] = _LEANING, max(1, round(_RULED * side))
        straight = grey_opening(grey_dilation(strokes, thick), long)
        lines = np.maximum(lines, straight)
    found: Ink = np.clip(strokes - lines, 0, None)
    return found


def _written(ink: Ink) -> Ink:
    """The ink (H, W) that stands by itself: no line and no shadow from edge to edge, no dust."""
    from scipy.ndimage import binary_dilation, find_objects, label

    parts, n_parts = label(binary_dilation(ink > 0.5, iterations=2))
    kept = np.zeros(n_parts + 1, dtype=bool)
    for number, (rows, columns) in enumerate(find_objects(parts), start=1):
        sides = (rows.stop - rows.start, columns.stop - columns.start)
        across = any(side >= whole for side, whole in zip(sides, ink.shape, strict=True))
        kept[number] = not across and max(sides) >= _SMALLEST * max(ink.shape)
    if not kept.any():
        raise Refused("nothing_drawn", _NOTHING)
    near = binary_dilation(kept[parts], iterations=2)
    return np.where(near, ink, 0).astype(np.float32)


def _thin(gray: Ink) -> Ink:
    """How much darker a pixel is than the paper beside it: strokes, but no edge of a shadow.

    A closing fills what is darker and narrower than the window and leaves straight edges.
    """
    from scipy.ndimage import grey_closing

    side = _STROKE * 2 + 1
    # Turned about the border, as if a shadow's edge went straight on beyond it.
    around = np.pad(gray, side, mode="reflect", reflect_type="odd")
    closed = grey_closing(around, (side, side), mode="nearest")[side:-side, side:-side]
    return np.asarray(closed - gray, dtype=np.float32)


def _gray(rgb: NDArray[np.uint8]) -> Ink:
    """Brightness 0 to 255 of the picture, at most 256 pixels on a side."""
    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"rgb must have shape (H, W, 3), got {rgb.shape}")
    picture = PillowImage.fromarray(rgb).convert("L")
    if max(picture.size) > _PHOTO_SIDE:
        factor = _PHOTO_SIDE / max(picture.size)
        size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
        picture = picture.resize(size, PillowImage.Resampling.BOX)
        # Grains of paper and sensor go; a stroke is wider than one pixel here.
        picture = picture.filter(ImageFilter.MedianFilter(3))
    return np.asarray(picture, dtype=np.float32)


def _background(gray: Ink) -> Ink:
    """A quadratic surface through the pixels that are not writing."""
    height, width = gray.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = gray.reshape(-1)
    paper = np.abs(values - np.median(values)) < 60
    for _ in range(4):
        # Normal equations: 6 unknowns, well scaled on -1 to 1.
        kept = terms[paper]
        weights = np.linalg.lstsq(kept.T @ kept, kept.T @ values[paper], rcond=None)[0]
        distance = np.abs(values - terms @ weights)
        paper = distance <= max(3 * float(np.median(distance)), 4)
    surface: Ink = (terms @ weights).reshape(height, width).astype(np.float32)
    return surface


def photo_to_garment(rgb: NDArray[np.uint8]) -> Ink:
    """Cut out a piece of clothing as Fashion-MNIST does; shape (28, 28), ground 0.

    What stands out from the border is scaled to 28 pixels on its longer side and
    put in the middle; on a light ground the grey levels are turned round.
    """
    gray = _gray(rgb) / 255
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    ground = float(np.median(border))
    bright = 1 - gray if ground > 0.5 else gray
    piece = np.where(np.abs(gray - ground) > _FAINT, np.clip(bright, _FAINT * 1.01, 1), 0)
    if not (piece > 0).any():
        raise Refused("nothing_drawn", "Nothing stands out from the ground of the photograph.")
    if _reaches_a_corner(piece > 0):
        raise Refused(
            "nothing_drawn",
            "No single thing stands out: something other than the ground, or a shadow, reaches a "
            "corner of the photograph. Put one garment on a plain ground in even light.",
        )
    garment = _scaled(_trimmed(piece), SIDE)
    height, width = garment.shape
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    field = np.zeros((SIDE, SIDE), dtype=np.float32)
    field[top : top + height, left : left + width] = garment
    return field


def _reaches_a_corner(piece: NDArray[np.bool_]) -> bool:
    """Whether what is taken for the piece (H, W) fills a corner, as the edge of a shadow does."""
    ends = (slice(_CORNER), slice(-_CORNER, None))
    return any(bool(piece[rows, columns].all()) for rows in ends for columns in ends)
