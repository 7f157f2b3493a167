"""Settings of the network page that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.changes import Change
from core.foundations.network import findings, model
from core.foundations.network.model import Config
from core.runs import Run
from tests.failing import Judged, is_healthy, judged, names_its_cause

pytestmark = pytest.mark.claims
RECORD = 300
# What two seconds of processor are too few to mend: the page says so and offers nothing.
HARD = {"six sigmoid layers"}
HILLS = {"task": "regression", "data": "gaussian", "loss": "squared_error", "hidden": (6, 4)}
ZERO = tuple(Change(0, "weight", (index, 0.0)) for index in range(25))
SQUARES = ("x1sq", "x2sq")
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "L2 of 10": ({"l2": 10.0}, {"penalty"}),
    "L2 of 0.1": ({"l2": 0.1}, {"penalty"}),
    "L1 of 1": ({"l1": 1.0}, {"penalty"}),
    "L1 of 0.1 on moons": ({"l1": 0.1, "data": "moons"}, {"penalty"}),
    "all weights zero": ({"changes": ZERO}, {"twins"}),
    "six sigmoid layers": (
        {"data": "spiral", "activation": "sigmoid", "hidden": (8,) * 6},
        {"vanishing", "unvarying"},
    ),
    "five sigmoid layers on XOR": (
        {"data": "xor", "activation": "sigmoid", "hidden": (6,) * 5},
        {"vanishing", "unvarying"},
    ),
    "dropout 0.8": ({"p_drop": 0.8}, {"silenced"}),
    "dropout 0.7 on two units": ({"p_drop": 0.7, "hidden": (2,)}, {"silenced"}),
    "XOR from one coordinate": ({"data": "xor", "features": ("x1",)}, {"features"}),
    "circle from one square": ({"features": ("x1sq",)}, {"features"}),
    "no activation function": ({"activation": "identity"}, {"linear"}),
    "no activation, deep": ({"activation": "identity", "hidden": (8, 8)}, {"linear"}),
    "no hidden layer on XOR": ({"data": "xor", "hidden": ()}, {"linear"}),
    "no hidden layer on the circle": ({"hidden": ()}, {"linear"}),
    "Adam at 1": ({"optimizer": "adam", "learning_rate": 1.0}, {"overshoots"}),
    "momentum, batch of 1": (
        {"optimizer": "momentum", "batch_size": 1, "learning_rate": 0.03},
        {"overshoots"},
    ),
    "rate 10": ({"learning_rate": 10.0}, {"overshoots", "diverged"}),
    "ReLU at rate 3": (
        {"activation": "relu", "learning_rate": 3.0},
        {"overshoots", "dead", "twins"},
    ),
    "rate 0.0001": ({"learning_rate": 1e-4}, {"too_short"}),
    "rate 0.00001": ({"learning_rate": 1e-5}, {"too_short"}),
    "sigmoid at rate 0.001": ({"activation": "sigmoid", "learning_rate": 0.001}, {"too_short"}),
    "squares at rate 0.0001": (
        {"features": SQUARES, "hidden": (), "learning_rate": 1e-4},
        {"too_short"},
    ),
    "one unit on the circle": ({"hidden": (1,)}, {"too_small", "stalled"}),
    "memorises noise": (
        {
            "noise": 50,
            "train_share": 10,
            "hidden": (8, 8),
            "learning_rate": 0.3,
            "optimizer": "momentum",
        },
        {"overfits"},
    ),
    "hills, steps too long": (
        {**HILLS, "activation": "leaky_relu", "learning_rate": 0.3, "optimizer": "momentum"},
        {"diverged", "overshoots"},
    ),
    "hills without a hidden layer": ({**HILLS, "hidden": ()}, {"linear", "too_small", "stalled"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "circle": {},
    "moons": {"data": "moons"},
    "XOR": {"data": "xor", "hidden": (4,)},
    "two clouds that overlap": {"data": "gauss", "noise": 50},
    "circle with much noise": {"noise": 50},
    "squares, no hidden layer": {"features": SQUARES, "hidden": (), "learning_rate": 0.3},
    "plane": {"task": "regression", "data": "plane", "loss": "squared_error"},
    "hills": {**HILLS, "learning_rate": 0.1},
    "Adam": {"optimizer": "adam", "learning_rate": 0.01},
    "a little dropout": {"p_drop": 0.1, "hidden": (8, 8), "optimizer": "adam",
                         "learning_rate": 0.01},
}  # fmt: skip


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    return judged(findings.findings, Run(model.training, config), RECORD)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    names_its_cause(at_its_end(**settings), accepted, name in HARD)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    is_healthy(at_its_end(**HEALTHY[name]))
