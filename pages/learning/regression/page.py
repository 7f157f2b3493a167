"""# Regression: a number, and its doubt.

A **regression** predicts a number, **supervised** by examples whose number is known. Networks that
differ only in their first weights learn the same points: their **mean** is the answer, their
**spread** (σ) the doubt, and the **loss** decides how far an **outlier** pulls.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.learning.regression import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.learning.regression import controls, views

PAGE = "regression"
AMES = {"data": "ames", **controls.TABLE}
OUTLIERS = {"n_outliers": 3, "gap": 0}
PRESETS: dict[str, dict[str, Any]] = {
    "Curve with gap": {},
    "Three outliers, squared error": OUTLIERS,
    "Three outliers, Huber": {**OUTLIERS, "loss": "huber"},
    "Three losses at once": {**OUTLIERS, "loss": "all"},
    "Ames house prices": AMES,
    "Your own points": {"data": "own_points"},
    "Break it: one member knows no doubt": {"n_members": 1},
    "Break it: rate too high": {"learning_rate": 10.0},
    "Break it: a constant for every house": {**AMES, "shape": "constant", "learning_rate": 0.01},
}
QUESTION = Question(
    "Three outliers lie high above the sine. With which loss do they pull the curve furthest?",
    ["Squared error", "Absolute error", "Huber"],
    "Squared error",
    "A squared error grows with the square of the distance, the other two in the end only with "
    "the distance. With three outliers in forty points it is pulled furthest on nine of ten "
    "seeds. Choose “Three losses at once” and see all of them on the same points.",
)

with st.sidebar:
    config = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)
run = Run(model.training, config)

branched = f"{PAGE}-branch" in st.session_state  # a point was placed: train on with it
start = min(links.moment(PAGE, run.id), run.n_records - 1)
record = player(
    PAGE,
    run,
    "band",
    picture.scene(config, controls.picked(config)),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, config, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, run),
    unit="step",
    units_per_record=model.STEPS_PER_RECORD,
    start=start,
    autoplay=start == 0 or branched,
    speed=30,
    on_edit=partial(controls.edited, config, run.n_records),
)
links.keep_moment(PAGE, record)
controls.buttons(config.changes)
standing = bool(start) or stands(PAGE, run)

records = run.until(record)
record = len(records["loss"]) - 1
said = findings.findings(config, records, run.ending(record))
every = model.STEPS_PER_RECORD
outcome.what_happened(PAGE, said, run, record if standing else None, "step", every)
views.your_turn(config, record, draw=standing)

view = look.inside(PAGE, f"at step {record * model.STEPS_PER_RECORD:,}", views.VIEWS)
if standing:
    views.look_inside(view, config, record)
else:
    look.wait()

challenge.challenge(
    f"On the sine without a gap, {findings.GOAL_OUTLIERS} outliers or more: a mean "
    f"curve within {findings.GOAL_DISTANCE} of the truth on average.",
    *findings.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        script.EXAMPLES: partial(reading.examples_file, config),
        "answers.csv": partial(reading.answers_file, config, record),
        "curves.csv": partial(reading.curves_file, records),
        "ensemble.safetensors": partial(reading.weights_file, config, record),
    },
)
