"""Settings of the overfitting page that fail, and the causes that may be named."""

from dataclasses import replace
from typing import Any

import pytest

from core.foundations.overfitting import model, reading
from core.foundations.overfitting.model import UPDATES_PER_RECORD, Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
MOONS = {"data": "moons", "n_train": 60, "shuffled": True}
# Shuffled labels have no pattern: nothing mends them.
NO_HELP = {"shuffled, by heart"}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 10": ({"learning_rate": 10.0}, {"overshoots"}),
    "too small": ({"width": 1, "depth": 1}, {"underfits"}),
    "weight decay 1": ({"l2": 1.0}, {"underfits"}),
    "five points": ({"n_train": 5}, {"overfits"}),
    "much for 20": ({}, {"overfits"}),
    "shuffled, by heart": ({**MOONS, "n_epochs": 1500}, {"memorised"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "200 examples": {"n_train": 200},
    "200 moons": {"data": "moons", "n_train": 200, "noise": 30, "n_epochs": 300},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    return judged(
        reading.findings, Run(model.training, config), config.n_epochs // UPDATES_PER_RECORD
    )


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad", said.finding.sentence
    assert said.finding.kind in accepted, said.finding.sentence
    assert (said.offer is None) == (name in NO_HELP), said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    assert at_its_end(**HEALTHY[name]).finding.tone == "good"


def test_where_little_was_learned_nothing_is_called_memorised() -> None:
    said = at_its_end(shuffled=True, width=1, depth=1, n_train=200, n_epochs=300)
    assert said.finding.kind == "shuffled"


def test_the_default_passes_through_its_points_and_the_test_loss_rises_for_ten_seeds() -> None:
    for seed in range(10):
        config = Config(seed=seed)
        records = Run(model.training, config).until(config.n_epochs // UPDATES_PER_RECORD)
        assert records["loss"][-1] < 0.1 * config.floor
        assert records["test_loss"][-1] > 1.1 * records["test_loss"].min()
