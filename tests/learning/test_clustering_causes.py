"""Settings of the clustering page that fail, each with the causes that may be named for it."""

from dataclasses import replace
from typing import Any

import pytest

from core.learning.clustering import findings, k_means, k_means_reading, model
from core.learning.clustering.model import Config
from core.remedies import Trials, offered
from core.runs import Run

pytestmark = pytest.mark.claims
SMALL = Config(n_examples=400, n_epochs=20, n_deep_epochs=10, hidden=(64,), batch_size=50)
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "two clusters for ten digits": ({"k": 2}, {"too_few"}),
    "rate 10": ({"learning_rate": 10.0}, {"diverged", "dead", "overshoots"}),
    "rate 1": ({"learning_rate": 1.0}, {"dead", "overshoots", "collapsed", "diverged"}),
    "rate 0.1": ({"learning_rate": 0.1}, {"dead", "overshoots", "collapsed"}),
    "rate 0.00001": ({"learning_rate": 1e-5, "n_epochs": 5}, {"too_short"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "digits": {},
    "autoencoder and k-means": {"method": "k_means"},
    "blobs": {"data": "blobs"},
    "clothes": {"data": "fashion", "is_moved": False},
}
CROWDED = k_means.Config(n_blobs=6, k=6, spread=0.4, start="crowded")


def said(**settings: Any) -> str:
    """What the first finding of a run at its end complains about, or nothing."""
    config = replace(SMALL, **settings)
    run = Run(model.training, config)
    records = run.until(run.n_records - 1)
    first = findings.findings(config, records, run.ending(len(records["loss"]) - 1))[0]
    return first.kind if first.tone == "bad" else ""


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_run_is_told_its_cause(name: str) -> None:
    settings, accepted = FAILING[name]
    assert said(**settings) in accepted


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gets_no_complaint(name: str) -> None:
    assert said(**HEALTHY[name]) == ""


@pytest.mark.parametrize("seed", range(10))
def test_six_blobs_from_crowded_centroids_are_mended_by_a_start_far_apart(seed: int) -> None:
    config = replace(CROWDED, seed=seed)
    run = Run(k_means.lloyd_training, config)
    records = run.until(run.n_records - 1)
    first = k_means_reading.findings(config, records)[0]
    assert first.kind == "stuck"
    trials = Trials(run.training, run, run.n_records - 1, first.complaint, first.remedies)
    for _ in trials.go():
        pass
    best = offered(trials.results())
    assert best
    assert best.after < 0.8 * best.before


def test_four_blobs_far_apart_get_no_complaint() -> None:
    config = k_means.Config(start="spread")
    run = Run(k_means.lloyd_training, config)
    assert k_means_reading.findings(config, run.until(run.n_records - 1))[0].tone == "good"
