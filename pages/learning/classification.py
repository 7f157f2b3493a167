"""# Classification.

A **classifier** gives every class a probability. Below, each dot is an example the network never
trained on, in the lane of its **true class**; training slides it to the probability it is given.
A **threshold** turns probabilities into answers: drag the line, and the counts, **precision**,
**recall** and both curves (ROC and precision–recall, PR) follow with nothing trained anew.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.learning import classification as topic
from core.learning import (
    classification_findings,
    classification_picture,
    classification_reading,
    classification_script,
)
from core.training import Run
from pages.elements import (
    challenge,
    classification_controls,
    classification_views,
    links,
    look,
    outcome,
    presets,
    questions,
    sharing,
)
from pages.elements.player import player, stands

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
    "Break it: 5 % of the points": {
        "data": "moons", "hidden": "16-16", "learning_rate": 0.01, "train_share": 5,
    },
    "Break it: one feature": {**CANCER, "features": ["mean texture"]},
    "Break it: steps too long": {"learning_rate": 10.0},
}  # fmt: skip

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, classification_controls.DEFAULTS)
with st.sidebar:
    config, positive, threshold = classification_controls.sidebar()
links.notice(PAGE)
run = Run(topic.training, config)

questions.predict_first(
    PAGE,
    "You lower the threshold from 50 % to 10 %. What can only rise or stay?",
    ["Precision", "Recall", "Accuracy"],
    "Recall",
    "More yes answers find no fewer of the class; among them are more false alarms, so precision "
    "and accuracy may go either way. Drag the line and see.",
)

start = links.moment(PAGE, run.id)
record = player(
    PAGE,
    run,
    "decisions",
    classification_picture.scene(
        config, positive, threshold, classification_controls.picked(config)
    ),
    scene_arrays=classification_picture.scene_arrays(config),
    arrays=partial(classification_picture.arrays, config, run),
    curves=classification_picture.curves(config),
    notes=partial(classification_picture.notes, run),
    start=start,
    autoplay=start == 0,
    speed=30,
    on_edit=partial(classification_controls.edited, config),
)
links.keep_moment(PAGE, record)
standing = bool(start) or stands(PAGE, run)

records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][-1]
found = classification_reading.answers(config, parameters)
classification_views.opened_cell(config, found, positive, threshold)
outcome.what_happened(PAGE, classification_findings.findings(config, records, run.ending(record)))

classification_views.one_example(config, parameters, draw=standing)

view = look.inside(PAGE, f"at epoch {record:,}", classification_views.VIEWS)
if standing:
    asked = (positive, threshold)
    classification_views.look_inside(view, config, parameters, found, asked)
else:
    look.wait()

challenge.challenge(
    "Breast cancer: find every malignant tumour of the test rows, with at least 95 % of the "
    "alarms right.",
    *classification_findings.challenge(config, found, positive, threshold),
)
sharing.take_home(
    PAGE,
    partial(classification_script.script, config, record),
    {
        classification_script.EXAMPLES: partial(classification_reading.examples_file, config),
        "answers.csv": partial(classification_reading.answers_file, config, parameters),
        "curves.csv": partial(classification_reading.curves_file, records),
        "network.safetensors": partial(classification_reading.weights_file, config, parameters),
    },
)
