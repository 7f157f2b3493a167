"""Pictures that a learner uploads, checked before they are decoded."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageOps

from core.data.refusal import Refused
from core.data.signatures import picture_size, signature

MAX_BYTES = 10_000_000
# Only JPEG can be decoded at a reduced size; the others stand in memory as a whole.
MAX_PIXELS = {"JPEG": 25_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
MAX_PIXELS |= {"GIF": 12_000_000, "BMP": 12_000_000}
FORMATS = tuple(MAX_PIXELS)
MIN_SIDE = 8
MAX_SIDE = 1024
LIMITS = (
    f"PNG, JPEG, WEBP, GIF or BMP, at most {MAX_BYTES / 1e6:.0f} MB and "
    f"{MAX_PIXELS['PNG'] / 1e6:.0f} megapixels ({MAX_PIXELS['JPEG'] / 1e6:.0f} for JPEG)"
)
_ACCEPTED = "PNG, JPEG, WEBP, GIF and BMP pictures are accepted."
_ENDINGS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP"}
# A progressive picture has about ten scans; thousands would take minutes to decode.
_MAX_SCANS = 60


@dataclass(frozen=True)
class Image:
    """An upload as red, green and blue, and sentences for what was changed in it.

    Pixels alone are kept: no place, time or camera of the photograph.
    """

    pixels: NDArray[np.uint8]  # (height, width, 3), at most MAX_SIDE on a side, read-only
    notes: tuple[str, ...]


def read_image(content: bytes, name: str) -> Image:
    """Decode a picture, or raise `Refused` with a sentence for the learner."""
    picture = open_picture(content)
    notes = []
    ending = _ENDINGS.get(name.rpartition(".")[2].lower(), "")
    if ending and ending != signature(content):
        notes.append(
            f"The picture is a {signature(content)} file, although its name says {ending}."
        )
    turned = upright(picture)
    if turned is not picture:
        notes.append("The picture was turned upright as the camera noted.")
    if max(picture_size(content) or (0, 0)) > MAX_SIDE:
        turned = _reduced(turned)
        notes.append(f"The picture was reduced to {turned.width} x {turned.height} pixels.")
    pixels, converted = _red_green_blue(turned)
    pixels.setflags(write=False)
    return Image(pixels, (*notes, *([converted] if converted else [])))


def open_picture(content: bytes) -> PillowImage.Image:
    """Decode the first frame after judging bytes and header; JPEG at a reduced size."""
    _refuse_by_header(content)
    try:
        picture = PillowImage.open(io.BytesIO(content), formats=FORMATS)
        _refuse_size(picture.size, signature(content))
        picture.draft(None, _fitting(picture.size))
        picture.load()
    except Refused:
        raise
    # The decoders raise almost any kind of error on damaged content.
    except Exception:
        raise Refused(
            "damaged", f"The picture is damaged or cut off and cannot be decoded. {_ACCEPTED}"
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
    if kind in ("SVG", "TIFF", "ICO", "PDF", "HEIC or AVIF"):
        raise Refused("type", f"This is {kind} data. {_ACCEPTED}")
    if kind not in FORMATS:
        raise Refused("not_an_image", f"This is not a picture that can be read. {_ACCEPTED}")
    size = picture_size(content)
    if size is None or min(size) < 1:
        raise Refused("damaged", f"The picture states no size and cannot be decoded. {_ACCEPTED}")
    _refuse_size(size, kind)
    if kind == "JPEG" and content.count(b"\xff\xda") > _MAX_SCANS:
        raise Refused("damaged", "The picture has too many scans; save it as an ordinary JPEG.")


def _refuse_size(size: tuple[int, int], kind: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS[kind]:
        raise Refused(
            "too_many_pixels",
            f"The picture has {width * height / 1e6:.0f} megapixels; at most "
            f"{MAX_PIXELS[kind] / 1e6:.0f} are accepted in a {kind} file.",
        )
    # A long strip would lose its short side when it is reduced to MAX_SIDE.
    if min(size) * min(1, MAX_SIDE / max(size)) < MIN_SIDE:
        raise Refused(
            "too_small",
            f"The picture has {width} x {height} pixels; each side needs {MIN_SIDE} at least, "
            f"also when the longer one is reduced to {MAX_SIDE}.",
        )


def upright(picture: PillowImage.Image) -> PillowImage.Image:
    """The picture turned as its camera noted; the same object if there is nothing to do."""
    try:
        orientation = picture.getexif().get(0x0112, 1)
        return ImageOps.exif_transpose(picture) if orientation in range(2, 9) else picture
    # Broken notes of a camera are no reason to refuse its picture.
    except Exception:
        return picture


def _reduced(picture: PillowImage.Image) -> PillowImage.Image:
    if picture.mode in ("1", "P", "PA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.resize(_fitting(picture.size), PillowImage.Resampling.BOX)


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
        white = PillowImage.new("RGBA", clear.size, "white")
        flat = PillowImage.alpha_composite(white, clear).convert("RGB")
        return np.array(flat), "Transparent parts were laid on white."
    note = "Printing colours (CMYK) were converted." if picture.mode == "CMYK" else ""
    return np.array(picture.convert("RGB")), note
