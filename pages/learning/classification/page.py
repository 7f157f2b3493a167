"""# Classification: which class, and how sure.

A **classifier** gives every class a probability; it learns **supervised**, from labelled examples.
Below, each dot is an example the network never trained on, in the lane of its **true class**;
training slides it to the probability it is given.
A **threshold** turns probabilities into answers: drag the line, and the counts, **precision**,
**recall** and both curves (ROC and precision–recall, PR) follow without any new training.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.learning.classification import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.learning.classification import controls, views

PAGE = "classification"
CANCER = {"data": "breast_cancer", "l2": 0.01}
PRESETS: dict[str, dict[str, Any]] = {
    "Penguins": {},
    "Breast cancer": CANCER,
    "Iris": {"data": "iris", "learning_rate": 0.003},
    "Wine": {"data": "wine"},
    "Penguins on a plane": {
        "features": ["bill_length_mm", "bill_depth_mm"], "learning_rate": 0.003,
    },
    "Moons": {"data": "moons", "hidden": "16-16", "learning_rate": 0.003},
    "Your own points": {
        "data": "own_points", "batch_size": 8, "learning_rate": 0.01,
    },
    "Break it: shuffled labels": {
        "data": "breast_cancer", "shuffled": True, "hidden": "64", "n_epochs": 200,
        "learning_rate": 0.003,
    },
    "Break it: 5\u00a0% of the points": {
        "data": "moons", "hidden": "16-16", "learning_rate": 0.01, "train_share": 5,
    },
    "Break it: one feature": {**CANCER, "features": ["mean texture"]},
    "Break it: steps too long": {"learning_rate": 10.0},
}  # fmt: skip
QUESTION = Question(
    "You lower the threshold from 50\u00a0% to 10\u00a0%. What can only rise or stay?",
    ["Precision", "Recall", "Accuracy"],
    "Recall",
    "More yes answers find no fewer of the class; among them are more false alarms, so precision "
    "and accuracy may go either way. Drag the line and see.",
)

with st.sidebar:
    config, positive, threshold = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)
run = Run(model.training, config)

start = links.moment(PAGE, run.id)
record = player(
    PAGE,
    run,
    "decisions",
    picture.scene(config, positive, threshold, controls.picked(config)),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, config, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, run),
    start=start,
    autoplay=start == 0,
    speed=30,
    on_edit=partial(controls.edited, config),
)
links.keep_moment(PAGE, record)
standing = bool(start) or stands(PAGE, run)

records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][-1]
found = reading.answers(config, parameters)
views.opened_cell(config, found, positive, threshold)
views.used_up(config, threshold)
said = findings.findings(config, records, run.ending(record))
outcome.what_happened(PAGE, said, run, record if standing else None)

views.one_example(config, parameters, draw=standing)

view = look.inside(PAGE, f"at epoch {record:,}", views.VIEWS)
if standing:
    asked = (positive, threshold)
    views.look_inside(view, config, parameters, found, asked)
else:
    look.wait()

challenge.challenge(
    "Breast cancer: find every malignant tumour of the test rows, with at least 95\u00a0% of the "
    "alarms right.",
    *findings.challenge(config, found, positive, threshold),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        script.EXAMPLES: partial(reading.examples_file, config),
        "answers.csv": partial(reading.answers_file, config, parameters),
        "curves.csv": partial(reading.curves_file, records),
        "network.safetensors": partial(reading.weights_file, config, parameters),
    },
)
