"""From a cluster to its examples and back: the views that look inside a moment of a run."""

import numpy as np
import streamlit as st

from core.figures import distributions, images, networks
from core.learning.clustering import model as clustering
from core.learning.clustering import reading
from core.learning.clustering.examples import Assignments
from core.learning.clustering.k_means import cluster_names
from core.networks.autoencoder import Autoencoder
from core.recordings import Records
from core.shares import per_cent
from pages.elements.controls import bound

MAX_SHOWN = 40


VIEWS = ("Clusters and classes", "Examples", "Centroids", "Weights", "Latent numbers")


def network(view: str, config: clustering.Config, model: Autoencoder, known: Records) -> None:
    """What the network itself shows: one of the last three views."""
    if view == "Centroids":
        centroids(model, known)
    elif view == "Weights":
        weights(model)
    else:
        latent(config, model)


def centroids(model: Autoencoder, known: Records) -> None:
    """What the decoder makes of every centroid."""
    st.caption("What the decoder makes of every centroid: the image that its cluster stands for.")
    pictures = reading.decoded_centroids(model, known)
    names = cluster_names(len(pictures))
    st.image(reading.enlarged(pictures, 84), caption=names, alt=names)


def weights(model: Autoencoder) -> None:
    """What units of the first layer look for."""
    st.caption("What units of the first layer weigh, strongest first: blue for, orange against.")
    figure = images.mosaic(reading.filters(model), signed=True)
    st.plotly_chart(figure, key="clustering-filters", alt="Weights of the first layer as images")


def latent(config: clustering.Config, model: Autoencoder) -> None:
    """How each latent number is spread over the examples."""
    z = reading.latent(config, model)
    figure = networks.activations([z], [[f"z{number + 1}" for number in range(z.shape[1])]])
    st.plotly_chart(figure, key="clustering-latent", alt="How often each latent number is what")


def classes_table(config: clustering.Config, now: Records) -> None:
    """How many examples of each class every cluster holds; a cell opens its pictures."""
    of_pixels = st.toggle("k-means on the pixels instead", **bound("clustering_of_pixels"))
    found = clustering.pixel_clusters(config).assignments if of_pixels else now["assignments"]
    st.caption("How many examples of each class a cluster holds. Click a number to see them.")
    cells = st.dataframe(
        reading.counts_table(config, found),
        key="clustering-counts",
        on_select="rerun",
        selection_mode="single-cell",
    ).selection.cells
    if cells and cells[0][0] < config.k:
        _pictures_of(config, found, *cells[0])


def _pictures_of(config: clustering.Config, found: Assignments, cluster: int, name: str) -> None:
    classes = clustering.shown(config).classes
    if name not in classes:
        return
    rows = reading.cell(config, found, cluster, classes.index(name))
    said = f", the first {MAX_SHOWN} of them" if len(rows) > MAX_SHOWN else ""
    st.caption(f"{name} in {cluster_names(config.k)[cluster]}: {len(rows)} examples{said}")
    _gallery(config, rows[:MAX_SHOWN])


def members(config: clustering.Config, now: Records) -> None:
    """The examples nearest to a centroid and farthest from it, and all their distances."""
    names = cluster_names(config.k)
    cluster = names.index(st.selectbox("Cluster", names, key="clustering-shown"))
    found = reading.members(now, cluster)
    st.caption("Nearest to the centroid")
    _gallery(config, found.nearest)
    st.caption("Farthest from it")
    _gallery(config, found.farthest)
    if config.is_deep:
        st.caption("Least sure: those whose largest share q is smallest")
        _gallery(config, reading.least_sure(now, cluster))
    inside = now["assignments"] == cluster
    figure = distributions.histogram(
        {names[cluster]: now["distances"][inside], "all others": now["distances"][~inside]},
        x_title="distance to the own centroid, in latent units",
    )
    alt = f"Distances to the centroid of {names[cluster]} and to those of all others"
    st.plotly_chart(figure, key="clustering-distances", alt=alt)


def example(config: clustering.Config, now: Records, row: int) -> None:
    """One example that was clicked in the picture."""
    chosen = clustering.shown(config)
    name = cluster_names(config.k)[now["assignments"][row]]
    with st.container(horizontal=True, vertical_alignment="center"):
        _gallery(config, np.array([row]))
        sure = f"{per_cent(now['sure'][row] / 255)} sure" if config.is_deep else ""
        st.write(f"Example {row}: **{chosen.classes[chosen.labels[row]]}**, in **{name}** {sure}")


def _gallery(config: clustering.Config, rows: reading.Rows) -> None:
    shown = reading.enlarged(clustering.shown(config).pictures[rows])
    st.image(shown, alt=[f"Example {row}" for row in rows])
