"""Inside the methods at one record, and what they answer to the learner's own input."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.figures import distributions, images, networks, scores
from core.learning.semi_supervised import reading
from core.learning.semi_supervised.data import EDGE, examples
from core.learning.semi_supervised.model import (
    LABELS_ONLY,
    METHODS,
    PROPAGATION,
    PSEUDO_LABELS,
    Config,
)
from core.learning.semi_supervised.recordings import seeds
from core.recordings import Records
from core.runs import Run
from pages.elements import edits
from pages.elements.controls import bound
from pages.elements.questions import Question
from pages.elements.sketchpad import digit_pad
from pages.learning.semi_supervised import graph
from pages.learning.semi_supervised.controls import PAGE, label

VIEWS = ("Scores", "Labels spread", "Wrong labels", "Sureness", "Weights", "Activations")
PROBE = {"probe_x": 0.0, "probe_y": 0.0}


def question(config: Config) -> Question:
    """The question before the result, about the data at hand."""
    if config.data != "digits":
        return Question(*_QUESTIONS[config.data])
    means, spread = seeds().mean(axis=0), seeds().std(axis=0, ddof=1)
    said = ", ".join(
        f"{name} {mean:.1f} ± {wide:.1f}\u00a0%"
        for name, mean, wide in zip(METHODS, means, spread, strict=True)
    )
    return Question(
        "Five labelled images of each digit, 1,950 without a label. Who will do best?",
        [METHODS[LABELS_ONLY], "the three with unlabelled images, about equally"],
        "the three with unlabelled images, about equally",
        f"Means over five recorded seeds, with their spread: {said}. The three are closer to each "
        "other than the seeds are. On each of ten seeds, five of them not recorded, all three have "
        "more right than labels only.",
    )


_QUESTIONS: dict[str, tuple[str, Sequence[str], str, str]] = {
    "moons": (
        "Two points of each moon have a label, 296 have none. Who will do best on new points?",
        METHODS,
        METHODS[PROPAGATION],
        "The moons are chains of near neighbours: over seeds 0 to 13 with four labels, "
        "label propagation has 95\u00a0% right on average. A network that trusts its own answers "
        "gains next to nothing on one that sees the labels only (half a point).",
    ),
    "across": (
        "The classes are now left and right, not the moons. What does label propagation bring with "
        "four labels, beside a network that sees the labels only?",
        ["more right on new points", "as many", "fewer"],
        "fewer",
        "Over seeds 0 to 13: labels only 90\u00a0% on average, pseudo-labels and mean teacher "
        "87\u00a0%, label propagation 78\u00a0%, and worse than labels only on eleven of the "
        "fourteen. Neighbours along a moon are no hint of the class any more.",
    ),
}


def probe() -> tuple[float, float]:
    """The place that is asked about: clicked in the picture or typed beneath it."""
    for name in PROBE:
        edits.hold(f"{PAGE}_{name}")
    x, y = (st.session_state.get(f"{PAGE}_{name}", value) for name, value in PROBE.items())
    return float(x), float(y)


def asked() -> tuple[float, float] | None:
    """The place to mark in the picture: none until somebody asks about one."""
    return None if probe() == tuple(PROBE.values()) else probe()


def inside(view: str, config: Config, run: Run, records: Records) -> None:
    """One look at the record at the end of `records`."""
    if view == "Scores":
        st.dataframe(reading.table(records), hide_index=True)
        st.caption("The mean teacher uses every unlabelled example; its labels are only counted.")
        if config.data == "digits":
            st.caption("Recorded with other seeds too: 50 labels, 1,000 held-out digits.")
            st.dataframe(reading.seeds_table(), hide_index=True)
    elif view == "Labels spread":
        graph.show(config)
    elif view == "Wrong labels":
        _wrong(config, records)
    elif view == "Sureness":
        _sureness(records)
    else:
        _network(view, config, run, len(records["loss"]) - 1)


def _wrong(config: Config, records: Records) -> None:
    name = st.selectbox("Method", METHODS[1:], key=f"{PAGE}-wrong")
    counts = reading.confusion(config, records, METHODS.index(name))
    figure = scores.confusion(counts, examples(config.kind).classes)
    alt = f"Labels that {name} gave, by true class; {counts.sum() - counts.trace()} are wrong"
    st.plotly_chart(figure, key=f"{PAGE}-confusion", alt=alt)
    st.caption("Of the examples shown without a label: true class, and the label given.")


def _sureness(records: Records) -> None:
    figure = distributions.histogram(
        dict(reading.sureness(records)), x_title="sure of the answer, %"
    )
    st.plotly_chart(figure, key=f"{PAGE}-sureness", alt="How sure each method is of its answers")


def _network(view: str, config: Config, run: Run, record: int) -> None:
    names = reading.network_names()
    network = names.index(st.selectbox("Network", names, PSEUDO_LABELS, key=f"{PAGE}-network"))
    at = reading.kept(run, record)
    if at != record:
        st.caption("Of this recording the weights are kept at its end; these are they.")
    model = reading.methods_at(run, at)
    if view == "Activations":
        found = reading.activations(config, model, network)
        titles = [[f"h{depth}.{unit + 1}" for unit in range(n)] for depth, n in _hidden(config)]
        figure = networks.activations(found, titles)
        st.plotly_chart(figure, key=f"{PAGE}-activations", alt="How often units answer what")
    elif config.data == "digits":
        st.caption("First layer: blue speaks for a unit, orange against it. Strongest first.")
        figure = images.mosaic(reading.filters(model, network), n_columns=8, signed=True)
        st.plotly_chart(figure, key=f"{PAGE}-filters", alt="Weights of the first layer")
    else:
        weights, biases = reading.layers(model, network)
        layers = list(zip(weights, biases, strict=True))
        figure = networks.weights(layers, _names(config))
        st.plotly_chart(figure, key=f"{PAGE}-weights", alt="Weights and biases of every layer")


def _names(config: Config) -> list[list[str]]:
    hidden = [[f"h{depth}.{unit + 1}" for unit in range(n)] for depth, n in _hidden(config)]
    return [["x₁", "x₂"], *hidden, list(examples(config.kind).classes)]


def _hidden(config: Config) -> list[tuple[int, int]]:
    return list(enumerate(config.sizes[1:-1], start=1))


def own(config: Config, run: Run, record: int) -> None:
    """A digit drawn by the learner, or a place on the plane, answered by all methods."""
    if config.data == "digits":
        _own_digit(config, run, record)
    else:
        _own_place(config, run, record)


@st.fragment
def _own_digit(config: Config, run: Run, record: int) -> None:
    st.header("Your turn: draw a digit")
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawn = digit_pad(f"{PAGE}-pad", size=220)
    with right:
        try:
            ink = centre_digit(read_ink(drawn).pixels)
        except ValueError as error:
            st.info(str(error), icon=":material/draw:")
            return
        x = ink.reshape(-1).astype("float32")
        _answers(config, run, record, x)


def _own_place(config: Config, run: Run, record: int) -> None:
    st.header("Your turn: ask about a place")
    with st.container(horizontal=True):
        for (name, value), text in zip(PROBE.items(), ("x₁", "x₂"), strict=True):
            st.number_input(
                text, -EDGE, EDGE, value, 0.5, **bound(f"{PAGE}_{name}"),
                help="Or click between the points of a map.", format="%.1f",
            )  # fmt: skip
    _answers(config, run, record, np.array(probe(), dtype=np.float32))


def _answers(config: Config, run: Run, record: int, x: reading.Floats) -> None:
    at = reading.kept(run, record)
    if at != record:
        st.caption("Answered with the weights at the end of the recording.")
    st.dataframe(reading.answer_table(config, reading.methods_at(run, at), x), hide_index=True)


def by_number(config: Config) -> None:
    """Give or take a label without the pointer."""
    with st.expander("Give a label by number", icon=":material/keyboard:"):
        n = len(examples(config.kind).shown)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            row = int(st.number_input("Example", 0, n - 1, 0, key=f"{PAGE}-row"))
            has = row in config.rows
            st.button(
                "Take its label away" if has else "Give its true label",
                key=f"{PAGE}-give",
                on_click=partial(label, config, row),
            )
