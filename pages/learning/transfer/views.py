"""Looking inside the three learners: labels needed, features, weights, one picture at a time."""

import numpy as np
import streamlit as st

from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.figures import bars, budgets, curves, depths, images, matrices
from core.learning.transfer import reading, sweep
from core.learning.transfer.model import FROZEN, LEARNERS, SCRATCH, TUNED, Config
from core.learning.transfer.pixels import by_pixels
from core.learning.transfer.source import (
    N_RECORDS,
    UPDATES_PER_RECORD,
    first_digits,
    fresh_run,
    pictures,
    source_run,
)
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from pages.elements import progress
from pages.elements.sketchpad import digit_pad
from pages.learning.transfer.controls import PAGE, picked

PIXELS = "SVM on pixels"


def because() -> str:
    """The answer to the question asked first, from the recorded runs over five seeds."""
    found = _tries(sweep.sweep_run(Config()))
    five = [values[:, sweep.LABELS.index(5)] for values in found.values()]
    said = [f"{per_cent(values.mean())} ± {per_cent(values.std())}" for values in five]
    return (
        f"Over five seeds, trained to the end: {said[SCRATCH]} from scratch, {said[FROZEN]} on "
        f"frozen features, {said[TUNED]} fine-tuned (mean and standard deviation). A support "
        f"vector machine on the pixels of the same 25 images has {said[-1]}. Frozen or "
        "fine-tuned, the two that know other digits, differ by no more than the spread."
    )


def _tries(run: Run) -> dict[str, reading.Floats]:
    """What each learner, and the pixels, reach (seed, number of labels) in a finished sweep."""
    records = run.until(run.n_records - 1)
    found = sweep.by_labels(records)
    learners = {name: found[:, :, place] for place, name in enumerate(LEARNERS)}
    return {**learners, PIXELS: sweep.by_pixels_and_labels(records)}


def labels_needed(config: Config, now: Records | None) -> None:
    """Accuracy against labels, over seeds; the run on the page is marked on it."""
    st.header("How many labels does each need?")
    mine = st.session_state.get(f"{PAGE}-swept")
    run: Run | None = None
    if mine is not None and mine == sweep.sweep_run(config, 1).id:
        run = sweep.sweep_run(config, 1)
    found = _tries(run or sweep.sweep_run(Config()))
    figure = budgets.reached(
        sweep.LABELS,
        found,
        x_title="labels of each new digit",
        y_title="test accuracy, %",
        chosen=config.n_labels,
        now=None if now is None else np.append(now["accuracy"], by_pixels(config)),
    )
    five = [
        f"{per_cent(values[:, sweep.LABELS.index(5)].mean())} {n}" for n, values in found.items()
    ]
    alt = f"With 5 labels: {', '.join(five)}"
    st.plotly_chart(figure, key=f"{PAGE}-labels", alt=alt)
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button("Measure it with my settings", key=f"{PAGE}-sweep")
        st.caption(
            f"Lines: your settings, seed 0, {sweep.N_STEPS} steps each. Stars: this run."
            if run
            else f"Lines: 35 recorded runs of {sweep.N_STEPS} steps with the other settings of "
            "“5 labels a class”, mean and standard deviation over five seeds. Stars: this run, now."
        )
    if wanted:
        own = sweep.sweep_run(config, 1)
        progress.train(own, f"{PAGE}-sweep")
        st.session_state[f"{PAGE}-swept"] = own.id
        st.rerun()


def inside(view: str, config: Config, now: Records) -> None:
    """One of the views into the learners at a record."""
    if view == "One image":
        _one_picture(config, now)
    elif view == "Features":
        _features(config, now)
    elif view == "Weights":
        _weights(config, now)
    else:
        _mistakes(config, now)


def _one_picture(config: Config, now: Records) -> None:
    x, y = pictures(first_digits(config.source)[1], "test")
    row = picked(len(x))
    st.caption(f"Test digit {row}. Click a digit in the maps above to see another one.")
    pixels = x[row].numpy()
    left, right = st.columns([1, 3], gap="large")
    with left:
        figure = images.mosaic(pixels[None] / 255, tile=180)
        st.plotly_chart(figure, key=f"{PAGE}-picture", alt=f"Test digit {row}")
    with right:
        _answers(config, now, pixels, "picture", int(y[row]))
    st.caption("The maps that the first layer makes of it, one row a learner.")
    maps = reading.maps(config, now, pixels)
    figure = images.mosaic(maps.reshape(-1, *maps.shape[2:]), n_columns=maps.shape[1], tile=72)
    alt = "First-layer maps, one row each: from scratch, frozen features, fine-tuned"
    st.plotly_chart(figure, key=f"{PAGE}-maps", alt=alt)


def _answers(
    config: Config, now: Records, pixels: reading.Picture, key: str, truth: int | None = None
) -> None:
    p = reading.answers(config, now, pixels)
    columns = st.columns(3)
    for column, name, each in zip(columns, LEARNERS, p, strict=True):
        said = f"{name}: {config.digits[int(each.argmax())]}, {per_cent(each.max())}"
        column.markdown(f"{name} says **{config.digits[int(each.argmax())]}**")
        figure = bars.shares(
            config.digits, each, x_title="probability, %", y_title="digit", right=truth
        )
        column.plotly_chart(figure, key=f"{PAGE}-{key}-{name}", alt=said)


def _features(config: Config, now: Records) -> None:
    shares = reading.separation(config, now)
    told = ", ".join(
        f"{per_cent(share)} {name.lower()}" for name, share in zip(LEARNERS, shares, strict=True)
    )
    st.caption(
        "The 500 test digits by their 288 features, on the two directions in which these vary "
        f"most. The nearest neighbour by features is of the same class for: {told}."
    )
    maps, y = reading.feature_maps(config, now), pictures(first_digits(config.source)[1], "test")[1]
    figure = depths.clouds(maps, y.numpy(), config.digits, LEARNERS)
    st.plotly_chart(figure, key=f"{PAGE}-features", alt=f"Features of the learners: {told}")


def _weights(config: Config, now: Records) -> None:
    found = reading.kernels(config, now)
    moved = reading.changed(config, now)
    told = ", ".join(f"{name} {per_cent(share, 1)}" for name, share in moved)
    st.caption(
        "Kernels of the first layer: blue adds, orange subtracts. Fine-tuning has moved the "
        f"weights by (share of their length): {told}."
    )
    names = ("Source, before (= frozen)", "Fine-tuned, after", "From scratch", "After − before")
    columns = st.columns(2)
    for place, (name, kernels) in enumerate(zip(names, found, strict=True)):
        with columns[place % 2]:
            st.markdown(f"**{name}**")
            figure = images.mosaic(kernels, n_columns=8, tile=56, signed=True)
            st.plotly_chart(figure, key=f"{PAGE}-kernels-{place}", alt=f"Kernels: {name}")


def _mistakes(config: Config, now: Records) -> None:
    learner = LEARNERS.index(
        st.segmented_control(
            "Learner",
            LEARNERS,
            default=LEARNERS[TUNED],
            required=True,
            key=f"{PAGE}-mistakes-of",
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        figure = matrices.confusion(reading.counts(config, now, learner), config.digits)
        st.plotly_chart(figure, key=f"{PAGE}-confusion", alt="Digits and what they were taken for")
    x, y = pictures(first_digits(config.source)[1], "test")
    wrong = np.flatnonzero(now["answers"][learner] != y.numpy())
    with right:
        st.caption(f"{len(wrong)} of {len(y)} wrong; the first ones, and what each was taken for.")
        if len(wrong):
            rows = wrong[:24]
            titles = [f"{config.digits[now['answers'][learner, row]]}?" for row in rows]
            figure = images.mosaic(x[rows].numpy() / 255, titles, n_columns=8, tile=60)
            st.plotly_chart(
                figure, key=f"{PAGE}-wrong", alt=f"{len(rows)} images classified wrongly"
            )


def source(config: Config) -> None:
    """How the source network was trained, and training it here."""
    run = source_run(config.source)
    records = run.until(run.n_records - 1)
    accuracy = float(records["test_accuracy"][config.source_record])
    st.caption(reading.source_told(config, accuracy))
    steps = UPDATES_PER_RECORD * np.arange(N_RECORDS)
    figure = curves.lines(
        steps,
        {"source network, its own test": 100 * records["test_accuracy"]},
        x_title="step of its training",
        y_title="accuracy, %",
        cursor=float(steps[config.source_record]),
    )
    st.plotly_chart(figure, key=f"{PAGE}-source", alt=f"Accuracy {per_cent(accuracy)}")
    progress.train_here(
        f"{PAGE}-source",
        run,
        lambda: fresh_run(config.source),
        lambda r: f"{_reached(r)} of its own test is right.",
        "here by up to 1 point of test accuracy on the way and 0.3 at the end",
    )


def _reached(run: Run) -> str:
    return per_cent(float(run.at(run.n_records - 1)["test_accuracy"]), 1)


@st.fragment
def your_turn(config: Config, now: Records) -> None:
    """A pad, and what the three learners say of the digit drawn on it."""
    st.header(f"Your turn: draw a {', '.join(config.digits[:-1])} or {config.digits[-1]}")
    left, right = st.columns([1, 3], gap="large")
    with left:
        drawn = digit_pad(f"{PAGE}-pad", size=232)
    with right:
        try:
            ink = centre_digit(read_ink(drawn).pixels)
        except ValueError as error:
            st.info(str(error), icon=":material/draw:")
            return
        _answers(config, now, np.rint(255 * np.clip(ink, 0, 1)).astype(np.uint8), "drawn")
        st.caption("They know five digits only: any other drawing is taken for one of these.")
