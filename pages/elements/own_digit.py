"""The learner's own digit: drawn, placed on the map of clusters, and restored."""

import streamlit as st

from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.figures import distributions, points
from core.learning import clustering, clustering_reading
from core.learning.clustering_picture import axis_titles
from core.learning.k_means import cluster_names
from core.training import Run
from pages.elements.sketchpad import digit_pad


@st.fragment
def show(run: Run, record: int) -> None:
    """A pad, and where what is drawn on it lands; nothing is trained."""
    st.subheader("Your turn: draw a digit")
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawn = digit_pad("clustering-pad")
    with right:
        try:
            placed = clustering_reading.placed(run, record, centre_digit(read_ink(drawn).pixels))
        except ValueError as error:
            st.info(str(error), icon=":material/draw:")
            return
        _answer(run, placed)
    _map(run, record, placed)


def _answer(run: Run, placed: clustering_reading.Placed) -> None:
    names = cluster_names(run.config.k)
    st.markdown(
        f"It lands in **{names[placed.cluster]}**. Beneath: as the network sees it, and as it "
        "restores it from its latent numbers alone."
    )
    st.image(clustering_reading.enlarged(placed.shown, 112), caption=["seen", "restored"])
    figure = distributions.bars(
        [name.removeprefix("cluster ") for name in names],
        {"your digit": placed.distances},
        x_title="cluster",
        y_title="distance, latent units",
    )
    figure.update_layout(height=220)
    nearest = f"Distance to every centroid; {names[placed.cluster]} is the nearest"
    st.plotly_chart(figure, key="clustering-own-distances", alt=nearest)


def _map(run: Run, record: int, placed: clustering_reading.Placed) -> None:
    chosen, known = clustering.examples(run.config), run.at(record)
    titles = axis_titles(run.config)
    figure = points.cloud(
        known["xy"],
        chosen.labels,
        chosen.classes,
        x_title=titles["x"],
        y_title=titles["y"],
        own=placed.xy,
        own_name="your digit",
    )
    alt = f"Map of the latent points; your digit at {placed.xy[0]:.2f}, {placed.xy[1]:.2f}"
    st.plotly_chart(figure, key="clustering-own-map", alt=alt)
