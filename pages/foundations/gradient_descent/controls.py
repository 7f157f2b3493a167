"""The controls of the gradient descent page, each bound to its address, and its start."""

from typing import Any

import streamlit as st

from core.foundations.gradient_descent.model import OPTIMIZERS, Config
from core.foundations.gradient_descent.picture import code
from core.foundations.gradient_descent.reading import NAMES, RATES
from core.foundations.gradient_descent.step import next_step
from core.foundations.gradient_descent.surfaces import EXTENT, N_EXAMPLES, SURFACES
from core.runs import Run
from pages.elements import edits, rows
from pages.elements.controls import Controls
from pages.elements.rows import Choice, Row, Several, Slider, Steps, Toggle

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


ON_LINE = "Where all optimisers begin; a click on the surface sets both."
ROWS: tuple[Row, ...] = (
    Choice("surface", "Model", SURFACES, basic=True,
           why="Whose loss is drawn. Every model fits 40 simulated points."),
    Toggle(
        "scaled", "Scale the input", shown=lambda values: bool(values["surface"] == "line"),
        why="Brings x to mean 0 and deviation 1: the narrow valley becomes a round bowl.",
    ),
    Slider("u", "Across, −4 … 4", -EXTENT, EXTENT, 0.05, section="Start", why=ON_LINE),
    Slider("v", "Up, −4 … 4", -EXTENT, EXTENT, 0.05, section="Start", why=ON_LINE),
    Several("optimizers", "In the race", OPTIMIZERS, basic=True, section="Optimisers"),
    Steps(
        "learning_rate", "Learning rate of SGD, Momentum, Nesterov", RATES, basic=True,
        section="Optimisers",
        why="The step is this times the gradient: long where the surface is steep.",
    ),
    Steps(
        "adaptive_rate", "Learning rate of the adaptive four", RATES, basic=True,
        section="Optimisers",
        why="AdaGrad, RMSprop, Adam and AdamW step about this far, however steep it is.",
    ),
    Slider(
        "momentum", "Momentum", 0.0, 0.99, 0.01, section="Optimisers",
        why="The share of its velocity that Momentum and Nesterov keep. At 0 both are SGD.",
    ),
    Steps("weight_decay", "Weight decay of AdamW", (0.0, 0.001, 0.01, 0.1, 1.0),
          section="Optimisers", why="Pulls every parameter to zero, beside the gradient."),
    Slider(
        "batch_size", "Examples in one step", 1, N_EXAMPLES, 1, basic=True, section="Steps",
        why="40 is all of them: the true gradient. Fewer make it a noisy guess.",
    ),
    Slider("n_steps", "Steps", 10, 500, 10, section="Steps"),
    rows.seed("The same seed gives the same examples, network and order."),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the race they say."""
    said = rows.draw(controls, ROWS, expanded=("Start", "Optimisers", "Steps"))
    if not said["optimizers"]:
        st.caption("A race needs a runner: SGD runs.")
    runners = said.pop("optimizers") or ["sgd"]
    start = (float(said.pop("u")), float(said.pop("v")))
    return Config(
        **{"scaled": False, **said},
        start=start,
        optimizers=tuple(name for name in OPTIMIZERS if name in runners),
    )


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
        st.write(f"{NAMES[optimizer]} diverged: its parameters are NaN.")
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
