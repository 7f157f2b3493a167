"""Facts about agents that balance a pole: the physics, the returns, the networks."""

from pathlib import Path

import gymnasium
import numpy as np
import pytest
import torch
from safetensors.torch import load

from core import recordings
from core.learning.reinforcement import (
    cart_pole,
    cart_pole_evaluation,
    cart_pole_picture,
    cart_pole_reading,
    cart_pole_script,
    cart_pole_training,
)
from core.learning.reinforcement.cart_pole import Config
from core.learning.reinforcement.cart_pole_networks import Stack, outputs, scaled, unflattened
from core.recordings import Records
from core.runs import Run
from tests.scripts import ran


@pytest.fixture(scope="module")
def recorded() -> Records:
    found = recordings.read(cart_pole_training.RECORDING, Config())
    assert found is not None
    return found


def test_many_carts_at_once_move_as_gymnasium_moves_one() -> None:
    rng = np.random.default_rng(0)
    worlds = [gymnasium.make("CartPole-v1").unwrapped for _ in range(4)]
    for seed, world in enumerate(worlds):
        world.reset(seed=seed)
    states = np.array([world.state for world in worlds])
    for actions in rng.integers(0, 2, (60, 4)):
        states = cart_pole.step(states, actions)
        ended = [world.step(int(action))[2] for world, action in zip(worlds, actions, strict=True)]
        np.testing.assert_allclose(states, [world.state for world in worlds], rtol=0, atol=1e-12)
        assert cart_pole.fallen(states).tolist() == ended
        for place in np.flatnonzero(ended):
            worlds[place].reset()
            states[place] = worlds[place].state


def test_episodes_begin_where_those_of_gymnasium_do() -> None:
    world = gymnasium.make("CartPole-v1")
    theirs = np.array([world.reset(seed=seed)[0] for seed in range(200)])
    mine = cart_pole.first_states(np.random.default_rng(0), 200)
    assert np.abs(theirs).max() <= cart_pole.START
    np.testing.assert_allclose(mine.std(axis=0), theirs.std(axis=0), rtol=0.2)


@pytest.mark.parametrize("agent", [0, 1], ids=["first", "shown"])
def test_a_trained_agent_balances_in_gymnasium_itself(recorded: Records, agent: int) -> None:
    network = unflattened(recorded["parameters"][-1, agent], Config().sizes)
    returns = cart_pole_evaluation.in_gymnasium(network)
    assert len(returns) == 20
    assert returns.mean() >= 400


def test_the_recorded_returns_are_those_of_the_recorded_weights(recorded: Records) -> None:
    for record in (0, 5, 60):
        layers = unflattened(recorded["parameters"][record], Config().sizes)
        found = cart_pole_training.evaluated(layers)
        np.testing.assert_allclose(found, recorded["returns"][record], rtol=0.02)
    assert recorded["returns"][-1].min() >= 400
    assert recorded["mean"][0] < 150


def test_the_first_rounds_of_a_fresh_training_are_the_recorded_ones(recorded: Records) -> None:
    fresh = Run(cart_pole_training.training, Config()).until(1)["parameters"]
    np.testing.assert_allclose(fresh, recorded["parameters"][:2], atol=1e-3)


def test_the_policy_pushes_under_a_falling_pole(recorded: Records) -> None:
    parameters = recorded["parameters"][-1, 1]
    right = cart_pole_reading.answer(Config(), parameters, (0.0, 0.0, 0.1, 0.5))
    left = cart_pole_reading.answer(Config(), parameters, (0.0, 0.0, -0.1, -0.5))
    assert right.values[1] > 0.9
    assert left.values[0] > 0.9
    assert len(right.states) > 400


def test_stacked_networks_answer_as_each_of_them_alone() -> None:
    torch.manual_seed(0)
    stack = Stack(3, (4, 5, 2), last=1.0)
    states = np.random.default_rng(0).normal(size=(3, 7, 4))
    together = stack(torch.from_numpy(scaled(states))).detach().numpy()
    np.testing.assert_allclose(outputs(stack.layers(), states)[-1], together, atol=1e-6)
    for place, flat in enumerate(stack.flat()):
        alone = outputs(unflattened(flat, (4, 5, 2)), states[place])[-1]
        np.testing.assert_allclose(alone, together[place], atol=1e-6)


def test_deep_q_learning_improves_within_a_few_rounds() -> None:
    config = Config(method="dqn", n_seeds=2)
    records = Run(cart_pole_training.training, config).until(9)
    assert records["mean"][-3:].max() > 3 * records["mean"][1]


def test_steps_far_too_long_end_the_run_and_are_named() -> None:
    config = Config(learning_rate=1.0, n_seeds=2, n_hidden=8)
    records = {"returns": np.full((2, 2), 20.0), "loss": np.ones(2)}
    finding = cart_pole_reading.findings(config, records, "diverged")[0]
    assert "learning rate of 1" in finding.sentence


def test_a_short_sighted_agent_is_told_to_look_ahead() -> None:
    records = {"returns": np.full((30, 6), 220.0), "loss": np.ones(30)}
    finding = cart_pole_reading.findings(Config(discount=0.5), records, "finished")[0]
    assert finding.kind == "short-sighted"


def test_an_episode_that_plays_weighs_less_than_ten_kilobytes(recorded: Records) -> None:
    run = Run(cart_pole_training.training, Config(), cart_pole_training.RECORDING)
    sent = cart_pole_picture.arrays(run, 1, 58, 61)
    assert sum(array.nbytes for array in sent.values()) / 3 < 10_000
    assert sent["length"].tolist() == [500, 500, 500]


@pytest.mark.parametrize("method", cart_pole.METHODS)
def test_the_script_taken_home_ends_with_the_same_return(method: str, tmp_path: Path) -> None:
    config = Config(method=method, n_seeds=2, n_hidden=8)
    printed, left = ran(cart_pole_script.script(config, 2), tmp_path)
    known = Run(cart_pole_training.training, config).at(2)
    mean = known["mean"]
    alone = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    tensors = load(cart_pole_reading.weights_file(config, known, 1))
    alone.load_state_dict(tensors, strict=True)
    weight = dict(left["agents"].policy.named_parameters())["weight0"][1].T
    torch.testing.assert_close(alone[0].weight, weight, rtol=0.01, atol=1e-3)
    assert float(printed.rsplit(": ", 1)[1]) == pytest.approx(float(mean), abs=1)


@pytest.mark.parametrize("field", ["learning_rate", "discount", "n_hidden"])
def test_impossible_settings_are_refused_by_name(field: str) -> None:
    for value in (float("nan"), -1, 1e9):
        with pytest.raises(ValueError, match=f"{field} must be between"):
            Config(**{field: value})
