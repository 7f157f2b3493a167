"""Text out of the bytes of a file: other formats are refused, the encoding is found."""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice

from core.data.refusal import Refused
from core.data.signatures import ARCHIVES, signature

MAX_BYTES = 5_000_000
MAX_LINES = 1_000_000
MAX_LINE = 50_000  # bytes; longer ones are no table
ACCEPTED = "A CSV file is accepted: text with one row on each line."

_PICTURES = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "ICO")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BROKEN_UTF8 = "utf-8 with broken bytes"
_BROKEN = "\ufffd"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\[{"]|-?[0-9])|<[!?a-zA-Z])')


def encoding_of(content: bytes) -> str:
    """The encoding of a text; raises `Refused` for what is no text or far too long."""
    _refuse_other_formats(content)
    _refuse_endless(content)
    return _encoding(content)


def _refuse_other_formats(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_big",
            f"The file has {len(content) / 1e6:.1f} MB; "
            f"at most {MAX_BYTES / 1e6:.0f} MB are accepted.",
        )
    name = signature(content)
    if name in ARCHIVES:
        raise Refused(
            "compressed",
            f"This is a compressed file ({name}) or an Excel workbook; unpack it "
            "or save it as CSV first.",
        )
    if name:
        raise Refused("binary" if name in _PICTURES else "type", f"This is {name} data. {ACCEPTED}")
    if not content.startswith(tuple(bom for bom, _ in _BOMS)) and _CONTROL.search(content):
        raise Refused("binary", f"The file holds bytes that are no text. {ACCEPTED}")


def _refuse_endless(content: bytes) -> None:
    n_lines = max(content.count(b"\n"), content.count(b"\r"))
    if n_lines > MAX_LINES:
        raise Refused(
            "too_big", f"There are {n_lines:,} lines; at most {MAX_LINES:,} are accepted."
        )
    start = 0
    while start + MAX_LINE < len(content):
        window = start, start + MAX_LINE
        end = max(content.rfind(b"\n", *window), content.rfind(b"\r", *window))
        if end < 0:
            line = content.count(b"\n", 0, start) + 1
            raise Refused("parse", f"Line {line} is longer than {MAX_LINE:,} bytes. {ACCEPTED}")
        start = end + 1


def _encoding(content: bytes) -> str:
    announced = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    for encoding in (announced,) if announced else ("utf-8", BROKEN_UTF8, "cp1252", "latin-1"):
        try:
            text = _decoded(content, encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        _refuse_other_texts(text)
        if encoding in ("cp1252", "latin-1"):
            _refuse_garbled(text)
        return encoding
    raise Refused("binary", f"The file cannot be read as text. {ACCEPTED}")


def _decoded(content: bytes, encoding: str) -> str:
    if encoding != BROKEN_UTF8:
        return content.decode(encoding)
    text = content.decode("utf-8", "replace")
    n_broken = text.count(_BROKEN)
    # A text in another encoding has next to no letter beyond ASCII that is right by chance.
    n_right = sum(letter > "\x7f" for letter in text) - n_broken
    if n_broken > n_right:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "mostly no UTF-8")
    return text


def _refuse_garbled(text: str) -> None:
    """Western languages are written in ASCII for the most part; all else is misread here."""
    letters = [letter for letter in text[:100_000] if letter.isalpha() or letter > "\x7f"]
    n_foreign = sum(letter > "\x7f" for letter in letters)
    n_controls = sum("\x7f" < letter < "\xa0" for letter in letters)
    if n_foreign > 4 and (n_foreign > 0.4 * len(letters) or n_controls):
        raise Refused(
            "encoding",
            "The letters of the file are in an encoding that is not known here; save it as "
            "CSV UTF-8.",
        )


def _refuse_other_texts(text: str) -> None:
    if not text or text.isspace():
        raise Refused("empty", f"The file is empty. {ACCEPTED}")
    if _MARKUP.match(text):
        raise Refused("parse", f"Line 1 starts like JSON or HTML. {ACCEPTED}")


def lines(content: bytes, encoding: str, start: int = 0) -> Iterator[str]:
    """The lines from `start` on, so that the text never stands in memory as a whole."""
    broken = encoding == BROKEN_UTF8
    # newline="" leaves line breaks inside quoted cells to the csv module.
    lines = io.TextIOWrapper(
        io.BytesIO(content),
        encoding="utf-8" if broken else encoding,
        errors="replace" if broken else "strict",
        newline="",
    )
    return islice(lines, start, None)
