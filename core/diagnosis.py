"""What happened in a run, read off its curves and said in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.remedies import Complaint, Remedy
from core.shares import per_cent


@dataclass(frozen=True)
class Finding:
    """One thing that happened, in a sentence, with what would mend it.

    `tone` is "good", "note" or "bad"; `remedies` are what may mend it, tried before one is
    offered for what the `complaint` is about.
    """

    kind: str
    tone: str
    sentence: str
    remedy_label: str = ""
    remedy: Mapping[str, Any] = field(default_factory=dict)
    complaint: Complaint | None = None
    remedies: tuple[Remedy, ...] = ()


def from_curves(
    records: Mapping[str, NDArray[Any]], end: str, learning_rate: float, unit: str = "epoch"
) -> list[Finding]:
    """What the curves "loss" and "test_loss", each (S,), say so far; worst first."""
    loss = np.asarray(records["loss"], dtype=float)
    test_loss = np.asarray(records.get("test_loss", np.full(len(loss), np.nan)), dtype=float)
    found = [
        _diverged(loss, end, learning_rate, unit),
        _unsteady(loss, learning_rate),
        _stalled(loss, learning_rate, unit),
        _overfits(loss, test_loss, unit),
        _learned(loss, test_loss),
    ]
    said = [finding for finding in found if finding]
    return said[:1] if said and said[0].kind == "diverged" else said


def _slower(learning_rate: float) -> dict[str, float]:
    return {"learning_rate": _nearest_rate(learning_rate / 10)}


def _nearest_rate(rate: float) -> float:
    return float(RATES[np.abs(np.log(RATES) - np.log(rate)).argmin()])


# The rates that the controls offer, half a power of ten apart.
RATES = np.array([0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])


def _diverged(
    loss: NDArray[np.float64], end: str, learning_rate: float, unit: str
) -> Finding | None:
    if end != "diverged":
        return None
    return Finding(
        "diverged",
        "bad",
        f"Training diverged after {unit} {len(loss) - 1}: with a learning rate of "
        f"{learning_rate:g} the steps overshot until the loss was no longer a number. "
        "The picture stays at the last finite record.",
        "Take steps a tenth as long",
        _slower(learning_rate),
    )


def _unsteady(loss: NDArray[np.float64], learning_rate: float) -> Finding | None:
    late = loss[len(loss) // 2 :]
    if len(loss) < 10 or late.min() <= 0:
        return None
    jumps = np.abs(np.diff(np.log(late)))
    if np.median(jumps) < 0.3 and late.mean() <= 1.2 * loss[0]:
        return None
    return Finding(
        "unsteady",
        "bad",
        f"The loss jumps up and down instead of falling: a learning rate of {learning_rate:g} "
        "throws the weights across the valley at every step.",
        "Take steps a tenth as long",
        _slower(learning_rate),
    )


def _stalled(loss: NDArray[np.float64], learning_rate: float, unit: str) -> Finding | None:
    if len(loss) < 30 or loss[0] <= 0 or loss[-1] < 0.8 * loss[0] or loss.mean() > 1.2 * loss[0]:
        return None
    return Finding(
        "stalled",
        "bad",
        f"The training loss has hardly moved in {len(loss) - 1} {unit}s: it is still "
        f"{per_cent(loss[-1] / loss[0])} of what the untrained network had. "
        "The steps are too small, or the network cannot express the pattern.",
        "Take steps three times as long",
        {"learning_rate": _nearest_rate(learning_rate * 3)},
    )


def _overfits(
    loss: NDArray[np.float64], test_loss: NDArray[np.float64], unit: str
) -> Finding | None:
    if len(loss) < 30 or not np.isfinite(test_loss).all():
        return None
    best = int(test_loss.argmin())
    worse = test_loss[-1] > 1.15 * test_loss[best] and test_loss[-1] > 1.3 * loss[-1]
    if not worse or best > 0.9 * len(loss):
        return None
    return Finding(
        "overfits",
        "bad",
        f"Overfitting: the test loss was lowest at {unit} {best:,} ({test_loss[best]:.3g}) and "
        f"has risen to {test_loss[-1]:.3g} since, while the training loss fell to {loss[-1]:.3g}. "
        "The network now learns the noise of its own examples.",
        "Hold the weights small (L2 0.003)",
        {"l2": 0.003},
    )


def _learned(loss: NDArray[np.float64], test_loss: NDArray[np.float64]) -> Finding | None:
    if len(loss) < 5 or loss[-1] > 0.5 * loss[0]:
        return None
    tested = f", the test loss is {test_loss[-1]:.3g}" if np.isfinite(test_loss[-1]) else ""
    return Finding(
        "learned",
        "good",
        f"The network has learned: its training loss fell from {loss[0]:.3g} to "
        f"{loss[-1]:.3g}{tested}.",
    )
