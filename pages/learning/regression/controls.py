"""The controls of the regression page, and what is done in its picture."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core import changes as made_by_hand
from core.changes import Change
from core.diagnosis import RATES
from core.learning.regression import model
from core.learning.regression.ensemble import SHAPES
from core.learning.regression.model import Config
from core.learning.regression.points import CURVES
from pages.elements import changes, rows
from pages.elements.controls import Controls, row_kept
from pages.elements.own_columns import own_columns
from pages.elements.presets import choose
from pages.elements.rows import Choice, Own, Row, Segments, Slider, Steps, Toggle, Values

PAGE = "regression"
_FIELDS = (
    "data", "n_points", "noise", "gap", "n_outliers", "loss", "delta", "n_members", "shape",
    "activation", "resampled", "learning_rate", "l2", "n_steps", "seed",
)  # fmt: skip
DEFAULTS: dict[str, Any] = {name: getattr(Config, name) for name in _FIELDS}
# What suits a table, where all else is at its default; chosen with the data.
TABLE: dict[str, Any] = {"shape": "32", "learning_rate": 0.001, "l2": 0.003, "n_steps": 400}
POINTS: dict[str, Any] = {name: DEFAULTS[name] for name in TABLE}
LABELS = {
    "sine": "Sine",
    "step": "Step",
    "line": "Straight line",
    "own_points": "Your own points",
    "ames": "Ames house prices",
    "own_table": "Your own table",
    "squared": "Squared error (MSE)",
    "absolute": "Absolute error (MAE)",
    "huber": "Huber",
    "all": "All three at once",
    "constant": "none: a constant",
    "linear": "none: a straight line",
    "relu": "ReLU",
    "tanh": "tanh",
}
HOUSE = f"{PAGE}-house"  # key of the list of test rows, set by a click in the picture too
controls = Controls(PAGE, DEFAULTS, LABELS)


def _data_chosen() -> None:
    """Rows of a table are learned with other steps than points; a callback."""
    is_table = st.session_state[controls.key("data")] in (model.AMES, model.OWN_TABLE)
    choose(PAGE, TABLE if is_table else POINTS)


def _own_table(values: Values) -> Values:
    """The learner's table; before there is one, the houses."""
    own = own_columns(PAGE, "regression", seed=0)
    if own is None:
        st.info("Until a table is there, the houses of Ames are shown.")
        return {"data": model.AMES}
    columns = {"target": own.target, "columns": own.features}
    return {"upload": own.upload, **columns, "train_share": own.train_share}


def _houses(values: Values) -> Values:
    st.caption("2,930 sales, 73 facts each. The seed draws 80\u00a0% at random for training.")
    return {}


def _in(*kinds: str) -> Callable[[Values], bool]:
    return lambda values: values["data"] in kinds


ROWS: tuple[Row, ...] = (
    Choice("data", "Data", model.DATA, basic=True, others={"on_change": _data_chosen}),
    Own("houses", "The houses", _houses, section="Examples", shown=_in(model.AMES)),
    Own("upload", "Your table", _own_table, section="Examples", shown=_in(model.OWN_TABLE)),
    Choice("loss", "Loss", (*model.LOSSES, model.ALL_LOSSES), basic=True,
           why="What makes an error worse than another."),
    Steps(
        "delta", "Huber's delta", (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
        shown=lambda values: values["loss"] in ("huber", model.ALL_LOSSES),
        why="Errors below it are squared, beyond it absolute. In units of y; of a table, in "
        "standard deviations of the target.",
    ),
    Slider("n_members", "Members of the ensemble", 1, 16, 1, basic=True,
           why="Networks that start differently."),
    Slider("n_outliers", "Outliers", 0, 10, 1, basic=True, section="Examples",
           why="Simulated; add your own on the chart.", shown=_in(*CURVES)),
    Slider("gap", "Gap, %", 0, 60, 10, basic=True, section="Examples",
           why="The middle of the range, without training points.", shown=_in(*CURVES)),
    Slider("n_points", "Training points", 5, 200, 5, section="Examples", shown=_in(*CURVES)),
    Slider("noise", "Noise, %", 0, 50, 5, section="Examples",
           why="Standard deviation, of the sine's height.", shown=_in(*CURVES)),
    Choice("shape", "Hidden units (neurons)", list(SHAPES), basic=True,
           section="Members and training", why="Beside the straight line each member has."),
    Segments("activation", "Activation", model.ACTIVATIONS, section="Members and training"),
    Toggle("resampled", "A sample of the rows for each", section="Members and training",
           why="Bagging: rows drawn with replacement."),
    Steps("learning_rate", "Learning rate (Adam)", RATES,
          section="Members and training", why="The length of a step."),
    Steps("l2", "L2 penalty", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
          section="Members and training", why="Holds weights small."),
    Steps("n_steps", "Steps", (50, 100, 200, 400, 500, 1000, 2000, 5000),
          section="Members and training",
          why=f"All points in one step; of a table {model.BATCH} rows."),
    rows.seed(),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and what the learner did to the points."""
    return _changed(Config(**rows.draw(controls, ROWS, expanded=("Examples",))))


def _changed(config: Config) -> Config:
    """With the points placed so far; in another run they are there from the start."""
    if config.is_table:
        return config
    made = changes.in_link(PAGE, (config.n_steps, 0))
    if made and st.session_state.get(f"{PAGE}-settings", config) != config:
        same_data = st.session_state[f"{PAGE}-settings"].data == config.data
        made = made_by_hand.for_another_network(made) if same_data else ()
        changes.keep(PAGE, made)
    st.session_state[f"{PAGE}-settings"] = config
    return replace(config, changes=made)


def edited(config: Config, n_records: int, edit: dict[str, Any]) -> None:
    """Take what was done in the picture: a point placed, erased, dragged; a house picked."""
    if edit.get("kind") == "pick" and isinstance(edit.get("index"), int):
        if config.is_table and 0 <= edit["index"] < len(model.prepared(config).y_test):
            st.session_state[HOUSE] = edit["index"]
        return
    at, before = int(edit["at"]), changes.in_link(PAGE)
    if at >= n_records - 1:  # nothing is left to train: begin again with all that was changed
        at, before = 0, made_by_hand.for_another_network(before)
    try:
        new = list(_read(edit, at))
    except (ValueError, KeyError, TypeError):
        return  # not from our picture
    st.session_state[f"{PAGE}-branch"] = at
    changes.keep(PAGE, made_by_hand.branched(before, at, new))


def _read(edit: dict[str, Any], at: int) -> list[Change]:
    numbers = {name: round(float(v), 2) for name, v in edit.items() if name not in ("kind", "at")}
    place = (numbers["x"], numbers["y"])
    point = Change(at, "point", (*place, 0.0))
    if edit["kind"] == "move":
        return [Change(at, "erase", (numbers["from_x"], numbers["from_y"])), point]
    return [{"point": point, "erase": Change(at, "erase", place)}[edit["kind"]]]


def buttons(made: tuple[Change, ...]) -> None:
    """How many points were changed by hand, and the way back."""
    if not made:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        step = made[-1].record * model.STEPS_PER_RECORD
        st.caption(f"Changes by hand: {len(made)}; the last one at step {step:,}.")
        undo = partial(changes.undo, PAGE)
        st.button("Undo", icon=":material/undo:", key=f"{PAGE}-undo", on_click=undo)
        st.button("Undo all", key=f"{PAGE}-forget", on_click=partial(changes.forget, PAGE))


def picked(config: Config) -> int:
    """The test row clicked or chosen last."""
    if not config.is_table:
        return 0
    return row_kept(HOUSE, len(model.prepared(config).y_test)) or 0
