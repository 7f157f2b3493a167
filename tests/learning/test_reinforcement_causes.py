"""Settings of the reinforcement page that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.learning.reinforcement import cart_pole_reading, cart_pole_training, model, reading
from core.learning.reinforcement.cart_pole import Config as Pole
from core.learning.reinforcement.model import Config
from core.recordings import Records
from core.runs import Run
from tests.failing import judged

pytestmark = pytest.mark.claims
COINS = "ooooog-owwowo-oocooo-owowow-soooop"
STILL = {"epsilon": 0.0, "anywhere": False, "slip": 0.0, "step_cost": 0.0}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "endless coin": ({"map": COINS}, {"circles"}),
    "steps hurt": ({"step_cost": 0.7}, {"flees"}),
    "no exploring": (STILL, {"unexplored"}),
}
POLES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no foresight": ({"discount": 0.0}, {"short-sighted"}),
    "rate 0.0001": ({"learning_rate": 1e-4}, {"stuck"}),
}


def grid(config: Config, records: Records, end: str) -> Any:
    return reading.findings(config, records)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_agent_is_told_its_cause_and_what_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    run = Run(model.training, replace(Config(), **settings))
    said = judged(grid, run, run.n_records - 1)
    assert said.finding.kind in accepted, said.finding.sentence
    assert (said.offer is None) == (name != "no exploring")


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_agent_gets_no_complaint(seed: int) -> None:
    run = Run(model.training, Config(seed=seed))
    assert judged(grid, run, run.n_records - 1).finding.tone == "good"


@pytest.mark.parametrize("name", POLES)
def test_agents_that_drop_the_pole_are_told_why_and_what_helps(name: str) -> None:
    settings, accepted = POLES[name]
    run = Run(cart_pole_training.training, replace(Pole(), **settings))
    said = judged(cart_pole_reading.findings, run, run.n_records - 1)
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer is not None


def test_a_live_training_begins_and_ends_as_the_recorded_one() -> None:
    stored = Run(cart_pole_training.training, Pole(), cart_pole_training.RECORDING)
    live = Run(cart_pole_training.training, Pole())
    last = live.n_records - 1
    before, now = stored.until(last)["mean"], live.until(last)["mean"]
    np.testing.assert_allclose(now[:6], before[:6], atol=1)
    assert min(now[-1], before[-1]) >= 475


def test_the_rule_of_one_line_balances_nearly_as_long_as_what_was_learned() -> None:
    assert 450 <= cart_pole_reading.rule_return() <= 500
