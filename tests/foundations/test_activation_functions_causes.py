"""Settings in which deep networks fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.diagnosis import Finding
from core.foundations.activation_functions import findings, model
from core.foundations.activation_functions.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "six layers": ({}, {"vanished"}),
    "ten layers": ({"n_layers": 10}, {"vanished"}),
    "tiny first weights": ({"init": "small"}, {"vanished"}),
    "another seed": ({"seed": 4, "n_layers": 7}, {"vanished"}),
    "dead ReLUs": ({"learning_rate": 1.0, "init": "he", "n_epochs": 120}, {"dead"}),
    "rate 3": ({"learning_rate": 3.0}, {"dead", "diverged"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "one layer": {"n_layers": 1, "n_epochs": 200},
    "two layers, Adam": {"n_layers": 2, "optimizer": "adam", "learning_rate": 0.01},
}


def at_its_end(**settings: Any) -> Judged:
    run = Run(model.training, replace(Config(), **settings))
    return judged(said, run, run.n_records - 1)


def said(config: Config, records: Any, _end: str | None) -> list[Finding]:
    return findings.findings(config, records)


@pytest.mark.parametrize("name", FAILING)
def test_failing_networks_are_told_a_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    found = at_its_end(**settings)
    assert found.finding.kind in accepted, found.finding.sentence
    assert found.offer is not None, found.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_networks_get_no_complaint(name: str) -> None:
    finding = at_its_end(**HEALTHY[name]).finding
    assert finding.tone == "good", finding.sentence
