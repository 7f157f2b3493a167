"""Settings in which anomalies are not found, each with the causes that may be named for it."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from core.learning.anomaly_detection import findings, model
from core.learning.anomaly_detection.model import Config
from core.runs import Run
from tests.failing import Judged, judged

pytestmark = pytest.mark.claims
SHUTTLE = {"data": "shuttle", "n_epochs": 10}
FAILING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "rate 1": ({"learning_rate": 1.0}, {"stuck"}),
    "rate 0.0001": ({"learning_rate": 1e-4, "n_epochs": 10}, {"too_short"}),
    "by the clock": ({"window": "seconds"}, {"not_worst"}),
    "contaminated": ({**SHUTTLE, "contamination": 10}, {"contaminated"}),
    "more contaminated": ({**SHUTTLE, "contamination": 20, "seed": 1}, {"contaminated"}),
    "shuttle at rate 1": ({**SHUTTLE, "learning_rate": 1.0}, {"stuck"}),
}
HEALTHY: dict[str, dict[str, Any]] = {
    "heartbeats": {},
    "another seed": {"seed": 3},
    "shuttle": SHUTTLE,
    "the worst left out": {**SHUTTLE, "contamination": 10, "left_out": 40},
}


def said_of(threshold: float, config: Config, records: Any, end: str) -> Any:
    return findings.findings(config, records, end, threshold)


def at_its_end(**settings: Any) -> Judged:
    run = Run(model.training, replace(Config(), **settings))
    return judged(partial(said_of, 0.112), run, run.n_records - 1)


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_autoencoder_is_told_its_cause_and_a_remedy_that_helps(name: str) -> None:
    settings, accepted = FAILING[name]
    said = at_its_end(**settings)
    assert said.finding.tone == "bad"
    assert said.finding.kind in accepted, said.finding.sentence
    assert said.offer is not None, said.finding.sentence


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_autoencoder_gets_no_complaint(name: str) -> None:
    finding = at_its_end(**HEALTHY[name]).finding
    assert finding.tone == "good", finding.sentence
    assert "principal components" in finding.sentence


def test_the_early_beat_stands_out_over_ten_seeds_as_the_page_says() -> None:
    for seed in range(10):
        run = Run(model.training, Config(seed=seed))
        last = run.at(run.n_records - 1)
        early = model.examples(run.config).is_anomaly
        times = float(last["errors"][early][0] / last["errors"][~early].max())
        assert 1.5 < times < 1.75
