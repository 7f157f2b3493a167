"""Facts about agents in a grid world: values, policies, and what they are rewarded for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load

from core.learning.reinforcement import grid_world, model, reading, script
from core.learning.reinforcement.grid_world import World
from core.learning.reinforcement.model import Config
from core.runs import Run
from tests.scripts import ran

CLIFF: dict[str, Any] = {
    "map": "oooooooo-oooooooo-oooooooo-sppppppg",
    "slip": 0.0,
    "anywhere": False,
    "epsilon": 0.2,
}
COINS = "ooooog-owwowo-oocooo-owowow-soooop"


def run_of(**settings: Any) -> Run:
    return Run(model.training, Config(**settings))


def records_of(**settings: Any) -> dict[str, np.ndarray]:
    run = run_of(**settings)
    return run.until(run.n_records - 1)


def kinds(config: Config, records: dict[str, np.ndarray]) -> list[str]:
    return [finding.kind for finding in reading.findings(config, records)]


def test_q_learning_ends_at_the_values_that_value_iteration_computes() -> None:
    """Measured over seeds 0 to 4: the largest difference ends at 0.013 to 0.046."""
    records = records_of()
    assert records["error"][0] > 0.9
    assert records["error"][-1] <= 0.05
    assert records["expected"][-1] >= 0.95 * records["best"][-1]


def test_the_true_values_of_a_corridor_are_what_can_be_counted() -> None:
    world = World("soog", slip=0.0, step_cost=0.1)
    values = grid_world.optimal(world, 0.9).max(axis=1)
    # One step before the goal: 1 - 0.1; before that: 0.9 of it less 0.1, and so on.
    expected = [0.9 * (0.9 * 0.9 - 0.1) - 0.1, 0.9 * 0.9 - 0.1, 0.9, 0.0]
    np.testing.assert_allclose(values, expected, atol=1e-9)


def test_a_policy_is_worth_what_many_episodes_of_it_return_on_average() -> None:
    config = Config()
    policy = model.truth(config).argmax(axis=1)
    worth = grid_world.policy_values(config.world, policy, 0.95)[config.world.start]
    rng = np.random.default_rng(0)
    episodes = [grid_world.follow(config.world, policy, rng) for _ in range(3000)]
    returns = [grid_world.discounted(episode.rewards, 0.95) for episode in episodes]
    assert np.mean(returns) == pytest.approx(worth, abs=0.02)


def test_value_iteration_spreads_worth_one_cell_a_sweep() -> None:
    config = Config(method="value_iteration", map="oooooog-swwwwww", slip=0.0, step_cost=0.0)
    values = Run(model.training, config).until(6)["q"].max(axis=2)
    assert [int((sweep > 0).sum()) for sweep in values] == [0, 1, 2, 3, 4, 5, 6]


def test_sarsa_walks_farther_from_the_cliff_than_q_learning() -> None:
    lowest = {}
    for method in ("q_learning", "sarsa"):
        config = Config(method=method, **CLIFF)
        episode = reading.walked(config, Run(model.training, config).at(300))
        assert config.world.cells[episode.states[-1]] == "g"
        lowest[method] = min(s // config.world.n_columns for s in episode.states)
    assert lowest == {"q_learning": 2, "sarsa": 1}


def test_an_endless_coin_is_collected_for_ever_until_it_pays_less() -> None:
    config = Config(map=COINS)
    hacked = records_of(map=COINS)
    finding = reading.findings(config, hacked)[0]
    assert finding.kind == "circles"
    mended = Config(map=COINS, coin=0.05)
    assert kinds(mended, records_of(map=COINS, coin=0.05)) == ["learned"]


def test_who_never_explores_never_finds_the_goal_and_who_suffers_flees() -> None:
    still = {"epsilon": 0.0, "anywhere": False, "slip": 0.0, "step_cost": 0.0}
    assert kinds(Config(**still), records_of(**still)) == ["unexplored"]
    assert kinds(Config(step_cost=0.7), records_of(step_cost=0.7)) == ["flees"]


def test_the_deep_q_network_learns_a_policy_that_reaches_the_goal() -> None:
    config = Config(method="dqn", steps_per_record=50)
    records = run_of(method="dqn", steps_per_record=50).until(60)
    assert records["expected"][-20:].max() >= 0.95 * records["best"][-1]
    assert reading.unit_maps(config, {n: a[-1] for n, a in records.items()}).max() > 0


def test_one_step_opened_up_is_the_step_that_comes_next() -> None:
    run = run_of(steps_per_record=1)
    lines = reading.next_step(run.config, run, 40)  # type: ignore[arg-type]
    s, a, _, _, old, target, new = run.at(41)["last"]
    assert f"= **{new:.3f}**" in lines[-1]
    assert f"**{target:.3f}**" in lines[1]
    assert new == pytest.approx(run.at(41)["q"][int(s), int(a)])
    assert old == pytest.approx(run.at(40)["q"][int(s), int(a)])


def test_a_map_is_edited_cell_by_cell_and_keeps_one_start() -> None:
    assert grid_world.changed("so-og", 1, "w") == "sw-og"
    assert grid_world.changed("so-og", 2, "s") == "oo-sg"
    assert grid_world.changed("so-og", 0, "w") == "so-og"


@pytest.mark.parametrize(
    "text", ["", "oo", "s-oo", "so-ox", "ss", "s" + 12 * "o", "s<script>"], ids=range(7)
)
def test_an_impossible_map_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="map must"):
        Config(map=text)


@pytest.mark.parametrize("field", ["slip", "epsilon", "learning_rate", "steps_per_record"])
def test_impossible_settings_are_refused_by_name(field: str) -> None:
    for value in (float("nan"), -1, 1e9):
        with pytest.raises(ValueError, match=f"{field} must be between"):
            Config(**{field: value})


@pytest.mark.parametrize("method", model.METHODS)
def test_the_script_taken_home_ends_with_the_same_error(method: str, tmp_path: Path) -> None:
    config = Config(method=method, steps_per_record=50, n_hidden=8, seed=3)
    record = 12
    printed, left = ran(script.script(config, record), tmp_path)
    known = Run(model.training, config).at(record)
    loss = known["loss"]
    tensors = load(reading.weights_file(config, known))
    if method == "dqn":
        left["network"].load_state_dict(tensors, strict=True)
        answers = left["network"](torch.eye(left["n"])).detach().numpy()
        np.testing.assert_allclose(answers, known["q"], atol=1e-4)
    else:
        np.testing.assert_allclose(np.array(left["q"]), tensors["q"].numpy(), atol=1e-5)
    assert float(printed.rsplit(": ", 1)[1]) == pytest.approx(float(loss), abs=2e-4)
