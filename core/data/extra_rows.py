"""Rows of a file that are no data: units, names that stand again, totals."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.data.delimited import Rows
from core.data.numerals import Numeral, decimal_mark, numeral

MIN_ROWS = 4
_TOTAL = re.compile(
    r"(?:(?:grand|sub)?[ -]?totals?|total general|sums?|summen?|gesamt(?:summe)?|insgesamt|"
    r"averages?|means?|mittel(?:wert)?|durchschnitt|ø|somme|moyenne|suma|totale|media|celkem|summa|итого|"
    r"合計|合计)\s*:?",
    re.IGNORECASE,
)
_NEAR = 0.01  # a total is rounded, and its parts are


def without_units(rows: Rows) -> Rows:
    """The rows without a line of units under the names: words over columns of numbers."""
    if len(rows.others) < MIN_ROWS:
        return rows
    second, below = rows.others[0], rows.others[1:]
    numeric = [k for k, cell in enumerate(second) if cell.strip() and numeral(cell.strip()) is None]
    unnamed = any(numeral(cell.strip()) for cell in (*rows.first, *second))
    over = [k for k in numeric if all(numeral(row[k].strip()) for row in below[:20])]
    if unnamed or not over or len(over) < len(numeric) - 1:
        return rows
    return _left(rows, below, "The second line holds no numbers (units) and is left out.")


def without_names(rows: Rows) -> Rows:
    """The rows without the names that stand again where files were put together."""
    kept = [row for row in rows.others if row != rows.first]
    n_again = len(rows.others) - len(kept)
    if not n_again or any(numeral(cell.strip()) for cell in rows.first) or not kept:
        return rows
    lines = "once more below and are" if n_again == 1 else f"{n_again} times more below and are"
    return _left(rows, kept, f"The names of the columns stand {lines} left out there.")


def without_totals(rows: Rows) -> Rows:
    """The rows without totals or means at the end, known by their word or by their numbers."""
    kept = rows.others
    while len(kept) > MIN_ROWS and _is_total(kept[-1], kept[:-1]):
        kept = kept[:-1]
    n_left = len(rows.others) - len(kept)
    if not n_left:
        return rows
    last = (
        "The last row holds totals and is" if n_left == 1 else "The last rows hold totals and are"
    )
    return _left(rows, kept, f"{last} left out.")


def _left(rows: Rows, kept: list[list[str]], note: str) -> Rows:
    return replace(rows, others=kept, notes=(*rows.notes, note))


def _is_total(last: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    said = [
        k for k, cell in enumerate(last)
        if _TOTAL.fullmatch(cell.strip()) and not any(row[k] == cell for row in above)
    ]  # fmt: skip
    words = [k for k, cell in enumerate(last) if cell.strip() and numeral(cell.strip()) is None]
    if said or words or all(cell.strip() for cell in last):
        return bool(said)
    # No word says so: every number of the row must be the sum of those above it.
    numbers = [k for k, cell in enumerate(last) if cell.strip()]
    return len(numbers) > 1 and all(_adds_up(last[k], [row[k] for row in above]) for k in numbers)


def _adds_up(total: str, cells: Sequence[str]) -> bool:
    read = [numeral(cell.strip()) for cell in (total, *cells)]
    mark = decimal_mark(read) or "."
    values = [_value(each, mark) for each in read]
    return values[0] != 0 and abs(values[0] - sum(values[1:])) <= _NEAR * abs(values[0])


def _value(each: Numeral | None, mark: str) -> float:
    return (each.value(mark) if each else None) or 0.0
