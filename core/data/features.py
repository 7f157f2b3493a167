"""A table made ready for a network: numbers standardised, words one-hot, a part held out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.clues import MAX_CLASSES, copies, is_categorical, row_numbers
from core.data.encoders import DEFAULT, Encoder, Encoding, Floats, encoders, listed, spread
from core.data.extra_rows import MIN_ROWS
from core.data.links import clean_text
from core.data.names import MAX_NAME, unlike
from core.data.refusal import Refused
from core.data.tables import Table
from core.validation import between

Task = Literal["classification", "regression"]
Rows = NDArray[np.intp]  # of the table's frame


@dataclass(frozen=True)
class KnownTable:
    """A table as part of a configuration: equal to any other of the same bytes."""

    digest: str
    table: Table = field(repr=False, compare=False)


def known_table(content: bytes, table: Table) -> KnownTable:
    """The table read from `content`, known by the digest of these bytes."""
    return KnownTable(hashlib.sha256(content).hexdigest()[:16], table)


@dataclass(frozen=True, eq=False)
class Features:
    """Inputs and targets of a table's rows, some rows kept for the test.

    A target of classes is their index in `classes`; a target of numbers is standardised:
    value = centre + scale * y. Names, classes and notes hold text of the file: escape them.
    """

    x_train: Floats  # (N, D)
    x_test: Floats
    y_train: NDArray[Any]  # (N,) int64, or float32 for a regression
    y_test: NDArray[Any]
    rows_train: Rows
    rows_test: Rows
    encoders: tuple[Encoder, ...]
    target: str
    classes: tuple[str, ...]  # none for a regression
    centre: float
    scale: float
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the D inputs are called."""
        return unlike([name for encoder in self.encoders for name in encoder.names])

    def encode(self, frame: pd.DataFrame) -> Floats:  # (N, D)
        """The inputs for other rows of the same columns."""
        return np.concatenate([e.encode(frame[e.column]) for e in self.encoders], axis=1)


def features(
    table: Table,
    target: str,
    columns: Sequence[str] = (),
    *,
    task: Task,
    train_share: float,
    seed: int,
    encoding: Encoding = DEFAULT,
) -> Features:
    """Make inputs of `columns` (none named: all others) and hold back some rows.

    `train_share` from 0.05 to 0.95 of the rows are for training, of each class alike.
    Raises `Refused` with a sentence for the learner where the columns do not do.
    """
    between("train_share", train_share, 0.05, 0.95)
    rows, left_out = _rows(table.frame, target)
    chosen, told = _chosen(table.frame, target, columns)
    y, classes = _targets(table.frame[target].iloc[rows], task)
    is_train = _split(y, task, train_share, np.random.default_rng(seed))
    frame = table.frame.iloc[rows]
    made_of, notes = encoders(frame[is_train], chosen, encoding)
    centre, scale = (0.0, 1.0) if classes else (float(y[is_train].mean()), spread(y[is_train]))
    # Shuffled once for good, so that the first rows of either part are a fair sample of it.
    order = np.random.default_rng(seed + 1).permutation(len(rows))
    train, test = order[is_train[order]], order[~is_train[order]]
    made = y if classes else ((y - centre) / scale).astype(np.float32)
    x = np.concatenate([each.encode(frame[each.column]) for each in made_of], axis=1)
    return Features(
        x[train], x[test], made[train], made[test], rows[train], rows[test],
        made_of, target, classes, centre, scale, (*left_out, *told, *notes),
    )  # fmt: skip


def _rows(frame: pd.DataFrame, target: str) -> tuple[Rows, list[str]]:
    """The rows whose target is known, and a note if others were left out."""
    if target not in frame:
        raise Refused("unknown_column", "The target is not among the columns.")
    rows = np.flatnonzero(frame[target].notna())
    if len(rows) < MIN_ROWS:
        raise Refused("too_few_rows", f"At least {MIN_ROWS} rows with a target are needed.")
    n_missing = len(frame) - len(rows)
    were = "1 row was" if n_missing == 1 else f"{n_missing:,} rows were"
    return rows, [f"{were} left out because the target is missing."] if n_missing else []


def _chosen(
    frame: pd.DataFrame, target: str, columns: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The columns to learn from, and notes on those left out because none was named."""
    chosen = list(columns) or [str(name) for name in frame if name != target]
    if unknown := [name for name in chosen if name not in frame]:
        raise Refused("unknown_column", f"{len(unknown)} of the chosen columns are not there.")
    if target in chosen:
        raise Refused("unknown_column", "The target cannot be one of the features as well.")
    if not chosen:
        raise Refused("too_few_columns", "At least one feature beside the target is needed.")
    if columns:
        return chosen, []
    counting, same = row_numbers(frame), copies(frame, target)
    kept = [name for name in chosen if name not in (*counting, *same)]
    if not kept:
        return chosen, []
    said = {_COUNTING: counting, _SAME: same}
    notes = [
        note.format(listed(k))
        for note, names in said.items()
        if (k := [n for n in names if n in chosen])
    ]
    return kept, notes


_COUNTING = "Left out, because it only counts the rows (choose it as a feature to use it): {}."
_SAME = "Left out, because it alone tells the target of every row (choose it to use it): {}."


def _targets(target: pd.Series, task: Task) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Class indices and the classes in order; or numbers and no classes."""
    n_different = target.nunique()
    if task == "regression":
        if target.dtype.kind != "f" or n_different < 2:
            raise Refused("no_numeric", "The target must be a column of numbers that vary.")
        return target.to_numpy(dtype=np.float64), ()
    if not is_categorical(target):
        raise Refused(
            "classes",
            f"The target has {n_different:,} different values; classes are 2 to {MAX_CLASSES} "
            "words or whole numbers that come again.",
        )
    order = sorted(target.unique())
    names = unlike([f"{v:g}" if isinstance(v, float) else clean_text(v, MAX_NAME) for v in order])
    return np.searchsorted(np.array(order, dtype=object), target.to_numpy(dtype=object)), names


def _split(
    y: NDArray[Any], task: Task, train_share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Which rows are for training: of every class the same share, at least one of each."""
    groups = [y == label for label in np.unique(y)] if task == "classification" else [y == y]
    is_train = np.zeros(len(y), dtype=bool)
    for group in groups:
        places = rng.permutation(np.flatnonzero(group))
        n_train = min(max(round(train_share * len(places)), 1), max(len(places) - 1, 1))
        is_train[places[:n_train]] = True
    return is_train
