"""What the tests of failing settings share: the finding, and the run after its remedy."""

from collections.abc import Collection
from typing import Any, NamedTuple

from core.diagnosis import Finding
from core.remedies import Trial, Trials, offered
from core.runs import Run


class Judged(NamedTuple):
    """What a page says of a finished run, and what it offers."""

    finding: Finding
    offer: Trial | None


def judged(findings: Any, run: Run, record: int) -> Judged:
    """The first finding at a record, and the remedy that was tried and helped."""
    records = run.until(record)
    last = len(records["loss"]) - 1
    first = findings(run.config, records, run.ending(last))[0]
    if not first.remedies:
        return Judged(first, None)
    trials = Trials(run.training, run, last, first.complaint, first.remedies)
    for _ in trials.go():
        pass
    return Judged(first, offered(trials.results()))


def names_its_cause(said: Judged, accepted: Collection[str], helpless: bool) -> None:
    """A complaint of an accepted kind, with a remedy that helped unless nothing is known to."""
    assert said.finding.tone == "bad", said.finding.sentence
    assert said.finding.kind in accepted, said.finding.sentence
    assert (said.offer is None) == helpless, said.finding.sentence


def is_healthy(said: Judged) -> None:
    """Praise, and nothing offered."""
    assert said.finding.tone == "good", said.finding.sentence
    assert said.offer is None
