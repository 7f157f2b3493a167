"""# Activation functions: the bend between layers.

Without a bend between them, layers add up to one straight line: the **activation function**
bends. Its **derivative** decides whether a network can learn, for the **gradient** on its way
back is multiplied by it in every layer. Below, one deep network trains with each of eight
functions, from the same first weights: watch gradients **vanish** and units (neurons) **die**.
"""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.data.exports import to_csv
from core.figures import curves
from core.foundations.activation_functions import findings, model, picture, reading, script
from core.runs import Run
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.foundations.activation_functions import controls

PAGE = "activation_functions"
PRESETS: dict[str, dict[str, Any]] = {
    "Six layers": {},
    "One layer": {"n_layers": 1, "n_epochs": 200},
    "Adam": {"optimizer": "adam", "learning_rate": 0.01, "n_epochs": 200},
    "Break it: dead ReLUs": {"learning_rate": 1.0, "init": "he", "n_epochs": 120},
    "Break it: ten layers": {"n_layers": 10},
    "Break it: tiny first weights": {"init": "small"},
}
QUESTION = Question(
    "The sigmoid's slope is nowhere above 1/4. What is left of a gradient after six of them?",
    ["about a quarter", "about a twentieth", "less than a thousandth"],
    "less than a thousandth",
    "Slopes multiply: (1/4)⁶ is 1/4096, and that is the best case. Look at the sigmoid's "
    "first layer on the chart.",
)

with st.sidebar:
    config = controls.sidebar()
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)

run = Run(model.training, config, model.RECORDING)
start = links.moment(PAGE, run.id)
record = player(
    PAGE,
    run,
    "activations",
    picture.scene(config, controls.chosen()),
    scene_arrays=picture.scene_arrays(config),
    notes=partial(picture.said, config, run),
    start=start,
    autoplay=start == 0,
    on_edit=controls.edited,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
standing = bool(start) or stands(PAGE, run)
said = findings.findings(config, records)
outcome.what_happened(PAGE, said, run, record if standing else None)

view = look.inside(PAGE, f"at epoch {record:,}", ["Gradients", "Dead units", "Losses", "Numbers"])
layers = np.arange(1, config.n_layers + 2)
if view == "Gradients":
    early = records["gradients"][:10].mean(axis=0)
    sizes = reading.by_name(np.where(early > 0, early, np.nan))
    figure = curves.lines(
        layers, sizes, x_title="layer, the first one left", logarithmic=True, markers=True,
        y_title="gradient of a weight (root mean square)",
    )  # fmt: skip
    st.plotly_chart(figure, key=f"{PAGE}-gradients", alt="; ".join(curves.endpoints(sizes)))
    st.caption("Mean of the first ten epochs. A function without a mark at a layer gives it 0.")
elif view == "Dead units":
    dead = reading.by_name(100 * records["dead"][-1])
    figure = curves.lines(
        layers[:-1], dead, x_title="hidden layer", y_title="dead units, %", markers=True
    )
    st.plotly_chart(figure, key=f"{PAGE}-dead", alt="; ".join(curves.endpoints(dead)))
    st.caption("Dead: a slope below 0.001 for every example, so that no gradient passes the unit.")
elif view == "Losses":
    losses = reading.by_name(records["losses"].T)
    figure = curves.lines(
        np.arange(record + 1), losses, x_title="epoch", y_title="training loss, nats"
    )
    st.plotly_chart(figure, key=f"{PAGE}-losses", alt="; ".join(curves.endpoints(losses)))
else:
    st.dataframe(reading.table(records), hide_index=True)

challenge.challenge(
    "Let the sigmoid get 95\u00a0% of the points right with five hidden layers or more.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "points.csv": lambda: to_csv(reading.points_table(config)),
        "losses.csv": lambda: to_csv(reading.curve_table(records)),
    },
)
