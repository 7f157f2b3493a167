"""The controls of the classification page, and what is clicked in its picture."""

from typing import Any

import streamlit as st

from core.diagnosis import RATES
from core.learning.classification import model
from core.learning.classification.benchmarks import TARGETS, benchmark
from core.learning.classification.model import Config
from pages.elements import edits
from pages.elements.controls import Controls
from pages.elements.own_columns import own_columns
from pages.elements.own_points import own_points

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


def sidebar() -> tuple[Config, int, float]:
    """All controls in order: the run, the class looked for and the threshold from 0 to 1."""
    fields: dict[str, Any] = {"data": controls.choice("Data", "data", model.DATA)}
    place = st.container()
    with st.expander("Examples", expanded=True):
        fields |= _examples(fields["data"])
    with st.expander("Network and training", expanded=True):
        fields |= _training()
    config = Config(**fields)
    with place:
        positive = _positive(model.prepared(config).classes)
        threshold = controls.slider(
            "Threshold, %", "threshold", 1, 99, 1,
            "Answer yes from this probability on. Nothing is trained anew.",
        )  # fmt: skip
    return config, positive, threshold / 100


def _positive(classes: tuple[str, ...]) -> int:
    options = list(range(len(classes)))
    key = controls.key("positive")
    edits.hold(key)
    if st.session_state.get(key, 0) not in options:
        st.session_state[key] = options[-1]  # other data have other classes
    chosen: int = st.selectbox(
        "Class to look for",
        options,
        min(DEFAULTS["positive"], options[-1]),
        format_func=classes.__getitem__,
        key=key,
        bind="query-params",
        help="This class against all others: what a yes means.",
    )
    return chosen


def _examples(data: str) -> dict[str, Any]:
    seed = controls.seed()
    if data == model.OWN_TABLE:
        return {"seed": seed, **_own_table(seed), "shuffled": _shuffled()}
    fields: dict[str, Any] = {"seed": seed}
    if data == model.OWN_POINTS:
        fields["points"] = own_points(PAGE, FIRST_POINTS, model.PLANAR_CLASSES, per_class=2)
    elif data in model.PLANAR:
        fields["n_examples"] = controls.slider("Points", "n_examples", 50, 500, 50)
        fields["noise"] = controls.slider("Noise, %", "noise", 0, 50, 5)
    else:
        fields["columns"] = _features(data)
    fields["train_share"] = controls.slider(
        "Rows for training, %", "train_share", 5, 90, 5, "The rest is the test."
    )
    return {**fields, "shuffled": _shuffled()}


def _shuffled() -> bool:
    return controls.toggle(
        "Shuffle the training labels", "shuffled", "Nothing is left to learn but the rows by heart."
    )


def _features(data: str) -> tuple[str, ...]:
    """The features picked; none picked: all."""
    table, key = benchmark(data), controls.key("features")
    names = [str(name) for name in table.frame if name != TARGETS[data]]
    if not set(st.session_state.get(key, [])) <= set(names):
        st.session_state[key] = []  # other data have other features
    return tuple(
        st.multiselect(
            "Features", names, key=key, bind="query-params", placeholder=f"All {len(names)}",
            help="What the network is told. Two numbers draw a plane.",
        )
    )  # fmt: skip


def _own_table(seed: int) -> dict[str, Any]:
    """The learner's table; before there is one, the penguins."""
    own = own_columns(PAGE, "classification", seed)
    if own is None:
        st.info("Until a table is there, the penguins are shown.")
        return {"data": "penguins"}
    columns = {"target": own.target, "columns": own.features}
    return {"upload": own.upload, **columns, "train_share": own.train_share}


def _training() -> dict[str, Any]:
    hidden = controls.choice("Hidden units", "hidden", list(HIDDEN), "None: straight boundaries.")
    return {
        "hidden": HIDDEN[hidden],
        "activation": controls.segments("Activation", "activation", model.ACTIVATIONS),
        "learning_rate": controls.steps(
            "Learning rate (Adam)", "learning_rate", RATES.tolist(), "The length of a step."
        ),
        "batch_size": controls.steps("Batch size", "batch_size", (8, 16, 32, 64, 128)),
        "l2": controls.steps(
            "L2 penalty", "l2", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3), "Holds weights small."
        ),
        "n_epochs": controls.steps("Epochs", "n_epochs", (10, 20, 40, 60, 100, 200, 500)),
    }


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
    index = st.session_state.get(EXAMPLE, -1)
    same = st.session_state.get(f"{PAGE}-picked-of") == model.examples_of(config)
    return index if same and 0 <= index < len(model.prepared(config).y_test) else None


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
