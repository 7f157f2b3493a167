"""Facts about small networks in the plane."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core import changes as made_by_hand
from core.changes import Change
from core.foundations.network import findings, reading, script
from core.foundations.network import model as network
from core.foundations.network.model import Config
from core.networks.dense import ACTIVATIONS, MLP, StackedMLP
from core.optimizers import OPTIMIZERS
from core.runs import Run
from tests.scripts import told


def run(**settings: object) -> Run:
    return Run(network.training, replace(Config(), **settings))


def test_xor_needs_a_hidden_layer() -> None:
    settings = {"data": "xor", "optimizer": "adam", "learning_rate": 0.03, "n_examples": 500}
    without = run(**settings, hidden=()).at(200)
    with_one = run(**settings, hidden=(4,)).at(200)
    assert without["test_accuracy"] < 0.75
    assert with_one["test_accuracy"] > 0.93


def test_the_default_solves_the_circle() -> None:
    record = run().at(400)
    assert record["test_accuracy"] >= 0.98
    assert record["loss"] < 0.05


def test_a_product_feature_makes_xor_linear() -> None:
    record = run(data="xor", hidden=(), features=("x1x2",)).at(100)
    assert record["accuracy"] > 0.97


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_finite_differences(activation: str) -> None:
    torch.manual_seed(0)
    model = MLP((2, 5, 3, 1), activation).double()
    x, y = torch.randn(6, 2).double(), torch.tensor([[1.0], [-1], [1], [-1], [1], [-1]]).double()
    config = replace(Config(), l2=0.01)

    def value(*parameters: torch.Tensor) -> torch.Tensor:
        model.columns = list(zip(parameters[::2], parameters[1::2], strict=True))
        return network.objective(config, model, x, y)

    inputs = tuple(p.detach().clone().requires_grad_() for p in model.parameters())
    assert torch.autograd.gradcheck(value, inputs)


def test_stacked_networks_learn_as_each_would_alone() -> None:
    config = replace(Config(), optimizer="momentum")
    torch.manual_seed(0)
    networks = [network.network(config) for _ in range(3)]
    stacked = StackedMLP(networks)
    x, y = torch.randn(10, 2), torch.ones(10, 1)
    for model in (*networks, stacked):
        parameters = list(model.parameters())
        rule = OPTIMIZERS["momentum"](parameters, 0.1)
        for _ in range(5):
            rule.step(torch.autograd.grad(network.objective(config, model, x, y), parameters))
    alone = torch.stack([model(x) for model in networks])
    torch.testing.assert_close(stacked(x), alone, rtol=1e-4, atol=1e-5)


def test_dropout_is_silent_when_the_network_is_measured() -> None:
    assert run(p_drop=0.5).at(0)["loss"] == run().at(0)["loss"]
    assert run(p_drop=0.5).at(5)["loss"] != run().at(5)["loss"]


def test_weight_decay_shrinks_the_weights() -> None:
    sizes = [np.abs(run(l2=l2).at(200)["parameters"]).sum() for l2 in (0.0, 0.1)]
    assert sizes[1] < 0.6 * sizes[0]


def test_a_branch_is_the_same_run_up_to_the_change() -> None:
    plain = run().until(60)["parameters"]
    change = Change(40, "learning_rate", (0.3,))
    branch = run(changes=(change,)).until(60)["parameters"]
    assert np.array_equal(plain[:41], branch[:41])
    assert not np.array_equal(plain[41], branch[41])


def test_an_edited_weight_is_the_one_trained_on() -> None:
    edited = run(changes=(Change(10, "weight", (0, 5.0)),), learning_rate=1e-5).at(11)
    assert edited["parameters"][0] == pytest.approx(5, abs=0.01)


def test_points_are_added_and_erased_where_the_learner_clicked() -> None:
    before = network.examples(Config())
    added = replace(Config(), changes=(Change(3, "point", (5.5, 5.5, 1.0)),))
    assert len(network.examples(added, 2).points) == len(before.points)
    assert np.array_equal(network.examples(added, 3).points[-1], [5.5, 5.5])
    erased = replace(added, changes=(*added.changes, Change(4, "erase", (5.5, 5.4))))
    assert len(network.examples(erased, 4).points) == len(before.points)


@pytest.mark.parametrize(
    "text",
    [
        "0p1_1_9999",
        "0p1_1_-1.5",
        "3w-1_1",
        "3w0.5_1",
        "3r11",
        "3r0",
        "0p7_0_1",
        "0e0_-9",
        "x",
        "3w1",
    ],
)
def test_impossible_changes_of_a_link_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"must|cannot be read"):
        made_by_hand.decode(text)


@pytest.mark.parametrize("text", ["3w9999_1", "3w25_1", "501p0_0_1"])
def test_changes_beyond_the_run_and_its_network_are_refused(text: str) -> None:
    made_by_hand.check(made_by_hand.decode("3w24_1~500p0_0_1"), 500, 25)
    with pytest.raises(ValueError, match="must be"):
        made_by_hand.check(made_by_hand.decode(text), 500, 25)


def test_changes_survive_the_way_through_a_link() -> None:
    changes = (
        Change(0, "learning_rate", (0.00001,)),
        Change(12, "point", (1.25, -3.4, 1.0)),
        Change(13, "erase", (0.0, 2.0)),
        Change(400, "weight", (17, -1.5)),
    )
    assert made_by_hand.decode(made_by_hand.encode(changes)) == changes


@pytest.mark.parametrize(
    "text",
    ["12", "12x1", "1p1_2", "1r99", "1rnan", "1e9_9", "1r0.1~", "１r0.1", "1r0.1" + "~1r0.1" * 200],
)
def test_a_link_that_was_tampered_with_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        made_by_hand.decode(text)


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="learning_rate must be between 1e-05 and 10, got nan"):
        Config(learning_rate=float("nan"))
    with pytest.raises(ValueError, match="units of a hidden layer must be between 1 and 8, got 9"):
        Config(hidden=(9,))


def test_the_step_taken_apart_is_the_step_of_the_run() -> None:
    config = replace(Config(), batch_size=30, train_share=10)  # one update an epoch
    this = Run(network.training, config)
    step = reading.next_step(config, this, 20)
    assert np.allclose(step.update["after"], this.at(21)["parameters"], atol=1e-6)
    assert np.allclose(step.update["change"], -0.03 * step.update["gradient"], atol=1e-6)
    assert step.forward["loss"].mean() == pytest.approx(step.loss_before, rel=1e-5)


def test_a_diverging_run_says_so() -> None:
    wild = run(activation="leaky_relu", learning_rate=10.0, loss="squared_error",
               task="regression", data="plane")  # fmt: skip
    last = wild.until(200)
    found = findings.findings(wild.config, last, wild.ending(len(last["loss"]) - 1))
    assert [finding.kind for finding in found] == ["diverged"]
    assert found[0].remedies[0].settings == {"learning_rate": 1.0}


def test_dead_units_are_those_that_never_answer() -> None:
    config = replace(Config(), activation="relu", hidden=(2,))
    alive_dead = np.array([1, 0, 0, 0, 0, -1, 1, 1, 0], dtype=np.float32)
    assert reading.dead_units(config, alive_dead, 0) == ["h1.2"]


def test_the_difference_of_two_runs_is_said_in_words() -> None:
    other = replace(Config(), learning_rate=0.3)
    said = reading.difference(Config(), other)
    assert said == "Only learning rate: 0.03 (pinned) → 0.3 (now)."
    share = reading.difference(Config(), replace(Config(), train_share=80))
    assert share == "Only train share: 50 (pinned) → 80 (now)."


TAKEN_HOME = [
    Config(),
    Config(data="spiral", features=("x1", "sinx2"), hidden=(6,), optimizer="momentum", l2=0.003),
    Config(task="regression", data="gaussian", loss="huber", optimizer="adam", activation="gelu"),
    Config(
        data="own",
        points=((1.0, 2.0, 1.0), (0.0, 0.5, -1.0), (2.0, 2.0, 1.0), (-3.0, 1.0, -1.0)),
        changes=(
            Change(5, "learning_rate", (0.1,)),
            Change(7, "point", (1.0, -3.0, -1.0)),
            Change(9, "weight", (3, 0.5)),
            Change(12, "erase", (1.0, -3.0)),
        ),
    ),
]


@pytest.mark.parametrize("config", TAKEN_HOME, ids=["circle", "spiral", "hills", "by hand"])
def test_the_script_taken_home_reproduces_the_loss(config: Config, tmp_path: Path) -> None:
    code = script.script(config, 30)
    expected = Run(network.training, config).at(30)["loss"]
    assert float(told(code, tmp_path).removeprefix("training loss: ")) == pytest.approx(
        expected, rel=1e-3
    )
