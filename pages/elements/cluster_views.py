"""From a cluster to its examples: the table of classes, and the most and least typical ones."""

import numpy as np
import streamlit as st

from core.figures import distributions
from core.learning import clustering, clustering_reading
from core.learning.k_means import cluster_names
from core.recordings import Records

MAX_SHOWN = 40


def classes_table(config: clustering.Config, now: Records) -> None:
    """How many examples of each class every cluster holds; a cell opens its pictures."""
    of_pixels = st.toggle(
        "k-means on the pixels instead", key="clustering_of_pixels", bind="query-params"
    )
    found = clustering.pixel_clusters(config).assignments if of_pixels else now["assignments"]
    st.caption("How many examples of each class a cluster holds. Click a number to see them.")
    cells = st.dataframe(
        clustering_reading.counts_table(config, found),
        key="clustering-counts",
        on_select="rerun",
        selection_mode="single-cell",
    ).selection.cells
    if cells and cells[0][0] < config.k:
        _pictures_of(config, found, *cells[0])


def _pictures_of(
    config: clustering.Config, found: clustering.Assignments, cluster: int, name: str
) -> None:
    classes = clustering.examples(config).classes
    if name not in classes:
        return
    rows = clustering_reading.cell(config, found, cluster, classes.index(name))
    said = f", the first {MAX_SHOWN} of them" if len(rows) > MAX_SHOWN else ""
    st.caption(f"{name} in {cluster_names(config.k)[cluster]}: {len(rows)} examples{said}")
    _gallery(config, rows[:MAX_SHOWN])


def members(config: clustering.Config, now: Records) -> None:
    """The examples nearest to a centroid and farthest from it, and all their distances."""
    names = cluster_names(config.k)
    cluster = names.index(st.selectbox("Cluster", names, key="clustering-shown"))
    found = clustering_reading.members(now, cluster)
    st.caption("Nearest to the centroid")
    _gallery(config, found.nearest)
    st.caption("Farthest from it")
    _gallery(config, found.farthest)
    inside = now["assignments"] == cluster
    figure = distributions.histogram(
        {names[cluster]: now["distances"][inside], "all others": now["distances"][~inside]},
        x_title="distance to the own centroid, in latent units",
    )
    alt = f"Distances to the centroid of {names[cluster]} and to those of all others"
    st.plotly_chart(figure, key="clustering-distances", alt=alt)


def example(config: clustering.Config, now: Records, row: int) -> None:
    """One example that was clicked in the picture."""
    chosen = clustering.examples(config)
    name = cluster_names(config.k)[now["assignments"][row]]
    with st.container(horizontal=True, vertical_alignment="center"):
        _gallery(config, np.array([row]))
        st.write(f"Example {row}: **{chosen.classes[chosen.labels[row]]}**, in **{name}**.")


def _gallery(config: clustering.Config, rows: clustering_reading.Rows) -> None:
    st.image(clustering_reading.enlarged(clustering.examples(config).pictures[rows]))
