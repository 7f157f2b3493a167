"""# Dimensionality reduction: an image in two numbers.

**Unsupervised**: an **autoencoder** squeezes 784 pixels through a **bottleneck** of few numbers and
restores the image, its own target (**self-supervised**). A **variational** one makes each image a
small cloud near N(0, 1), so that the **latent** plane has few holes. Each dot is a held-out image;
the background is what the decoder draws at that point. Compare with **PCA** and **t-SNE**.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.data.sources import FILES
from core.learning.dimensionality_reduction import findings, picture, reading
from core.learning.dimensionality_reduction import script as scripts
from core.learning.dimensionality_reduction.recordings import kept, model_at, run_of
from pages.elements import challenge, links, look, outcome, progress, sharing
from pages.elements.opening import opening
from pages.elements.player import at, player, stands
from pages.elements.questions import Question
from pages.learning.dimensionality_reduction import controls, views

PAGE = "dimensionality_reduction"
PRESETS: dict[str, dict[str, Any]] = {
    "Digits": {},
    "Autoencoder": {"model": "autoencoder"},
    "Clothes": {"data": "fashion"},
    "Linear: PCA": {
        "model": "autoencoder", "hidden": "none", "learning_rate": 0.01, "batch_size": 200,
        "n_epochs": 40,
    },
    "Break it: β = 100": {"beta": 100.0, "n_epochs": 5},
    "Break it: one number": {"n_latent": 1, "n_epochs": 10},
    "Break it: rate 0.3": {
        "model": "autoencoder", "learning_rate": 0.3, "batch_size": 100, "n_epochs": 3,
    },
}  # fmt: skip
QUESTION = Question(
    "Two numbers a digit: does the autoencoder restore unseen digits better than PCA from two?",
    ["better", "as well", "worse"],
    "better",
    "PCA can only add two images to the mean one. The decoder bends its plane through the "
    "digits: better on each of ten seeds. The curve of the error shows when it passes PCA.",
)


with st.sidebar:
    config = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)
run = run_of(config)

start = links.moment(PAGE, run.id)
standing = min(at(PAGE), run.n_records - 1) if stands(PAGE, run) else None
record = player(
    PAGE,
    run,
    "latent",
    picture.scene(config, run, standing),
    scene_arrays=picture.scene_arrays(config, run, standing),
    arrays=partial(picture.arrays, config, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, config, run),
    unit="step",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    speed=5,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
inside = kept(run, record)
paused = bool(start or stands(PAGE, run))
model = model_at(run, inside) if paused else None
if run.recording:
    st.caption(progress.RECORDED.format("here by about 1\u00a0% of the error"))
found = findings.findings(config, records, run.ending(record), model)
outcome.what_happened(
    PAGE, found, run, record if paused else None, "step", config.updates_per_record
)

view = look.inside(
    PAGE,
    f"at step {inside * config.updates_per_record:,}",
    ["Reconstructions", "Latent numbers", "Weights"],
)
if inside != record:
    st.caption("Of this recording the weights are kept five times; these are the nearest ones.")
if model is None:
    look.wait()
elif view == "Reconstructions":
    views.reconstructions(PAGE, config, run, model)
elif view == "Latent numbers":
    views.latent_numbers(PAGE, config, model)
else:
    views.weights(PAGE, model)

views.own(PAGE, config, run, inside)
views.sizes(PAGE, config)

challenge.challenge(
    f"Restore held-out digits with a mean squared error of at most {findings.GOAL_ERROR} from at "
    f"most {findings.GOAL_NUMBERS} numbers.",
    *findings.challenge(config, records),
)
data = scripts.FILES[config.data]
sharing.take_home(
    PAGE,
    partial(scripts.script, config, record),
    {
        data: (FILES / data).read_bytes,
        "map.csv": lambda: to_csv(reading.table(config, records)),
        "curves.csv": lambda: to_csv(reading.curve_table(config, records)),
        "autoencoder.safetensors": lambda: reading.weights_file(model_at(run, inside)),
    },
)
