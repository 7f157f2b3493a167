"""Tables that a learner uploads, read with a sentence for all that was mended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.data import columns
from core.data.clues import amount, far_values, is_categorical, is_numeric, ordered, varies
from core.data.columns import Column
from core.data.delimited import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Rows, read_rows
from core.data.extra_rows import MIN_ROWS, without_names, without_totals, without_units
from core.data.links import clean_text
from core.data.names import MAX_NAME, is_header, names
from core.data.refusal import Refused
from core.data.shapes import shape

# Rows that a class needs before some of them can be kept for testing.
RARE = 4
LIMITS = (
    f"CSV, at most {MAX_BYTES / 1e6:.0f} MB, {MAX_COLUMNS} columns and any number of rows, "
    f"of which {MAX_ROWS:,} are used"
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
        return tuple(str(name) for name in self.frame if varies(self.frame[name]))

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
        words = [name for name in self.categorical if not is_numeric(self.frame[name])]
        return str([*self.frame, *self.categorical[-1:], *words[:1]][-1])

    @property
    def amount(self) -> str:
        """The column of numbers that a regression most likely is to estimate; "" without one."""
        return amount(self.frame, self.numeric) if self.numeric else ""

    def classes(self, label: str) -> tuple[str, ...]:
        """The classes of a column in order: by size of number, or by alphabet."""
        return ordered(self.frame[label])


def read_table(content: bytes, name: str) -> Table:
    """Read a CSV file, or raise `Refused` with a sentence for the learner."""
    rows = without_totals(without_names(without_units(read_rows(content))))
    read = columns.read_columns(rows.others, rows.delimiter)
    header = is_header(rows.first, read) if rows.others else True
    if len(rows.others) + (not header) < MIN_ROWS:
        raise Refused("too_few_rows", f"At least {MIN_ROWS} rows of data are needed.")
    if not header:
        return _headless(rows, name)
    chosen, renamed = names(rows.first)
    notes = [*rows.notes]
    if renamed:
        notes.append(
            "Column names that were missing, repeated, too long or held unseen marks have been "
            "replaced."
        )
    return _table(chosen, read, notes, name)


def _headless(rows: Rows, name: str) -> Table:
    every = [rows.first, *rows.others]
    read = columns.read_columns(every, rows.delimiter)
    chosen, _ = names([""] * len(read))
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
        clean_text(name, MAX_NAME),
    )
    _refuse_useless(table)
    said = (*table.notes, *_about_classes(table), *far_values(table.frame), *shape(table.frame))
    return Table(table.frame, said, table.name)


def _series(each: Column) -> pd.Series:
    if isinstance(each.values, list):
        return pd.Series(each.values, dtype="str")
    return pd.Series(each.values)


def _refuse_useless(table: Table) -> None:
    """A table must have a column of numbers beside what is to be predicted."""
    label = table.label
    features = [name for name in table.frame if name != label]
    numeric = [name for name in features if is_numeric(table.frame[name])]
    if len(table.frame.columns) < 2:
        raise Refused("too_few_columns", "At least two columns with values are needed.")
    if not numeric:
        raise Refused(
            "no_numeric",
            "No column of numbers is there beside the label: words alone are no feature here, and "
            "where fewer than nine in ten cells are numbers a column is one of words.",
        )
    if not any(varies(table.frame[name]) for name in numeric):
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
    if not is_numeric(label) and label.str.casefold().nunique() < label.nunique():
        notes.append("Some classes of the label differ only in capitals; they count as different.")
    return notes
