"""Settings of the page on image classification that fail, each with its accepted causes."""

from dataclasses import replace
from typing import Any

import pytest

from core.runs import Run
from core.vision.image_classification import findings, model
from core.vision.image_classification.model import Config
from tests.failing import Judged, is_healthy, judged, names_its_cause

pytestmark = pytest.mark.claims
QUICK = {"n_train": 1000, "n_epochs": 2}
# What two seconds of processor are too few to mend: the page says so and offers nothing.
HARD = {"clothes by heart", "500 digits by heart"}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 1": ({**QUICK, "learning_rate": 1.0}, {"overshoots", "dead", "diverged"}),
    "rate 0.3 on clothes": (
        {**QUICK, "data": "fashion_mnist", "learning_rate": 0.3}, {"overshoots", "dead"},
    ),
    "rate 0.03": ({**QUICK, "learning_rate": 0.03, "n_train": 2000}, {"overshoots", "dead"}),
    "rate 0.0001": ({**QUICK, "learning_rate": 1e-4}, {"too_short"}),
    "rate 0.0001, large batches": (
        {"learning_rate": 1e-4, "n_train": 4000, "batch_size": 256, "n_epochs": 2}, {"too_short"},
    ),
    "two steps": ({"n_train": 500, "batch_size": 256, "n_epochs": 1}, {"too_short"}),
    "dropout 0.8 on few kernels": (
        {"p_drop": 0.8, "n_filters": (2, 3), "n_train": 2000, "n_epochs": 2}, {"silenced"},
    ),
    "two and three kernels, moved far": (
        {"n_filters": (2, 3), "kernel_size": 3, "shift": 3, **QUICK}, {"underfits"},
    ),
    "500 digits by heart": (
        {"n_train": 500, "shift": 0, "p_drop": 0.0, "n_epochs": 12}, {"overfits"},
    ),
    "clothes by heart": (
        {"data": "fashion_mnist", "n_train": 500, "shift": 0, "p_drop": 0.0, "n_epochs": 12},
        {"overfits"},
    ),
}  # fmt: skip
HEALTHY: dict[str, dict[str, Any]] = {
    "digits, as recorded": {},
    "2,000 digits": {"n_train": 2000, "n_epochs": 4},
    "few kernels": {"n_filters": (4, 6), "kernel_size": 3, "n_train": 2000, "n_epochs": 5},
}


def at_its_end(**settings: Any) -> Judged:
    config = replace(Config(), **settings)
    run = Run(model.training, config, model.RECORDING)
    return judged(findings.findings, run, run.n_records - 1)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    names_its_cause(at_its_end(**settings), accepted, name in HARD)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    is_healthy(at_its_end(**HEALTHY[name]))
