"""Texts that a learner uploads: bytes of any encoding made into readable lines."""

import codecs
import unicodedata
from dataclasses import dataclass

from core.data.refusal import Refused
from core.data.signatures import signature

MAX_BYTES = 5_000_000
MAX_LETTERS = 200_000
FEW = 3  # fewer different symbols than this hold no pattern
LIMITS = (
    f"Plain text, at most {MAX_BYTES / 1e6:.0f} MB; the first {MAX_LETTERS:,} characters are used"
)
_ACCEPTED = "A plain text file is accepted."
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Line and paragraph separators, and "next line", which old programs still write.
_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\v": "\n", "\f": "\n"})
# Needed to join letters in Persian or Hindi and the parts of an emoji.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Text:
    """A text without control characters, and sentences for what was changed in it."""

    text: str
    notes: tuple[str, ...]


def read_text(content: bytes) -> Text:
    """Decode a text file, or raise `Refused` with a sentence for the learner."""
    _refuse_other_formats(content)
    decoded, notes = _decoded(content)
    if len(decoded) > MAX_LETTERS:
        notes.append(f"Only the first {MAX_LETTERS:,} characters are used.")
    lines = decoded[:MAX_LETTERS].replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    kept = "".join(letter for letter in lines if _readable(letter))
    # Marks of direction and of width go unsaid: without them the same letters are there.
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n" for letter in lines):
        notes.append("Control characters were left out.")
    if not kept.strip():
        raise Refused("empty", f"The file holds no letters. {_ACCEPTED}")
    if len(set(kept)) < FEW:
        notes.append("There are hardly any different symbols, so no pattern to learn.")
    return Text(unicodedata.normalize("NFC", kept), tuple(notes))


def _refuse_other_formats(content: bytes) -> None:
    if not content:
        raise Refused("empty", f"The file is empty. {_ACCEPTED}")
    if len(content) > MAX_BYTES:
        raise Refused("too_big", f"The file is larger than {MAX_BYTES / 1e6:.0f} MB. {_ACCEPTED}")
    has_bom = content.startswith(tuple(bom for bom, *_ in _BOMS))
    if signature(content) or (not has_bom and b"\0" in content):
        raise Refused("binary", f"This is not plain text. {_ACCEPTED}")


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for bom, encoding, name in _BOMS:
        if content.startswith(bom):
            text = content.decode(encoding, errors="replace")
            return text, [f"The text is read as {name}."] if name else []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), [
            "The text is read as Latin-1 (Windows)."
        ]


def _readable(letter: str) -> bool:
    return letter in "\t\n" or letter in _JOINERS or unicodedata.category(letter)[0] != "C"
