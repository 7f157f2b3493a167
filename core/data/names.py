"""Whether the first row of a table names its columns, and what they are called."""

from collections.abc import Sequence

import numpy as np

from core.data.columns import Column, is_missing
from core.data.dates import is_date
from core.data.layout import are_years
from core.data.links import clean_text
from core.data.numerals import numeral

MAX_NAME = 40


def is_header(first: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether the first row names the columns instead of being a row of data.

    It does if a column of numbers starts with a word, if no cell of it is a number, or if its
    numbers count or are years, and those below are something else.
    """
    cells = [cell.strip() for cell in first]
    data = [numeral(cell) is not None or is_date(cell) for cell in cells]
    named = [
        isinstance(each.values, np.ndarray) and not is_missing(cell) and not is_data
        for each, cell, is_data in zip(columns, cells, data, strict=True)
    ]
    return any(named) or not any(data) or _are_numbered(cells, columns)


def _are_numbered(cells: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether the first row counts the columns, or gives years, over numbers unlike these."""
    places = [k for k, cell in enumerate(cells) if numeral(cell)]
    if len(places) < 2 or not all(cells[k].isdecimal() for k in places):
        return False
    found = [columns[k].values for k in places]
    below = [values for values in found if isinstance(values, np.ndarray)]
    if len(below) < len(found) or any(np.isnan(values).all() for values in below):
        return False
    if are_years(cells):
        return not any(are_years(["1700", f"{np.nanmedian(v):.0f}"]) for v in below)
    first = int(cells[places[0]])
    counting = [str(first + k) for k in range(len(places))]
    if first > 1 or len(places) < 3 or [cells[k] for k in places] != counting:
        return False
    middles = [float(np.nanmedian(values)) for values in below]
    # Small whole numbers below may be rows like the first one; fractions or others are not.
    return all((v[~np.isnan(v)] % 1).any() for v in below) or not any(
        abs(middle - int(cells[k])) < 1 for k, middle in zip(places, middles, strict=True)
    )


def names(first: Sequence[str]) -> tuple[list[str], bool]:
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
