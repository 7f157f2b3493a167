"""The controls of the semi-supervised page, each bound to its address, and what is clicked."""

from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.semi_supervised.data import DATA, EDGE, MAX_LABELS, WHO, examples
from core.learning.semi_supervised.model import Config
from core.learning.semi_supervised.reading import toggled
from core.learning.semi_supervised.recordings import DIGITS as _RECORDED
from pages.elements import edits, rows
from pages.elements.controls import Controls
from pages.elements.rows import Row, Segments, Slider, Steps, Values

PAGE = "semi_supervised"
FIELDS = (
    "data", "noise", "n_labels", "who", "threshold", "consistency", "ramp_up", "ema",
    "augmentation", "n_hidden", "learning_rate", "n_epochs", "seed",
)  # fmt: skip
MORE = "Network and training"
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in FIELDS},
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


def _digits(values: Values) -> bool:
    return bool(values["data"] == "digits")


def _points(values: Values) -> bool:
    return not _digits(values)


WHY_LABELS = "As many of each class; click on the map to change them."
ROWS: tuple[Row, ...] = (
    Segments("data", "Data", DATA, basic=True,
             why="Cut across: the classes are left and right."),
    Slider("n_digits", "Labelled digits", 10, MAX_LABELS, 10, basic=True, shown=_digits,
           why=WHY_LABELS),
    Slider("n_labels", "Labelled points", 2, 20, 2, basic=True, shown=_points, why=WHY_LABELS),
    Segments("who", "Who is labelled", WHO, basic=True,
             why="Click examples on the map to choose them yourself."),
    Steps(
        "threshold", "Confidence threshold, %", THRESHOLDS, basic=True,
        why="A network's answer is trusted as a pseudo-label from here on. On the moons 50\u00a0% "
        "instead of 90\u00a0% brought over five points on four of fourteen seeds and cost over "
        "five on one.",
    ),
    Steps("consistency", "Consistency weight", WEIGHTS, basic=True,
          why="What the mean teacher's agreement weighs beside the labels."),
    Slider(
        "ramp_up", "Ramp-up, % of training", 0, 80, 10,
        why="How long the weight of the unlabelled examples takes to rise: exp(−5 (1 − t)²).",
    ),
    Slider("noise", "Noise of the moons, %", 0, 50, 5, basic=True, shown=_points),
    Steps(
        "augmentation", "Augmentation σ", NOISES, section=MORE,
        why="Noise on every input of all networks, in units of the plane or of ink (0 to 1); "
        "digits also shift by up to a pixel.",
    ),
    Steps("ema", "EMA decay of the teacher", DECAYS, section=MORE,
          why="What the teacher keeps of itself a step."),
    Steps("n_hidden", "Units (neurons) of a hidden layer", (8, 16, 32, 64), section=MORE),
    Steps("learning_rate", "Learning rate", RATES, section=MORE,
          why="Adam's; a step's length."),
    Steps("n_epochs", "Epochs", EPOCHS, section=MORE, why="Passes over the unlabelled."),
    rows.seed(),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    said = rows.draw(controls, ROWS)
    if said["data"] == "digits":
        said["n_labels"] = said.pop("n_digits")
    return _with_rows(said)


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
