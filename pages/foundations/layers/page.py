"""# Layers: the deeper, the more abstract.

A **convolutional network** rewrites an image layer by layer: from pixels to edges, to parts,
to an answer. Nobody tells a layer what to look for. Each layer's output is shown as a **map**
of 400 test images that moves while the network learns, and a **linear probe**, the simplest
classifier, is asked how much of the classes it finds there.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.digits import fashion_mnist
from core.data.sources import FILES
from core.figures import depths, points
from core.foundations.layers import findings, model, picture, reading
from core.foundations.layers.script import script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, progress, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.layers import controls

PAGE = controls.PAGE
PRESETS: dict[str, dict[str, Any]] = {
    "Four convolutions": {},
    "Only one": {"n_layers": 1},
    "Narrow: 4 maps each": {"n_filters": 4, "n_layers": 5},
    "Break it: random labels": {
        "share_shuffled": 100, "n_train": 200, "n_filters": 24, "n_epochs": 20,
    },
    "Break it: learning rate 1": {"learning_rate": 1.0, "n_epochs": 2},
}  # fmt: skip
QUESTION = Question(
    "From 40 numbers made of the pixels the probe gets three in four images right. And "
    "from the ten numbers of the trained network's answer?",
    ["more", "as many", "fewer"],
    "more",
    "The network has moved what tells classes apart into few directions. From all values of a "
    "layer the gain is one step, the first convolution's, and an untrained one makes most of it.",
)

with st.sidebar:
    config = controls.sidebar()
run = Run(model.training, config, model.RECORDING)
classes = fashion_mnist().classes

opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
layer = controls.layer(config)
links.notice(PAGE)
opened = f"{PAGE}-run" not in st.session_state
# A first visit finds the recording played; after a change it plays before one's eyes.
start = links.moment(PAGE, run.id) or (run.n_records - 1 if opened and run.recording else 0)
left, right = st.columns([3, 2], gap="medium")
with left:
    # Another layer is another set of arrays, which a player takes at its start only.
    picture_key = f"{PAGE}-map-{layer}"
    record = player(
        picture_key,
        run,
        "points",
        picture.scene(),
        scene_arrays={"labels": picture.labels()},
        arrays=partial(picture.arrays, run, layer),
        curves=picture.CURVES,
        notes=partial(picture.notes, config),
        unit="step",
        units_per_record=config.updates_per_record,
        start=start,
        autoplay=start == 0,
        speed=20,
    )
links.keep_moment(PAGE, record)
records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
step = record * config.updates_per_record
paused = bool(start) or stands(picture_key, run)
# Asking a live run takes a second; a recorded one was asked when it was recorded.
accuracies = reading.probes(config, run, record) if paused or run.recording else None
with right:
    st.markdown(f"**What a linear probe finds in each layer**, after {step:,} steps")
    if accuracies is None:
        st.caption("Pause the run, or let it finish: then every layer is asked.")
    else:
        controls.ladder(config, accuracies, reading.probes(config, run, 0), layer)
    if paused:
        controls.gain(*(ends := reading.ends_of_all(config, run, record)))
drift = "here by up to 2 points of test accuracy"
progress.train_here(PAGE, run, partial(Run, model.training, config), reading.result, drift)
said = findings.findings(config, records, run.ending(record), accuracies)
standing = record if paused else None
outcome.what_happened(PAGE, said, run, standing, "step", config.updates_per_record)
view = look.inside(PAGE, f"after {step:,} steps", controls.VIEWS)
if not paused:
    look.wait()
elif view == "Feature maps":
    controls.feature_maps(config, now["parameters"])
elif view == "Kernels":
    controls.kernels(config, now["parameters"])
elif view == "Probes on all values":
    controls.ladder_of_all(config, run, record)
elif view == "All class maps":
    figure = depths.clouds(reading.all_maps(now), picture.labels(), classes, config.layers)
    st.plotly_chart(figure, key=f"{PAGE}-clouds", alt="The map of every layer, pixels to answer")
else:
    xy = reading.neighbours(config, run, record, config.layers[layer])
    st.caption("t-SNE keeps neighbours together; distances between groups mean little.")
    figure = points.cloud(xy, picture.labels(), classes, x_title="t-SNE 1", y_title="t-SNE 2")
    st.plotly_chart(figure, key=f"{PAGE}-tsne", alt=f"t-SNE of {config.layers[layer]}")

controls.pretrained()
goal = (
    f"Make the answer {100 * reading.CHALLENGE_GAIN:.0f} points easier to read than all pixels, "
    f"with at most {reading.CHALLENGE_PARAMETERS:,} parameters."
)
if paused:
    challenge.challenge(goal, *reading.challenge(config, *ends))
sharing.take_home(
    PAGE,
    partial(script, config, record),
    {
        "fashion_mnist.npz": (FILES / "fashion_mnist.npz").read_bytes,
        "probes.csv": partial(reading.probes_file, config, run, record),
        "curves.csv": partial(reading.curves_file, config, records),
        "network.safetensors": partial(reading.weights_file, config, now["parameters"]),
    },
)
