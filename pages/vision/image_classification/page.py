"""# Image classification: a network that reads images.

A **convolution** slides small **kernels** over the image; each makes a **map** of where
its pattern is found. **Pooling** keeps the strongest answers, a second convolution looks
for patterns of patterns, and a last layer weighs them for ten **classes**. Watch the kernels
form, then give the network an image of your own.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.digits import DATA
from core.data.exports import to_csv
from core.data.sources import FILES
from core.runs import Run
from core.shares import per_cent
from core.vision.image_classification import findings, model, picture, reading
from core.vision.image_classification.script import script
from pages.elements import (
    challenge,
    links,
    look,
    outcome,
    own_picture,
    progress,
    sharing,
)
from pages.elements.opening import opening
from pages.elements.player import at, player, stands
from pages.elements.questions import Question
from pages.vision.image_classification import controls, mistakes, views

PAGE = "image_classification"
DRIFT = "here by up to 0.4 points of test accuracy on the way and by none at the end"
PRESETS: dict[str, dict[str, Any]] = {
    "Digits": {},
    "Clothes": {"data": "fashion_mnist"},
    "Draw a digit": {"source": "Draw"},
    "Only 500 images": {"n_train": 500, "shift": 0, "p_drop": 0.0, "n_epochs": 12},
    "Break it: learning rate 1": {"learning_rate": 1.0, "n_epochs": 2},
}
QUESTION = Question(
    "Before training all kernels are noise. How many of ten digits does the network read then?",
    ["About 1", "About 5", "None"],
    "About 1",
    "It says nearly the same for every image, and one digit in ten happens to be that.",
)


with st.sidebar:
    config = controls.sidebar()
top = st.container()

run = Run(model.training, config, model.RECORDING)
classes = DATA[config.data]().classes

left, right = st.columns([3, 1])
with right:
    source = own_picture.choose_source(PAGE)
    answer = st.container()
    chosen = own_picture.choose_picture(PAGE, config.data, source)
with top:
    opening(PAGE, __doc__, PRESETS, {**controls.DEFAULTS, **own_picture.DEFAULTS}, QUESTION)
    links.notice(PAGE)

start = links.moment(PAGE, run.id)
key = PAGE if run.recording else f"{PAGE}-live"
with left:
    player(
        key,
        run,
        "images",
        picture.scene(config, chosen.caption, chosen.truth),
        scene_arrays={"picture": chosen.pixels},
        arrays=partial(picture.arrays, run),
        curves=picture.curves(),
        notes=partial(picture.notes, config),
        unit="step",
        units_per_record=config.updates_per_record,
        start=start,
        autoplay=start == 0,
    )
record = min(at(key), run.n_records - 1)
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][record]
step = record * config.updates_per_record

p = reading.probabilities(config, parameters, chosen.pixels)
answer.markdown(f"After {step:,} steps {reading.answer(classes, p, chosen.truth)}")

progress.train_here(PAGE, run, partial(Run, model.training, config), reading.result, DRIFT)

view = look.inside(PAGE, f"after {step:,} steps", ["Mistakes", "Why this class", "Kernels", "Maps"])
if view == "Mistakes":
    mistakes.mistakes(PAGE, config, run, record)
elif view == "Why this class":
    views.why(PAGE, config, parameters, chosen.pixels, int(p.argmax()))
elif view == "Kernels":
    views.all_kernels(PAGE, config, parameters)
else:
    views.all_maps(PAGE, config, parameters, chosen.pixels)

outcome.what_happened(
    PAGE,
    findings.findings(config, records, run.ending(record)),
    run,
    record if start or stands(key, run) else None,
    unit="step",
    units_per_record=config.updates_per_record,
)
challenge.challenge(
    f"Classify {per_cent(reading.CHALLENGE_ACCURACY)} of the MNIST test digits correctly with at "
    f"most {reading.CHALLENGE_PARAMETERS:,} parameters.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script, config, record),
    {
        f"{config.data}.npz": (FILES / f"{config.data}.npz").read_bytes,
        "curves.csv": lambda: to_csv(reading.curve_table(config, records)),
        "network.safetensors": partial(reading.weights_file, config, parameters),
    },
)
