"""Views of the regression page: one house, one place, residuals, weights, units, answers."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.escaping import as_markdown
from core.figures import inputs, residuals
from core.learning.regression import model as topic
from core.learning.regression import reading, units
from core.learning.regression.ames import CONDITIONS
from core.learning.regression.model import Config
from core.learning.regression.points import EXTENT, along
from pages.learning.regression import controls
from pages.learning.regression.controls import HOUSE, PAGE

VIEWS = ("Residuals", "Weights", "Units", "Answers")
MAX_PUSHES = 10
MAX_INPUTS = 30


@st.fragment
def your_turn(config: Config, record: int, draw: bool) -> None:
    """The learner's own input, answered by the members as they stand; nothing is trained."""
    if config.is_table:
        st.header("Your turn: one row")
        _one_row(config, record, draw)
    else:
        st.header("Your turn: ask anywhere")
        _one_place(config, record)


def _one_place(config: Config, record: int) -> None:
    x = st.slider("Input x", -EXTENT, EXTENT, 0.0, 0.1, key=f"{PAGE}-ask")
    model = reading.learned(config, record)
    found = reading.estimate(config, model, np.array([[x]], dtype=np.float32))
    each = ", ".join(f"{value:.2f}" for value in found.members)
    st.markdown(
        f"Answer: **{found.mean:.2f} ± {2 * found.spread:.2f}** (mean ± 2σ of the members). "
        f"The members say {each}."
    )
    st.caption("Click points into the chart, or drag one far away, while it trains.")


def _one_row(config: Config, record: int, draw: bool) -> None:
    st.caption("Click a dot above or choose a test row; then change it and see the answer change.")
    index = _pick(config)
    row = reading.row_of(config, index)
    facts = _house(row, index) if reading.is_ames(config) else _cells(config, row, index)
    model, data = reading.learned(config, record), topic.prepared(config)
    x = reading.encoded(config, index, facts)
    st.markdown(_answered(config, model, x, record, float(data.y_test[index])))
    if draw:
        _pushed(config, model, x)


def _pick(config: Config) -> int:
    st.session_state[HOUSE] = controls.picked(config)
    data = topic.prepared(config)
    chosen: int = st.selectbox(
        "Test row",
        range(len(data.y_test)),
        format_func=reading.row_names(config).__getitem__,
        key=HOUSE,
    )
    return chosen


def _house(row: pd.DataFrame, index: int) -> dict[str, Any]:
    """Four facts of a house that can be set; all others stay those of the row."""
    fact: Any = row.iloc[0]
    first, second, third, fourth = st.columns(4)
    area = first.slider(
        "Living area, sq ft", 400, 4000, int(np.clip(fact.Gr_Liv_Area, 400, 4000)), 20,
        key=f"{PAGE}-area-{index}",
    )  # fmt: skip
    year = second.slider("Year built", 1872, 2010, int(fact.Year_Built), key=f"{PAGE}-year-{index}")
    condition = third.select_slider(
        "Overall condition", CONDITIONS, fact.Overall_Cond, key=f"{PAGE}-condition-{index}",
        format_func=lambda word: word.replace("_", " "),
    )  # fmt: skip
    places = reading.neighbourhoods()
    where = fourth.selectbox(
        "Neighbourhood, dearest first", places, places.index(fact.Neighborhood),
        key=f"{PAGE}-place-{index}", format_func=lambda name: name.replace("_", " "),
    )  # fmt: skip
    facts: dict[str, Any] = {"Year_Built": float(year), "Overall_Cond": condition}
    if area != int(np.clip(fact.Gr_Liv_Area, 400, 4000)):
        facts["Gr_Liv_Area"] = float(area)
    return {**facts, "Neighborhood": where}


def _cells(config: Config, row: pd.DataFrame, index: int) -> dict[str, Any]:
    edited = st.data_editor(row, key=f"{PAGE}-row-{config.target}-{index}")
    return reading.differences(row, edited)


def _answered(config: Config, model: Any, x: Any, record: int, true: float) -> str:
    found = reading.estimate(config, model, x)
    noise = reading.noise(config, model, record)
    both = float(np.hypot(found.spread, noise))
    said = [
        f"{units.said(config, found.mean - 2 * width)} to "
        f"{units.said(config, found.mean + 2 * width)}"
        for width in (found.spread, both)
    ]
    answer, truth = units.said(config, found.mean), units.said(config, true)
    return (
        f"Predicted: **{as_markdown(answer)}**. The members' ±2σ: {as_markdown(said[0])}; "
        f"with the noise of the training rows: {as_markdown(said[1])}. The row as it is in the "
        f"table: {as_markdown(truth)}."
    )


def _pushed(config: Config, model: Any, x: Any) -> None:
    table = reading.pushes(config, model, x)
    values = table["push"].to_numpy()
    unit = units.residual_unit(config)
    if units.is_money(config):
        values, unit = reading.push_percent(values), "per cent of the price"
    st.caption(
        "What moves this answer from that to the average training row: integrated gradients of "
        f"the members' mean, the {MAX_PUSHES} columns that move it most."
    )
    figure = residuals.pushes(table["column"].tolist()[:MAX_PUSHES], values[:MAX_PUSHES], unit)
    st.plotly_chart(figure, key=f"{PAGE}-pushes", alt="What moves this answer, column by column")


def look_inside(view: str, config: Config, record: int) -> None:
    """One of `VIEWS` at the chosen record."""
    model = reading.learned(config, record)
    if view == "Residuals":
        _residuals(config, model, record)
    elif view == "Weights":
        _weights(config, model)
    elif view == "Units":
        _units(config, model)
    else:
        st.caption("Every example with mean answer and spread of the members, the worst first.")
        st.dataframe(reading.all_answers(config, model, record), height=360)


def _residuals(config: Config, model: Any, record: int) -> None:
    found = reading.residuals(config, model, record)
    sigma, unit = reading.noise(config, model, record), units.residual_unit(config)
    said = reading.residuals_said(config, found, sigma)
    st.caption(said)
    left, right = st.columns(2, gap="large")
    left.plotly_chart(residuals.histogram(found.residual, unit), key=f"{PAGE}-residuals", alt=said)
    figure = residuals.against(found.predicted, found.residual, found.spread, unit)
    right.plotly_chart(figure, key=f"{PAGE}-against", alt="Residuals against predictions")


def _member(config: Config) -> int:
    if config.n_members == 1:
        return 0
    return int(st.slider("Member", 1, config.n_members, 1, key=f"{PAGE}-member")) - 1


def _weights(config: Config, model: Any) -> None:
    member = _member(config)
    line, first = reading.first_weights(config, model, member)
    names = list(topic.prepared(config).names) if config.is_table else ["x"]
    if not len(line):
        st.caption("A constant has no weights, only the constant itself.")
        return
    stacked = line[None] if first is None else np.concatenate([line[None], first])
    most = np.argsort(-np.abs(stacked).sum(axis=0), kind="stable")[:MAX_INPUTS]
    st.caption(f"Weights of one member by input, the {len(most)} largest: its line, then units.")
    labels = ["line", *(f"h{unit + 1}" for unit in range(len(stacked) - 1))]
    figure = inputs.weights(stacked[:, most], [names[place] for place in most.tolist()], labels)
    st.plotly_chart(figure, key=f"{PAGE}-weights", alt="Weights of one member by input")


def _units(config: Config, model: Any) -> None:
    member = _member(config)
    if config.is_table:
        index = controls.picked(config)
        found = reading.unit_answers(config, model, member, index)
        if found is None:
            st.caption("These members have no hidden units.")
            return
        st.caption("One member's hidden units: their answer to the chosen row, above the mean.")
        names = [f"h{unit + 1}" for unit in range(len(found[0]))]
        figure = inputs.units(found[0], found[1][None], ["all test rows"], names)
        st.plotly_chart(figure, key=f"{PAGE}-units", alt="Activations of one member's hidden units")
        return
    drawn = reading.unit_curves(config, model, member)
    st.caption("What one member adds up: a straight line, and one bent piece for each hidden unit.")
    figure = residuals.parts(along(), drawn[0], drawn[1:])
    st.plotly_chart(figure, key=f"{PAGE}-parts", alt="The parts that add up to one member's curve")
