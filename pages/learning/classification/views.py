"""Views of the classification page: one example, mistakes, threshold, calibration, insides."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.escaping import as_markdown
from core.figures import bars, inputs, matrices, networks, scores
from core.learning.classification import model, reading
from core.learning.classification import scores as classification_scores
from core.learning.classification.model import Config
from core.learning.classification.reading import Answers, Parameters
from core.shares import per_cent
from pages.elements import edits
from pages.elements.controls import MAX_SEED
from pages.learning.classification import controls

PAGE = "classification"
MAX_ROWS = 200
VIEWS = ("Mistakes", "Threshold", "Calibration", "Weights", "Units", "Answers")


def opened_cell(config: Config, found: Answers, positive: int, threshold: float) -> None:
    """The test rows behind the number that was clicked in the picture."""
    cell = controls.opened(config)
    if cell is None:
        return
    is_it, yes = cell
    name = as_markdown(found.data.classes[positive])
    rows = reading.quarter(found, positive, threshold, is_it, yes)
    said = f"{'Is' if is_it else 'Is not'} {name}, answered {'yes' if yes else 'no'}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{said} at {per_cent(threshold)}: {len(rows)} of {len(found.logits)} test rows**"
        )
        st.button(
            "Close",
            icon=":material/close:",
            key=f"{PAGE}-close",
            on_click=controls.close,
        )
    if len(rows):
        _rows(config, found, rows, height=180)


def used_up(config: Config, threshold: float) -> None:
    """A threshold moved by the test rows has used them up: others must judge it."""
    if threshold == controls.DEFAULTS["threshold"] / 100:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"The threshold of {per_cent(threshold)} was chosen while looking at these test rows: "
            "they no longer judge it, and rows it was not chosen by may bear it out less well. "
            "Fresh rows, and a network that was not trained on them, say how much."
        )
        st.button(
            f"The same threshold on fresh rows (seed {config.seed + 1})",
            icon=":material/casino:",
            key=f"{PAGE}-fresh",
            on_click=edits.write,
            args=(PAGE,),
            kwargs={"seed": config.seed + 1},
            disabled=config.seed >= MAX_SEED,
        )


def _rows(config: Config, found: Answers, rows: NDArray[np.intp], height: int) -> None:
    """Test rows as a table, no higher than it must be."""
    shown = reading.shown(config, found, rows[:MAX_ROWS])
    st.dataframe(shown, height="content" if len(shown) <= 4 else height)


def one_example(config: Config, parameters: Parameters, draw: bool) -> None:
    """A test row whose values can be changed to see the answer change; nothing is trained."""
    st.header("Your turn: one example")
    st.caption("Click a dot above or choose a row; then change a value and see the answer change.")
    data, row = model.prepared(config), controls.pick(config)
    place = int(data.rows_test[row])
    columns = [encoder.column for encoder in data.encoders]
    frame = model.table(config).frame.loc[[place], columns]
    edited = st.data_editor(frame, key=f"{PAGE}-row-{hash((model.examples_of(config), place))}")
    x = data.encode(edited)
    made = reading.example(config, parameters, x)
    best = int(made.probabilities.argmax())
    answer = as_markdown(data.classes[best])
    st.markdown(
        f"Answer: **{answer}**, with a probability of **{per_cent(made.probabilities[best], 1)}**."
    )
    st.markdown(as_markdown(reading.flip(config, parameters, x)))
    if draw:
        _insides(config, made, int(data.y_test[row]))


def _insides(config: Config, made: reading.Example, true: int) -> None:
    names = model.prepared(config).classes
    left, right = st.columns([2, 3], gap="large")
    figure = bars.shares(
        [inputs.plain(name) for name in names],
        made.probabilities,
        x_title="probability, %",
        y_title="class (✓ the true one)",
        right=true,
    )
    left.plotly_chart(figure, key=f"{PAGE}-shares", alt="Probability of every class")
    unit_names = reading.unit_names(config)
    hidden = unit_names[-2] if config.hidden else unit_names[-1]
    figure = inputs.units(made.units, made.usual, names, [inputs.plain(name) for name in hidden])
    right.plotly_chart(figure, key=f"{PAGE}-example-units", alt="Activations of this example")


def look_inside(
    view: str, config: Config, parameters: Parameters, found: Answers, asked: tuple[int, float]
) -> None:
    """One of `VIEWS` at the chosen record; `asked`: the class looked for and the threshold."""
    if view == "Mistakes":
        _mistakes(config, found)
    elif view == "Threshold":
        _threshold(found, *asked)
    elif view == "Calibration":
        _calibration(found)
    elif view == "Weights":
        _weights(config, parameters)
    elif view == "Units":
        _units(config, parameters)
    else:
        st.caption("Every row with the probability of each class, the worst answer first.")
        st.dataframe(reading.all_answers(config, parameters), height=360)


def _mistakes(config: Config, found: Answers) -> None:
    """The whole confusion matrix, each answer the likeliest class; a cell opens its rows."""
    classes = found.data.classes
    matrix, cases = st.columns([2, 3], gap="large")
    with matrix:
        st.caption(
            "How often each class was taken for which, the likeliest class as the answer, "
            "whatever the threshold. Click a cell to see its rows."
        )
        event = st.plotly_chart(
            scores.confusion(found.counts, classes),
            key=f"{PAGE}-confusion",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"{found.counts.trace()} of {found.counts.sum()} test rows on the diagonal",
        )
    with cases:
        clicked = [matrices.cell(p["point_index"], classes) for p in event["selection"]["points"]]
        rows, said = _behind(found, clicked[0] if clicked else None)
        st.caption(said)
        if len(rows):
            _rows(config, found, rows, height=300)


def _behind(found: Answers, cell: tuple[int, int] | None) -> tuple[NDArray[np.intp], str]:
    if cell is None:
        rows = (found.predicted != found.data.y_test).nonzero()[0]
        return rows, f"All mistakes: {len(rows)} of {len(found.logits)} test rows."
    true, predicted = (as_markdown(found.data.classes[place]) for place in cell)
    rows = reading.cell(found, *cell)
    return (
        rows,
        f"{true} taken for {predicted}: {len(rows)} test rows, the most confident answer first.",
    )


def _threshold(found: Answers, positive: int, threshold: float) -> None:
    p, truth = found.of(positive)
    now = classification_scores.verdict(p, truth, threshold)
    name = as_markdown(found.data.classes[positive])
    st.caption(
        f"Looking for {name} from {per_cent(threshold)} on: {now.hits} found, {now.misses} missed, "
        f"{now.false_alarms} false alarms, {now.rejections} correctly left alone."
    )
    if not 0 < truth.sum() < len(truth):
        st.info("The test rows hold no example of this class, or no other.")
        return
    roc = classification_scores.roc(p, truth)
    pr = classification_scores.precision_recall(p, truth)
    left, right = st.columns(2, gap="large")
    figure = scores.roc(roc.x, roc.y, (now.false_positive_rate, now.recall), roc.area)
    left.plotly_chart(figure, key=f"{PAGE}-roc", alt=f"ROC curve, area {roc.area:.3f}")
    at = (now.recall, now.precision)
    figure = scores.precision_recall(pr.x, pr.y, at, pr.area, float(truth.mean()))
    right.plotly_chart(figure, key=f"{PAGE}-pr", alt=f"Precision and recall, area {pr.area:.3f}")


def _calibration(found: Answers) -> None:
    y = found.data.y_test
    scaled = classification_scores.tempered(found.logits.astype(float), y)
    both = {
        "as trained": classification_scores.reliability(found.probabilities, y),
        "temperature-scaled": classification_scores.reliability(scaled.probabilities, y),
    }
    st.caption(
        "Is the network right as often as it says? On the dotted line it is. Expected calibration "
        f"error on {len(y)} test rows: {both['as trained'].error:.3f} as trained, "
        f"{both['temperature-scaled'].error:.3f} with logits divided by a temperature "
        f"({scaled.temperatures[0]:.2f} and {scaled.temperatures[1]:.2f}, each fitted on the other "
        "half of the test rows). With few rows in a bin its point is mostly chance."
    )
    figure = scores.reliability(
        {name: (r.confidence, r.right, r.counts) for name, r in both.items()}
    )
    st.plotly_chart(figure, key=f"{PAGE}-calibration", alt="Accuracy against confidence")


def _weights(config: Config, parameters: Parameters) -> None:
    st.caption("What every unit of the first layer weighs; the inputs with most weight on top.")
    names = reading.unit_names(config)
    figure = inputs.weights(
        reading.weights(config, parameters)[0][0],
        names[0],
        [inputs.plain(name) for name in names[1]],
    )
    st.plotly_chart(figure, key=f"{PAGE}-weights", alt="Weights of the first layer by input")


def _units(config: Config, parameters: Parameters) -> None:
    st.caption("How often each unit gives which activation on the test rows; logits at the right.")
    answers = reading.layers(config, parameters, model.prepared(config).x_test)
    names = [[inputs.plain(name) for name in layer] for layer in reading.unit_names(config)[1:]]
    figure = networks.activations(answers, names)
    st.plotly_chart(figure, key=f"{PAGE}-units", alt="How often each unit gives which activation")
