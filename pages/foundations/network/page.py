"""# Neural network: many units, seen whole.

Every **unit** (neuron) weighs what comes in, adds its **bias** and passes the sum through an
**activation function**. Below, each unit shows what it answers for every point of the
plane: lines at the left, and shapes that no single unit could draw at the right. Training
turns the **weights**, each against its share of the error (**backpropagation**), until the last
map matches the points. Play it, break it, change it.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.foundations.network import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, changes, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.network import controls, views

PAGE = "network"
PRESETS: dict[str, dict[str, Any]] = {
    "Circle": {},
    "Spiral": {
        "data": "spiral", "features": ["x1", "x2", "sinx1", "sinx2"], "units_1": 8, "units_2": 6,
        "learning_rate": 0.1, "train_share": 80,
    },
    "A hill to fit": {
        "task": "regression", "data": "gaussian", "loss": "squared_error", "units_1": 6,
        "units_2": 4, "learning_rate": 0.1,
    },
    "Break it: no hidden layer": {"data": "xor", "n_hidden": 0},
    "Break it: steps too long": {
        "task": "regression", "data": "gaussian", "loss": "squared_error", "units_1": 6,
        "units_2": 4, "activation": "leaky_relu", "learning_rate": 0.3, "optimizer": "momentum",
    },
    "Break it: memorise noise": {
        "noise": 50, "train_share": 10, "units_1": 8, "units_2": 8, "learning_rate": 0.3,
        "optimizer": "momentum",
    },
}  # fmt: skip
QUESTION = Question(
    "Take all hidden layers away: which boundary can the output still draw through X₁ and X₂?",
    ["a straight line", "a curve", "a closed ring"],
    "a straight line",
    "One weighted sum of X₁ and X₂ has the same value all along a straight line. “Break it: no "
    "hidden layer” shows it; hidden units with an activation function bend it.",
)


with st.sidebar:
    chosen, table = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

config = controls.applied(chosen)
run = Run(model.training, config)

start = links.moment(PAGE, run.id)
shown = model.examples(config, start)
record = player(
    PAGE,
    run,
    "network",
    picture.scene(config, table, st.session_state["network_show_test"]),
    scene_arrays=picture.scene_arrays(shown),
    curves=picture.curves(config),
    notes=partial(picture.notes, config, run),
    start=start,
    autoplay=start == 0,
    on_edit=partial(changes.edited, PAGE),
)
links.keep_moment(PAGE, record)
changes.buttons(PAGE, config.changes)

records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][-1]
standing = bool(start or stands(PAGE, run))
said = findings.findings(config, records, run.ending(record))
outcome.what_happened(PAGE, said, run, record if standing else None)

view = look.inside(PAGE, f"at epoch {record:,}", views.VIEWS)
if standing:
    views.look_inside(view, config, run, record, parameters)
else:
    look.wait()

views.compare(config, run, record)

challenge.challenge(
    "On the circle, from X₁ and X₂ alone, 95\u00a0% of the test points with at most 4 hidden "
    "units.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "points.csv": partial(reading.answers_file, config, parameters, record),
        "curves.csv": partial(reading.curves_file, records),
        "network.safetensors": partial(reading.weights_file, config, parameters),
    },
)
