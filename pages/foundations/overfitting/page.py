"""# Overfitting: learning the pattern, or learning by heart.

A network is trained on a few **examples** and judged by others. With too little **capacity**
it misses the pattern: it **underfits**. With much capacity and few examples it learns their
noise as well: it **overfits**, and the **test loss** rises while the **training loss** still
falls. More examples, weight decay, dropout or early stopping help. Try each.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.figures import distributions
from core.foundations.overfitting import model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.overfitting import controls, views

PAGE = "overfitting"
PRESETS: dict[str, dict[str, Any]] = {
    "20 noisy points": {},
    "More examples": {"n_train": 200},
    "Small weights": {"l2": 0.01},
    "Dropout": {"p_drop": 0.2},
    "Break it: too small": {"width": 1, "depth": 1},
    "Break it: shuffled labels": {"data": "moons", "n_train": 60, "shuffled": True,
                                  "noise": 30, "n_epochs": 1500},
    "Two moons": {"data": "moons", "n_train": 40, "noise": 30},
    "Your own points": {"data": "own"},
}  # fmt: skip
QUESTION = Question(
    "All labels are shuffled, so that nothing can be learned. What will the training loss do?",
    ["It stays where it is", "It falls half-way", "It falls to nearly nothing"],
    "It falls to nearly nothing",
    "A network with enough weights learns any labels by heart (Zhang et al., 2017). "
    "Choose “Break it: shuffled labels”; only the test tells.",
)


with st.sidebar:
    config, show_test = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config)
opened = f"{PAGE}-run" not in st.session_state
# A first visit finds the run finished; after a change it trains before one's eyes.
start = links.moment(PAGE, run.id) or (run.n_records - 1 if opened else 0)
record = player(
    PAGE,
    run,
    "fit",
    picture.scene(config, show_test),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, run),
    units_per_record=model.UPDATES_PER_RECORD,
    start=min(start, run.n_records - 1),
    autoplay=start in (0, run.n_records - 1),
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
found = reading.findings(config, records, run.ending(record))
standing = record if start or stands(PAGE, run) else None
outcome.what_happened(PAGE, found, run, standing, units_per_record=model.UPDATES_PER_RECORD)

st.header("Capacity: many networks at once")
views.capacity(config, record)
if config.data == "wave" and not config.shuffled:
    views.bias_and_variance(config, record)

view = look.inside(PAGE, f"at epoch {picture.epochs(record)}", ["Weights", "Examples"])
if view == "Weights":
    weights = reading.weights(run, record)
    st.write(said := reading.weights_said(weights))
    figure = distributions.histogram(weights, x_title="weight", y_title="number of weights")
    st.plotly_chart(figure, key="overfitting-weights", alt=said)
else:
    st.caption("Every example with the network's output, the worst first.")
    st.dataframe(reading.answers(config, run, record), height=320)

challenge.challenge(
    "With 20 points, 40\u00a0% noise and 32 units or more in two layers: end with a test loss of "
    "0.2.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "examples.csv": lambda: to_csv(reading.answers(config, run, record)),
        "curves.csv": lambda: to_csv(reading.curve_table(records)),
    },
)
