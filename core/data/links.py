"""Strict readers for the values of a link, which anybody can write by hand.

Python's own `int` and `float` accept full-width digits, "nan", "1_000" and blanks.
"""

import re
import unicodedata
from collections.abc import Sequence

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?")
# Needed to join letters in Persian or Hindi and the parts of an emoji.
_JOINERS = "\u200c\u200d"


def whole_number(text: str, low: int, high: int) -> int:
    """Read a whole number from `low` to `high`, written with the digits 0 to 9."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"The link must give a whole number from {low:,} to {high:,} here.")
    value = int(text)
    if not low <= value <= high:
        raise ValueError(f"The link must give a number from {low:,} to {high:,}, got {value:,}.")
    return value


def whole_numbers(text: str, low: int, high: int, at_most: int) -> tuple[int, ...]:
    """Read up to `at_most` whole numbers with commas between them; "" gives none."""
    parts = text.split(",", at_most) if text else []
    if len(parts) > at_most:
        raise ValueError(f"The link may give at most {at_most} numbers here.")
    return tuple(whole_number(part, low, high) for part in parts)


def number(text: str, low: float, high: float) -> float:
    """Read a finite number from `low` to `high`, with a point before the decimals."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"The link must give a number from {low:g} to {high:g} here, like 0.5.")
    value = float(text)
    vanished = value == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    if vanished or not low <= value <= high:
        raise ValueError(f"The link must give a number from {low:g} to {high:g}, got {text}.")
    return value


def one_of(text: str, options: Sequence[str]) -> str:
    """Read one of the named options, letter by letter."""
    if text not in options:
        raise ValueError(f"The link must name one of these here: {', '.join(options)}.")
    return text


def clean_text(text: str, max_length: int) -> str:
    """Keep what can be read, on one line: no control or direction characters."""
    if max_length < 1:
        raise ValueError(f"max_length must be at least 1, got {max_length}")
    # What is cut here could not be kept anyway, and the rest stays cheap.
    start = unicodedata.normalize("NFC", text[: 8 * max_length])
    kept = "".join(_readable(letter) for letter in start)
    return " ".join(kept.split())[:max_length].rstrip()


def _readable(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in "\t\n\r" or category in ("Zl", "Zp"):
        return " "
    return "" if category.startswith("C") and letter not in _JOINERS else letter
