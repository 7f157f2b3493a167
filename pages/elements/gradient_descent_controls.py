"""The controls of the gradient descent page, each bound to its address, and its start."""

from typing import Any

import streamlit as st

from core.foundations.gradient_descent import OPTIMIZERS, Config
from core.foundations.gradient_descent_picture import code
from core.foundations.gradient_descent_reading import NAMES, RATES
from core.foundations.gradient_descent_step import next_step
from core.foundations.gradient_descent_surfaces import EXTENT, N_EXAMPLES, SURFACES
from core.training import Run

DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("surface", "scaled", "learning_rate")},
    **{name: getattr(Config, name) for name in ("adaptive_rate", "momentum", "weight_decay")},
    **{name: getattr(Config, name) for name in ("batch_size", "n_steps", "seed")},
    "u": Config.start[0],
    "v": Config.start[1],
    "optimizers": list(OPTIMIZERS),
}
LABELS = {
    "line": "A line (2 weights)",
    "saddle": "Two weights in a row: w₂ tanh(w₁x)",
    "wave": "A wave: sin(wx + b)",
    "pca": "A network, along its own path (PCA)",
    "random": "A network, two random directions",
}


def sidebar() -> Config:
    """All controls in order, and the race they say."""
    surface = st.selectbox(
        "Model",
        SURFACES,
        SURFACES.index(Config.surface),
        format_func=LABELS.__getitem__,
        key="gradient_descent_surface",
        bind="query-params",
        help="Whose loss is drawn. Every model fits 40 simulated points.",
    )
    scaled = surface == "line" and st.toggle(
        "Scale the input",
        Config.scaled,
        key="gradient_descent_scaled",
        bind="query-params",
        help="Brings x to mean 0 and deviation 1: the narrow valley becomes a round bowl.",
    )
    with st.expander("Start", expanded=True):
        start = (_place("Across", "u"), _place("Up", "v"))
    with st.expander("Optimisers", expanded=True):
        fields = _optimizers()
    with st.expander("Steps", expanded=True):
        fields |= _steps()
    return Config(surface=surface, scaled=scaled, start=start, **fields)


def start_here(edit: dict[str, Any]) -> None:
    """Put the start where the surface was clicked; a callback of the player."""
    if edit.get("kind") != "start":
        return
    for axis in ("u", "v"):
        value = edit.get(axis)
        if not isinstance(value, int | float) or not -EXTENT <= value <= EXTENT:
            return  # not from our picture
    for axis in ("u", "v"):
        st.session_state[f"gradient_descent_{axis}"] = round(float(edit[axis]), 2)


def one_step(config: Config, run: Run, record: int) -> None:
    """The next update of one optimiser, taken apart: forward, loss, backward, update."""
    optimizer = st.selectbox(
        "Optimiser",
        config.optimizers,
        format_func=NAMES.__getitem__,
        key="gradient_descent-opened",
        width=240,
    )
    lines = code(config, optimizer)
    step = next_step(config, run, record, optimizer)
    if step is None:
        st.write(f"{NAMES[optimizer]} has left: its parameters are no longer numbers.")
        return
    st.markdown(f"**1 · Forward.** The model answers every example. `{lines['forward']}`")
    st.dataframe(step.forward, hide_index=True, height=220)
    st.markdown(
        f"**2 · Loss.** The mean of the loss column: **{step.loss_before:.4f}**. `{lines['loss']}`"
    )
    st.markdown(
        "**3 · Backward.** The gradient of that mean, a number for every parameter. "
        f"`{lines['backward']}`"
    )
    st.markdown(
        f"**4 · Update.** Every parameter moves. `{lines['update']}`, where `{lines['made']}`"
    )
    st.dataframe(step.update, hide_index=True, height="content" if len(step.update) < 9 else 320)
    st.markdown(f"The same examples again: the loss is now **{step.loss_after:.4f}**.")


def _place(label: str, name: str) -> float:
    return float(
        st.slider(
            f"{label}, −4 … 4",
            -EXTENT,
            EXTENT,
            DEFAULTS[name],
            0.05,
            key=f"gradient_descent_{name}",
            bind="query-params",
            help="Where all optimisers begin; a click on the surface sets both.",
        )
    )


def _optimizers() -> dict[str, Any]:
    chosen = st.pills(
        "In the race",
        OPTIMIZERS,
        selection_mode="multi",
        default=list(OPTIMIZERS),
        format_func=NAMES.__getitem__,
        key="gradient_descent_optimizers",
        bind="query-params",
    )
    if not chosen:
        st.caption("A race needs a runner: SGD runs.")
    return {
        "optimizers": tuple(name for name in OPTIMIZERS if name in (chosen or ["sgd"])),
        "learning_rate": _rate(
            "Learning rate of SGD, Momentum, Nesterov",
            "learning_rate",
            "The step is this times the gradient: long where the surface is steep.",
        ),
        "adaptive_rate": _rate(
            "Learning rate of the adaptive four",
            "adaptive_rate",
            "AdaGrad, RMSprop, Adam and AdamW step about this far, however steep it is.",
        ),
        "momentum": st.slider(
            "Momentum",
            0.0,
            0.99,
            Config.momentum,
            0.01,
            key="gradient_descent_momentum",
            bind="query-params",
            help="The share of its velocity that Momentum and Nesterov keep. At 0 both are SGD.",
        ),
        "weight_decay": st.select_slider(
            "Weight decay of AdamW",
            (0.0, 0.001, 0.01, 0.1, 1.0),
            Config.weight_decay,
            key="gradient_descent_weight_decay",
            bind="query-params",
            help="Pulls every parameter to zero, beside the gradient.",
        ),
    }


def _rate(label: str, name: str, why: str) -> float:
    return float(
        st.select_slider(
            label,
            RATES,
            DEFAULTS[name],
            key=f"gradient_descent_{name}",
            bind="query-params",
            help=why,
        )
    )


def _steps() -> dict[str, Any]:
    return {
        "batch_size": st.slider(
            "Examples in one step",
            1,
            N_EXAMPLES,
            Config.batch_size,
            key="gradient_descent_batch_size",
            bind="query-params",
            help="40 is all of them: the true gradient. Fewer make it a noisy guess.",
        ),
        "n_steps": st.slider(
            "Steps",
            10,
            500,
            Config.n_steps,
            10,
            key="gradient_descent_n_steps",
            bind="query-params",
        ),
        "seed": int(
            st.number_input(
                "Seed",
                0,
                9999,
                Config.seed,
                key="gradient_descent_seed",
                bind="query-params",
                help="The same seed gives the same examples, network and order.",
            )
        ),
    }
