"""Remedies, tried before they are offered: ordinary runs that differ in one setting.

A finding that complains names the curve it complains about and what might mend it. What
is tried is trained by the engine like any run, so that pressing the button shows the very
run that was tried, and a class with one setting pays once.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.runs import Run
from core.shares import per_cent
from core.training import Config, Training

ENOUGH = 0.8  # a loss must fall to this share of what it was
SECONDS = 2.0  # of processor for all that is tried together


@dataclass(frozen=True)
class Remedy:
    """A change of settings that may help: what it is called, and the run that it makes.

    `settings` gives controls their new values by name.
    """

    label: str
    settings: Mapping[str, Any]
    config: Config


@dataclass(frozen=True)
class Complaint:
    """What a curve of a run is blamed for: a loss that is too high, or a score too low.

    `n_scored` is the number of examples that an accuracy was measured on; with it the
    curve is a share that should rise, without it a loss that should fall. Where a record
    holds several values of the name, `index` says which; `whole` is 100 of a percentage.
    """

    curve: str
    name: str  # what the curve is called in a sentence
    n_scored: int = 0
    index: int = 0
    whole: float = 1.0

    def value(self, record: Mapping[str, Any]) -> float:
        """What a record says of it."""
        return float(np.ravel(record[self.curve])[self.index]) / self.whole

    def helped(self, before: float, after: float) -> bool:
        """Whether `after` is clearly better: 0.8 of the loss, or two standard errors."""
        if not np.isfinite(after):
            return False
        if not self.n_scored:
            return not np.isfinite(before) or after <= ENOUGH * before
        error = np.sqrt(2 * max(before * (1 - before), 0.25 / self.n_scored) / self.n_scored)
        return bool(after - before > 2 * error)

    def better(self, a: float, b: float) -> bool:
        """Whether `a` is better than `b`."""
        return (a > b) if self.n_scored else (a < b)

    def said(self, value: float) -> str:
        """The value as it is written."""
        if not np.isfinite(value):
            return "no number"
        return per_cent(value) if self.n_scored else f"{value:.3g}"


@dataclass(frozen=True)
class Trial:
    """What one remedy brought: the curve before and after, both at the same record."""

    remedy: Remedy
    complaint: Complaint
    before: float
    after: float
    record: int

    @property
    def helped(self) -> bool:
        """Whether the remedy is worth offering."""
        return self.complaint.helped(self.before, self.after)

    @property
    def said(self) -> str:
        """What was tried and what came of it, in a few words."""
        c = self.complaint
        return f"{self.remedy.label}: {c.name} {c.said(self.before)} → {c.said(self.after)}"


@dataclass
class Trials:
    """Several remedies trained side by side, a chunk of each in turn."""

    training: Callable[[Any], Training]
    run: Run
    record: int  # at which the run stands
    complaint: Complaint
    remedies: Sequence[Remedy]
    seconds: float = SECONDS
    reached: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.runs = [Run(self.training, remedy.config) for remedy in self.remedies]

    def go(self) -> Iterator[float]:
        """Train on; yields how much is done, 0 … 1, after every chunk of all.

        It ends at the record of the run or, where that costs more than `seconds` of
        processor, before: everything is then compared at the record reached.
        """
        begun = time.thread_time()
        while self.runs and self.reached < self.record:
            following = self.reached + 1
            stops = [self._one_more(run, following) for run in self.runs]
            self.reached = min(self.record, *(stop - 1 for stop in stops))
            spent = time.thread_time() - begun
            yield max(self.reached / self.record, spent / self.seconds)
            if spent > self.seconds:
                break

    def _one_more(self, run: Run, record: int) -> int:
        """Train one more chunk of a run; the record after its last, or none if it is over."""
        if record >= run.n_records:
            return self.record + 1
        chunk = run.chunk(record // run.records_per_chunk, ahead=True)
        return self.record + 1 if chunk.end else chunk.stop

    def results(self) -> list[Trial]:
        """What each brought, in the order in which they were named."""
        now = self.complaint.value(self.run.at(self.reached))
        found = []
        for remedy, run in zip(self.remedies, self.runs, strict=True):
            last = min(self.reached, run.n_records - 1)
            over = run.ending(last) == "diverged"
            value = float("nan") if over else self.complaint.value(run.at(last))
            found.append(Trial(remedy, self.complaint, now, value, self.reached))
        return found


def offered(trials: Sequence[Trial]) -> Trial | None:
    """The remedy worth a button, if one is: the likeliest of those that help most.

    Remedies come with the likeliest first, so that one which does nearly as well as a
    later one is preferred to it.
    """
    helping = [trial for trial in trials if trial.helped]
    if not helping:
        return None
    gains = [abs(trial.before - trial.after) for trial in helping]
    return next(t for t, gain in zip(helping, gains, strict=True) if gain >= 0.8 * max(gains))
