"""The controls of the semi-supervised page, each bound to its address, and what is clicked."""

from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.semi_supervised.data import DATA, EDGE, MAX_LABELS, WHO, examples
from core.learning.semi_supervised.model import Config
from core.learning.semi_supervised.reading import toggled
from core.learning.semi_supervised.recordings import DIGITS as _RECORDED
from pages.elements import edits
from pages.elements.controls import Controls

PAGE = "semi_supervised"
FIELDS = ("data", "noise", "n_labels", "who", "threshold", "consistency", "ramp_up", "ema")
MORE = ("augmentation", "n_hidden", "learning_rate", "n_epochs", "seed")
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in (*FIELDS, *MORE)},
    "n_digits": 50,
}
LABELS = {
    "moons": "Moons",
    "across": "Moons cut across",
    "digits": "Digits",
    "random": "Random",
    "corner": "One corner",
    "own": "Yours",
}
THRESHOLDS = (50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 99.0)
WEIGHTS = (0.0, 1.0, 5.0, 10.0, 20.0, 50.0, 100.0)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
NOISES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
EPOCHS = (10, 25, 40, 60, 100)
OWN_IN_LINK, PROBE_IN_LINK = "semi_supervised_labelled", "semi_supervised_probe"
# What the digits are best learned with: the recorded run.
DIGITS = {**_RECORDED, "n_digits": _RECORDED["n_labels"], "n_labels": Config.n_labels}
controls = Controls(PAGE, DEFAULTS, LABELS)


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    data = controls.segments("Data", "data", DATA, "Cut across: the classes are left and right.")
    fields: dict[str, Any] = {"data": data, "n_labels": _n_labels(data)}
    fields["who"] = controls.segments(
        "Who is labelled", "who", WHO, "Click examples in the picture to choose them yourself."
    )
    fields["threshold"] = controls.steps(
        "Confidence threshold, %", "threshold", THRESHOLDS,
        "A network's answer is trusted as a pseudo-label from here on. With four labelled points, "
        "over seeds 0 to 7, pseudo-labels end at 84 % (78 to 99) with 90, at 88 % (66 to 100) "
        "with 50: trusting everything carries the first guesses on, right or wrong.",
    )  # fmt: skip
    fields["consistency"] = controls.steps(
        "Consistency weight", "consistency", WEIGHTS,
        "What the mean teacher's agreement weighs beside the labels.",
    )  # fmt: skip
    fields["ramp_up"] = controls.slider(
        "Ramp-up, % of training", "ramp_up", 0, 80, 10,
        "How long the weight of the unlabelled examples takes to rise: exp(−5 (1 − t)²).",
    )  # fmt: skip
    fields["noise"] = Config.noise if data == "digits" else _noise()
    with st.expander("Network and training"):
        fields |= _more()
    return _with_rows(fields)


def _n_labels(data: str) -> int:
    why = "As many of each class; click in the picture to change them."
    if data == "digits":
        return int(controls.slider("Labelled digits", "n_digits", 10, MAX_LABELS, 10, why))
    return int(controls.slider("Labelled points", "n_labels", 2, 20, 2, why))


def _noise() -> int:
    return int(controls.slider("Noise of the moons, %", "noise", 0, 50, 5))


def _more() -> dict[str, Any]:
    return {
        "augmentation": controls.steps(
            "Augmentation σ", "augmentation", NOISES,
            "Noise on every input of all networks, in units of the plane or of ink (0 to 1); "
            "digits also shift by up to a pixel.",
        ),
        "ema": controls.steps(
            "EMA decay of the teacher", "ema", DECAYS, "What the teacher keeps of itself a step."
        ),
        "n_hidden": controls.steps("Hidden units of a layer", "n_hidden", (8, 16, 32, 64)),
        "learning_rate": controls.steps(
            "Learning rate", "learning_rate", tuple(RATES.tolist()), "Adam's; a step's length."
        ),
        "n_epochs": controls.steps("Epochs", "n_epochs", EPOCHS, "Passes over the unlabelled."),
        "seed": controls.seed(),
    }  # fmt: skip


def _with_rows(fields: dict[str, Any]) -> Config:
    """The configuration with the learner's own labels, if those are wanted."""
    plain = Config(**{**fields, "who": "random" if fields["who"] == "own" else fields["who"]})
    if fields["who"] != "own":
        st.session_state[f"{PAGE}-plain"] = plain
        return plain
    rows = _rows_in_link(len(examples(plain.kind).shown)) or plain.rows
    config = Config(**{**fields, "labelled": rows})
    st.session_state[f"{PAGE}-plain"] = config
    return config


def _rows_in_link(n: int) -> tuple[int, ...]:
    """The labelled rows that the address holds; none, with a notice, if they are impossible."""
    text = st.query_params.get(OWN_IN_LINK, "")
    if not text:
        return ()
    parts = text.split(".")
    rows = {int(part) for part in parts if part.isdecimal() and len(part) < 5}
    if len(rows) != len(parts) or len(rows) > MAX_LABELS or max(rows) >= n:
        st.info("The labels in the link cannot be read; those of the seed are used.")
        return ()
    return tuple(sorted(rows))


def edited(edit: dict[str, Any]) -> None:
    """Give or take a label, or ask about a place; a callback of the player."""
    config, row = st.session_state.get(f"{PAGE}-plain"), edit.get("index")
    if edit.get("kind") == "label" and config and isinstance(row, int):
        label(config, row)
    place = (edit.get("x"), edit.get("y"))
    if edit.get("kind") == "probe" and all(isinstance(v, int | float) for v in place):
        x, y = (_inside(float(value)) for value in place)  # type: ignore[arg-type]
        edits.write(PAGE, probe_x=x, probe_y=y)


def label(config: Config, row: int) -> None:
    """Give an example its true label or take it away; everything then begins anew."""
    if not 0 <= row < len(examples(config.kind).shown):
        return
    rows = toggled(config, row)
    if len(rows) > MAX_LABELS:
        return
    st.query_params[OWN_IN_LINK] = ".".join(map(str, rows))
    st.session_state[f"{PAGE}_who"] = "own"


def _inside(value: float) -> float:
    return round(min(max(value, -EDGE), EDGE), 1)
