"""Facts about rules and learning on simulated payments."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score

from core.foundations.rules_or_learning import findings, payments, reading, script
from core.foundations.rules_or_learning import model as topic
from core.foundations.rules_or_learning.model import TODAY, Config, Day, Rule
from core.networks.dense import load_flat_parameters
from core.runs import Run
from tests.conftest import ROOT
from tests.scripts import told
from tests.test_pages import opened

PAGE = ROOT / "pages" / "foundations" / "rules_or_learning" / "page.py"


def trained(**settings: object) -> tuple[Config, np.ndarray]:
    config = replace(Config(), **settings)
    return config, Run(topic.training, config).at(config.n_epochs)["parameters"]


@pytest.mark.parametrize("drift", [0.0, 0.5, 1.0])
def test_the_exact_probability_is_the_share_of_frauds_that_comes_true(drift: float) -> None:
    drawn = payments.simulated(np.random.default_rng(1), 200_000, 0.1, drift)
    p = payments.fraud_probability(drawn.features, 0.1, drift)
    for low, high in ((0.02, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.98)):
        some = (p >= low) & (p < high)
        assert drawn.is_fraud[some].mean() == pytest.approx(p[some].mean(), abs=0.05)


def test_no_answer_beats_the_exact_probability_for_long() -> None:
    config, parameters = trained()
    drawn = payments.simulated(np.random.default_rng(2), 50_000, 0.06, 0.0)
    exact = payments.fraud_probability(drawn.features, 0.06, 0.0) >= 0.5
    model = topic.probabilities(config, parameters, drawn.features) >= 0.5
    rule = Rule().alarms(drawn.features)
    errors = [(answer != drawn.is_fraud).mean() for answer in (exact, model, rule)]
    assert errors[0] <= errors[1] < errors[2]


def test_the_simulator_draws_what_its_habits_say() -> None:
    drawn = payments.simulated(np.random.default_rng(3), 40_000, 0.05, 1.0)
    honest = drawn.features[~drawn.is_fraud]
    usual = payments.habit("honest", 1.0)
    assert drawn.is_fraud.mean() == 0.05
    assert np.log10(honest[:, 0]).mean() == pytest.approx(usual.amount[0], abs=0.02)
    assert honest[:, 2].mean() == pytest.approx(1 + usual.others, abs=0.02)


@pytest.mark.parametrize(
    ("votes", "stopped"), [(1, [1, 1, 1, 0]), (2, [1, 1, 0, 0]), (3, [1, 0, 0, 0])]
)
def test_a_rule_counts_the_thresholds_that_are_reached(votes: int, stopped: list[int]) -> None:
    rule = Rule(amount=100, distance=50, count=3, votes=votes)
    features = np.array([[100, 50, 3], [500, 10, 9], [99, 50, 1], [99, 49, 2]])
    assert rule.alarms(features).astype(int).tolist() == stopped


def test_scores_equal_those_of_scikit_learn_and_price_the_work() -> None:
    day = Day(minutes_per_check=3, minutes_per_miss=40)
    drawn = topic.stream(Config(), TODAY, 0)
    alarms = Rule(votes=1).alarms(drawn.features)
    found = reading.score(alarms, drawn.is_fraud, day)
    assert found.precision == pytest.approx(precision_score(drawn.is_fraud, alarms))
    assert found.recall == pytest.approx(recall_score(drawn.is_fraud, alarms))
    left = 3 * alarms.sum() + 40 * (drawn.is_fraud & ~alarms).sum()
    assert found.saved == pytest.approx(3 * 1500 - left)


def test_stopping_everything_saves_nothing_and_stopping_nothing_pays_for_every_fraud() -> None:
    drawn, day = topic.stream(Config(), TODAY, 0), Day()
    everything, nothing = np.ones(1500, dtype=bool), np.zeros(1500, dtype=bool)
    assert reading.score(everything, drawn.is_fraud, day).saved == 0
    assert reading.score(nothing, drawn.is_fraud, day).saved == 3000 - 45 * 90
    assert np.isnan(reading.score(nothing, drawn.is_fraud, day).precision)


def test_rule_and_model_decay_and_retraining_mends_the_model_alone() -> None:
    config, parameters = trained()
    new_world = Day(drift=100)
    assert reading.model_score(config, parameters, Day()).recall > 0.9
    assert reading.model_score(config, parameters, new_world).recall < 0.2
    assert reading.rule_score(config, Rule(), new_world).recall < 0.2
    retrained = trained(learned_drift=100)
    assert reading.model_score(*retrained, new_world).recall > 0.85


def test_what_happened_names_the_drift_and_the_threshold_that_pays() -> None:
    config = Config()
    records = Run(topic.training, config).until(config.n_epochs)
    aged = findings.findings(config, records, "finished", Rule(), Day(drift=60))
    assert aged[0].kind == "aged"
    now = findings.findings(config, records, "finished", Rule(), Day())
    assert [finding.kind for finding in now if finding.tone != "note"] == ["compared"]
    assert reading.best_threshold(Day()) == 4


def test_a_rule_that_stops_honest_people_is_not_praised() -> None:
    config = Config()
    records = Run(topic.training, config).until(config.n_epochs)
    said = findings.findings(config, records, "finished", Rule(50, 20, 3, 1), Day())
    assert said[0].kind == "loose"
    assert "good" not in {finding.tone for finding in said}


def test_what_a_rule_costs_is_said_in_a_whole_sentence() -> None:
    config, parameters = trained(n_epochs=40)
    day = Day(drift=100)
    records = {"parameters": parameters[None], "loss": np.ones(2), "test_loss": np.ones(2)}
    said = findings.findings(config, records, "finished", Rule(10000, 10000, 12, 3), day)
    assert ",:" not in said[-1].sentence
    assert "for what it misses, and the model" in said[-1].sentence


def test_the_challenge_can_be_met_by_hand() -> None:
    met, _ = reading.challenge(Config(), Rule(150, 100, 4, 2), Day())
    missed, said = reading.challenge(Config(), Rule(), Day())
    assert met
    assert not missed
    assert said.startswith("77\u00a0% caught")


def test_read_by_hand_the_units_equal_pytorchs() -> None:
    config, parameters = trained(n_epochs=20)
    model = topic.network(config)
    load_flat_parameters(model, parameters)
    features = topic.stream(config, TODAY, 0).features[:50]
    expected = [a.detach().numpy() for _, a in model.units(topic.inputs(features))]
    for ours, theirs in zip(topic.units(config, parameters, features), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="fraud_share must be between 1 and 20, got nan"):
        Config(fraud_share=float("nan"))
    with pytest.raises(ValueError, match="amount must be between 1 and 10000, got 0"):
        Rule(amount=0)
    with pytest.raises(ValueError, match="drift must be between 0 and 100, got 101"):
        Day(drift=101)
    with pytest.raises(ValueError, match="payment must be three numbers above 0"):
        reading.verdict(*trained(n_epochs=20), Rule(), Day(), (float("nan"), 1.0, 1))


TAKEN_HOME = [Config(), Config(hidden=(), learned_drift=50, seed=3)]


@pytest.mark.parametrize("config", TAKEN_HOME, ids=["default", "linear"])
def test_the_script_taken_home_reproduces_loss_and_scores(config: Config, tmp_path: Path) -> None:
    rule, day = Rule(), Day(drift=20)
    code = script.script(config, rule, day, 12)
    loss, by_rule, by_model = told(code, tmp_path).splitlines()
    record = Run(topic.training, config).at(12)
    assert float(loss.split()[-1]) == pytest.approx(record["loss"], rel=1e-3)
    assert f"recall {reading.rule_score(config, rule, day).recall:.3f}" in by_rule
    model = reading.model_score(config, record["parameters"], day)
    assert float(by_model.split()[-1]) == pytest.approx(model.recall, abs=0.02)


EXTREMES = [
    {"amount": 1, "distance": 0.1, "count": 1, "votes": 1, "drift": 100, "threshold": 1},
    {"amount": 10000, "distance": 10000, "count": 12, "votes": 3, "threshold": 99,
     "minutes_per_check": 10.0, "minutes_per_miss": 240.0},
    {"n_examples": 50, "fraud_share": 1.0, "hidden": "16-16-16", "learning_rate": 10.0,
     "n_epochs": 20, "seed": 9999, "view": "Weights"},
    {"n_examples": 5000, "fraud_share": 20.0, "hidden": "none", "learning_rate": 0.0001,
     "minutes_per_check": 0.5, "minutes_per_miss": 0.0, "learned_drift": 100, "view": "Units"},
    {"own_amount": 0.01, "own_distance": 20000.0, "own_count": 50, "view": "Today's payments"},
    {"own_amount": 100000.0, "own_distance": 0.01, "own_count": 1, "view": "The simulator"},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=str)
def test_the_page_stands_at_the_extremes_of_its_controls(settings: dict[str, object]) -> None:
    app = opened(PAGE)
    for name, value in settings.items():
        app.session_state[f"rules_or_learning_{name}"] = value
    app.run()
    assert not app.exception
    assert any("minutes" in alert.value for alert in [*app.success, *app.warning, *app.info])


def test_one_click_retrains_the_model_on_the_changed_world() -> None:
    app = opened(PAGE)
    app.slider(key="rules_or_learning_drift").set_value(80).run()
    app.button(key="rules_or_learning-retrain").click().run()
    assert not app.exception
    assert app.slider(key="rules_or_learning_learned_drift").value == 80
