"""Pictures that a learner uploads, checked before they are decoded."""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from core.data.refusal import Refused
from core.data.signatures import jpeg_coefficients, n_parts, picture_size, signature
from core.store import remembered

MAX_BYTES = 10_000_000
# Only JPEG can be decoded at a reduced size; the others stand in memory as a whole, and the
# decoder of WEBP holds several copies.
MAX_PIXELS = {"JPEG": 25_000_000, "PNG": 25_000_000, "GIF": 25_000_000, "BMP": 25_000_000}
MAX_PIXELS |= {"WEBP": 4_000_000}
MAX_DECODED = 50_000_000  # bytes
FORMATS = tuple(MAX_PIXELS)
MIN_SIDE = 8
MAX_SIDE = 1024
LIMITS = (
    f"JPEG, PNG, GIF, BMP or WEBP, at most {MAX_BYTES / 1e6:.0f} MB and "
    f"{MAX_PIXELS['JPEG'] / 1e6:.0f} megapixels ({MAX_DECODED / 4e6:.0f} in a coloured PNG, "
    f"{MAX_PIXELS['WEBP'] / 1e6:.0f} in a WEBP)"
)
_ACCEPTED = "PNG, JPEG, WEBP, GIF and BMP images are accepted."
_IPHONE = "On an iPhone choose Settings, Camera, Formats, Most Compatible."
_ENDINGS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP"}
# A progressive picture has about ten scans; thousands would take minutes to decode.
_MAX_SCANS = 60
# Of a JPEG stored in several passes, two bytes each: 24 megapixels with colours at half size.
_MAX_COEFFICIENTS = 36_500_000
_MAX_PASSED = 600_000_000  # coefficients times passes over them
_MAX_PARTS = 60_000
_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # four of any other mode
_BAND = 64  # rows of the reduced picture that are made at a time
_BLANK = 8  # grey levels between the darkest and the lightest of 64 x 64 parts
_LIGHT = 170  # drawn on a clear ground in a lighter grey than this, white would hide it
_TURNS = {
    2: PillowImage.Transpose.FLIP_LEFT_RIGHT,
    3: PillowImage.Transpose.ROTATE_180,
    4: PillowImage.Transpose.FLIP_TOP_BOTTOM,
    5: PillowImage.Transpose.TRANSPOSE,
    6: PillowImage.Transpose.ROTATE_270,
    7: PillowImage.Transpose.TRANSVERSE,
    8: PillowImage.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Image:
    """An upload as red, green and blue, and sentences for what was changed in it.

    Pixels alone are kept: no place, time or camera of the photograph.
    """

    pixels: NDArray[np.uint8]  # (height, width, 3), at most MAX_SIDE on a side, read-only
    notes: tuple[str, ...]


@remembered
def read_image(content: bytes, name: str) -> Image:
    """Decode a picture, or raise `Refused` with a sentence for the learner."""
    picture = open_picture(content)
    notes = []
    ending = _ENDINGS.get(name.rpartition(".")[2].lower(), "")
    if ending and ending != signature(content):
        notes.append(f"The image is a {signature(content)} file, although its name says {ending}.")
    if _moves(picture, content):
        notes.append("The image is animated; only its first frame is used.")
    turn = _turn(picture)
    if max(picture_size(content) or (0, 0)) > MAX_SIDE:
        picture = _reduced(picture)
    if turn is not None:
        picture = picture.transpose(turn)
        notes.append("The image was turned upright as the camera noted.")
    if max(picture_size(content) or (0, 0)) > MAX_SIDE:
        notes.append(f"The image was reduced to {picture.width} x {picture.height} pixels.")
    pixels, converted = _red_green_blue(picture)
    _refuse_blank(pixels)
    pixels.setflags(write=False)
    return Image(pixels, (*notes, *([converted] if converted else [])))


def open_picture(content: bytes) -> PillowImage.Image:
    """Decode the first frame after judging bytes and header; JPEG at a reduced size."""
    _refuse_by_header(content)
    try:
        picture = PillowImage.open(io.BytesIO(content), formats=FORMATS)
        _refuse_size(picture.size, signature(content))
        _refuse_depth(picture, signature(content))
        picture.draft(None, _fitting(picture.size))
        picture.load()
    except Refused:
        raise
    # The decoders raise almost any kind of error on damaged content.
    except Exception:
        raise Refused(
            "damaged", f"The image is damaged or cut off and cannot be decoded. {_ACCEPTED}"
        ) from None
    return picture


def _refuse_by_header(content: bytes) -> None:
    if not content:
        raise Refused("empty", f"The file is empty. {_ACCEPTED}")
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_big",
            f"The file has {len(content) / 1e6:.1f} MB; "
            f"at most {MAX_BYTES / 1e6:.0f} MB are accepted.",
        )
    kind = signature(content)
    if kind == "HEIC or AVIF":
        raise Refused("type", f"This is {kind} data. {_ACCEPTED} {_IPHONE}")
    if kind in ("SVG", "TIFF", "ICO", "PDF", "JPEG XL"):
        raise Refused("type", f"This is {kind} data. {_ACCEPTED}")
    if kind not in FORMATS:
        raise Refused("not_an_image", f"This is not an image that can be read. {_ACCEPTED}")
    size = picture_size(content)
    if size is None or min(size) < 1:
        raise Refused("damaged", f"The image states no size and cannot be decoded. {_ACCEPTED}")
    _refuse_size(size, kind)
    if n_parts(content, _MAX_PARTS)[0] == _MAX_PARTS:
        raise Refused("damaged", f"The image has {_MAX_PARTS:,} parts or more; save it again.")
    if kind == "JPEG":
        _refuse_passes(content)


def _refuse_passes(content: bytes) -> None:
    """A JPEG stored in passes is held at its full size, whatever size is asked for."""
    n_passes = content.count(b"\xff\xda")
    n_coefficients = jpeg_coefficients(content)
    if n_coefficients > _MAX_COEFFICIENTS:
        raise Refused(
            "too_many_pixels",
            "The image is a progressive JPEG, which needs too much memory at this size; "
            "save it as an ordinary (baseline) JPEG, or make it half as wide.",
        )
    if n_passes > _MAX_SCANS or n_coefficients * n_passes > _MAX_PASSED:
        raise Refused("damaged", "The image has too many scans; save it as an ordinary JPEG.")


def _refuse_size(size: tuple[int, int], kind: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS[kind]:
        raise Refused(
            "too_many_pixels",
            f"The image has {width * height / 1e6:.0f} megapixels; at most "
            f"{MAX_PIXELS[kind] / 1e6:.0f} are accepted in a {kind} file.",
        )
    # A long strip would lose its short side when it is reduced to MAX_SIDE.
    if min(size) * min(1, MAX_SIDE / max(size)) < MIN_SIDE:
        raise Refused(
            "too_small",
            f"The image has {width} x {height} pixels; each side needs {MIN_SIDE} at least, "
            f"also when the longer one is reduced to {MAX_SIDE}.",
        )


def _refuse_depth(picture: PillowImage.Image, kind: str) -> None:
    """A picture that is decoded as a whole must fit into MAX_DECODED."""
    n_bytes = picture.width * picture.height * _BYTES_A_PIXEL.get(picture.mode, 4)
    if kind in ("PNG", "GIF", "BMP") and n_bytes > MAX_DECODED:
        raise Refused(
            "too_many_pixels",
            f"The image has {picture.width * picture.height / 1e6:.0f} megapixels in full "
            f"colour; at most {MAX_DECODED / 4e6:.0f} are accepted in a {kind} file. "
            "Save it as JPEG.",
        )


def _moves(picture: PillowImage.Image, content: bytes) -> bool:
    if picture.format == "GIF":
        return n_parts(content, _MAX_PARTS)[1] > 1
    return bool(getattr(picture, "is_animated", False))


def _turn(picture: PillowImage.Image) -> PillowImage.Transpose | None:
    """How the picture must be turned to stand as its camera noted."""
    try:
        return _TURNS.get(picture.getexif().get(0x0112, 1))
    # Broken notes of a camera are no reason to refuse its picture.
    except Exception:
        return None


def _reduced(picture: PillowImage.Image) -> PillowImage.Image:
    """The picture with MAX_SIDE on its longer side, made band by band: areas are averaged."""
    width, height = _fitting(picture.size)
    scale = picture.height / height
    bands = []
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        low, high = top * scale, min((top + rows) * scale, picture.height)
        first = int(low)
        band = _plain(picture.crop((0, first, picture.width, math.ceil(high))))
        box = (0, low - first, picture.width, min(high - first, band.height))
        bands.append(band.resize((width, rows), PillowImage.Resampling.BOX, box))
    reduced = PillowImage.new(bands[0].mode, (width, height))
    for place, band in enumerate(bands):
        reduced.paste(band, (0, place * _BAND))
    return reduced


def _plain(picture: PillowImage.Image) -> PillowImage.Image:
    """Colours that can be averaged, in the place of numbers of colours."""
    if picture.mode in ("1", "P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.has_transparency_data and "A" not in picture.mode:
        return picture.convert("RGBA")
    return picture


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The size with the same proportions that has MAX_SIDE on its longer side."""
    factor = min(1, MAX_SIDE / max(size))
    return round(size[0] * factor), round(size[1] * factor)


def _red_green_blue(picture: PillowImage.Image) -> tuple[NDArray[np.uint8], str]:
    """Pixels (height, width, 3), and what had to be converted."""
    if picture.mode.startswith("I"):
        # convert("RGB") would cut 16-bit values off at 255 and leave white.
        gray = np.clip(np.asarray(picture, dtype=np.float64) / 257, 0, 255)
        eight = np.rint(gray).astype(np.uint8)
        return np.repeat(eight[:, :, None], 3, axis=2), "16 bits a pixel were scaled to 8."
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        ground = _ground(clear)
        flat = PillowImage.alpha_composite(PillowImage.new("RGBA", clear.size, ground), clear)
        return np.array(flat.convert("RGB")), f"Transparent parts were laid on {ground}."
    note = "Printing colours (CMYK) were converted." if picture.mode == "CMYK" else ""
    return np.array(picture.convert("RGB")), note


def _ground(clear: PillowImage.Image) -> str:
    """White, or black under what is drawn in a light colour on a ground mostly clear."""
    opaque = np.asarray(clear.getchannel("A"), dtype=np.float32)
    gray = np.asarray(clear.convert("RGB").convert("L"), dtype=np.float32)
    drawn = float(opaque.sum())
    is_light = drawn > 0 and float((gray * opaque).sum()) / drawn > _LIGHT
    return "black" if is_light and opaque.mean() < 128 else "white"


def _refuse_blank(pixels: NDArray[np.uint8]) -> None:
    """A picture of one colour shows nothing; the noise of a camera is no shape."""
    small = PillowImage.fromarray(pixels)
    small = small.resize((min(64, small.width), min(64, small.height)), PillowImage.Resampling.BOX)
    if np.ptp(np.asarray(small), axis=(0, 1)).max() < _BLANK:
        raise Refused("blank", "The image is of one colour all over; nothing is to be seen in it.")
