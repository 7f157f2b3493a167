"""The controls of the reinforcement page, each bound to its address, and edits of the map."""

from typing import Any

import streamlit as st

from core.learning.reinforcement import cart_pole, model
from core.learning.reinforcement.grid_world import LETTERS, World, changed
from pages.elements import edits
from pages.elements.controls import Controls

GRID, POLE = "grid", "cart_pole"
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
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


def mode() -> str:
    """Which of the two worlds."""
    return str(controls.segments("World", "mode", [GRID, POLE]))


def grid_config() -> model.Config:
    """What the controls of the grid world say."""
    method = str(controls.choice("Method", "method", model.METHODS))
    chosen = {"method": method, **_horizon()}
    if method != "value_iteration":
        chosen.update(_learning(method))
    with st.expander("The world"):
        chosen.update(_world())
    return model.Config(**chosen, seed=controls.seed("The same seed gives the same walk."))


def _horizon() -> dict[str, Any]:
    return {
        "discount": controls.slider(
            "Discount γ", "discount", 0.0, 0.99, 0.01, "What a reward one step later is worth."
        ),
        "slip": controls.slider(
            "Slip", "slip", 0.0, 0.8, 0.05, "Probability that a move goes sideways instead."
        ),
        "step_cost": controls.slider(
            "Cost of a step", "step_cost", 0.0, 1.0, 0.02, "Taken off the reward of every step."
        ),
    }


def _learning(method: str) -> dict[str, Any]:
    chosen = {
        "epsilon": controls.slider(
            "Exploration ε", "epsilon", 0.0, 1.0, 0.05, "Share of actions drawn at random."
        ),
        "steps_per_record": controls.steps(
            "Steps per picture",
            "steps_per_record",
            (1, 10, 50, 200, 1000),
            "1 shows every single update.",
        ),
    }
    if method == "dqn":
        return {
            **chosen,
            "network_rate": controls.steps(
                "Learning rate of Adam",
                "network_rate",
                (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
            ),
            "n_hidden": controls.steps("Hidden units", "n_hidden", (4, 8, 16, 32, 64, 128)),
        }
    why = "How far a value goes towards its target at each update."
    return {
        **chosen,
        "learning_rate": controls.steps("Learning rate α", "learning_rate", RATES, why),
        "falling": controls.toggle(
            "α falls with visits",
            "falling",
            "α · N^-0.7 at the N-th visit: early luck is averaged out.",
        ),
    }


def _world() -> dict[str, Any]:
    return {
        "anywhere": controls.toggle(
            "Training starts anywhere", "anywhere", "Otherwise every episode begins at the start."
        ),
        "coin": controls.slider("A coin pays", "coin", 0.0, 1.0, 0.05, "Every time it is entered."),
        "map": _map(),
    }


def _map() -> str:
    """The map in force: the one written here, or the last one that was possible."""
    kept = "reinforcement-map"
    letters = ", ".join(f"{letter} {name}" for letter, name in LETTERS.items())
    edits.hold(controls.key("map"))
    written = st.text_input(
        "Map as text",
        DEFAULTS["map"],
        max_chars=110,
        help=f"Rows with dashes between them; {letters}. Or click cells in the picture.",
        key=controls.key("map"),
        bind="query-params",
    )
    try:
        World(written)
    except ValueError as error:
        st.info(f"{error}. The last map that was possible is used.")
        return str(st.session_state.get(kept, DEFAULTS["map"]))
    st.session_state[kept] = written
    return str(written)


def edited(edit: dict[str, Any]) -> None:
    """Put what was clicked into the map; a callback of the player."""
    cell, letter = edit.get("cell"), edit.get("letter")
    if edit.get("kind") != "cell" or not isinstance(cell, int) or letter not in LETTERS:
        return
    now = st.session_state.get("reinforcement-map", DEFAULTS["map"])
    try:
        edits.write("reinforcement", map=changed(now, cell, str(letter)))
    except ValueError:
        return  # a click that was under way when the map became smaller


def pole_config() -> cart_pole.Config:
    """What the controls of CartPole say."""
    return cart_pole.Config(
        method=str(controls.choice("Method", "balance", cart_pole.METHODS)),
        learning_rate=controls.steps(
            "Learning rate of Adam",
            "pole_rate",
            (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
            "It falls to zero in a straight line.",
        ),
        n_hidden=controls.steps("Hidden units", "pole_hidden", (2, 4, 8, 16, 32, 64)),
        discount=controls.slider(
            "Discount γ", "pole_discount", 0.0, 0.99, 0.01, "What a step later is worth."
        ),
        seed=controls.seed("The same seed gives the same first weights and the same luck."),
    )


def agent(n_agents: int) -> int:
    """Which of the agents is shown, counted from 0."""
    why = "They learn side by side and differ only by their luck."
    return int(controls.slider("Agent shown", "agent", 1, n_agents, 1, why)) - 1
