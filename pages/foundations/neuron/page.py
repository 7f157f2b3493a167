"""# One neuron: a line through the plane.

A **neuron** weighs what comes in, adds a **bias** and passes the sum through an **activation
function**: *a = σ(w₁x₁ + w₂x₂ + b)*. Two weights and a bias draw one straight line through the
plane. Find them with your own hands first; then hand over to **gradient descent** and see its
path beside your tries on the same landscape of the **loss**.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.foundations.neuron import model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.neuron import controls

PAGE = "neuron"
GATE = {"noise": 10, "learning_rate": 1.0, "n_steps": 500}
PRESETS: dict[str, dict[str, Any]] = {
    "Two clouds": {},
    "AND": {"data": "and", **GATE},
    "OR": {"data": "or", **GATE},
    "Break it: XOR": {"data": "xor", **GATE},
    "Break it: steps too long": {"activation": "identity", "learning_rate": 1.0},
    "Break it: a step to learn": {"activation": "step"},
}
QUESTION = Question(
    "Which of the three can one neuron not answer, whatever its weights?",
    ["AND", "OR", "XOR"],
    "XOR",
    "Its two classes lie crosswise, and one neuron draws one straight line. "
    "The presets let you try all three.",
)

with st.sidebar:
    config = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config)
start = links.moment(PAGE, run.id)
shown = model.examples(config)
record = player(
    PAGE,
    run,
    "neuron",
    picture.scene(config),
    scene_arrays=picture.scene_arrays(shown),
    curves=picture.curves(config),
    notes=partial(picture.notes, config, run),
    unit="step",
    start=start,
    autoplay=False,
    on_edit=controls.edited,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
parameters, gradient = (records[name][-1] for name in ("parameters", "gradient"))
tries = controls.tries(config)
found = reading.findings(config, records, run.ending(record))
standing = record if start or stands(PAGE, run) else None
outcome.what_happened(PAGE, found, run, standing, unit="step")
if tries:
    st.write(reading.contest(config, tries, records["loss"]))
if config.data == "xor":
    st.page_link(
        "pages/foundations/network/page.py",
        label="See a network solve XOR",
        icon=":material/hub:",
        query_params={"network_data": "XOR"},
    )

view = look.inside(PAGE, f"at step {record:,}", ["Next step", "Pushes", "Answers", "Your tries"])
if view == "Next step":
    st.caption(
        "The step that all examples together ask for: change = −learning rate · gradient. Where "
        "training asks a minibatch only, the last column is where its step leads."
    )
    taken = run.at(record + 1)["parameters"] if record + 1 < run.n_records else None
    st.dataframe(reading.next_step(config, parameters, gradient, taken), hide_index=True)
elif view == "Pushes":
    st.caption(
        "Where the gradient comes from (**backpropagation** in one neuron): it is the mean of the "
        "last three columns."
    )
    st.dataframe(reading.pushes(config, parameters), height=320)
elif view == "Answers":
    st.caption("Every example with the neuron's answer, the worst first.")
    st.dataframe(reading.answers(config, parameters), height=320)
elif tries:
    st.dataframe(reading.tries_table(config, tries))
else:
    st.caption("Move the sliders beside the plane, then hand over: your tries are listed here.")

challenge.challenge(
    f"In at most {reading.FEW_TRIES} tries by hand, come within 10\u00a0% of the loss that "
    "gradient descent reaches; hand over and let it run for more than 100 steps.",
    *reading.challenge(config, tries, records["loss"]),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "points.csv": lambda: to_csv(reading.points_table(shown)),
        "descent.csv": lambda: to_csv(reading.curve_table(records)),
    },
)
