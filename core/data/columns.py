"""Whether the cells of a column are numbers, and the names of columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.links import clean_text
from core.data.refusal import Refused

MAX_NAME = 40
# Squares and their sums stay finite in double precision below this.
LARGEST = 1e100
# Whole numbers above this are no longer all exact in double precision.
_EXACT = 2**53

_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-"})
_POWER = r"(?:[eE][+-]?[0-9]{1,4})?"
_NUMBER = re.compile(rf"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+){_POWER}")
_DECIMAL_COMMA = re.compile(rf"[+-]?(?:[0-9]{{1,3}}(?:\.[0-9]{{3}})+|[0-9]+)(?:,[0-9]+)?{_POWER}")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?")
_READINGS = {
    "decimal commas": "Decimal commas were read in {}.",
    "thousands": "Commas were read as marks between thousands (1,234 is 1234) in {}.",
    "rounded": "Whole numbers with more than 15 digits were rounded in {}.",
    "dates": "Dates are kept as text and not offered as numbers in {}.",
    "line breaks": "Line breaks inside cells became blanks in {}.",
}


@dataclass(frozen=True)
class Column:
    """The values of one column, and how they were read."""

    values: NDArray[np.float64] | list[str | None]
    reading: str = ""  # a key of _READINGS, or "" for cells taken as they are

    @property
    def n_missing(self) -> int:
        """How many cells are empty."""
        if isinstance(self.values, list):
            return self.values.count(None)
        return int(np.isnan(self.values).sum())


def column(cells: list[str], position: int, delimiter: str) -> Column:
    """Read the cells as numbers if all of them are numbers, otherwise as text."""
    stripped = [cell.strip() for cell in cells]
    present = [cell for cell in stripped if cell.lower() not in _MISSING]
    if present and all(_NUMBER.fullmatch(cell) for cell in present):
        return _numbers(stripped, position)
    # Between commas a cell like 1,5 cannot stand unquoted, so there it means thousands.
    if delimiter != "," and present and all(_DECIMAL_COMMA.fullmatch(cell) for cell in present):
        plain = [cell.replace(".", "").replace(",", ".") for cell in stripped]
        return _numbers(plain, position, "decimal commas")
    if present and all(_NUMBER.fullmatch(c) or _THOUSANDS.fullmatch(c) for c in present):
        return _numbers([cell.replace(",", "") for cell in stripped], position, "thousands")
    return _text(stripped, present)


def _numbers(cells: list[str], position: int, reading: str = "") -> Column:
    values = np.array([np.nan if c.lower() in _MISSING else float(c) for c in cells])
    largest = float(np.abs(values[~np.isnan(values)]).max())
    if largest > LARGEST or 0 < largest < 1 / LARGEST:
        raise Refused(
            "out_of_range",
            f"Column {position} holds numbers beyond {LARGEST:.0e} or all closer to zero than "
            f"{1 / LARGEST:.0e}; give it another unit.",
        )
    if largest > _EXACT and not reading:
        return Column(values, "rounded")
    return Column(values, reading)


def _text(stripped: list[str], present: list[str]) -> Column:
    reading = ""
    if present and all(_DATE.fullmatch(cell) for cell in present):
        reading = "dates"
    elif any("\n" in cell or "\r" in cell for cell in stripped):
        reading = "line breaks"
    return Column([_cell(cell) for cell in stripped], reading)


def _cell(cell: str) -> str | None:
    return None if cell.lower() in _MISSING else " ".join(cell.split())


def is_header(first: list[str], columns: list[Column]) -> bool:
    """Whether the first row names the columns instead of being a row of data.

    It does if a column of numbers starts with a word, or if no cell of it is a number.
    """
    numeric = [bool(_NUMBER.fullmatch(cell.strip().replace(",", "."))) for cell in first]
    named = [
        isinstance(each.values, np.ndarray)
        and cell.strip().lower() not in _MISSING
        and not is_number
        for each, cell, is_number in zip(columns, first, numeric, strict=True)
    ]
    return any(named) or not any(numeric)


def names(first: list[str]) -> tuple[list[str], bool]:
    """A name for each column, all different, and whether one had to be made up."""
    wanted = [clean_text(cell, MAX_NAME) or f"column {k}" for k, cell in enumerate(first, 1)]
    chosen = list(unlike(wanted))
    return chosen, chosen != [" ".join(cell.split()) for cell in first]


def unlike(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are the same: a later one gets a number."""
    chosen: dict[str, None] = {}
    for wanted in names:
        name, copy = wanted, 2
        while name in chosen:
            name, copy = f"{wanted} {copy}", copy + 1
        chosen[name] = None
    return tuple(chosen)


def repairs(read: Sequence[Column]) -> list[str]:
    """One sentence for each kind of repair, with the columns it was done in."""
    notes = []
    for reading, sentence in _READINGS.items():
        if positions := [k for k, each in enumerate(read, 1) if each.reading == reading]:
            notes.append(sentence.format(_listed(positions)))
    if empty := [k for k, each in enumerate(read, 1) if each.n_missing == len(each.values)]:
        notes.append(f"There is no value in {_listed(empty)}, left out.")
    if holes := [k for k, each in enumerate(read, 1) if 0 < each.n_missing < len(each.values)]:
        count = sum(read[k - 1].n_missing for k in holes)
        values = "1 missing value" if count == 1 else f"{count:,} missing values"
        notes.append(f"{values} in {_listed(holes)}.")
    return notes


def _listed(positions: Sequence[int]) -> str:
    if len(positions) == 1:
        return f"column {positions[0]}"
    if len(positions) > 6:
        return f"{len(positions)} columns"
    return f"columns {', '.join(map(str, positions[:-1]))} and {positions[-1]}"
