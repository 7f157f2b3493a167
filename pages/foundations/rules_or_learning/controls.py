"""The controls of the page on rules and learning, each bound to its address."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from core.foundations.rules_or_learning.model import Config, Day, Rule
from pages.elements import edits, rows
from pages.elements.controls import Controls, bound
from pages.elements.presets import choose
from pages.elements.rows import Choice, Own, Row, Segments, Slider, Steps, Toggle, Values

PAGE = "rules_or_learning"
# fmt: off
AMOUNTS: tuple[float, ...] = (
    1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750,
    1000, 1500, 2000, 3000, 5000, 10000,
)
DISTANCES: tuple[float, ...] = (
    0.1, 0.3, 1, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000,
    2000, 3000, 5000, 10000,
)
# fmt: on
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
HIDDEN: dict[str, tuple[int, ...]] = {
    "none": (), "4": (4,), "8-4": (8, 4), "16-16": (16, 16), "16-16-16": (16, 16, 16),
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Rule, name) for name in ("amount", "distance", "count", "votes")},
    **{name: getattr(Day, name) for name in ("drift", "threshold")},
    **{name: getattr(Day, name) for name in ("minutes_per_check", "minutes_per_miss")},
    **{name: getattr(Config, name) for name in ("learned_drift", "n_examples", "fraud_share")},
    **{name: getattr(Config, name) for name in ("learning_rate", "n_epochs", "seed")},
    "hidden": "8-4",
    "show_truth": True,
    "own_amount": 60.0,
    "own_distance": 900.0,
    "own_count": 3,
}
controls = Controls(PAGE, DEFAULTS)


def _retrain(values: Values) -> Values:
    """One click: the model learns from payments of the world as it is now."""
    st.button(
        "Retrain the model on today's world",
        icon=":material/autorenew:",
        key=f"{PAGE}-retrain",
        on_click=choose,
        args=(PAGE, {"learned_drift": values["drift"]}),
        width="stretch",
    )
    return {}


ROWS: tuple[Row, ...] = (
    Segments(
        "votes", "Thresholds that must be reached", (1, 2, 3), basic=True, section="Your rule",
        why="A payment is stopped if it reaches at least this many of the three below.",
    ),
    Steps("amount", "Amount at least, €", AMOUNTS, basic=True, section="Your rule",
          why="The line on the map can be dragged, too."),
    Steps("distance", "Distance from home at least, km", DISTANCES, basic=True,
          section="Your rule"),
    Slider("count", "Payments in the last hour at least", 1, 12, 1, basic=True,
           section="Your rule"),
    Slider(
        "drift", "The world has changed by, %", 0, 100, 5, basic=True, section="The world changes",
        why="Thieves and customers change their habits. 0: as when the model learned.",
    ),
    Slider(
        "learned_drift", "Drift when the model was trained, %", 0, 100, 5,
        section="The world changes",
        why="How far the world had changed when its examples were collected.",
    ),
    Own("retrain", "Retrain", _retrain, section="The world changes"),
    Steps(
        "n_examples", "Payments to learn from", (50, 100, 200, 500, 1000, 2000, 3000, 5000),
        section="The model",
        why="Past payments of which it is known whether they were frauds.",
    ),
    Slider("fraud_share", "Frauds among payments, %", 1.0, 20.0, 1.0, section="The model"),
    Choice("hidden", "Hidden units (neurons)", list(HIDDEN), section="The model",
           why="Without hidden units the model can only draw one straight edge."),
    Steps("learning_rate", "Learning rate", RATES, section="The model",
          why="The length of a step."),
    Slider("n_epochs", "Epochs", 20, 400, 20, section="The model",
           why="Passes over all payments."),
    Slider(
        "threshold", "Model stops from a probability of, %", 1, 99, 1, basic=True,
        section="The day's work",
        why="Lower it and more frauds are caught, with more false alarms.",
    ),
    Slider("minutes_per_check", "Minutes to look at a payment", 0.5, 10.0, 0.5,
           section="The day's work"),
    Slider("minutes_per_miss", "Minutes a missed fraud costs", 0.0, 240.0, 5.0,
           section="The day's work"),
    Toggle("show_truth", "Show the simulator's truth", section="The day's work"),
    rows.seed("The same seed gives the same payments, first weights and order."),
)  # fmt: skip


def sidebar() -> tuple[Config, Rule, Day, bool]:
    """All controls in order, and what they say; last, whether the truth is shown."""
    said = rows.draw(controls, ROWS, expanded=("Your rule", "The world changes", "The model"))
    said["hidden"] = HIDDEN[said["hidden"]]
    return (
        Config(**_of(Config, said)),
        Rule(**_of(Rule, said)),
        Day(**_of(Day, said)),
        said["show_truth"],
    )


def _of(kind: type[Config | Rule | Day], said: Values) -> Values:
    return {each.name: said[each.name] for each in fields(kind) if each.name in said}


def own_payment() -> tuple[float, float, int]:
    """The learner's own payment: amount in euros, distance in kilometres, payments."""
    columns = st.columns(3)
    amount = columns[0].number_input(
        "Amount, €", 0.01, 100_000.0, DEFAULTS["own_amount"],
        **bound(f"{PAGE}_own_amount"),
    )  # fmt: skip
    distance = columns[1].number_input(
        "Distance from home, km", 0.01, 20_000.0, DEFAULTS["own_distance"],
        **bound(f"{PAGE}_own_distance"),
    )  # fmt: skip
    count = columns[2].number_input(
        "Payments in the last hour, this one included", 1, 50, DEFAULTS["own_count"],
        **bound(f"{PAGE}_own_count"),
    )  # fmt: skip
    return float(amount), float(distance), int(count)


def payment_in_force() -> tuple[float, float, int]:
    """The learner's payment, for the picture that is drawn before its number fields."""
    names = ("own_amount", "own_distance", "own_count")
    for name in names:
        edits.hold(f"{PAGE}_{name}")
    amount, distance, count = (
        st.session_state.get(f"{PAGE}_{name}", DEFAULTS[name]) for name in names
    )
    return float(amount), float(distance), int(count)


def edited(edit: dict[str, Any]) -> None:
    """Take what was done in the picture: a line moved, or a payment put; a callback."""
    if edit.get("kind") == "rule":
        chosen = {
            name: _nearest(edit.get(name), steps)
            for name, steps in (("amount", AMOUNTS), ("distance", DISTANCES))
        }
        edits.write(PAGE, **chosen)
    elif edit.get("kind") == "pick":
        limits = {"amount": (0.01, 100_000.0), "distance": (0.01, 20_000.0), "count": (1, 50)}
        placed = {f"own_{name}": _within(edit.get(name), *edges) for name, edges in limits.items()}
        edits.write(PAGE, **placed | {"own_count": int(placed["own_count"])})


def _nearest(value: Any, steps: Sequence[float]) -> float:
    wanted = float(value) if isinstance(value, int | float) else steps[0]
    return min(steps, key=lambda step: abs(step - wanted))


def _within(value: Any, low: float, high: float) -> float:
    wanted = float(value) if isinstance(value, int | float) else low
    return min(max(wanted, low), high)
