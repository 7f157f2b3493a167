"""Label propagation by hand: its graph, one iteration at a time, and one example's sum."""

from functools import partial
from typing import Any

import streamlit as st

from core.figures import graphs
from core.learning.semi_supervised import picture, spreading
from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.model import Config
from pages.learning.semi_supervised.controls import PAGE

ITERATION, EXAMPLE = f"{PAGE}-iteration", f"{PAGE}-joined"
MAX_IMAGES = 12


@st.fragment
def show(config: Config) -> None:
    """The graph after so many iterations, and how one example's belief comes about."""
    st.session_state.setdefault(ITERATION, 1)
    st.session_state.setdefault(EXAMPLE, spreading.reached_first(config))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for text, way in (("One step back", -1), ("One step on", 1)):
            st.button(text, key=f"{ITERATION}{way}", on_click=partial(_step, way))
        iteration = int(st.slider("Iteration", 0, spreading.N_ITERATIONS, key=ITERATION))
        n = len(examples(config.kind).shown)
        row = int(st.number_input("Example", 0, n - 1, key=EXAMPLE))
    now, before = spreading.reached(config, iteration)
    st.markdown(
        f"After iteration {iteration} labels have reached **{now:,}** of the "
        f"{len(examples(config.kind).truth) - len(config.rows):,} unlabelled examples, "
        f"{now - before:,} of them in this iteration."
    )
    if config.data != "digits":
        _graph(config, iteration, row)
    _sum(config, iteration, row)


def _step(way: int) -> None:
    at = st.session_state.get(ITERATION, 1) + way
    st.session_state[ITERATION] = min(max(at, 0), spreading.N_ITERATIONS)


def _graph(config: Config, iteration: int, row: int) -> None:
    data = examples(config.kind)
    figure = graphs.spreading(
        data.xy,
        spreading.edges(config),
        spreading.labels(config, iteration),
        data.classes,
        sources=picture.scene_arrays(config)["known"].astype(bool),
        chosen=row,
    )
    alt = f"The graph of near neighbours after {iteration} iterations of label propagation"
    key = f"{PAGE}-graph"
    st.plotly_chart(figure, key=key, alt=alt, on_select=partial(_pick, key))
    st.caption("Each example is joined to its ten nearest. Click one to see its sum.")


def _pick(key: str) -> None:
    points: list[dict[str, Any]] = st.session_state[key].selection.points
    row = points[0].get("customdata") if points else None
    if isinstance(row, int):
        st.session_state[EXAMPLE] = row


def _sum(config: Config, iteration: int, row: int) -> None:
    if not iteration:
        st.caption("Before the first iteration only labelled examples have a belief.")
        return
    if row in config.rows:
        st.caption(f"Example {row} has a label and keeps it, whatever its neighbours say.")
        return
    if config.data == "digits":
        _images(config, row)
    st.caption(f"Example {row}: its new belief is the weighted mean of its neighbours' old ones.")
    st.dataframe(spreading.sum_table(config, row, iteration), hide_index=True)


def _images(config: Config, row: int) -> None:
    joined = spreading.neighbours(config, row)[:MAX_IMAGES]
    names = [f"example {row}", *(f"neighbour {other}" for other in joined)]
    x = examples(config.kind).x[[row, *joined.tolist()]].numpy()
    grey = (255 - 255 * x).astype("uint8").reshape(-1, 28, 28)
    st.image(list(grey.repeat(2, axis=1).repeat(2, axis=2)), caption=names, alt=names)
