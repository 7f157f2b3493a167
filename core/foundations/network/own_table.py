"""Points of the plane made from the columns of a table."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.clues import MAX_CLASSES, class_name, ordered, row_numbers
from core.data.extra_rows import MIN_ROWS
from core.data.refusal import Refused
from core.data.tables import Table

MAX_POINTS = 500
# Data reach this far from the middle, so that a margin is left on the plane -6…6.
REACH = 5.0


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
    named = np.array([class_name(value) for value in target])
    order = ordered(target)
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
