"""What the moving picture of the grid world is told: its scene, curves and notes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.reinforcement.grid_world import LETTERS
from core.learning.reinforcement.model import Config, truth
from core.runs import Run

RULES = {
    "value_iteration": "V(s) ← max over a of Σ p(s′|s,a) [r + γ V(s′)], for all cells at once",
    "q_learning": "Q(s,a) ← Q(s,a) + α [r + γ max Q(s′,·) − Q(s,a)]",
    "sarsa": "Q(s,a) ← Q(s,a) + α [r + γ Q(s′,a′) − Q(s,a)]",
    "dqn": "the network goes downhill on (Q(s,a) − [r + γ max Q(s′,·)])²",
}


def scene(config: Config) -> dict[str, Any]:
    """The map, what its letters are called, and what the rules of the world are."""
    world = config.world
    return {
        "rows": len(world.cells) // world.n_columns,
        "columns": world.n_columns,
        "cells": world.cells,
        "names": LETTERS,
        # Values of a coin that pays for ever can be many times those of the goal.
        "limit": max(1.0, float(np.abs(truth(config)).max())),
        "discount": config.discount,
        "slip": config.slip,
        "coin": config.coin,
        "slow": config.steps_per_record == 1 and config.method != "value_iteration",
        "deep": config.method == "dqn",
        "rule": RULES[config.method],
        "follows": "Q(s′,a′)" if config.method == "sarsa" else "max Q(s′,·)",
    }


def scene_arrays(config: Config) -> dict[str, NDArray[np.float32]]:
    """The true values (N,), to be read beside the learned ones."""
    return {"truth": truth(config).max(axis=1).astype(np.float32)}


SENT = (
    *("q", "visits", "states", "actions", "rewards", "trail", "age", "last"),
    *("error", "expected", "best", "training_return"),
)


def arrays(run: Run, first: int, stop: int) -> dict[str, NDArray[Any]]:
    """Records first … stop - 1 of what is drawn."""
    records = run.until(stop - 1)
    return {name: records[name][first:] for name in SENT}


def curves(config: Config) -> list[dict[str, Any]]:
    """The curves under the picture; a planner has no training episodes."""
    found: list[dict[str, Any]] = [
        {
            "title": "Return from the start",
            "unit": "reward",
            "series": [
                {"array": "expected", "label": "policy"},
                {"array": "best", "label": "best"},
            ],
        },
        {
            "title": "Error of the values",
            "unit": "reward",
            "series": [{"array": "error", "label": "largest"}],
        },
    ]
    training = {
        "title": "Return in training",
        "unit": "reward",
        "series": [{"array": "training_return", "label": "episode"}],
    }
    return found if config.method == "value_iteration" else [*found, training]


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Said once each: the goal first reached, the policy nearly as good as can be."""
    chunk = run.chunk(k)
    if not len(chunk.records["loss"]):
        return []
    records = run.until(chunk.stop - 1)
    found = {
        "the policy that takes the best action always walks to the goal.": arrives(config, records),
        "the policy earns 95\u00a0% of what is possible.": (
            records["expected"] >= 0.95 * records["best"]
        )
        & (records["best"] > 0),
    }
    firsts = [(int(held.argmax()), text) for text, held in found.items() if held.any()]
    return sorted(note for note in firsts if chunk.first <= note[0] < chunk.stop and note[0])


def arrives(config: Config, records: Any) -> NDArray[np.bool_]:
    """At which records the greedy episode ends in a goal (S,)."""
    goals = [s for s, letter in enumerate(config.world.cells) if letter == "g"]
    return np.asarray(np.isin(records["states"], goals).any(axis=1), dtype=bool)
