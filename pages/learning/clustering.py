"""# Clusters nobody has named.

**k-means** parts examples into k groups without being told any class; on the pixels of digits
it mixes them up. **Deep embedded clustering** (DEC) has an **autoencoder** squeeze each picture
into a few **latent** numbers, then learns to be surer of its own guesses until groups part.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.tables import to_csv
from core.learning import (
    clustering,
    clustering_findings,
    clustering_picture,
    clustering_reading,
    clustering_script,
)
from core.learning.clustering_recordings import kept, model_at, run_of
from core.training import Run
from pages.elements import (
    challenge,
    cluster_views,
    clustering_controls,
    k_means_steps,
    links,
    look,
    outcome,
    own_digit,
    presets,
    progress,
    questions,
    sharing,
)
from pages.elements.player import player, stands

PAGE = "clustering"
PRESETS: dict[str, dict[str, Any]] = {
    "Digits": {},
    "Autoencoder + k-means": {"mode": "k_means"},
    "Flat map": {"n_latent": 2, "n_examples": 2000},
    "Clothes": {"data": "fashion", "n_examples": 3000, "is_moved": False},
    "Blobs": {"data": "blobs", "n_examples": 1000, "hidden": "64"},
    "Break it: k = 2": {"k": 2, "n_examples": 1000, "n_deep_epochs": 10},
    "Break it: rate 0.1": {"learning_rate": 0.1, "n_examples": 1000, "n_deep_epochs": 10},
    "k-means by steps": {"mode": "plane"},
    "Break it: crowded": {
        "mode": "plane", "n_blobs": 6, "n_centroids": 6, "spread": 0.4, "start": "crowded",
    },
    "Break it: moons": {"mode": "plane", "plane": "moons", "n_centroids": 2},
}  # fmt: skip

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, clustering_controls.DEFAULTS)

with st.sidebar:
    mode = clustering_controls.mode()
if mode == clustering_controls.PLANE:
    k_means_steps.show(PAGE)
    st.stop()
with st.sidebar:
    config = clustering_controls.deep_config(mode)
links.notice(PAGE)
run = run_of(config)
chosen = clustering.shown(config)

questions.predict_first(
    PAGE,
    "Learning from its own guesses, without a label: will it find the digits better or worse?",
    ["better", "as well", "worse"],
    "better",
    "Over seeds 0 to 4 the agreement (NMI) is 0.75 to 0.78, mean 0.77; before the second phase it "
    "is 0.52 to 0.57, and 0.46 to 0.52 for k-means on pixels. Pictures that look alike after a "
    "shift or a turn pull each other along.",
)

with st.sidebar:
    by_class = clustering_controls.by_class()
start = links.moment(PAGE, run.id)
# Another colouring is another set of arrays, which a player takes at its start only.
picture_key = f"clustering-{'class' if by_class else 'cluster'}"
record = player(
    picture_key,
    run,
    "points",
    clustering_picture.scene(config, by_class),
    scene_arrays={"labels": chosen.labels},
    arrays=partial(clustering_picture.arrays, run, by_class),
    curves=clustering_picture.curves(config),
    notes=partial(clustering_picture.notes, run),
    unit="update",
    units_per_record=config.updates_per_record,
    start=start,
    autoplay=start == 0,
    speed=20,
    on_edit=clustering_controls.pick,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
now = run.at(record)
paused = bool(start or stands(picture_key, run))
picked = clustering_controls.picked(len(chosen.labels))
if picked is not None:
    cluster_views.example(config, now, picked)
progress.train_here(PAGE, run, partial(Run, clustering.training, config), clustering_reading.result)
outcome.what_happened(PAGE, clustering_findings.findings(config, records, run.ending(record)))

view = look.inside(PAGE, f"at update {record * config.updates_per_record:,}", cluster_views.VIEWS)
inside = kept(run, record)
if not paused:
    look.wait()
elif view == "Clusters and classes":
    cluster_views.classes_table(config, now)
elif view == "Examples":
    cluster_views.members(config, now)
else:
    if inside != record:
        st.caption(f"Weights were recorded at update {inside * config.updates_per_record:,}.")
    cluster_views.network(view, config, model_at(run, inside), run.at(inside))

if config.data != "blobs":
    own_digit.show(config, run, inside)

challenge.challenge(
    f"Clusters of digits that agree with the classes to NMI {clustering_findings.GOAL_NMI}; "
    "k and the network are yours to choose.",
    *clustering_findings.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(clustering_script.script, config, record),
    {
        clustering_script.PICTURES: partial(clustering_script.pictures_file, config),
        "clusters.csv": lambda: to_csv(clustering_reading.table(config, records)),
        "curves.csv": lambda: to_csv(clustering_reading.curve_table(config, records)),
        "network.safetensors": lambda: clustering_reading.weights_file(
            model_at(run, inside), run.at(inside)
        ),
    },
)
