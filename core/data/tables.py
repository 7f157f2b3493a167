"""Tables that a learner uploads, and points of the plane made from their columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data import columns
from core.data.columns import Column
from core.data.delimited import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Rows, read_rows
from core.data.escaping import as_cell
from core.data.links import clean_text
from core.data.numerals import numeral
from core.data.refusal import Refused

MIN_ROWS = 4
MAX_CLASSES = 20
MAX_POINTS = 500
# Rows that a class needs before some of them can be kept for testing.
RARE = 4
LIMITS = (
    f"CSV, at most {MAX_BYTES / 1e6:.0f} MB, {MAX_COLUMNS} columns and any number of rows, "
    f"of which {MAX_ROWS:,} are used"
)
# Data reach this far from the middle, so that a margin is left on the plane -6…6.
REACH = 5.0
_COUNTER = re.compile(
    r"(?i:(?:.*[ _.-])?(?:id|index|idx|nr|no|num|number|nummer|row)\.?|#|unnamed.*|column [0-9]+)|"
    r".*[a-z]I[dD]"
)
_LABEL = re.compile("label|target|class|species|outcome", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """An upload that can be used, and plain sentences for what was mended in it.

    Sentences name columns by position, so they hold nothing of the file; the
    names and cells of `frame` are foreign text and need escaping.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]
    name: str

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns of numbers that are not all the same."""
        return tuple(str(name) for name in self.frame if _varies(self.frame[name]))

    @property
    def categorical(self) -> tuple[str, ...]:
        """The columns with few enough different values to be classes."""
        return tuple(str(name) for name in self.frame if is_categorical(self.frame[name]))

    @property
    def label(self) -> str:
        """The column that most likely holds what is to be predicted."""
        for name in self.frame:
            if _LABEL.fullmatch(str(name)):
                return str(name)
        words = [name for name in self.categorical if not _is_numeric(self.frame[name])]
        return str([*self.frame, *self.categorical[-1:], *words[:1]][-1])

    def classes(self, label: str) -> tuple[str, ...]:
        """The classes of a column in order: by size of number, or by alphabet."""
        return _ordered(self.frame[label])


def read_table(content: bytes, name: str) -> Table:
    """Read a CSV file, or raise `Refused` with a sentence for the learner."""
    rows = read_rows(content)
    rows = _without_units(rows)
    read = columns.read_columns(rows.others, rows.delimiter)
    header = columns.is_header(rows.first, read) if rows.others else True
    if len(rows.others) + (not header) < MIN_ROWS:
        raise Refused("too_few_rows", f"At least {MIN_ROWS} rows of data are needed.")
    if not header:
        return _headless(rows, name)
    chosen, renamed = columns.names(rows.first)
    notes = [*rows.notes]
    if renamed:
        notes.append(
            "Column names that were missing, repeated, too long or held unseen marks have been "
            "replaced."
        )
    return _table(chosen, read, notes, name)


def _without_units(rows: Rows) -> Rows:
    """The rows without a line of units under the names: words over columns of numbers."""
    if len(rows.others) < MIN_ROWS:
        return rows
    second, below = rows.others[0], rows.others[1:]
    numeric = [k for k, cell in enumerate(second) if cell.strip() and numeral(cell.strip()) is None]
    unnamed = any(numeral(cell.strip()) for cell in (*rows.first, *second))
    over = [k for k in numeric if all(numeral(row[k].strip()) for row in below[:20])]
    if unnamed or not over or len(over) < len(numeric) - 1:
        return rows
    note = "The second line holds no numbers (units) and is left out."
    return replace(rows, others=below, notes=(*rows.notes, note))


def _headless(rows: Rows, name: str) -> Table:
    every = [rows.first, *rows.others]
    read = columns.read_columns(every, rows.delimiter)
    chosen, _ = columns.names([""] * len(read))
    note = "The first row holds data, not names; the columns are numbered."
    return _table(chosen, read, [*rows.notes, note], name)


def _table(chosen: Sequence[str], read: Sequence[Column], notes: Sequence[str], name: str) -> Table:
    frame = pd.DataFrame({key: _series(each) for key, each in zip(chosen, read, strict=True)})
    if frame.isna().all(axis=None):
        raise Refused("all_missing", "Every cell is empty; columns of numbers are needed.")
    empty = [key for key in frame if frame[key].isna().all()]
    table = Table(
        frame.drop(columns=empty),
        (*notes, *columns.repairs(read)),
        clean_text(name, columns.MAX_NAME),
    )
    _refuse_useless(table)
    said = (*table.notes, *_about_classes(table), *_far_values(table.frame))
    return Table(table.frame, said, table.name)


def _series(each: Column) -> pd.Series:
    if isinstance(each.values, list):
        return pd.Series(each.values, dtype="str")
    return pd.Series(each.values)


def _refuse_useless(table: Table) -> None:
    """A table must have a column of numbers beside what is to be predicted."""
    label = table.label
    features = [name for name in table.frame if name != label]
    numeric = [name for name in features if _is_numeric(table.frame[name])]
    if len(table.frame.columns) < 2:
        raise Refused("too_few_columns", "At least two columns with values are needed.")
    if not numeric:
        what = "dates" if any("Dates" in note for note in table.notes) else "words"
        raise Refused(
            "no_numeric",
            f"No column of numbers is there beside the label: {what} are no feature here, and "
            "where fewer than nine in ten cells are numbers a column is one of words.",
        )
    if not any(_varies(table.frame[name]) for name in numeric):
        raise Refused(
            "no_signal", "Every column of numbers has one value only, so nothing can be learned."
        )


def _about_classes(table: Table) -> list[str]:
    label = table.frame[table.label]
    if not is_categorical(label):
        return []
    notes = []
    if n_rare := int((label.value_counts() < RARE).sum()):
        classes = "One class of the label has"
        classes = classes if n_rare == 1 else f"{n_rare} classes of the label have"
        notes.append(f"{classes} fewer than {RARE} rows: hardly enough to learn from.")
    if not _is_numeric(label) and label.str.casefold().nunique() < label.nunique():
        notes.append("Some classes of the label differ only in capitals; they count as different.")
    return notes


def _far_values(frame: pd.DataFrame) -> list[str]:
    """A number that often stands for "no value", where it lies far from all others."""
    notes = []
    for position, name in enumerate(frame, start=1):
        if not _is_numeric(frame[name]):
            continue
        for value in (-9999.0, -999.0, -99.0, 99.0, 999.0, 9999.0, 99999.0):
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


def row_numbers(frame: pd.DataFrame) -> list[str]:
    """The columns that only count the rows: whole numbers that grow, named Id, No., index, ""."""
    return [str(name) for name in frame if _counts(str(name), frame[name])]


def _counts(name: str, series: pd.Series) -> bool:
    if not _is_numeric(series) or series.isna().any() or (series % 1).any():
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


def _is_numeric(series: pd.Series) -> bool:
    return series.dtype.kind == "f"


def _varies(series: pd.Series) -> bool:
    return _is_numeric(series) and series.nunique() > 1


def is_categorical(series: pd.Series) -> bool:
    """Whether the values are words or whole numbers, few and repeated."""
    values = series.dropna()
    n_different = values.nunique()
    whole = not _is_numeric(series) or bool((values % 1 == 0).all())
    return whole and 2 <= n_different <= min(MAX_CLASSES, len(values) // 2)


def _ordered(series: pd.Series) -> tuple[str, ...]:
    return tuple(_class_name(value) for value in sorted(series.dropna().unique()))


def _class_name(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class PlanarTable:
    """Two columns as coordinates and one as label; a value is centre + scale * coordinate."""

    points: NDArray[np.float32]  # (N, 2), within ±REACH
    labels: NDArray[np.float32]  # (N,), -1 or 1, or from -1 to 1 for a regression
    names: tuple[str, str, str]  # of x, y and the label
    centre: tuple[float, float]
    scale: tuple[float, float]
    classes: tuple[str, str] | None  # of the labels -1 and 1; None for a regression
    target_range: tuple[float, float] | None  # values of the labels -1 and 1; None for classes
    notes: tuple[str, ...]


def two_columns_and_a_label(
    table: Table,
    x: str | None = None,
    y: str | None = None,
    label: str | None = None,
    *,
    task: Literal["classification", "regression"] = "classification",
    positive: str | None = None,
    seed: int = 0,
) -> PlanarTable:
    """Make points of the plane from a table; columns not named are chosen.

    `positive` is the class that becomes 1 against all others; of two classes the
    second in order, of more the first. At most MAX_POINTS rows are drawn with `seed`.
    """
    names = _three_columns(table, x, y, label, task)
    chosen, notes = _complete_rows(table.frame[list(names)], seed)
    points, centre, scale = _standardised(chosen[list(names[:2])].to_numpy(dtype=np.float64))
    target = chosen[names[2]]
    if task == "regression":
        labels, target_range = _scaled(target.to_numpy(dtype=np.float64))
        return PlanarTable(points, labels, names, centre, scale, None, target_range, notes)
    labels, classes = _signs(target, positive)
    if (n_others := target.nunique() - 1) > 1:
        notes = (*notes, f"One class is set against the {n_others} others.")
    return PlanarTable(points, labels, names, centre, scale, classes, None, notes)


def _three_columns(
    table: Table, x: str | None, y: str | None, label: str | None, task: str
) -> tuple[str, str, str]:
    """The names asked for, and fitting columns for those left open."""
    asked = [name for name in (x, y, label) if name is not None]
    if unknown := [name for name in asked if name not in table.frame]:
        raise Refused("unknown_column", f"{len(unknown)} of the chosen columns are not there.")
    if len(set(asked)) < len(asked):
        raise Refused("unknown_column", "The two axes and the label must be three columns.")
    if label is None and task == "classification" and table.label not in asked:
        label = table.label
    free = [name for name in table.numeric if name not in (x, y, label)]
    counting = row_numbers(table.frame)
    # A number of the row tells the class of a sorted table; it is taken where nothing else is.
    free.sort(key=counting.__contains__)
    if len(free) < [x, y, label].count(None):
        raise Refused("too_few_columns", "Two columns of numbers are needed beside the label.")
    open_ones = iter(free)
    a, b, c = (next(open_ones) if name is None else name for name in (x, y, label))
    must_vary = (a, b, c) if task == "regression" else (a, b)
    if not set(must_vary) <= set(table.numeric):
        what = "Both axes and the target" if task == "regression" else "Both axes"
        raise Refused("no_numeric", f"{what} must be columns of numbers that are not all equal.")
    return a, b, c


def _complete_rows(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows without missing values, a seeded sample of them where there are many."""
    complete = frame.dropna()
    notes = []
    if n_missing := len(frame) - len(complete):
        rows = "1 row was" if n_missing == 1 else f"{n_missing:,} rows were"
        notes.append(f"{rows} left out because of missing values.")
    if len(complete) < MIN_ROWS:
        raise Refused(
            "too_few_rows", f"At least {MIN_ROWS} rows without missing values are needed."
        )
    if len(complete) > MAX_POINTS:
        notes.append(f"{MAX_POINTS} of {len(complete):,} rows are used, drawn at random.")
        drawn = np.random.default_rng(seed).choice(len(complete), MAX_POINTS, replace=False)
        complete = complete.iloc[np.sort(drawn)]
    return complete, tuple(notes)


def _standardised(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float32], tuple[float, float], tuple[float, float]]:
    """Columns with mean 0 that reach REACH at their farthest, with centre and scale."""
    centre = values.mean(axis=0)
    scale = np.abs(values - centre).max(axis=0) / REACH
    if not (scale > 0).all():
        raise Refused("no_signal", "Each axis needs at least two different values.")
    points = ((values - centre) / scale).astype(np.float32)
    return points, (float(centre[0]), float(centre[1])), (float(scale[0]), float(scale[1]))


def _scaled(values: NDArray[np.float64]) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """Targets from -1 to 1, and the values these stand for."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        raise Refused("no_signal", "The target needs at least two different values.")
    return (2 * (values - low) / (high - low) - 1).astype(np.float32), (low, high)


def _signs(target: pd.Series, positive: str | None) -> tuple[NDArray[np.float32], tuple[str, str]]:
    """1 for the positive class and -1 for every other, and what these are called."""
    named = np.array([_class_name(value) for value in target])
    order = _ordered(target)
    if not 2 <= len(order) <= MAX_CLASSES:
        raise Refused(
            "classes",
            f"The label has {len(order):,} different values; 2 to {MAX_CLASSES} are accepted.",
        )
    if positive is None:
        positive = order[1] if len(order) == 2 else order[0]
    if positive not in order:
        raise Refused("classes", "The chosen class is not among the classes of the label.")
    others = [name for name in order if name != positive]
    negative = others[0] if len(others) == 1 else "all others"
    return np.where(named == positive, 1, -1).astype(np.float32), (negative, positive)


def beside(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Our columns and the learner's next to each other, of whom no two have one name."""
    taken = {str(name) for name in ours} | {str(ours.index.name)}
    names: list[str] = []
    for name in map(str, theirs):
        wanted = f"{name} (yours)" if name in taken else name
        copy = 2
        while wanted in taken:
            wanted, copy = f"{name} (yours {copy})", copy + 1
        taken.add(wanted)
        names.append(wanted)
    return pd.concat([ours, theirs.set_axis(names, axis=1)], axis=1)


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV; text that a spreadsheet would run gets an apostrophe.

    The mark at the start tells Excel that the letters are UTF-8.
    """
    safe = frame.rename(columns=lambda name: as_cell(str(name)))
    for position in range(safe.shape[1]):
        if safe.dtypes.iloc[position].kind not in "biuf":
            cells = safe.iloc[:, position].map(lambda v: as_cell(v) if isinstance(v, str) else v)
            safe.isetitem(position, cells.to_numpy())
    return safe.to_csv(index=False).encode("utf-8-sig")
