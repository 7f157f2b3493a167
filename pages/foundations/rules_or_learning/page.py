"""# Rules or learning: written, or found in examples.

Why learn instead of programming? To stop card fraud you can **write a rule**, or let a small
network **learn from examples**. Both judge the same new day of payments, and stop those on
orange ground. Then the world changes. The payments are **simulated**, so the truth is known.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.foundations.rules_or_learning import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.rules_or_learning import controls, views

PAGE = "rules_or_learning"
PRESETS: dict[str, dict[str, Any]] = {
    "Rule and model": {},
    "The world changes": {"drift": 100},
    "… and the model is retrained": {"drift": 100, "learned_drift": 100},
    "Break it: stop whatever is unusual": {
        "amount": 50, "distance": 20, "count": 3, "votes": 1,
    },
    "Break it: 50 examples": {"n_examples": 50, "fraud_share": 4.0, "n_epochs": 400},
    "Break it: no hidden units": {"hidden": "none", "drift": 100, "learned_drift": 100},
}  # fmt: skip
QUESTION = Question(
    "Overnight, thieves turn to small amounts close to home. What still catches them?",
    ["The rule", "The model", "Neither"],
    "Neither",
    "A model knows only what its examples showed. Press The world changes, then Retrain.",
)


with st.sidebar:
    config, rule, day, show_truth = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config)
record = player(
    PAGE,
    run,
    "rules",
    picture.scene(
        config,
        rule,
        day,
        controls.payment_in_force(),
        (controls.AMOUNTS, controls.DISTANCES),
        show_truth,
    ),
    scene_arrays=picture.scene_arrays(config, day),
    curves=picture.curves(),
    notes=partial(picture.notes, config),
    start=(start := links.moment(PAGE, run.id)),
    autoplay=start == 0,
    on_edit=controls.edited,
)
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][-1]
outcome.what_happened(
    PAGE,
    findings.findings(config, records, run.ending(record), rule, day),
    run,
    record if stands(PAGE, run) else None,
)

st.header("Your turn: one payment")
st.caption("Type it, or click into one of the maps: the star.")
payment = controls.own_payment()
verdict = reading.verdict(config, parameters, rule, day, payment)
st.markdown(reading.said(verdict, rule, day))

view = look.inside(PAGE, f"at epoch {record:,}", views.VIEWS)
views.look_inside(view, config, parameters, rule, day)

challenge.challenge(
    "Before the world changes, a rule by hand that catches 90\u00a0% of the frauds, with 90\u00a0% "
    "of its alarms right.",
    *reading.challenge(config, rule, day),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, rule, day, record),
    {
        "payments.csv": lambda: to_csv(reading.answers(config, parameters, rule, day)),
        "curves.csv": lambda: to_csv(reading.curve_table(records)),
        "model.safetensors": partial(reading.weights_file, config, parameters),
    },
)
