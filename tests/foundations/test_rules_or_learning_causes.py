"""Settings of the page on rules and learning that fail, each with its accepted causes."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from core.foundations.rules_or_learning import findings, model
from core.foundations.rules_or_learning.model import Config, Day, Rule
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 10": ({"learning_rate": 10.0}, {"overshoots", "diverged"}),
    "rate 1": ({"learning_rate": 1.0}, {"overshoots"}),
    "rate 0.0001": ({"learning_rate": 1e-4}, {"too_short"}),
    "rate 0.001": ({"learning_rate": 1e-3}, {"too_short"}),
    "50 examples": (
        {"n_examples": 50, "fraud_share": 4.0, "n_epochs": 400}, {"few_examples"},
    ),
    "200 examples by heart": ({"n_examples": 200, "n_epochs": 400}, {"few_examples"}),
    "no hidden units": ({"hidden": ()}, {"linear"}),
    "no hidden units, another world": ({"hidden": (), "learned_drift": 100}, {"linear"}),
}  # fmt: skip
HEALTHY: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "another world": {"learned_drift": 100},
    "many frauds": {"fraud_share": 20.0},
    "another seed": {"seed": 3},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    said = partial(findings.findings, rule=Rule(), day=Day(drift=config.learned_drift))
    return judged(said, Run(model.training, config), config.n_epochs)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    config = replace(Config(), **HEALTHY[name])
    records = Run(model.training, config).until(config.n_epochs)
    assert findings._held_back(config, records) is None
