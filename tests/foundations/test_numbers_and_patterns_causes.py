"""Settings of the page on numbers and patterns that fail, each with its accepted causes."""

from dataclasses import replace
from typing import Any

import pytest

from core.foundations.numbers_and_patterns import findings, model
from core.foundations.numbers_and_patterns.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
SOUND = {"kind": "sound", "n_epochs": 70}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "one unit": ({"n_hidden": 1}, {"narrow"}),
    "two units": ({"n_hidden": 2}, {"narrow"}),
    "two units for sounds": ({**SOUND, "n_hidden": 2}, {"narrow"}),
    "rate 1": ({"learning_rate": 1.0}, {"overshoots"}),
    "rate 10": ({"learning_rate": 10.0}, {"overshoots", "diverged"}),
    "sounds at rate 1": ({**SOUND, "learning_rate": 1.0}, {"overshoots"}),
    "rate 0.0001": ({"learning_rate": 1e-4}, {"too_short"}),
    "sounds at rate 0.0001": ({**SOUND, "learning_rate": 1e-4}, {"too_short"}),
    "50 photos": (
        {"train_share": 5, "n_epochs": 100, "learning_rate": 0.01}, {"few_examples"},
    ),
}  # fmt: skip
HEALTHY: dict[str, dict[str, Any]] = {
    "photos": {},
    "sentences": {"kind": "sentence"},
    "sounds": SOUND,
    "rows": {"kind": "row", "n_hidden": 6, "learning_rate": 0.01},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    return judged(findings.findings, Run(model.training, config), config.n_epochs)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    said = at_its_end(**HEALTHY[name])
    assert said.finding.tone == "good", said.finding.sentence
    assert said.offer is None
