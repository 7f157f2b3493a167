"""Settings of the page on layers that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.foundations.layers import findings, model
from core.foundations.layers.model import Config
from core.foundations.layers.reading import probes
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
QUICK = {"n_train": 500, "n_epochs": 4, "n_filters": 8}
# What two seconds of processor are too few to mend: the page says so and offers nothing.
HARD = {"200 images by heart", "one step"}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 1": ({**QUICK, "learning_rate": 1.0}, {"overshoots", "dead", "diverged"}),
    "rate 0.1": ({**QUICK, "learning_rate": 0.1}, {"overshoots", "dead"}),
    "rate 0.0001": ({**QUICK, "learning_rate": 1e-4}, {"too_short"}),
    "one step": ({**QUICK, "n_epochs": 1, "batch_size": 500}, {"too_short"}),
    "random labels": (
        {"share_shuffled": 100, "n_train": 200, "n_filters": 8, "n_epochs": 20}, {"shuffled"},
    ),
    "three in four labels random": ({**QUICK, "share_shuffled": 75}, {"shuffled"}),
    "two maps, five layers": (
        {"n_layers": 5, "n_filters": 2, "n_train": 1500, "n_epochs": 4}, {"dead", "too_short"},
    ),
    "200 images by heart": ({"n_train": 200, "n_epochs": 20, "n_filters": 8}, {"overfits"}),
}  # fmt: skip
HEALTHY: dict[str, dict[str, Any]] = {
    "four convolutions, as recorded": {},
    "one convolution": {"n_layers": 1, "n_train": 1500, "n_epochs": 6, "n_filters": 8},
}


def finished(**settings: Any) -> Run:
    return Run(model.training, replace(Config(), **settings), model.RECORDING)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    run = finished(**settings)
    said: Judged = judged(findings.findings, run, run.n_records - 1)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert (said.offer is None) == (name in HARD), said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    run = finished(**HEALTHY[name])
    last = run.n_records - 1
    asked = probes(run.config, run, last)
    said = findings.findings(run.config, run.until(last), run.ending(last), asked)
    assert [finding.tone for finding in said] == ["good"], said
