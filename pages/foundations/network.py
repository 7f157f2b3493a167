"""# A neural network, seen whole.

Every **unit** weighs what comes in, adds its **bias** and passes the sum through an
**activation function**. Below, each unit shows what it answers for every point of the
plane: lines at the left, and shapes that no single unit could draw at the right. Training
turns the **weights** so that the last map matches the points. Play it, break it, change it.
"""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.figures import curves, networks
from core.foundations import network as topic
from core.foundations import network_picture, network_reading, network_script
from core.training import Run
from pages.elements import (
    challenge,
    changes,
    links,
    network_controls,
    outcome,
    presets,
    progress,
    questions,
    sharing,
)
from pages.elements.player import player, stands

PAGE = "network"
PRESETS: dict[str, dict[str, Any]] = {
    "Circle": {},
    "Spiral": {
        "data": "spiral", "features": ["x1", "x2", "sinx1", "sinx2"], "units_1": 8, "units_2": 6,
        "learning_rate": 0.1, "train_share": 80,
    },
    "A hill to fit": {
        "task": "regression", "data": "gaussian", "loss": "squared_error", "units_1": 6,
        "units_2": 4, "learning_rate": 0.1,
    },
    "Break it: no hidden layer": {"data": "xor", "n_hidden": 0},
    "Break it: steps too long": {
        "task": "regression", "data": "gaussian", "loss": "squared_error", "units_1": 6,
        "units_2": 4, "activation": "leaky_relu", "learning_rate": 0.3, "optimizer": "momentum",
    },
    "Break it: memorise noise": {
        "noise": 50, "train_share": 10, "units_1": 8, "units_2": 8, "learning_rate": 0.3,
        "optimizer": "momentum",
    },
}  # fmt: skip
ALT_WEIGHTS = "Every weight and bias of the network, layer by layer"
ALT_UNITS = "How often each unit gives which activation"

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, network_controls.DEFAULTS)

with st.sidebar:
    chosen, table = network_controls.sidebar()
links.notice(PAGE)

config = changes.applied(PAGE, chosen)
run = Run(topic.training, config)

questions.predict_first(
    PAGE,
    "The circle needs a closed boundary. How many units of the first layer must work together?",
    ["1", "2", "3 or more"],
    "3 or more",
    "Each unit draws one straight edge, and no closed shape has fewer than three. "
    "Mute units in the picture to see the boundary open.",
)

start = links.moment(PAGE, run.id)
shown = topic.examples(config, start)
record = player(
    PAGE,
    run,
    "network",
    network_picture.scene(config, table, st.session_state["network_show_test"]),
    scene_arrays=network_picture.scene_arrays(shown),
    curves=network_picture.curves(config),
    notes=partial(network_picture.notes, config, run),
    start=start,
    autoplay=start == 0,
    on_edit=partial(changes.edited, PAGE),
)
links.keep_moment(PAGE, record)
changes.buttons(PAGE, config.changes)

records = run.until(record)
record = len(records["loss"]) - 1
parameters = records["parameters"][-1]
names = network_reading.layer_names(config)
outcome.what_happened(PAGE, network_reading.findings(config, records, run.ending(record)))

st.subheader(f"Look inside, at epoch {record:,}")
view = st.segmented_control(
    "View",
    ["Weights", "Units", "Answers", "One step"],
    default="Weights",
    required=True,
    label_visibility="collapsed",
    key="network_view",
    bind="query-params",
)
if not (start or stands(PAGE, run)):
    st.caption("Pause the picture, or let it finish, to look inside at that epoch.")
elif view == "Weights":
    layers = network_reading.layer_weights(config, parameters)
    st.plotly_chart(networks.weights(layers, names), key="network-weights", alt=ALT_WEIGHTS)
elif view == "Units":
    answers = network_reading.unit_activations(config, parameters, shown.points)
    st.plotly_chart(networks.activations(answers, names[1:]), key="network-units", alt=ALT_UNITS)
elif view == "Answers":
    st.caption("Every example with the network's output, the worst first.")
    st.dataframe(network_reading.answers(config, parameters, record), height=320)
else:
    step = network_reading.next_step(config, run, record)
    st.markdown("**1 · Forward.** One minibatch goes in; every unit answers. `z = network(x)`")
    st.dataframe(step.forward, hide_index=True)
    st.markdown(
        "**2 · Loss.** The mean over the minibatch, with any penalty: "
        f"**{step.loss_before:.4f}**. `loss = criterion(z, y)`"
    )
    st.markdown(
        "**3 · Backward, 4 · Update.** Every parameter moves against its gradient. "
        "`loss.backward(); optimizer.step()`"
    )
    st.dataframe(step.update, hide_index=True, height=320)
    st.markdown(f"The same minibatch again: the loss is now **{step.loss_after:.4f}**.")

st.subheader("Compare")
pinned = st.session_state.get("network-pinned")
with st.container(horizontal=True):
    st.button(
        "Pin this run",
        icon=":material/keep:",
        key="network-pin",
        on_click=st.session_state.update,
        args=({"network-pinned": config},),
    )
    luck = st.toggle(
        "The same with 32 other first weights", key="network_luck", bind="query-params"
    )
if pinned:
    st.write(network_reading.difference(pinned, config))
    both = network_reading.side_by_side(Run(topic.training, pinned), run, record)
    figure = curves.lines(
        np.arange(len(both["now"])), both, x_title="epoch", y_title="training loss", cursor=record
    )
    st.plotly_chart(figure, key="network-compared", alt="; ".join(curves.endpoints(both)))
if luck:
    stacked = Run(topic.stacked_training, config)
    last = record // topic.EPOCHS_PER_STACKED_RECORD
    progress.train(stacked, "network-luck", last)
    losses = stacked.until(last)["loss"]
    said = network_reading.luck(losses)
    st.write(said)
    figure = curves.bands(
        np.arange(len(losses)) * topic.EPOCHS_PER_STACKED_RECORD,
        {"32 networks": losses.T},
        x_title="epoch",
        y_title="training loss",
    )
    st.plotly_chart(figure, key="network-lucky", alt=said)

challenge.challenge(
    "On the circle, from X₁ and X₂ alone, 95 % of the test points with at most 4 hidden units.",
    *network_reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(network_script.script, config, record),
    {
        "points.csv": partial(network_reading.answers_file, config, parameters, record),
        "curves.csv": partial(network_reading.curves_file, records),
        "network.safetensors": partial(network_reading.weights_file, config, parameters),
    },
)
