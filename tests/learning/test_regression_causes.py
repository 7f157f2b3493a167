"""Settings of the regression that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.learning.regression import findings, model, picture
from core.learning.regression.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
AMES: dict[str, Any] = {
    "data": "ames", "shape": "32", "learning_rate": 0.001, "l2": 0.003, "n_steps": 400,
}  # fmt: skip
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 10": ({"learning_rate": 10.0}, {"unsteady", "diverged"}),
    "rate 10 on the step": ({"learning_rate": 10.0, "data": "step"}, {"unsteady", "diverged"}),
    "rate 1": ({"learning_rate": 1.0}, {"unsteady"}),
    "rate 0.0001": ({"learning_rate": 1e-4, "n_steps": 200}, {"stalled", "too_short"}),
    "few steps of few units": ({"shape": "8", "n_steps": 100}, {"too_short"}),
    "a line through a sine": ({"shape": "linear"}, {"linear"}),
    "a constant": ({"shape": "constant"}, {"constant"}),
    "outliers": ({"n_outliers": 3, "gap": 0}, {"pulled"}),
    "a penalty": ({"l2": 0.3}, {"penalty"}),
    "five points": ({"n_points": 5}, {"overfits"}),
    "houses, a constant": ({**AMES, "shape": "constant", "learning_rate": 0.01}, {"constant"}),
    "houses, rate 3": ({**AMES, "learning_rate": 3.0}, {"unsteady", "diverged"}),
    "houses, few short steps": ({**AMES, "learning_rate": 1e-4, "n_steps": 50}, {"too_short"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "sine": {},
    "step": {"data": "step"},
    "outliers, Huber": {"n_outliers": 3, "gap": 0, "loss": "huber"},
    "a line through a line": {"data": "line", "shape": "linear", "n_steps": 1000},
    "a fast fall": {"data": "line", "noise": 0, "learning_rate": 0.03, "n_steps": 100},
    "own points": {"data": "own_points"},
}


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


@pytest.mark.parametrize("seed", range(10))
def test_the_default_curve_gets_no_complaint_with_any_seed(seed: int) -> None:
    assert at_its_end(seed=seed).finding.tone in ("good", "note")


@pytest.mark.parametrize("seed", range(10))
def test_outliers_are_named_where_they_pull(seed: int) -> None:
    said = at_its_end(n_outliers=3, gap=0, seed=seed)
    assert said.finding.kind == "pulled"
    assert said.offer is not None or seed == 8, said.finding.sentence


def test_squared_errors_are_pulled_furthest_on_nine_of_ten_seeds() -> None:
    furthest = 0
    for seed in range(10):
        config = Config(n_outliers=3, gap=0, loss="all", seed=seed)
        run = Run(model.training, config)
        members = run.until(run.n_records - 1)["members"]
        furthest += int(picture.distance(config, members[-1:])[0].argmax() == 0)
    assert furthest == 9
