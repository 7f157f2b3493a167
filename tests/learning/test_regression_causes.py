"""Settings of the regression that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.learning.regression import findings, model
from core.learning.regression.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 10": ({"learning_rate": 10.0}, {"unsteady", "diverged"}),
    "rate 10 on the step": ({"learning_rate": 10.0, "data": "step"}, {"unsteady", "diverged"}),
    "rate 0.0001": ({"learning_rate": 1e-4, "n_steps": 200}, {"stalled", "too_short"}),
}
HEALTHY: dict[str, dict[str, Any]] = {"sine": {}, "step": {"data": "step"}}


def at_its_end(**settings: Any) -> Judged:
    run = Run(model.training, replace(Config(), **settings))
    return judged(findings.findings, run, run.n_records - 1)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_regression_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer is not None, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_regression_gets_no_complaint(name: str) -> None:
    assert at_its_end(**HEALTHY[name]).finding.tone in ("good", "note")
