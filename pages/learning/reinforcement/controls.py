"""The controls of the reinforcement page, each bound to its address, and edits of the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.learning.reinforcement import cart_pole, model
from core.learning.reinforcement.grid_world import LETTERS, World, changed
from pages.elements import edits, rows
from pages.elements.controls import Controls, bound
from pages.elements.rows import Choice, Row, Segments, Slider, Steps, Toggle, Values

GRID, POLE = "grid", "cart_pole"
WORLD, KEPT_MAP = "The world", "reinforcement-map"
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
POLE_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_NAMED = ", ".join(f"{letter} {name}" for letter, name in LETTERS.items())
_POLE_NAMES = {
    "method": "balance",
    "learning_rate": "pole_rate",
    "n_hidden": "pole_hidden",
    "discount": "pole_discount",
    "seed": "seed",
}
_GRID_FIELDS = (
    *("method", "map", "slip", "step_cost", "coin", "discount", "epsilon", "anywhere"),
    *("learning_rate", "falling", "network_rate", "n_hidden", "steps_per_record", "seed"),
)
DEFAULTS: dict[str, Any] = {
    "mode": GRID,
    **{name: getattr(model.Config, name) for name in _GRID_FIELDS},
    "balance": cart_pole.Config.method,
    "pole_rate": cart_pole.Config.learning_rate,
    "pole_hidden": cart_pole.Config.n_hidden,
    "pole_discount": cart_pole.Config.discount,
    "agent": 2,
}
LABELS = {
    GRID: "Grid world",
    POLE: "CartPole",
    "q_learning": "Q-learning",
    "sarsa": "SARSA",
    "value_iteration": "Value iteration (knows the rules)",
    "dqn": "Deep Q-network",
    "ppo": "Policy gradient (PPO)",
}
controls = Controls("reinforcement", DEFAULTS, LABELS)


@dataclass(frozen=True)
class Map(Row):
    """The map as text; where what was written is impossible, the last one that was not."""

    def draw(self, controls: Controls, values: Values) -> str:
        key = controls.key(self.name)
        written = st.text_input(
            self.label, DEFAULTS["map"], max_chars=110, help=self.why, **bound(key)
        )
        try:
            World(written)
        except ValueError as error:
            st.info(f"{error}. The last map that was possible is used.")
            return str(st.session_state.get(KEPT_MAP, DEFAULTS["map"]))
        return str(written)

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> str | None:
        try:
            World(texts[-1])
        except ValueError:
            return None
        return texts[-1]


def _grid(values: Values) -> bool:
    return bool(values["mode"] == GRID)


def _pole(values: Values) -> bool:
    return not _grid(values)


def _learns(values: Values) -> bool:
    return _grid(values) and bool(values["method"] != "value_iteration")


def _deep(values: Values) -> bool:
    return _grid(values) and bool(values["method"] == "dqn")


def _table(values: Values) -> bool:
    return _learns(values) and not _deep(values)


ROWS: tuple[Row, ...] = (
    Segments("mode", "World", [GRID, POLE], basic=True),
    Choice("method", "Method", model.METHODS, basic=True, shown=_grid),
    Slider("discount", "Discount γ", 0.0, 0.99, 0.01, basic=True, shown=_grid,
           why="What a reward one step later is worth."),
    Slider("slip", "Slip", 0.0, 0.8, 0.05, shown=_grid,
           why="Probability that a move goes sideways instead."),
    Slider("step_cost", "Cost of a step", 0.0, 1.0, 0.02, basic=True, shown=_grid,
           why="Taken off the reward of every step."),
    Slider("epsilon", "Exploration ε", 0.0, 1.0, 0.05, basic=True, shown=_learns,
           why="Share of actions drawn at random."),
    Steps("steps_per_record", "Steps per frame", (1, 10, 50, 200, 1000), basic=True,
          shown=_learns, why="1 shows every single step."),
    Steps("network_rate", "Learning rate of Adam", POLE_RATES, shown=_deep),
    Steps("n_hidden", "Hidden units (neurons)", (4, 8, 16, 32, 64, 128), shown=_deep),
    Steps("learning_rate", "Learning rate α", RATES, shown=_table,
          why="How far a value goes towards its target each time."),
    Toggle("falling", "α falls with visits", shown=_table,
           why="α · N^-0.7 at the N-th visit: early luck is averaged out."),
    Toggle("anywhere", "Training starts anywhere", shown=_grid, section=WORLD,
           why="Otherwise every episode begins at the start."),
    Slider("coin", "A coin pays", 0.0, 1.0, 0.05, shown=_grid, section=WORLD,
           why="Every time it is entered."),
    Map("map", "Map as text", shown=_grid, section=WORLD,
        why=f"Rows with dashes between them; {_NAMED}. Or click cells in the grid."),
    Choice("balance", "Method", cart_pole.METHODS, basic=True, shown=_pole),
    Steps("pole_rate", "Learning rate of Adam", POLE_RATES, basic=True, shown=_pole,
          why="It falls to zero in a straight line."),
    Steps("pole_hidden", "Hidden units (neurons)", (2, 4, 8, 16, 32, 64), basic=True, shown=_pole),
    Slider("pole_discount", "Discount γ", 0.0, 0.99, 0.01, basic=True, shown=_pole,
           why="What a step later is worth."),
    Slider("agent", "Agent shown", 1, cart_pole.Config.n_seeds, 1, basic=True, shown=_pole,
           why="They learn side by side and differ only by their luck."),
    rows.seed("The same seed gives the same first weights and the same luck."),
)  # fmt: skip


def sidebar() -> Values:
    """All controls in order, and what they say by name."""
    said = rows.draw(controls, ROWS)
    if "map" in said:
        st.session_state[KEPT_MAP] = said["map"]
    return said


def grid_config(said: Values) -> model.Config:
    """What the controls of the grid world say."""
    return model.Config(**{name: said[name] for name in _GRID_FIELDS if name in said})


def pole_config(said: Values) -> cart_pole.Config:
    """What the controls of CartPole say."""
    fields = {field: said[name] for field, name in _POLE_NAMES.items()}
    return cart_pole.Config(**fields)


def edited(edit: dict[str, Any]) -> None:
    """Put what was clicked into the map; a callback of the player."""
    cell, letter = edit.get("cell"), edit.get("letter")
    if edit.get("kind") != "cell" or not isinstance(cell, int) or letter not in LETTERS:
        return
    now = st.session_state.get(KEPT_MAP, DEFAULTS["map"])
    try:
        edits.write("reinforcement", map=changed(now, cell, str(letter)))
    except ValueError:
        return  # a click that was under way when the map became smaller
