"""The controls of the classification page, and what is clicked in its picture."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.classification import model
from core.learning.classification.benchmarks import TARGETS, benchmark
from core.learning.classification.model import Config
from pages.elements import edits, rows
from pages.elements.controls import Controls, bound, row_kept
from pages.elements.own_columns import own_columns
from pages.elements.own_points import own_points
from pages.elements.rows import Choice, Own, Row, Segments, Slider, Steps, Toggle, Values

PAGE = "classification"
HIDDEN: dict[str, tuple[int, ...]] = {
    "none": (), "4": (4,), "16": (16,), "64": (64,), "16-16": (16, 16), "32-32": (32, 32),
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("data", "n_examples", "noise", "train_share")},
    **{name: getattr(Config, name) for name in ("shuffled", "activation", "learning_rate")},
    **{name: getattr(Config, name) for name in ("batch_size", "l2", "n_epochs", "seed")},
    "features": [],
    "hidden": "16",
    "positive": 1,
    "threshold": 50,
}
LABELS = {
    "penguins": "Penguins",
    "iris": "Iris",
    "wine": "Wine",
    "breast_cancer": "Breast cancer",
    "moons": "Moons",
    "circle": "Circle",
    "spiral": "Spiral",
    "own_points": "Your own points",
    "own_table": "Your own table",
    "relu": "ReLU",
    "tanh": "tanh",
}
FIRST_POINTS: model.Points = tuple(
    (round(3.2 * x, 2), round(3.2 * y, 2), int(x * y < 0))
    for x in (-1.2, -0.8, 0.8, 1.2)
    for y in (-1.1, -0.7, 0.7, 1.1)
)
EXAMPLE = f"{PAGE}-example"  # key of the list of test rows, set by a click in the picture too
controls = Controls(PAGE, DEFAULTS, LABELS)


def _in(*kinds: str) -> Callable[[Values], bool]:
    return lambda values: values["data"] in kinds


def _place(values: Values) -> Values:
    """Where the class is chosen, once the examples say which there are."""
    return {"place": st.container()}


def _features(values: Values) -> Values:
    """The features picked; none picked: all."""
    table, key = benchmark(values["data"]), controls.key("features")
    names = [str(name) for name in table.frame if name != TARGETS[values["data"]]]
    if not set(st.session_state.get(key, [])) <= set(names):
        st.session_state[key] = []  # other data have other features
    picked = st.multiselect(
        "Features", names, **bound(key), placeholder=f"All {len(names)}",
        help="What the network is told. Two numbers draw a plane.",
    )  # fmt: skip
    return {"columns": tuple(picked)}


def _own_points(values: Values) -> Values:
    return {"points": own_points(PAGE, FIRST_POINTS, model.PLANAR_CLASSES, per_class=2)}


def _own_table(values: Values) -> Values:
    """The learner's table; before there is one, the penguins."""
    own = own_columns(PAGE, "classification", seed=0)
    if own is None:
        st.info("Until a table is there, the penguins are shown.")
        return {"data": "penguins"}
    columns = {"target": own.target, "columns": own.features}
    return {"upload": own.upload, **columns, "train_share": own.train_share}


ROWS: tuple[Row, ...] = (
    Choice("data", "Data", model.DATA, basic=True),
    Own("place", "Class to look for", _place, basic=True),
    Slider("threshold", "Threshold, %", 1, 99, 1, basic=True,
           why="Answer yes from this probability on. Nothing is trained again."),
    Own("columns", "Features", _features, section="Examples", shown=_in(*TARGETS)),
    Own("points", "Your points", _own_points, section="Examples", shown=_in(model.OWN_POINTS)),
    Slider("n_examples", "Points", 50, 500, 50, section="Examples", shown=_in(*model.PLANAR)),
    Slider("noise", "Noise, %", 0, 50, 5, basic=True, section="Examples",
           shown=_in(*model.PLANAR)),
    Slider("train_share", "Rows for training, %", 5, 90, 5, section="Examples",
           why="The rest is the test.",
           shown=lambda values: bool(values["data"] != model.OWN_TABLE)),
    Own("upload", "Your table", _own_table, section="Examples", shown=_in(model.OWN_TABLE)),
    Toggle("shuffled", "Shuffle the training labels", section="Examples",
           why="Nothing is left to learn but the rows by heart."),
    Choice("hidden", "Hidden units (neurons)", list(HIDDEN), basic=True,
           section="Network and training", why="None: straight boundaries."),
    Segments("activation", "Activation", model.ACTIVATIONS, section="Network and training"),
    Steps("learning_rate", "Learning rate (Adam)", RATES, basic=True,
          section="Network and training", why="The length of a step."),
    Steps("batch_size", "Batch size", (8, 16, 32, 64, 128), section="Network and training"),
    Steps("l2", "L2 penalty", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
          section="Network and training", why="Holds weights small."),
    Steps("n_epochs", "Epochs", (10, 20, 40, 60, 100, 200, 500), section="Network and training"),
    rows.seed("The same seed gives the same rows for training, first weights and order."),
)  # fmt: skip


def sidebar() -> tuple[Config, int, float]:
    """All controls in order: the run, the class looked for and the threshold from 0 to 1."""
    said = rows.draw(controls, ROWS, expanded=("Examples", "Network and training"))
    place, threshold = said.pop("place"), said.pop("threshold")
    config = Config(**{**said, "hidden": HIDDEN[said["hidden"]]})
    with place:
        return config, _positive(model.prepared(config).classes), threshold / 100


def _positive(classes: tuple[str, ...]) -> int:
    options = list(range(len(classes)))
    key = controls.key("positive")
    if st.session_state.get(key, 0) not in options:
        st.session_state[key] = options[-1]  # other data have other classes
    chosen: int = st.selectbox(
        "Class to look for",
        options,
        min(DEFAULTS["positive"], options[-1]),
        format_func=classes.__getitem__,
        **bound(key),
        help="This class against all others: what a yes means.",
    )
    return chosen


def edited(config: Config, edit: dict[str, Any]) -> None:
    """Take what was done in the picture: a dot or a cell clicked, a class, the threshold."""
    kind = edit.get("kind")
    if kind == "pick" and isinstance(edit.get("index"), int):
        st.session_state[EXAMPLE] = edit["index"]
        st.session_state[f"{PAGE}-picked-of"] = model.examples_of(config)
    elif kind == "cell":
        cell = bool(edit.get("is_it")), bool(edit.get("yes"))
        st.session_state[f"{PAGE}-cell"] = (model.examples_of(config), cell)
    elif kind == "threshold" and isinstance(edit.get("threshold"), int):
        edits.write(PAGE, threshold=min(max(edit["threshold"], 1), 99))
    elif kind == "positive" and edit.get("positive") in range(len(model.prepared(config).classes)):
        edits.write(PAGE, positive=edit["positive"])


def picked(config: Config) -> int | None:
    """The test row clicked or chosen last, if it is one of these examples."""
    same = st.session_state.get(f"{PAGE}-picked-of") == model.examples_of(config)
    return row_kept(EXAMPLE, len(model.prepared(config).y_test)) if same else None


def pick(config: Config) -> int:
    """A list of the test rows, for those who do not click; the one in force."""
    if picked(config) is None:
        st.session_state[EXAMPLE] = 0
    data = model.prepared(config)
    chosen: int = st.selectbox(
        "Test row",
        range(len(data.y_test)),
        format_func=lambda row: f"row {data.rows_test[row]}: {data.classes[data.y_test[row]]}",
        key=EXAMPLE,
        on_change=st.session_state.update,
        args=({f"{PAGE}-picked-of": model.examples_of(config)},),
    )
    return chosen


def opened(config: Config) -> tuple[bool, bool] | None:
    """The cell of the four clicked last: whether it is the class, whether the answer is yes."""
    known, cell = st.session_state.get(f"{PAGE}-cell", (None, None))
    return cell if known == model.examples_of(config) else None


def close() -> None:
    """Put the opened cell away."""
    st.session_state.pop(f"{PAGE}-cell", None)
