"""# Anomaly detection: what a network cannot restore.

**Unsupervised**: an **autoencoder** squeezes examples through a **bottleneck** and restores them:
well what comes often, badly what does not. It is trained without a single label; a **threshold** on
that **reconstruction error** raises **alarms**. Here it learns from five minutes of one person's
heart and watches another's (three people in all: **not for diagnosis**), or from a space shuttle.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.learning.anomaly_detection import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.learning.anomaly_detection import views
from pages.learning.anomaly_detection.controls import DEFAULTS, config_and_threshold, moved

PAGE = "anomaly_detection"
SHUTTLE = {"data": "shuttle", "n_epochs": 10}
PRESETS: dict[str, dict[str, Any]] = {
    "Heartbeats": {},
    "Eight simulated anomalies": {"simulated": 8},
    "Space shuttle": SHUTTLE,
    "No bottleneck": {
        "n_latent": 64, "hidden": 128, "n_epochs": 60,
    },
    "Break it: by the clock": {"window": "seconds"},
    "Break it: contaminated": {**SHUTTLE, "contamination": 10},
    "Break it: rate 1": {"learning_rate": 1.0},
}  # fmt: skip
QUESTION = Question(
    "The network never sees a label. What can it tell of an example by its error alone?",
    ["that it is unlike the training examples", "that it is dangerous", "which kind it is"],
    "that it is unlike the training examples",
    "The early beat errs most if beats are cut by the heart’s own pace (1.5 to 1.7 times the next "
    "over seeds 0 to 9); cut by fixed seconds it looks like the others. What is in the training "
    "set is usual, harmful or not.",
)


with st.sidebar:
    config, threshold = config_and_threshold()
opening(PAGE, __doc__, PRESETS, DEFAULTS, QUESTION)
links.notice(PAGE)
run = Run(model.training, config)

start = links.moment(PAGE, run.id)
record = player(
    # Another kind of data is another set of arrays, which a player takes at its start only.
    f"{PAGE}-{config.data}",
    run,
    "beats",
    picture.scene(config, threshold),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run, config),
    curves=picture.curves(config),
    notes=partial(picture.notes, run, config, threshold),
    unit="step",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    on_edit=moved,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
errors = records["errors"][-1] if record >= 0 else records["errors"]
standing = bool(start) or stands(f"{PAGE}-{config.data}", run)
said = findings.findings(config, records, run.ending(record), threshold)
every = config.updates_per_record
outcome.what_happened(PAGE, said, run, record if standing else None, "step", every)
views.without_labels(config, records)

view = look.inside(PAGE, f"at step {record * config.updates_per_record:,}", views.VIEWS)
if standing:
    views.inside(view, config, run, record, threshold)
else:
    look.wait()

views.own(config, run, record, threshold)

challenge.challenge(
    f"Told apart to an AUC of {findings.GOAL_AUC} although {findings.GOAL_CONTAMINATION}\u00a0% of "
    "the shuttle’s training rows are anomalies.",
    *findings.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record, threshold),
    {
        script.EXAMPLES: partial(script.examples_file, config),
        "predictions.csv": lambda: to_csv(reading.table(config, errors, threshold).reset_index()),
        "curves.csv": lambda: to_csv(reading.curve_table(config, records)),
        "autoencoder.safetensors": partial(reading.weights_file, run, record),
    },
)
