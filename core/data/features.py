"""A table made ready for a network: numbers standardised, words one-hot, a part held out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.columns import MAX_NAME, unlike
from core.data.links import clean_text
from core.data.refusal import Refused
from core.data.tables import MAX_CLASSES, MIN_ROWS, Table, copies, is_categorical, row_numbers
from core.validation import between

Task = Literal["classification", "regression"]
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]  # of the table's frame

MAX_WORDS = 8  # of a column that get an input of their own; the rarer ones share one
MAX_INPUTS = 200
FARTHEST = 1e6  # standard deviations
OTHERS = "other"
# A column of words is left out if more than this part of its cells hold a word of their own.
MANY_WORDS = 0.5


@dataclass(frozen=True)
class Encoding:
    """How wide columns may become, and which numbers are taken on a logarithmic scale."""

    max_words: int = MAX_WORDS
    max_inputs: int = MAX_INPUTS
    skewed: float = float("inf")  # counts and areas more skewed than this: log(1 + value)
    farthest: float = FARTHEST  # numbers beyond are taken for it; in standard deviations


DEFAULT = Encoding()


@dataclass(frozen=True)
class KnownTable:
    """A table as part of a configuration: equal to any other of the same bytes."""

    digest: str
    table: Table = field(repr=False, compare=False)


def known_table(content: bytes, table: Table) -> KnownTable:
    """The table read from `content`, known by the digest of these bytes."""
    return KnownTable(hashlib.sha256(content).hexdigest()[:16], table)


@dataclass(frozen=True)
class Encoder:
    """How one column becomes inputs, as learned from the training rows alone."""

    column: str
    words: tuple[str, ...] = ()  # empty for numbers
    has_others: bool = False
    fill: float = 0.0  # for a missing number: the training median
    mean: float = 0.0
    deviation: float = 1.0
    is_logarithmic: bool = False  # mean and deviation are then those of log(1 + value)
    farthest: float = FARTHEST

    @property
    def names(self) -> tuple[str, ...]:
        """What the inputs are called: the column, or column = word."""
        words = (*(clean_text(word, MAX_NAME) for word in self.words), *[OTHERS] * self.has_others)
        return tuple(f"{self.column} = {word}" for word in words) or (self.column,)

    def encode(self, values: pd.Series) -> Floats:  # (N,) -> (N, inputs)
        """Numbers in deviations from the mean; a 1 for the word; a missing word is all 0."""
        if not self.words:
            numbers = _as_numbers(values).fillna(self.fill).to_numpy()
            if self.is_logarithmic:
                numbers = np.log1p(numbers.clip(min=0))
            # What a learner types in may be any number; the network's must stay finite.
            deviations = (numbers - self.mean) / self.deviation
            return deviations.clip(-self.farthest, self.farthest).astype(np.float32)[:, None]
        cells = values.astype(object).where(values.notna(), "").astype(str).to_numpy()
        found = [cells == word for word in self.words]
        if self.has_others:
            found.append((cells != "") & ~np.any(found, axis=0))
        return np.stack(found, axis=1).astype(np.float32)


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
    encoders, notes = _encoders(frame[is_train], chosen, encoding)
    centre, scale = (0.0, 1.0) if classes else (float(y[is_train].mean()), _spread(y[is_train]))
    # Shuffled once for good, so that the first rows of either part are a fair sample of it.
    order = np.random.default_rng(seed + 1).permutation(len(rows))
    train, test = order[is_train[order]], order[~is_train[order]]
    made = y if classes else ((y - centre) / scale).astype(np.float32)
    x = np.concatenate([encoder.encode(frame[encoder.column]) for encoder in encoders], axis=1)
    return Features(
        x[train], x[test], made[train], made[test], rows[train], rows[test],
        encoders, target, classes, centre, scale, (*left_out, *told, *notes),
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
        note.format(_listed(k))
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


def _encoders(
    frame: pd.DataFrame, chosen: Sequence[str], encoding: Encoding
) -> tuple[tuple[Encoder, ...], list[str]]:
    """An encoder for every column that can teach something, and notes on all that was done."""
    kept: list[Encoder] = []
    said: dict[str, list[str]] = {why: [] for why in _NOTES}
    widest = encoding.max_words
    for name in chosen:
        values = frame[name]
        is_words = values.dtype.kind != "f" and not _mostly_numbers(values)
        if not is_words and values.dtype.kind != "f":
            said["mixed"].append(name)
            values = _as_numbers(values)
        if values.nunique() < 2:
            said["constant"].append(name)
        elif is_words and values.nunique() > max(encoding.max_words, MANY_WORDS * values.count()):
            said["many"].append(name)
        elif len([n for e in kept for n in e.names]) + widest * is_words >= encoding.max_inputs:
            said["wide"].append(name)
        else:
            made = _words if is_words else _numbers
            kept.append(made(name, values, encoding))
            said["filled"] += [name] * bool(values.isna().any())
            said["rare"] += [name] * kept[-1].has_others
    if not kept:
        raise Refused(
            "no_signal", "Nothing can be learned from these columns: none of them varies usefully."
        )
    return tuple(kept), [_NOTES[why].format(_listed(names)) for why, names in said.items() if names]


_NOTES = {
    "mixed": "Cells that are no numbers count as missing among the numbers of: {}.",
    "constant": "Left out, because all training rows have the same value: {}.",
    "many": "Left out, because nearly every row has a text of its own: {}.",
    "wide": f"Left out, because a network here takes at most {MAX_INPUTS} inputs: {{}}.",
    "filled": "Missing numbers became the median of the training rows, missing words none: {}.",
    "rare": f"Only the {MAX_WORDS} commonest words have an input, the others share one: {{}}.",
}


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:5])}{f' and {len(names) - 5} more' * (len(names) > 5)}"


def _as_numbers(values: pd.Series) -> pd.Series:
    """Numbers, NaN for every cell that is none."""
    return pd.to_numeric(values, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)


def _mostly_numbers(values: pd.Series) -> bool:
    """Whether a column of text holds many numbers, and some words among them."""
    n_different = values.nunique()
    return n_different > MAX_WORDS and bool(_as_numbers(values).count() > 0.5 * values.count())


def _numbers(name: str, values: pd.Series, encoding: Encoding) -> Encoder:
    median = float(values.median())
    filled = values.fillna(median)
    is_skewed = bool(filled.min() >= 0 and filled.skew() > encoding.skewed)  # type: ignore[operator]
    scale = (np.log1p(filled) if is_skewed else filled).to_numpy()
    return Encoder(
        name,
        fill=median,
        mean=float(scale.mean()),
        deviation=_spread(scale),
        is_logarithmic=is_skewed,
        farthest=encoding.farthest,
    )


def _words(name: str, values: pd.Series, encoding: Encoding) -> Encoder:
    counts = values.value_counts()
    # Equal counts in alphabetical order, so that one table always gives the same inputs.
    common = sorted(counts.index, key=lambda word: (-int(counts[word]), str(word)))
    kept = sorted(map(str, common[: encoding.max_words]))
    return Encoder(name, tuple(kept), has_others=len(counts) > encoding.max_words)


def _spread(values: NDArray[Any]) -> float:
    """The standard deviation, or 1 where rounding has left none."""
    return float(values.std()) or 1.0
