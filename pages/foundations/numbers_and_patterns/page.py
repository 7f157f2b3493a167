"""# Numbers and patterns: first numbers, then patterns.

Machine learning turns things into **numbers** and finds **patterns** in them. A photo is a
matrix of pixels, a sentence a row of word vectors, a sound a spectrogram, a table row a
vector. A small **encoder** learns to place each on a map where alike things are neighbours.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.figures import bars, images, signals
from core.foundations.numbers_and_patterns import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.numbers_and_patterns import controls, steps

PAGE = "numbers_and_patterns"
PRESETS: dict[str, dict[str, Any]] = {
    "A photo": {},
    "A sentence": {"kind": "sentence"},
    "A sound": {"kind": "sound", "n_epochs": 70},
    "A table row": {"kind": "row", "n_hidden": 6, "learning_rate": 0.01},
    "Break it: one hidden unit": {"n_hidden": 1},
    "Break it: 50 examples": {"train_share": 5, "n_epochs": 100, "learning_rate": 0.01},
}
QUESTION = Question(
    "All must pass through one single hidden unit. Where do the photos lie on the map?",
    ["On a straight line", "In ten heaps", "All in one place"],
    "On a straight line",
    "One unit gives one number, and a number is a place on a line. Press Break it: one hidden "
    "unit.",
)


with st.sidebar:
    config, thing = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config)
start = links.moment(PAGE, run.id)
record = player(
    PAGE,
    run,
    "patterns",
    picture.scene(config),
    scene_arrays=picture.scene_arrays(config, thing.x),
    arrays=partial(picture.arrays, run),
    curves=picture.curves(),
    notes=partial(picture.notes, config),
    start=start,
    autoplay=start == 0,
    speed=20,
)
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
found = reading.answer(config, now, thing.x)

st.header("From your thing to numbers")
steps.to_numbers(thing)

st.header(f"The pattern found, at epoch {record:,}")
st.markdown(reading.said(config, found))
steps.nearest(config, found)
outcome.what_happened(
    PAGE,
    findings.findings(config, records, run.ending(record)),
    run,
    record if start or stands(PAGE, run) else None,
)

view = look.inside(
    PAGE, f"at epoch {record:,}", ["Weights", "Activations", "Prediction", "Map as a table"]
)
if view == "Weights":
    st.caption("The first layer: the numbers each hidden unit multiplies yours with.")
    weights = reading.templates(config, now["parameters"])
    titles = [f"unit {unit + 1}" for unit in range(len(weights))]
    figure = images.mosaic(weights, titles, signed=True)
    st.plotly_chart(figure, key=f"{PAGE}-weights", alt="The weights of every hidden unit")
elif view == "Activations":
    st.caption("What every hidden unit answers to yours: from −1, the opposite, to 1, a match.")
    figure = signals.answers(found.units, "hidden unit", "activation")
    st.plotly_chart(figure, key=f"{PAGE}-units", alt="The activation of every hidden unit")
elif view == "Prediction":
    figure = bars.shares(
        config.examples.classes, found.probabilities, x_title="probability, %", y_title="class"
    )
    alt = reading.said(config, found)
    st.plotly_chart(figure, key=f"{PAGE}-shares", alt=alt)
else:
    st.dataframe(reading.map_table(config, now), height=320)

challenge.challenge(
    "Of spoken digits by voices never heard, 85\u00a0% right with at most 8 hidden units.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "examples.npz": partial(reading.examples_file, config),
        "map.csv": lambda: to_csv(reading.map_table(config, now)),
        "curves.csv": lambda: to_csv(reading.curve_table(records)),
        "encoder.safetensors": partial(reading.weights_file, config, now["parameters"]),
    },
)
