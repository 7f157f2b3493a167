"""# Learn new things from old.

**Transfer learning** begins with a network that has learned something else: its layers make
good **features**, so that a new **head** on top, or **fine-tuning** it all, needs few labels.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.sources import FILES
from core.learning import transfer, transfer_picture
from core.learning import transfer_reading as reading
from core.learning.transfer_script import script
from core.training import Run
from pages.elements import (
    challenge,
    links,
    look,
    outcome,
    own_classes,
    presets,
    questions,
    sharing,
    transfer_controls,
    transfer_views,
)
from pages.elements.player import player, stands

PAGE = transfer_controls.PAGE
PRESETS: dict[str, dict[str, Any]] = {
    "5 labels a class": {},
    "1 label": {"n_labels": 1},
    "All labels": {"n_labels": 100, "n_steps": 240},
    "Break it: untrained features": {"source_share": 0},
    "Break it: random labels": {"source": "random"},
    "Your own classes": {"mode": transfer_controls.OWN},
    "Break it: one sneaker": {"mode": transfer_controls.OWN, "pictures": "few"},
}

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, transfer_controls.DEFAULTS)
with st.sidebar:
    mode = transfer_controls.mode()
if mode == transfer_controls.OWN:
    own_classes.show()
    st.stop()
with st.sidebar:
    config = transfer_controls.config()
links.notice(PAGE)
run = Run(transfer.training, config)

questions.predict_first(
    PAGE,
    "Five labels of each new digit. Which learner will name the most of 500 new pictures rightly?",
    ["from scratch", "frozen features", "fine-tuned"],
    "frozen features",
    transfer_views.because(),
)

start = min(links.moment(PAGE, run.id), run.n_records - 1)
record = player(
    PAGE,
    run,
    "transfer",
    transfer_picture.scene(config),
    scene_arrays=transfer_picture.scene_arrays(config),
    arrays=partial(transfer_picture.arrays, run),
    curves=transfer_picture.CURVES,
    notes=partial(transfer_picture.notes, config),
    unit="step",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    speed=5,
    on_edit=transfer_controls.pick,
)
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
paused = bool(start) or stands(PAGE, run)

transfer_views.labels_needed(config, now if paused and record else None)
outcome.what_happened(PAGE, reading.findings(config, records, run.ending(record)))

view = look.inside(
    PAGE,
    f"after {record * config.updates_per_record} steps",
    ["One picture", "Features", "Weights", "Mistakes", "The source network"],
)
if view == "The source network":
    transfer_views.source(config)
elif not paused:
    look.wait()
else:
    transfer_views.inside(view, config, now)

transfer_views.your_turn(config, now)
challenge.challenge(
    f"Name {reading.GOAL_ACCURACY:.0%} of the new digits rightly with at most "
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
