"""Settings of the neuron page that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.foundations.neuron import model, reading
from core.foundations.neuron.model import Config
from core.runs import Run
from tests.failing import Judged, is_healthy, judged, names_its_cause

pytestmark = pytest.mark.claims
RECORD = 300
NO_HELP = {"XOR"}  # no change of one neuron helps: it takes a network
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "identity at rate 1": ({"activation": "identity", "learning_rate": 1.0}, {"diverged"}),
    "identity at rate 0.3": (
        {"activation": "identity", "learning_rate": 0.3},
        {"diverged", "overshoots"},
    ),
    "a step": ({"activation": "step"}, {"flat"}),
    "saturated tanh": (
        {"activation": "tanh", "w1": -20.0, "w2": -20.0, "b": 0.0},
        {"flat", "saturated"},
    ),
    "rate 0.001, wrong start": (
        {"learning_rate": 0.001, "w1": -2.0, "w2": -2.0},
        {"too_short"},
    ),
    "XOR": ({"data": "xor", "learning_rate": 1.0, "noise": 10}, {"straight"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "two clouds": {},
    "clouds that overlap": {"noise": 50},
    "OR": {"data": "or", "noise": 10, "learning_rate": 1.0},
    "AND by tanh": {"data": "and", "noise": 10, "activation": "tanh", "learning_rate": 0.3},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    return judged(reading.findings, Run(model.training, config), RECORD)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    names_its_cause(at_its_end(**settings), accepted, name in NO_HELP)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    is_healthy(at_its_end(**HEALTHY[name]))
