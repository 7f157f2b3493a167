"""What the columns of a table tell of themselves: row numbers, copies, values far off, classes."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

MAX_CLASSES = 20
_COUNTER = re.compile(
    r"(?i:(?:.*[ _.-])?(?:id|index|idx|nr|no|num|number|nummer|row)\.?|#|unnamed.*|column [0-9]+)|"
    r".*[a-z]I[dD]"
)
_SENTINELS = (-9999.0, -999.0, -99.0, 99.0, 999.0, 9999.0, 99999.0)

_AMOUNT = re.compile(
    r"price|cost|amount|value|income|salar|wage|revenue|sales|rent\b|charge|fare|pay\b|target|"
    r"preis|kosten|betrag|umsatz|gehalt|einkommen|miete\b|lohn|prix|montant|precio|importe|prezzo|"
    r"[€$£]",
    re.IGNORECASE,
)
_WHEN = re.compile(r"date|datum|day|month|year|jahr|monat|time|zeit", re.IGNORECASE)


def is_numeric(series: pd.Series) -> bool:
    """Whether a column was read as numbers, dates included."""
    return series.dtype.kind == "f"


def varies(series: pd.Series) -> bool:
    """Whether a column is of numbers that are not all the same."""
    return is_numeric(series) and series.nunique() > 1


def is_categorical(series: pd.Series) -> bool:
    """Whether the values are words or whole numbers, few and repeated."""
    values = series.dropna()
    n_different = values.nunique()
    whole = not is_numeric(series) or bool((values % 1 == 0).all())
    return whole and 2 <= n_different <= min(MAX_CLASSES, len(values) // 2)


def amount(frame: pd.DataFrame, numeric: Sequence[str]) -> str:
    """Of columns of numbers, the likeliest to be estimated: a price, or what varies most finely.

    Named as prices are, or with the most different values; of several, the last.
    """
    counters = row_numbers(frame)
    able = [n for n in numeric if n not in counters and not _WHEN.search(n)] or list(numeric)
    named = [name for name in able if _AMOUNT.search(name) and frame[name].nunique() > MAX_CLASSES]
    different = frame[able].nunique()
    return max(reversed(named or able), key=lambda name: float(different[name]))


def ordered(series: pd.Series) -> tuple[str, ...]:
    """The classes of a column in order: by size of number, or by alphabet."""
    return tuple(class_name(value) for value in sorted(series.dropna().unique()))


def class_name(value: object) -> str:
    """What a value is called as a class."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def row_numbers(frame: pd.DataFrame) -> list[str]:
    """The columns that only count the rows: whole numbers that grow, named Id, No., index, ""."""
    return [str(name) for name in frame if _counts(str(name), frame[name])]


def _counts(name: str, series: pd.Series) -> bool:
    if not is_numeric(series) or series.isna().any() or (series % 1).any():
        return False
    steps = np.diff(series.to_numpy())
    # A column without a name is called by its place, and may hold anything that grows.
    least = 1 if name.startswith("column ") else np.inf
    return bool(
        _COUNTER.fullmatch(name) and len(steps) and steps.min() > 0 and steps.max() <= least
    )


def copies(frame: pd.DataFrame, target: str) -> list[str]:
    """The columns that say the target of every row in other words, or in the same."""
    rows = frame[frame[target].notna()]
    codes, order = pd.factorize(rows[target])
    found = []
    for name in frame:
        same, others = pd.factorize(rows[name])
        if name == target or len(others) != len(order) or (same < 0).any():
            continue
        if len(set(zip(codes.tolist(), same.tolist(), strict=True))) == len(order) and (
            len(order) < len(rows) or rows[name].equals(rows[target])
        ):
            found.append(str(name))
    return found


def far_values(frame: pd.DataFrame) -> list[str]:
    """A number that often stands for "no value", where it lies far from all others."""
    notes = []
    for position, name in enumerate(frame, start=1):
        if not is_numeric(frame[name]):
            continue
        for value in _SENTINELS:
            others = frame[name][frame[name] != value].dropna()
            n_rows = int((frame[name] == value).sum())
            if not n_rows or others.nunique() < 3:
                continue
            gap = max(float(others.min()) - value, value - float(others.max()))
            if gap > 2 * float(others.max() - others.min()):
                rows = f"{n_rows:,} row{'s' * (n_rows > 1)}"
                notes.append(
                    f"{value:g} stands in {rows} of column {position}, far from all other values: "
                    "if it means that there is no value, empty these cells."
                )
    return notes
