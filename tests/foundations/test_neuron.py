"""Facts about one neuron in the plane."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from core.foundations.network import model
from core.foundations.neuron import model as neuron
from core.foundations.neuron import reading, script
from core.foundations.neuron.model import Config
from core.runs import Run
from tests.scripts import told

EXACT = {"noise": 0, "learning_rate": 1.0, "n_steps": 1000}


def run(**settings: object) -> Run:
    return Run(neuron.training, replace(Config(), **settings))


def separable(config: Config) -> bool:
    """Say by linear programming whether any line has all of one class on either side."""
    points, labels = neuron.examples(config)
    sides = np.where(labels > 0.5, -1.0, 1.0)[:, None]
    rows = sides * np.column_stack([points, np.ones(len(points))])
    # Feasible if some w1, w2, b keep every point at least 1 away from the line.
    solved = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(rows)), bounds=(None, None))
    return solved.status == 0


@pytest.mark.parametrize(("gate", "possible"), [("and", True), ("or", True), ("xor", False)])
def test_one_neuron_solves_and_and_or_but_not_xor(gate: str, possible: bool) -> None:
    starts = [(1.0, -1.0, 1.0), (-3.0, 3.0, 0.0), (5.0, 5.0, -2.0), (0.0, 0.0, 0.0)]
    last = [run(data=gate, w1=w1, w2=w2, b=b, **EXACT).at(1000) for w1, w2, b in starts]
    assert separable(Config(data=gate, noise=0)) is possible
    assert all((record["accuracy"] == 1) == possible for record in last)
    assert reading.best_line(Config(data=gate, noise=0)) == (1.0 if possible else 0.75)


def test_a_network_solves_the_very_corners_that_one_neuron_cannot() -> None:
    points, labels = neuron.examples(Config(data="xor", noise=0))
    corners = np.column_stack([points * 4 - 2, 2 * labels - 1]).round(3).tolist()
    config = model.Config(
        data="own", points=tuple(map(tuple, corners)), hidden=(4,), train_share=90,
        optimizer="adam", learning_rate=0.03,
    )  # fmt: skip
    record = Run(model.training, config).at(200)
    assert record["accuracy"] == 1
    assert record["test_accuracy"] == 1


def test_descent_ends_where_logistic_regression_does() -> None:
    points, labels = neuron.examples(Config())
    best = LogisticRegression(C=1e9, max_iter=10_000).fit(points, labels)
    least = log_loss(labels, best.predict_proba(points))
    loss = run(learning_rate=1.0, n_steps=2000).at(2000)["loss"]
    assert loss == pytest.approx(least, rel=1e-3)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "identity"])
def test_the_gradient_equals_finite_differences(activation: str) -> None:
    config = Config(activation=activation)
    record = run(activation=activation).at(0)
    nudges = 1e-2 * np.eye(3)
    above, below = (
        reading.scored(config, record["parameters"] + sign * nudges)[0].astype(float)
        for sign in (1, -1)
    )
    assert record["gradient"] == pytest.approx((above - below) / 2e-2, rel=2e-3, abs=1e-3)


def test_the_gradient_is_the_mean_of_what_the_examples_push() -> None:
    config, record = Config(), run().at(5)
    pushes = reading.pushes(config, record["parameters"])
    assert np.allclose(pushes[["· x1", "· x2", "· 1"]].mean(), record["gradient"], atol=1e-6)
    step = reading.next_step(config, record["parameters"], record["gradient"])
    assert np.allclose(step["after"], run().at(6)["parameters"], atol=1e-6)


def test_where_a_minibatch_is_asked_the_step_that_it_takes_stands_beside_that_of_all() -> None:
    config, of_five = Config(batch_size=5), run(batch_size=5)
    record, taken = of_five.at(10), of_five.at(11)["parameters"]
    given = record["parameters"], record["gradient"]
    step = reading.next_step(config, *given, taken)
    assert np.array_equal(step["after this minibatch"], taken)
    assert not np.allclose(step["after"], taken, atol=1e-4)
    assert "after this minibatch" not in reading.next_step(Config(), *given, taken)


def test_a_step_gives_descent_nothing_to_follow() -> None:
    records = run(activation="step").until(50)
    assert not records["gradient"].any()
    assert (records["parameters"] == records["parameters"][0]).all()
    found = reading.findings(Config(activation="step"), records, "")
    assert found[0].kind == "flat"


def test_the_path_is_that_of_pytorch_own_sgd() -> None:
    points, labels = map(torch.from_numpy, neuron.examples(Config()))
    layer = torch.nn.Linear(2, 1)
    layer.weight.data, layer.bias.data = torch.tensor([[1.0, -1.0]]), torch.tensor([1.0])
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(layer(points)[:, 0], labels)
        value.backward()
        optimizer.step()
    expected = torch.cat([layer.weight[0], layer.bias]).detach().numpy()
    assert run().at(20)["parameters"] == pytest.approx(expected, abs=1e-5)


def test_xor_takes_a_network_and_overlapping_clouds_do_not() -> None:
    records = run(data="xor", noise=10, learning_rate=1.0).until(100)
    first = reading.findings(Config(data="xor", noise=10), records, "")[0]
    assert "XOR cannot be solved by one neuron" in first.sentence
    overlapping = reading.findings(Config(noise=50), run(noise=50).until(300), "")[0]
    assert overlapping.kind == "solved"


def test_no_try_wins_where_descent_cannot_move() -> None:
    losses = run(activation="step", w1=-5.0, w2=-5.0, b=0.0).until(200)["loss"]
    config = Config(activation="step", w1=-5.0, w2=-5.0, b=0.0)
    assert not reading.challenge(config, ((-5.0, -5.0, 0.0),), losses)[0]


def test_steps_too_long_diverge_and_are_named() -> None:
    wild = run(activation="identity", learning_rate=1.0)
    records = wild.until(300)
    found = reading.findings(wild.config, records, wild.ending(len(records["loss"]) - 1))
    assert found[0].kind == "diverged"
    assert np.isfinite(records["loss"]).all()


def test_few_good_tries_win_the_challenge_and_bad_ones_do_not() -> None:
    losses = run().until(200)["loss"]
    good, bad = tuple(run().at(250)["parameters"].tolist()), (0.0, 0.0, 0.0)
    assert reading.challenge(Config(), (bad, good), losses)[0]
    assert not reading.challenge(Config(), (bad,), losses)[0]
    assert not reading.challenge(Config(), (good,) * 7, losses)[0]


@pytest.mark.parametrize("sent", [[[1, 2]], [[1, 2, "nan"]], [[1, 2, 1e9]], 7, [["a", 1, 2]]])
def test_tries_that_no_hand_can_make_are_refused(sent: object) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        reading.read_tries(sent)


def test_a_start_survives_the_way_through_a_link() -> None:
    assert reading.read_start(reading.written((1.25, -3.0, 0.05))) == (1.25, -3, 0.05)
    with pytest.raises(ValueError, match="three numbers within 20"):
        reading.read_start("1, 2, inf")
    with pytest.raises(ValueError, match="w1 must be between -20 and 20, got nan"):
        Config(w1=float("nan"))


TAKEN_HOME = [
    Config(batch_size=10, activation="tanh", seed=3),
    Config(data="own", points=((1.0, 2.0, 1), (0.5, -1.0, 0), (-2.0, 1.0, 0)), b=-0.5),
]


@pytest.mark.parametrize("config", TAKEN_HOME, ids=["clouds", "own"])
def test_the_script_taken_home_reproduces_the_loss(config: Config, tmp_path: Path) -> None:
    code = script.script(config, 30)
    expected = Run(neuron.training, config).at(30)["loss"]
    assert float(told(code, tmp_path).removeprefix("loss: ")) == pytest.approx(expected, rel=1e-3)
