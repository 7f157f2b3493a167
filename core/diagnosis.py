"""What happened in a run: what several pages read off its curves in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.evidence import motion, rise
from core.remedies import Complaint, Remedy

Floats = NDArray[np.floating]

# The rates that the controls offer, half a power of ten apart.
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Finding:
    """One thing that happened, in a sentence, with what would mend it.

    `tone` is "good", "note" or "bad"; `remedies` are what may mend it, tried before one is
    offered for what the `complaint` is about.
    """

    kind: str
    tone: str
    sentence: str
    complaint: Complaint | None = None
    remedies: tuple[Remedy, ...] = ()


def other_rates(rate: float, *factors: float, offered: Sequence[float] = RATES) -> list[float]:
    """The offered rates nearest to `rate` times each factor, each once, without itself."""
    nearest = [min(offered, key=lambda each: abs(np.log(each / (rate * f)))) for f in factors]
    return [new for new in dict.fromkeys(nearest) if new != rate]


def diverged(
    after: str, rate: float, complaint: Complaint | None = None, remedies: tuple[Remedy, ...] = ()
) -> Finding:
    """A run whose loss is no number any more; `after` names its last finite record."""
    said = (
        f"Training diverged after {after}: with a learning rate of {rate:g} the steps overshot "
        "until the loss was no longer a number."
    )
    return Finding("diverged", "bad", said, complaint, remedies)


def jumps(loss: Floats) -> bool:
    """Whether the second half of a curve goes up and down by a third without getting lower.

    A curve that falls fast changes as much at every record, but in one direction.
    """
    late = loss[len(loss) // 2 :].astype(float)
    if len(loss) < 10 or late.min() <= 0:
        return False
    logs = np.log(late)
    return bool(np.median(np.abs(np.diff(logs))) >= 0.3 and motion(logs[:, None]).detour > 3)


def still_falls(loss: Floats, by: float) -> str:
    """That the last tenth of a curve fell by a share `by` of it, and from where; "" if not."""
    before, now = float(loss[len(loss) * 9 // 10]), float(loss[-1])
    if now > (1 - by) * before:
        return ""
    return f"in the last tenth of the run the loss still fell, from {before:.3g} to {now:.3g}"


def overfitting(
    loss: Floats, test_loss: Floats, losses: Callable[[int], Floats], named: Callable[[int], str]
) -> str:
    """That the test loss rose by more than chance while the training loss fell; "" if not.

    `losses` gives every test example's at a record, `named` what the record is called.
    """
    best = int(np.nanargmin(test_loss)) if np.isfinite(test_loss).any() else 0
    if not best or best > 0.9 * len(loss) or loss[-1] > 0.9 * min(loss[0], loss[best]):
        return ""
    risen = rise(losses(best), losses(-1))
    if not risen.is_certain or test_loss[-1] < 1.1 * test_loss[best]:
        return ""
    return (
        f"Overfitting: since {named(best)} the training loss fell from {loss[best]:.3g} to "
        f"{loss[-1]:.3g}, while the test loss rose from {test_loss[best]:.3g} to "
        f"{test_loss[-1]:.3g} (standard error of the rise: {risen.error:.2g})."
    )
