"""# Clusters nobody has named.

**k-means** parts examples into k groups without being told any class: every example goes to
its nearest **centroid**, every centroid moves to the mean of its examples, again and again.
An **autoencoder** squeezes each picture into a few **latent** numbers and restores it from
them. Below, k-means works on those numbers while they are being learned, and beside it on the
bare pixels; the hidden classes only judge both.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.tables import to_csv
from core.figures import images, networks
from core.learning import (
    clustering,
    clustering_picture,
    clustering_reading,
    clustering_script,
    k_means,
)
from core.training import Run
from pages.elements import (
    challenge,
    cluster_views,
    clustering_controls,
    k_means_steps,
    links,
    outcome,
    own_digit,
    presets,
    questions,
    sharing,
)
from pages.elements.player import player

PAGE = "clustering"
PRESETS: dict[str, dict[str, Any]] = {
    "Digits, ten numbers each": {},
    "Digits on a flat map": {"n_latent": 2, "n_epochs": 40},
    "Clothes": {"data": "fashion"},
    "Break it: two clusters for ten digits": {"k": 2},
    "k-means step by step": {"mode": "k-means"},
    "Break it: a crowded start": {
        "mode": "k-means", "n_blobs": 6, "n_centroids": 6, "spread": 0.4, "start": "crowded",
    },
    "Break it: moons": {"mode": "k-means", "plane": "moons", "n_centroids": 2},
}  # fmt: skip

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, clustering_controls.DEFAULTS)

with st.sidebar:
    mode = clustering_controls.mode()
if mode == clustering_controls.PLANE:
    k_means_steps.show(PAGE)
    st.stop()
with st.sidebar:
    config = clustering_controls.deep_config()
links.notice(PAGE)
run = Run(clustering.training, config)
chosen = clustering.examples(config)

questions.predict_first(
    PAGE,
    "k-means works on 10 latent numbers instead of 784 pixels. Will its clusters agree with the "
    "digits better, as well, or worse?",
    ["better", "as well", "worse"],
    "better",
    "Over seeds 0 to 4 the agreement (NMI) is 0.52 to 0.57 on the latent numbers, 0.45 to 0.52 on "
    "the pixels: the squeeze drops what pictures do not share. Two numbers drop too much: 0.35 to "
    "0.46.",
)

by_class = clustering_controls.by_class()
start = links.moment(PAGE, run.id)
record = player(
    # Another colouring is another set of arrays, which a player takes at its start only.
    f"clustering-{'class' if by_class else 'cluster'}",
    run,
    "points",
    clustering_picture.scene(config, by_class),
    scene_arrays={"labels": chosen.labels},
    arrays=partial(clustering_picture.arrays, run, by_class),
    curves=clustering_picture.CURVES,
    notes=partial(clustering_picture.notes, run),
    unit="update",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    on_edit=clustering_controls.pick,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
picked = clustering_controls.picked(config.n_examples)
if picked is not None:
    cluster_views.example(config, now, picked)
outcome.what_happened(PAGE, clustering_reading.findings(config, records, run.ending(record)))

st.subheader(f"Look inside, at update {record * config.updates_per_record:,}")
view = st.segmented_control(
    "View",
    ["Clusters and classes", "Examples", "Centroids", "Weights", "Latent numbers"],
    default="Clusters and classes",
    required=True,
    label_visibility="collapsed",
    key="clustering_view",
    bind="query-params",
)
if view == "Clusters and classes":
    cluster_views.classes_table(config, now)
elif view == "Examples":
    cluster_views.members(config, now)
elif view == "Centroids":
    st.caption("What the decoder makes of every centroid: the picture that its cluster stands for.")
    pictures = clustering_reading.enlarged(clustering_reading.decoded_centroids(run, record), 84)
    st.image(pictures, caption=k_means.cluster_names(config.k))
elif view == "Weights":
    st.caption("What units of the first layer weigh, strongest first: blue for, orange against.")
    figure = images.mosaic(clustering_reading.filters(run, record), signed=True)
    st.plotly_chart(figure, key="clustering-filters", alt="Weights of the first layer as pictures")
else:
    z = clustering_reading.latent(config, run, record)
    latent_names = [f"z{number + 1}" for number in range(z.shape[1])]
    figure = networks.activations([z], [latent_names])
    st.plotly_chart(figure, key="clustering-latent", alt="How often each latent number is what")

if config.data != "blobs":
    own_digit.show(config, run, record)

challenge.challenge(
    f"Clusters of digits that agree with the classes to NMI {clustering_reading.GOAL_NMI}; "
    "k and the network are yours to choose.",
    *clustering_reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    clustering_script.script(config, record),
    {
        clustering_script.PICTURES: clustering_script.pictures_file(config),
        "clusters.csv": to_csv(clustering_reading.table(config, records)),
        "curves.csv": to_csv(clustering_reading.curve_table(config, records)),
    },
)
