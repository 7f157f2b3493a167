"""Settings in which few labels go wrong, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.learning.semi_supervised import findings, model
from core.learning.semi_supervised.model import PROPAGATION, Config
from core.learning.semi_supervised.picture import run_of
from core.learning.semi_supervised.recordings import DIGITS
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 1": ({"learning_rate": 1.0}, {"rate"}),
    "rate 10": ({"learning_rate": 10.0}, {"rate"}),
    "rate 3 cut across": ({"learning_rate": 3.0, "data": "across"}, {"rate"}),
    "labels from one corner": ({"who": "corner"}, {"corner"}),
    "one corner, six labels": ({"who": "corner", "n_labels": 6, "seed": 1}, {"corner"}),
    "cut across": ({"data": "across", "seed": 6}, {"across"}),
    "trusts everything": ({"threshold": 50.0, "seed": 3}, {"snowball", "worse"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "moons": {},
    "digits, recorded": DIGITS,
    "ten labels": {"n_labels": 10, "seed": 2},
}


def at_its_end(**settings: Any) -> Judged:
    run = run_of(replace(Config(), **settings))
    return judged(findings.findings, run, run.n_records - 1)


@pytest.mark.parametrize("name", FAILING)
def test_a_run_gone_wrong_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer is not None, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint_and_no_snowball(name: str) -> None:
    said = at_its_end(**HEALTHY[name]).finding
    assert said.tone in ("good", "note"), said.sentence
    assert "snowball" not in said.sentence


def test_label_propagation_does_best_on_the_moons_and_pseudo_labels_gain_little() -> None:
    """Over seeds 0 to 13, as the question says."""
    last = []
    for seed in range(14):
        run = Run(model.training, Config(seed=seed))
        last.append(run.at(run.n_records - 1)["accuracy"])
    means = sum(last) / len(last)
    assert means.argmax() == PROPAGATION
    assert means[PROPAGATION] == pytest.approx(95, abs=1)
    assert abs(means[1] - means[0]) < 2
