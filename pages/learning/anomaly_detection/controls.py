"""The controls of the anomaly page, each bound to its address; the threshold trains nothing."""

from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.anomaly_detection.heartbeats import WINDOWS
from core.learning.anomaly_detection.model import DATA, Config
from core.learning.anomaly_detection.reading import THRESHOLDS, UNITS
from pages.elements import edits
from pages.elements.controls import Controls

PAGE = "anomaly_detection"
LATENT = (1, 2, 3, 4, 6, 8, 16, 32, 64)
HIDDEN = (8, 16, 32, 64, 128)
BATCHES = (16, 32, 64, 128, 256)
SIZES = (500, 1000, 2000, 3000, 5000)
FIELDS = (
    "data",
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


def config_and_threshold() -> tuple[Config, float]:
    """What the sidebar says: what is trained, and where an error raises an alarm."""
    fields: dict[str, Any] = {"data": controls.segments("Data", "data", DATA)}
    of_beats = fields["data"] == "heartbeats"
    threshold = _threshold(fields["data"])
    fields.update(_beats() if of_beats else _rows())
    fields["left_out"] = controls.slider(
        "Left out of each step, %",
        "left_out",
        0,
        50,
        5,
        "That share of each minibatch, the worst restored, is not learned from.",
    )
    fields["n_latent"] = controls.steps(
        "Bottleneck, latent numbers", "n_latent", LATENT, "What an example is squeezed into."
    )
    fields["learning_rate"] = controls.steps(
        "Learning rate", "learning_rate", tuple(map(float, RATES)), "The length of a step."
    )
    with st.expander("Network and training"):
        fields.update(_network())
    return Config(**fields), threshold


def _threshold(data: str) -> float:
    return float(
        controls.steps(
            f"Alarm above an error of, {UNITS[data]}",
            "threshold" if data == "heartbeats" else "limit",
            THRESHOLDS[data],
            "Moves alarms, precision and recall at once; nothing is trained anew. The line in "
            "the picture can be dragged as well.",
        )
    )


def _beats() -> dict[str, Any]:
    window = controls.segments(
        "Beats are cut by",
        "window",
        tuple(WINDOWS),
        "The heart’s pace: 0.7 of the recording’s usual interval before the R peak to 0.5 after. "
        "Fixed seconds: 0.3 s before to 0.4 s after.",
    )
    return {"window": window}


def _rows() -> dict[str, Any]:
    return {
        "contamination": controls.slider(
            "Anomalies among the training rows, %",
            "contamination",
            0,
            20,
            1,
            "Nobody labels training rows in practice: some anomalies are always among them.",
        )
    }


def _network() -> dict[str, Any]:
    found = {
        "n_epochs": controls.slider("Epochs", "n_epochs", 5, 100, 5, "Passes over the examples."),
        "hidden": controls.steps(
            "Hidden units", "hidden", HIDDEN, "Of the encoder, and again of the decoder."
        ),
        "activation": controls.segments("Activation", "activation", ("tanh", "relu")),
        "batch_size": controls.steps("Batch size", "batch_size", BATCHES, "Examples to a step."),
    }
    if st.session_state.get(controls.key("data")) == "shuttle":
        found["n_examples"] = controls.steps("Training rows", "n_examples", SIZES)
    found["seed"] = controls.seed()
    return found


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
