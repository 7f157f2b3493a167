"""Views of the network page: weights, units, answers, one step, and runs side by side."""

import numpy as np
import streamlit as st

from core.figures import curves, networks
from core.foundations.network import model, reading
from core.foundations.network.model import Config
from core.foundations.network.reading import Floats
from core.runs import Run
from pages.elements import progress

VIEWS = ("Weights", "Units", "Answers", "One step")


def look_inside(view: str, config: Config, run: Run, record: int, parameters: Floats) -> None:
    """One look at the network as it stood at a record."""
    names = reading.layer_names(config)
    if view == "Weights":
        figure = networks.weights(reading.layer_weights(config, parameters), names)
        alt = "Every weight and bias of the network, layer by layer"
        st.plotly_chart(figure, key="network-weights", alt=alt)
    elif view == "Units":
        shown = model.examples(config, record).points
        answers = reading.unit_activations(config, parameters, shown)
        alt = "How often each unit gives which activation"
        st.plotly_chart(networks.activations(answers, names[1:]), key="network-units", alt=alt)
    elif view == "Answers":
        st.caption("Every example with the network's output, the worst first.")
        st.dataframe(reading.answers(config, parameters, record), height=320)
    else:
        _one_step(config, run, record)


def _one_step(config: Config, run: Run, record: int) -> None:
    """The next optimisation step, opened into its four parts with their numbers."""
    step = reading.next_step(config, run, record)
    st.markdown("**1 · Forward.** One minibatch goes in; every unit answers. `z = network(x)`")
    st.dataframe(step.forward, hide_index=True)
    st.markdown(
        "**2 · Loss.** The mean over the minibatch, with any penalty: "
        f"**{step.loss_before:.4f}**. `loss = criterion(z, y)`"
    )
    st.markdown(
        "**3 · Backward (backpropagation), 4 · Update.** Every parameter moves against "
        "its gradient. `loss.backward(); optimizer.step()`"
    )
    st.dataframe(step.update, hide_index=True, height=320)
    st.markdown(f"The same minibatch again: the loss is now **{step.loss_after:.4f}**.")


def compare(config: Config, run: Run, record: int) -> None:
    """The run beside a pinned one, and among 32 that differ in their first weights."""
    st.header("Compare")
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
        _beside(pinned, config, run, record)
    if luck:
        _among(config, record)


def _beside(pinned: Config, config: Config, run: Run, record: int) -> None:
    st.write(reading.difference(pinned, config))
    both = reading.side_by_side(Run(model.training, pinned), run, record)
    figure = curves.lines(
        np.arange(len(both["now"])), both, x_title="epoch", y_title="training loss", cursor=record
    )
    st.plotly_chart(figure, key="network-compared", alt="; ".join(curves.endpoints(both)))


def _among(config: Config, record: int) -> None:
    stacked = Run(model.stacked_training, config)
    last = record // model.EPOCHS_PER_STACKED_RECORD
    progress.train(stacked, "network-luck", last)
    losses = stacked.until(last)["loss"]
    said = reading.luck(losses)
    st.write(said)
    figure = curves.bands(
        np.arange(len(losses)) * model.EPOCHS_PER_STACKED_RECORD,
        {"32 networks": losses.T},
        x_title="epoch",
        y_title="training loss",
    )
    st.plotly_chart(figure, key="network-lucky", alt=said)
