"""What the moving picture of the cart is told: its scene, arrays, curves and notes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.reinforcement import cart_pole_dqn
from core.learning.reinforcement.cart_pole import (
    ACTIONS,
    MAX_STEPS,
    STATE,
    Config,
    Floats,
    fallen,
    first_states,
    step,
)
from core.learning.reinforcement.cart_pole_networks import Layers, outputs, unflattened
from core.learning.reinforcement.cart_pole_training import EVALUATION_SEED, RECORDING, training
from core.runs import Run
from core.store import remembered

SOLVED = 475  # the mean return at which Gymnasium calls CartPole-v1 solved


def scene(config: Config, agent: int) -> dict[str, Any]:
    """The network that decides, and what its inputs and outputs are called."""
    return {
        "n_hidden": config.n_hidden,
        "state": STATE,
        "actions": ACTIONS,
        "kind": "policy" if config.method == "ppo" else "values",
        "unit": 1 / cart_pole_dqn.REWARD,
        "agent": agent + 1,
        "n_agents": config.n_seeds,
    }


def arrays(run: Run, agent: int, first: int, stop: int) -> dict[str, NDArray[Any]]:
    """Records first … stop - 1: returns, one agent's parameters, and the episode it drives."""
    records = [run.at(record) for record in range(first, stop)]
    parameters = np.stack([record["parameters"][agent] for record in records])
    assert isinstance(run.config, Config)
    states, length = _episodes(run.config, agent, first, stop, parameters.tobytes())
    return {
        "returns": np.stack([record["returns"] for record in records]),
        "mean": np.stack([record["mean"] for record in records]),
        "parameters": parameters,
        "states": states,
        "length": length,
    }


@remembered
def _episodes(
    config: Config, agent: int, first: int, stop: int, parameters: bytes
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """The same for every visitor: one computation for the agent's range of records."""
    flat = np.frombuffer(parameters, dtype=np.float32).reshape(stop - first, -1)
    start = first_states(np.random.default_rng(EVALUATION_SEED))
    states, length = episodes(unflattened(flat, config.sizes), start)
    return states.astype(np.float32), length.astype(np.int32)


def episodes(layers: Layers, start: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """One episode of each of S policies from one start: states (S, 501, 4), lengths (S,)."""
    now = np.broadcast_to(start, (len(layers[0][0]), 4))
    states, up = [now], np.ones(len(now), dtype=bool)
    length = np.zeros(len(now), dtype=np.int64)
    for _ in range(MAX_STEPS):
        action = outputs(layers, now[:, None])[-1][:, 0].argmax(axis=-1)
        # A pole that fell lies where it fell.
        now = np.where(up[:, None], step(now, action), now)
        states.append(now)
        length += up
        up = up & ~fallen(now)
    return np.stack(states, axis=1), length


def curves(config: Config) -> list[dict[str, Any]]:
    """The return of every agent, and their mean."""
    series: list[dict[str, Any]] = [{"array": "mean", "label": "all agents"}]
    several = [
        {"array": "returns", "index": place, "label": f"agent {place + 1}"}
        for place in range(config.n_seeds)
    ]
    return [
        {"title": "Mean return", "unit": "steps", "series": series},
        {"title": "Return", "unit": "steps", "series": several},
    ]


@remembered
def notes(config: Config, live: bool, k: int) -> Sequence[tuple[int, str]]:
    """Said once each: half of the agents solve it, all of them do."""
    run = Run(training, config, None if live else RECORDING)
    chunk = run.chunk(k)
    if not k or not len(chunk.records["loss"]):
        return []
    solved = (run.until(chunk.first)["returns"] >= SOLVED).sum(axis=1)
    now, most = int(solved[-1]), int(solved[:-1].max())
    if now <= most or now not in ((config.n_seeds + 1) // 2, config.n_seeds):
        return []
    return [(chunk.first, f"{now} of {config.n_seeds} agents balance for {SOLVED} steps or more.")]
