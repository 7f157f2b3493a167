"""Views of the page on rules and learning: ageing, weights, units, payments, the simulator."""

import numpy as np
import streamlit as st

from core.figures import curves, networks
from core.foundations.rules_or_learning import model, reading
from core.foundations.rules_or_learning.model import Config, Day, Rule
from pages.foundations.rules_or_learning.controls import PAGE

VIEWS = ("How both age", "Weights", "Units", "Today's payments", "The simulator")
ALT_WEIGHTS = "Every weight and bias of the model, layer by layer"
ALT_UNITS = "How often each unit of the model gives which activation on today's payments"


def look_inside(view: str, config: Config, parameters: np.ndarray, rule: Rule, day: Day) -> None:
    """One of `VIEWS`, of the model with the parameters of the chosen record."""
    if view == "How both age":
        _ageing(config, parameters, rule, day)
    elif view == "Weights":
        layers, names = model.layers(config, parameters), reading.unit_names(config)
        st.plotly_chart(networks.weights(layers, names), key=f"{PAGE}-weights", alt=ALT_WEIGHTS)
    elif view == "Units":
        today = model.stream(config, model.TODAY, day.drift).features
        answers, names = model.units(config, parameters, today), reading.unit_names(config)[1:]
        st.plotly_chart(networks.activations(answers, names), key=f"{PAGE}-units", alt=ALT_UNITS)
    elif view == "Today's payments":
        st.caption("All payments of the day, those on top that the model is most wrong about.")
        st.dataframe(reading.answers(config, parameters, rule, day), height=320)
    else:
        st.caption("The simulator draws every payment from one of these groups.")
        st.dataframe(reading.habits(day.drift), hide_index=True)


def _ageing(config: Config, parameters: np.ndarray, rule: Rule, day: Day) -> None:
    ages = reading.ageing(config, parameters, rule, day)
    st.caption("Minutes of manual work saved on a day, the further the world has changed.")
    figure = curves.lines(
        np.array(reading.DRIFTS),
        ages,
        x_title="the world has changed by, %",
        y_title="minutes saved a day",
        cursor=day.drift,
    )
    st.plotly_chart(figure, key=f"{PAGE}-ages", alt="; ".join(curves.endpoints(ages, 4)))
