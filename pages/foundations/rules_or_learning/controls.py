"""The controls of the page on rules and learning, each bound to its address."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.foundations.rules_or_learning.model import Config, Day, Rule
from pages.elements import edits
from pages.elements.controls import Controls
from pages.elements.presets import choose

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


def sidebar() -> tuple[Config, Rule, Day]:
    """All controls in order, and what they say."""
    with st.expander("Your rule", expanded=True):
        rule = _rule()
    with st.expander("The world changes", expanded=True):
        drift = controls.slider(
            "The world has changed by, %", "drift", 0, 100, 5,
            "Thieves and customers change their habits. 0: as when the model learned.",
        )  # fmt: skip
        learned_drift = controls.slider(
            "The model learned when it was at, %", "learned_drift", 0, 100, 5,
            "How far the world had changed when its examples were collected.",
        )  # fmt: skip
        retrain_button(drift)
    with st.expander("The model", expanded=True):
        config = _model(learned_drift)
    with st.expander("The day's work"):
        day = _day(drift)
    return config, rule, day


def retrain_button(drift: int) -> None:
    """One click: the model learns from payments of the world as it is now."""
    st.button(
        "Retrain the model on today's world",
        icon=":material/autorenew:",
        key=f"{PAGE}-retrain",
        on_click=choose,
        args=(PAGE, {"learned_drift": drift}),
        width="stretch",
    )


def _rule() -> Rule:
    votes = st.segmented_control(
        "Thresholds that must be reached", [1, 2, 3], default=Rule.votes, required=True,
        key=f"{PAGE}_votes", bind="query-params",
        help="A payment is stopped if it reaches at least this many of the three below.",
    )  # fmt: skip
    amount = controls.steps(
        "Amount at least, €", "amount", AMOUNTS, "Drag the line in the picture, too."
    )
    distance = controls.steps("Distance from home at least, km", "distance", DISTANCES)
    count = controls.slider("Payments in the last hour at least", "count", 1, 12, 1)
    return Rule(amount, distance, count, votes)


def _model(learned_drift: int) -> Config:
    why = "Without hidden units the model can only draw one straight edge."
    return Config(
        n_examples=controls.steps(
            "Payments to learn from",
            "n_examples",
            (50, 100, 200, 500, 1000, 2000, 3000, 5000),
            "Past payments of which it is known whether they were frauds.",
        ),
        fraud_share=controls.slider("Frauds among payments, %", "fraud_share", 1.0, 20.0, 1.0),
        learned_drift=learned_drift,
        hidden=HIDDEN[controls.choice("Hidden units", "hidden", list(HIDDEN), why)],
        learning_rate=controls.steps(
            "Learning rate", "learning_rate", RATES, "The length of a step."
        ),
        n_epochs=controls.slider("Epochs", "n_epochs", 20, 400, 20, "Passes over all payments."),
        seed=controls.seed("The same seed gives the same payments, first weights and order."),
    )


def _day(drift: int) -> Day:
    return Day(
        drift=drift,
        threshold=controls.slider(
            "Model stops from a probability of, %", "threshold", 1, 99, 1,
            "Lower it and more frauds are caught, with more false alarms.",
        ),
        minutes_per_check=controls.slider(
            "Minutes to look at a payment", "minutes_per_check", 0.5, 10.0, 0.5
        ),
        minutes_per_miss=controls.slider(
            "Minutes a missed fraud costs", "minutes_per_miss", 0.0, 240.0, 5.0
        ),
    )  # fmt: skip


def own_payment() -> tuple[float, float, int]:
    """The learner's own payment: amount in euros, distance in kilometres, payments."""
    columns = st.columns(3)
    amount = columns[0].number_input(
        "Amount, €", 0.01, 100_000.0, DEFAULTS["own_amount"],
        key=f"{PAGE}_own_amount", bind="query-params",
    )  # fmt: skip
    distance = columns[1].number_input(
        "Distance from home, km", 0.01, 20_000.0, DEFAULTS["own_distance"],
        key=f"{PAGE}_own_distance", bind="query-params",
    )  # fmt: skip
    count = columns[2].number_input(
        "Payments in the last hour, this one included", 1, 50, DEFAULTS["own_count"],
        key=f"{PAGE}_own_count", bind="query-params",
    )  # fmt: skip
    return float(amount), float(distance), int(count)


def payment_in_force() -> tuple[float, float, int]:
    """The learner's payment, for the picture that is drawn before its number fields."""
    fields = ("own_amount", "own_distance", "own_count")
    for name in fields:
        edits.hold(f"{PAGE}_{name}")
    amount, distance, count = (
        st.session_state.get(f"{PAGE}_{name}", DEFAULTS[name]) for name in fields
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
