"""The controls of the gradient descent page, each bound to its address, and its start."""

from typing import Any

import streamlit as st

from core.foundations.gradient_descent.model import OPTIMIZERS, Config
from core.foundations.gradient_descent.picture import code
from core.foundations.gradient_descent.reading import NAMES, RATES
from core.foundations.gradient_descent.step import next_step
from core.foundations.gradient_descent.surfaces import EXTENT, N_EXAMPLES, SURFACES
from core.runs import Run
from pages.elements import edits
from pages.elements.controls import Controls

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
    **NAMES,
}
controls = Controls("gradient_descent", DEFAULTS, LABELS)


def sidebar() -> Config:
    """All controls in order, and the race they say."""
    surface = controls.choice(
        "Model", "surface", SURFACES, "Whose loss is drawn. Every model fits 40 simulated points."
    )
    scaled = surface == "line" and controls.toggle(
        "Scale the input",
        "scaled",
        "Brings x to mean 0 and deviation 1: the narrow valley becomes a round bowl.",
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
    edits.write("gradient_descent", **{axis: round(float(edit[axis]), 2) for axis in ("u", "v")})


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
        "**3 · Backward (backpropagation).** The gradient of that mean, a number for every "
        f"parameter. `{lines['backward']}`"
    )
    st.markdown(
        f"**4 · Update.** Every parameter moves. `{lines['update']}`, where `{lines['made']}`"
    )
    st.dataframe(step.update, hide_index=True, height="content" if len(step.update) < 9 else 320)
    st.markdown(f"The same examples again: the loss is now **{step.loss_after:.4f}**.")


def _place(label: str, name: str) -> float:
    why = "Where all optimisers begin; a click on the surface sets both."
    return float(controls.slider(f"{label}, −4 … 4", name, -EXTENT, EXTENT, 0.05, why))


def _optimizers() -> dict[str, Any]:
    chosen = controls.several("In the race", "optimizers", OPTIMIZERS)
    if not chosen:
        st.caption("A race needs a runner: SGD runs.")
    return {
        "optimizers": tuple(name for name in OPTIMIZERS if name in (chosen or ["sgd"])),
        "learning_rate": controls.steps(
            "Learning rate of SGD, Momentum, Nesterov",
            "learning_rate",
            RATES,
            "The step is this times the gradient: long where the surface is steep.",
        ),
        "adaptive_rate": controls.steps(
            "Learning rate of the adaptive four",
            "adaptive_rate",
            RATES,
            "AdaGrad, RMSprop, Adam and AdamW step about this far, however steep it is.",
        ),
        "momentum": controls.slider(
            "Momentum",
            "momentum",
            0.0,
            0.99,
            0.01,
            "The share of its velocity that Momentum and Nesterov keep. At 0 both are SGD.",
        ),
        "weight_decay": controls.steps(
            "Weight decay of AdamW",
            "weight_decay",
            (0.0, 0.001, 0.01, 0.1, 1.0),
            "Pulls every parameter to zero, beside the gradient.",
        ),
    }


def _steps() -> dict[str, Any]:
    return {
        "batch_size": controls.slider(
            "Examples in one step",
            "batch_size",
            1,
            N_EXAMPLES,
            1,
            "40 is all of them: the true gradient. Fewer make it a noisy guess.",
        ),
        "n_steps": controls.slider("Steps", "n_steps", 10, 500, 10),
        "seed": controls.seed("The same seed gives the same examples, network and order."),
    }
