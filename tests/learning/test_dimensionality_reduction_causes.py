"""Settings of the dimensionality reduction page that fail, and what may be named for each."""

from dataclasses import replace
from typing import Any

import pytest

from core.diagnosis import Finding
from core.learning.dimensionality_reduction import findings, model
from core.learning.dimensionality_reduction.model import Config
from core.learning.dimensionality_reduction.principal_components import held_out_error
from core.recordings import Records
from core.runs import Run
from tests.failing import judged

pytestmark = pytest.mark.claims
PLAIN = {"model": "autoencoder"}
SMALL = Config(n_examples=2000, n_epochs=10)
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "β = 100": ({"beta": 100.0}, {"collapsed"}),
    "β = 30": ({"beta": 30.0}, {"collapsed"}),
    "rate 0.3": ({**PLAIN, "learning_rate": 0.3, "batch_size": 100}, {"lost", "diverged"}),
    "rate 1": ({**PLAIN, "learning_rate": 1.0}, {"lost", "diverged"}),
    "rate 0.0001, one epoch": ({**PLAIN, "learning_rate": 1e-4, "n_epochs": 1}, {"too_short"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "variational": {},
    "autoencoder": PLAIN,
    "clothes": {"data": "fashion"},
    "linear": {**PLAIN, "hidden": (), "learning_rate": 0.01},
}


def said_of(config: Config, records: Records, end: str) -> list[Finding]:
    return findings.findings(config, records, end, None)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    run = Run(model.training, replace(SMALL, **settings))
    said = judged(said_of, run, run.n_records - 1)
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer is not None, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    run = Run(model.training, replace(SMALL, **HEALTHY[name]))
    assert judged(said_of, run, run.n_records - 1).finding.tone != "bad"


@pytest.mark.parametrize("kind", ["autoencoder", "variational"])
def test_from_two_numbers_unseen_digits_are_restored_better_than_by_pca_on_ten_seeds(
    kind: str,
) -> None:
    """As the question says; a sixth of the way is enough."""
    pca = held_out_error("digits", Config.n_examples, 2)
    for seed in range(10):
        run = Run(model.training, Config(model=kind, n_epochs=10, seed=seed))
        assert run.at(run.n_records - 1)["mse"] < pca
