"""The learner's own digit: drawn, placed on the map of clusters, and restored."""

import streamlit as st

from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.figures import points
from core.learning.clustering import model, reading
from core.learning.clustering.k_means import cluster_names
from core.learning.clustering.picture import axis_titles
from core.learning.clustering.recordings import model_at
from core.runs import Run
from core.shares import per_cent
from pages.elements.sketchpad import digit_pad


@st.fragment
def show(config: model.Config, run: Run, record: int) -> None:
    """A pad, and where what is drawn on it lands; nothing is trained."""
    st.header("Your turn: draw a digit")
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawn = digit_pad("clustering-pad")
    with right:
        try:
            ink = centre_digit(read_ink(drawn).pixels)
        except ValueError as error:
            st.info(str(error), icon=":material/draw:")
            return
        placed = reading.placed(model_at(run, record), run.at(record), ink)
        _answer(config, placed)
        _map(config, run, record, placed)


def _answer(config: model.Config, placed: reading.Placed) -> None:
    names = cluster_names(config.k)
    second = placed.distances.argsort()[1]
    st.markdown(
        f"It lands in **{names[placed.cluster]}** (distance {placed.distances.min():.2f}, share "
        f"{per_cent(placed.shares.max())}); the next is {names[second]} "
        f"({placed.distances[second]:.2f}, {per_cent(placed.shares[second])}). "
        "Neither method knows “none of these”."
    )
    pictures = reading.enlarged(placed.shown, 84)
    st.image(pictures, caption=(said := ["as it is seen", "as restored"]), width=112, alt=said)


def _map(config: model.Config, run: Run, record: int, placed: reading.Placed) -> None:
    chosen, known, titles = model.shown(config), run.at(record), axis_titles(config)
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
