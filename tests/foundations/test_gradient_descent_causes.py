"""Races that fail, each with the causes that may be named, and what was tried."""

from dataclasses import replace
from typing import Any

import pytest

from core.foundations.gradient_descent import model, reading
from core.foundations.gradient_descent.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
AT_ONCE = {"momentum at 10"}  # gone with the first step: nothing to compare with
ALONE = {"optimizers": ("sgd",)}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "SGD alone at 0.2": ({**ALONE, "learning_rate": 0.2}, {"left"}),
    "all at 0.2": ({"learning_rate": 0.2}, {"left"}),
    "momentum at 10": ({"optimizers": ("sgd", "momentum"), "learning_rate": 10.0}, {"left"}),
    "SGD at 0.001": ({**ALONE, "learning_rate": 0.001}, {"slow"}),
    "Adam at 0.001": ({"optimizers": ("adam",), "adaptive_rate": 0.001}, {"slow"}),
    "SGD from the saddle": ({**ALONE, "surface": "saddle", "start": (0.0, 0.0)}, {"saddle"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "a line": {},
    "scaled": {"scaled": True, "learning_rate": 0.1},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    return judged(reading.findings, Run(model.training, config), config.n_steps)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_race_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad", said.finding.sentence
    assert said.finding.kind in accepted, said.finding.sentence
    assert (said.offer is None) == (name in AT_ONCE), said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_race_gets_no_complaint(name: str) -> None:
    assert at_its_end(**HEALTHY[name]).finding.tone == "good"
