"""What a learner changes while the network trains: points, weights, the learning rate.

A change takes effect after the record at which it is made, so a run with changes is the
run without them up to there: a branch, which shares all that was computed before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from core.networks.dense import flat_parameters, load_flat_parameters
from core.validation import between

MAX_CHANGES = 200
ERASER = 0.5  # radius in units of the plane

# kind: its letter in a link, and how many numbers it carries
_KINDS = {"point": ("p", 3), "erase": ("e", 2), "weight": ("w", 2), "learning_rate": ("r", 1)}
_NUMBER = r"-?[0-9]{1,4}(?:\.[0-9]{1,6})?(?:e-[0-9]{1,2})?"
_CHANGE = re.compile(rf"([0-9]{{1,5}})([pewr])({_NUMBER}(?:_{_NUMBER})*)", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One change, made at a record.

    `values`: x1, x2, label of a point · x1, x2 to erase at · index in the flat parameters
    and new value of a weight · the learning rate.
    """

    record: int
    kind: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {self.kind!r}")
        n_values = _KINDS[self.kind][1]
        if len(self.values) != n_values or not np.isfinite(self.values).all():
            raise ValueError(f"{self.kind} must have {n_values} numbers, got {self.values!r}")
        if self.kind == "learning_rate" and not 1e-5 <= self.values[0] <= 10:
            raise ValueError(f"learning_rate must be between 1e-5 and 10, got {self.values[0]!r}")
        if self.kind in ("point", "erase") and max(map(abs, self.values[:2])) > 6:
            raise ValueError(f"{self.kind} must lie within -6 and 6, got {self.values[:2]!r}")
        if self.kind == "point":
            between("the label of a point", self.values[2], -1, 1)
        if self.kind == "weight":
            index, value = self.values
            if index < 0 or index % 1:
                raise ValueError(f"the index of a weight must be whole, 0 or more, got {index:g}")
            between("a weight", value, -10_000, 10_000)
        if self.record < 0:
            raise ValueError(f"record must be 0 or more, got {self.record}")


def encode(changes: Sequence[Change]) -> str:
    """Changes as text for a link: `120p1.25_-3.4_1~300r0.1`."""
    return "~".join(
        f"{change.record}{_KINDS[change.kind][0]}"
        + "_".join(np.format_float_positional(v, precision=6, trim="-") for v in change.values)
        for change in changes
    )


def decode(text: str) -> tuple[Change, ...]:
    """The changes in the text of a link; a text that says anything else is refused."""
    parts = text.split("~") if text else []
    if len(parts) > MAX_CHANGES:
        raise ValueError(f"a link may hold at most {MAX_CHANGES} changes, got {len(parts)}")
    kinds = {letter: kind for kind, (letter, _) in _KINDS.items()}
    changes = []
    for part in parts:
        match = _CHANGE.fullmatch(part)
        if match is None:
            raise ValueError("the changes in the link cannot be read: part of it is missing")
        values = tuple(float(value) for value in match[3].split("_"))
        changes.append(Change(int(match[1]), kinds[match[2]], values))
    return tuple(changes)


def check(changes: Sequence[Change], last_record: int, n_parameters: int) -> None:
    """Refuse changes after the end of the run, and of weights that the network has not."""
    for change in changes:
        if change.record > last_record:
            raise ValueError(
                f"a change must be made between records 0 and {last_record:,} of this run, "
                f"got {change.record:,}"
            )
        if change.kind == "weight" and change.values[0] >= n_parameters:
            raise ValueError(
                f"the index of a weight must be below {n_parameters:,} in this network, "
                f"got {change.values[0]:g}"
            )


def data_with(
    points: NDArray[np.float32],
    labels: NDArray[np.float32],
    is_test: NDArray[np.bool_],
    changes: Sequence[Change],
    record: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """The examples after all changes made up to `record`; new points are for training."""
    for change in changes:
        if change.record > record:
            continue
        if change.kind == "point":
            points = np.vstack([points, np.array([change.values[:2]], dtype=np.float32)])
            labels = np.append(labels, np.float32(change.values[2]))
            is_test = np.append(is_test, False)
        elif change.kind == "erase":
            kept = np.hypot(*(points - np.array(change.values, dtype=np.float32)).T) > ERASER
            if (~is_test[kept]).sum() >= 1:  # a network needs an example to learn from
                points, labels, is_test = points[kept], labels[kept], is_test[kept]
    return points, labels, is_test


def weights_with(model: nn.Module, changes: Sequence[Change], record: int) -> None:
    """Set the parameters that were edited at exactly this record."""
    edits = [c for c in changes if c.kind == "weight" and c.record == record]
    if not edits:
        return
    flat = flat_parameters(model).copy()
    for index, value in (change.values for change in edits):
        if index < len(flat):
            flat[int(index)] = value
    load_flat_parameters(model, flat)


def branched(changes: Sequence[Change], at: int, new: Sequence[Change]) -> tuple[Change, ...]:
    """The changes of a run that leaves this one at record `at` with `new` ones."""
    return (*(change for change in changes if change.record <= at), *new)[:MAX_CHANGES]


def with_rate(
    changes: Sequence[Change], at: int, before: float, after: float
) -> tuple[Change, ...]:
    """The changes when the learning rate, until now `before`, becomes `after` at a record.

    The rate of the beginning stands as a change at record 0, so that the control can show
    the one in force.
    """
    if at == 0:
        return tuple(change for change in changes if change.kind != "learning_rate")
    first = [] if initial_rate(changes) else [Change(0, "learning_rate", (before,))]
    return (*first, *branched(changes, at, [Change(at, "learning_rate", (after,))]))


def initial_rate(changes: Sequence[Change]) -> float | None:
    """The learning rate of the beginning where it was changed later, else None."""
    rates = [c for c in changes if c.kind == "learning_rate" and c.record == 0]
    return rates[0].values[0] if rates else None


def for_another_network(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What of the changes makes sense for another network: the points, from the start."""
    kept = [c for c in changes if c.kind in ("point", "erase")]
    return tuple(Change(0, change.kind, change.values) for change in kept)
