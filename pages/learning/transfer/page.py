"""# Transfer learning: new things from old.

**Transfer learning** begins with a network that has learned something else: its layers make
good **features**, so that a new **head** on top, or **fine-tuning** it all, needs few labels.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.sources import FILES
from core.learning.transfer import findings, model, picture, reading
from core.learning.transfer.script import script
from core.runs import Run
from core.shares import per_cent
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.learning.transfer import controls, own_classes, views

PAGE = controls.PAGE
PRESETS: dict[str, dict[str, Any]] = {
    "5 labels a class": {},
    "1 label": {"n_labels": 1},
    "100 labels": {"n_labels": 100, "n_steps": 400},
    "Break it: untrained features": {"source_share": 0},
    "Break it: random labels": {"source": "random"},
    "Your own classes": {"mode": controls.OWN},
    "Break it: one sneaker": {"mode": controls.OWN, "pictures": "few"},
}
QUESTION = Question(
    "Five labels of each new digit. Which learner will fall clearly behind the two others?",
    ["from scratch", "frozen features", "fine-tuned"],
    "from scratch",
    "",  # the figures of the recorded runs come when the page is shown
)

with st.sidebar:
    said = controls.sidebar()
if said["mode"] == controls.OWN:
    own_classes.show(said, partial(opening, PAGE, __doc__, PRESETS, controls.DEFAULTS))
    st.stop()
config = controls.config(said)
asked = QUESTION._replace(because=views.because())
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, asked)
links.notice(PAGE)
run = Run(model.training, config)

start = min(links.moment(PAGE, run.id), run.n_records - 1)
record = player(
    PAGE,
    run,
    "transfer",
    picture.scene(config),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run),
    curves=picture.CURVES,
    notes=partial(picture.notes, config),
    unit="step",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    speed=5,
    on_edit=controls.pick,
)
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
paused = bool(start) or stands(PAGE, run)

views.labels_needed(config, now if paused and record else None)
found = findings.findings(config, records, run.ending(record))
outcome.what_happened(
    PAGE, found, run, record if paused else None, "step", config.updates_per_record
)

view = look.inside(
    PAGE,
    f"after {record * config.updates_per_record} steps",
    ["One image", "Features", "Weights", "Mistakes", "The source network"],
)
if view == "The source network":
    views.source(config)
elif not paused:
    look.wait()
else:
    views.inside(view, config, now)

views.your_turn(config, now)
challenge.challenge(
    f"Classify {per_cent(reading.GOAL_ACCURACY)} of the new digits correctly with at most "
    f"{reading.GOAL_LABELS} labels of each.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script, config, record),
    {
        "mnist.npz": (FILES / "mnist.npz").read_bytes,
        "source.safetensors": partial(reading.source_file, config),
        "learners.safetensors": partial(reading.weights_file, config, now),
        "curves.csv": partial(reading.curves_file, config, records),
    },
)
