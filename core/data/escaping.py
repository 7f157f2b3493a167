"""Foreign text made harmless for Markdown and for spreadsheets."""

import string

_PUNCTUATION = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation})
# A spreadsheet runs a cell that starts with one of these; the last four are full-width.
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def as_markdown(text: str) -> str:
    """Escape text so that Markdown shows it letter by letter, on one line."""
    return " ".join(text.split()).translate(_PUNCTUATION)


def as_cell(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
