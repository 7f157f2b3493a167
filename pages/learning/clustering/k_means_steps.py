"""k-means in the plane, one half step at a time: the second picture of the clustering page."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.data.exports import to_csv
from core.figures import curves
from core.learning.clustering import k_means, k_means_reading, picture
from core.learning.clustering import script as clustering_script
from core.recordings import Records
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.elements.rows import Values
from pages.learning.clustering import controls

QUESTION = Question(
    "One half step gives every point to its nearest centroid, the other moves every centroid "
    "to the mean of its points. Which of them can make the inertia rise?",
    ["the first", "the second", "both", "neither"],
    "neither",
    "The nearest centroid is never farther than the one before, and no place has a smaller sum "
    "of squared distances than the mean. So k-means always ends, but not always well.",
)


def show(page: str, said: Values, opening: Callable[[Question, str], None]) -> None:
    """The page in its second mode, from the question to what is taken home."""
    top = st.container()
    own = said["plane"] == "own"
    # On a phone the pad comes under the picture, else beside it.
    stage, pad = st.columns([2, 1]) if own else (st.container(), st.container())
    config = _config(said, pad)
    with top:
        opening(QUESTION, f"{page}-steps")
        links.notice(page)
    run = Run(k_means.lloyd_training, config)
    with stage:
        record, paused = _play(page, run, config, controls.by_class(said))
    records = run.until(record)
    found = k_means_reading.findings(config, records)
    outcome.what_happened(page, found, run, record if paused else None, "iteration", 0.5)
    st.header(f"Look inside, at iteration {record / 2:g}")
    if paused:
        _look_inside(config, records)
    else:
        look.wait()
    challenge.challenge(
        "Find 5 blobs or more from centroids crowded in one corner (NMI 0.95).",
        *k_means_reading.challenge(config, records),
    )
    table = to_csv(k_means_reading.table(config, records))
    script = clustering_script.k_means_script(config, record)
    sharing.take_home(page, script, {clustering_script.POINTS: table})


def _config(said: Values, pad: DeltaGenerator) -> k_means.Config:
    points: k_means.Points = ()
    if said["plane"] == "own":
        with pad:
            st.markdown("**Your turn: click your own points**")
            points = controls.own_points()
    with st.sidebar:
        return controls.plane_config(said, points)


def _play(page: str, run: Run, config: k_means.Config, by_class: bool) -> tuple[int, bool]:
    """The record at which the picture stands, and whether it stands at all."""
    start = links.moment(page, run.id)
    key = f"clustering-steps-{'class' if by_class else 'cluster'}"
    record = player(
        key,
        run,
        "points",
        picture.k_means_scene(config, by_class),
        scene_arrays={"labels": k_means.examples(config).labels},
        arrays=partial(picture.k_means_arrays, run, by_class),
        curves=picture.k_means_curves(config),
        notes=partial(picture.k_means_notes, run),
        unit="iteration",
        units_per_record=0.5,
        start=start,
        autoplay=start == 0,
        speed=5,
        on_edit=partial(controls.drag, run),
    )
    links.keep_moment(page, record)
    return record, bool(start or stands(key, run))


def _look_inside(config: k_means.Config, records: Records) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("Every centroid, and the points that belong to it now.")
        st.dataframe(k_means_reading.centroids(config, records), hide_index=True)
    with right:
        inertia = k_means.inertia_by_k(config)
        figure = curves.lines(
            np.arange(1, len(inertia) + 1),
            {"lowest inertia found": inertia},
            x_title="clusters k",
            y_title="inertia, squared distance",
            markers=True,
            cursor=config.k,
        )
        st.caption("More clusters always lessen the inertia. Where the curve bends, k is enough.")
        alt = f"Inertia for every k, from {inertia[0]:,.0f} to {inertia[-1]:,.0f}"
        st.plotly_chart(figure, key="clustering-elbow", alt=alt)
