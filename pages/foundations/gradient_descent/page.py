"""# Gradient descent: walking downhill, blindfolded.

The **loss** says how wrong a model is; over all values of its weights it is a **surface**.
Training starts somewhere and asks at every step only which way is down: the **gradient**.
How far to step, and what to remember of earlier steps, is what **optimisers** differ in.
Click the surface to put them down somewhere, and watch them run.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.foundations.gradient_descent import model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.gradient_descent import controls, views

PAGE = "gradient_descent"
PRESETS: dict[str, dict[str, Any]] = {
    "A line": {},
    "Scaled input": {"scaled": True, "learning_rate": 0.1},
    "A saddle": {"surface": "saddle", "u": 0.1, "v": -2.5},
    "Many valleys": {"surface": "wave", "u": 3.0, "v": -2.0, "learning_rate": 0.1},
    "A network": {"surface": "pca", "u": -3.0, "v": -2.0, "learning_rate": 0.1,
                  "adaptive_rate": 0.02},
    "Noisy steps": {"batch_size": 4},
    "Break it: steps too long": {"learning_rate": 0.2},
}  # fmt: skip
QUESTION = Question(
    "On the line, SGD takes steps of 0.05 times the gradient. What happens with 0.2?",
    ["It arrives four times sooner", "Nothing changes", "It climbs out of the valley"],
    "It climbs out of the valley",
    "Across the valley the surface is so curved that such a step lands higher on the other "
    "side than it began. Choose “Break it: steps too long” to see it.",
)


with st.sidebar:
    config = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config)
opened = f"{PAGE}-run" not in st.session_state
# A first visit finds the race run; after a change it is run before one's eyes.
start = links.moment(PAGE, run.id) or (run.n_records - 1 if opened else 0)
record = player(
    PAGE,
    run,
    "surface",
    picture.scene(config),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, config, run),
    unit="step",
    start=min(start, run.n_records - 1),
    autoplay=start in (0, run.n_records - 1),
    on_edit=controls.start_here,
)
links.keep_moment(PAGE, record)
if config.surface in ("pca", "random"):
    st.caption(picture.slice_said(config))

records = run.until(run.n_records - 1)
last = len(records["loss"]) - 1
record = min(record, last)
found = reading.findings(config, records, run.ending(last))
standing = last if start or stands(PAGE, run) else None
outcome.what_happened(PAGE, found, run, standing, unit="step")

view = look.inside(PAGE, f"at step {record:,}", ["One step", "Weights", "In relief"])
if view == "One step":
    controls.one_step(config, run, record)
elif view == "Weights":
    st.dataframe(reading.parameter_table(config, run.at(record)), hide_index=True)
else:
    views.relief(config, records, record)

st.header("33 learning rates at once")
views.sweep(config)

challenge.challenge(
    "On the line, from three units away: plain SGD within 5\u00a0% of the least loss in 20 steps.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "race.csv": lambda: to_csv(reading.race_table(config, records)),
        "examples.csv": lambda: to_csv(reading.example_table(config)),
    },
)
