"""The controls of the anomaly page, each bound to its address; the threshold trains nothing."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.anomaly_detection.heartbeats import MAX_SIMULATED, WINDOWS
from core.learning.anomaly_detection.model import DATA, Config
from core.learning.anomaly_detection.reading import THRESHOLDS, UNITS
from pages.elements import edits, rows
from pages.elements.controls import Controls
from pages.elements.rows import Row, Segments, Slider, Steps, Values

PAGE = "anomaly_detection"
LATENT = (1, 2, 3, 4, 6, 8, 16, 32, 64)
HIDDEN = (8, 16, 32, 64, 128)
BATCHES = (16, 32, 64, 128, 256)
MORE = "Network and training"
SIZES = (500, 1000, 2000, 3000, 5000)
FIELDS = (
    "data",
    "simulated",
    "window",
    "n_examples",
    "contamination",
    "left_out",
    "n_latent",
    "hidden",
    "activation",
    "learning_rate",
    "batch_size",
    "n_epochs",
    "seed",
)
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in FIELDS},
    "threshold": 0.112,
    "limit": 1.0,
    # The learner's own beat, made from a real one, and the learner's own row.
    "beat": 11,
    "early": 0,
    "width": 1.0,
    "height": 1.0,
    "flip": False,
    "sensor": "sensor 9",
    "reading": 0.0,
}
LABELS = {
    "heartbeats": "Heartbeats",
    "shuttle": "Space shuttle",
    "interval": "Heart’s pace",
    "seconds": "Fixed seconds",
    "tanh": "tanh",
    "relu": "ReLU",
}
controls = Controls(PAGE, DEFAULTS, LABELS)


def _of(data: str) -> Callable[[Values], bool]:
    return lambda values: bool(values["data"] == data)


def _alarm(data: str, name: str) -> Steps:
    return Steps(
        name, f"Alarm threshold (error, in {UNITS[data]})", THRESHOLDS[data], basic=True,
        shown=_of(data),
        why="Moves alarms, precision and recall at once; nothing is trained again. The line in "
        "the chart can be dragged as well.",
    )  # fmt: skip


ROWS: tuple[Row, ...] = (
    Segments("data", "Data", DATA, basic=True),
    _alarm("heartbeats", "threshold"),
    _alarm("shuttle", "limit"),
    Segments(
        "window", "Beats are cut by", tuple(WINDOWS), basic=True, shown=_of("heartbeats"),
        why="The heart’s pace: 0.7 of the recording’s usual interval before the R peak to 0.5 "
        "after. Fixed seconds: 0.3 s before to 0.4 s after.",
    ),
    Slider(
        "simulated", "Simulated anomalies among the beats", 0, MAX_SIMULATED, 1, basic=True,
        shown=_of("heartbeats"),
        why="Normal beats of the excerpt made early, wide, low or upside down; only watched.",
    ),
    Slider(
        "contamination", "Anomalies among the training rows, %", 0, 20, 1, basic=True,
        shown=_of("shuttle"),
        why="Nobody labels training rows in practice: some anomalies are always among them.",
    ),
    Slider("left_out", "Ignore the worst of each minibatch, %", 0, 50, 5, basic=True,
           why="That share of each minibatch, the worst restored, is not learned from."),
    Steps("n_latent", "Bottleneck, latent numbers", LATENT, basic=True,
          why="What an example is squeezed into."),
    Steps("learning_rate", "Learning rate", RATES, basic=True,
          why="The length of a step."),
    Slider("n_epochs", "Epochs", 5, 100, 5, section=MORE, why="Passes over the examples."),
    Steps("hidden", "Hidden units (neurons)", HIDDEN, section=MORE,
          why="Of the encoder, and again of the decoder."),
    Segments("activation", "Activation", ("tanh", "relu"), section=MORE),
    Steps("batch_size", "Batch size", BATCHES, section=MORE, why="Examples to a step."),
    Steps("n_examples", "Training rows", SIZES, section=MORE, shown=_of("shuttle")),
    rows.seed(),
)  # fmt: skip


def config_and_threshold() -> tuple[Config, float]:
    """What the sidebar says: what is trained, and where an error raises an alarm."""
    said = rows.draw(controls, ROWS)
    threshold = said.pop("threshold" if said["data"] == "heartbeats" else "limit")
    return Config(**said), float(threshold)


def moved(edit: dict[str, Any]) -> None:
    """Take over a threshold that was dragged in the picture; a callback of the player."""
    data = st.session_state.get(controls.key("data"), DEFAULTS["data"])
    steps = THRESHOLDS[data]
    value = edit.get("value")
    if edit.get("kind") != "threshold" or not isinstance(value, int | float):
        return
    nearest = min(steps, key=lambda step: abs(step - value))
    name = "threshold" if data == "heartbeats" else "limit"
    edits.write(controls.page, **{name: nearest})
