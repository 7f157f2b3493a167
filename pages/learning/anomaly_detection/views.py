"""What is looked at inside the autoencoder, and the learner's own heartbeat or row."""

from typing import Any

import numpy as np
import streamlit as st

from core.figures import curves, inputs, networks, profiles
from core.learning.anomaly_detection import findings, heartbeats, reading
from core.learning.anomaly_detection.model import Config, examples, names
from core.learning.anomaly_detection.picture import SPANS
from core.learning.anomaly_detection.shuttle import SENSORS
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from pages.elements import edits
from pages.elements.sketchpad import curve_pad, drawn_curve
from pages.learning.anomaly_detection.controls import controls

VIEWS = ("Weights", "Latent numbers", "Predictions", "Every threshold")
LOW, HIGH = -1.5, 2.0  # of the pad, in R heights


def without_labels(config: Config, records: Records) -> None:
    """A threshold from the training errors alone, on a button."""
    if len(records["loss"]) < 2:
        return
    name = "threshold" if config.data == "heartbeats" else "limit"
    value = findings.label_free(config, records)
    share = per_cent(findings.USUAL[config.data])
    st.button(
        f"Threshold without labels: {value:g}",
        key="anomaly-label-free",
        icon=":material/visibility_off:",
        help=f"{share} of the training errors lie below it; nobody looked at a label.",
        on_click=edits.write,
        args=("anomaly_detection",),
        kwargs={name: value},
    )


def inside(view: str, config: Config, run: Run, record: int, threshold: float) -> None:
    """One view of the autoencoder as it stood at a record."""
    if view == "Weights":
        _weights(config, run, record)
    elif view == "Latent numbers":
        _latent(config, run, record)
    elif view == "Predictions":
        st.caption("Everything watched, the worst restored first.")
        errors = run.at(record)["errors"]
        st.dataframe(reading.table(config, errors, threshold), height=320)
    else:
        _thresholds(config, run, record, threshold)


def _weights(config: Config, run: Run, record: int) -> None:
    if config.data == "shuttle":
        layer = reading.first_layer(run, record, 12)
        units = [f"unit {place + 1}" for place in range(len(layer.bias))]
        figure = inputs.weights(layer.weight, names(config), units)
        st.caption("What units of the first layer weigh: the 12 that training moved most.")
    else:
        layer = reading.first_layer(run, record, 24)
        titles = [f"unit {place + 1}" for place in range(len(layer.bias))]
        figure = _along_the_beat(config, layer.change, titles)
        st.caption(
            "What training has done to the weights of the first layer, along the beat: a unit now "
            "answers more to beats that look like its curve. The units moved most come first."
        )
    st.plotly_chart(figure, key="anomaly-weights", alt="Weights of the first layer")


def _along_the_beat(config: Config, values: heartbeats.Floats, titles: list[str]) -> Any:
    unit = "intervals" if config.window == "interval" else "s"
    places = heartbeats.excerpt_beats(config.window).places
    return profiles.grid(values, places, titles, x_title=unit)


def _latent(config: Config, run: Run, record: int) -> None:
    z = reading.latent(config, run, record)
    labels = examples(config).is_anomaly
    titles = [f"z{number + 1}" for number in range(z.shape[1])]
    if config.data == "heartbeats":
        st.caption("What the decoder adds to the beat where one latent number is above its mean.")
        meant = reading.meanings(config, run, record, 16)
        figure = _along_the_beat(config, meant, titles[:16])
        st.plotly_chart(figure, key="anomaly-meanings", alt="What each latent number draws")
    st.caption("How often each latent number is what, for everything watched.")
    figure = networks.activations([z], [titles])
    st.plotly_chart(figure, key="anomaly-latent", alt="How often each latent number is what")
    spread = z[~labels].std(axis=0) + 1e-9
    apart = np.abs(z[labels].mean(axis=0) - z[~labels].mean(axis=0)) / spread
    most = int(apart.argmax())
    st.write(
        f"The anomalous lie farthest from the normal in **z{most + 1}**: "
        f"{apart[most]:.1f} standard deviations of the normal ones."
    )


def _thresholds(config: Config, run: Run, record: int, threshold: float) -> None:
    found = reading.sweep(config, run.at(record)["errors"])
    figure = curves.lines(
        np.array(reading.THRESHOLDS[config.data]),
        found,
        x_title=f"threshold, {reading.UNITS[config.data]}",
        y_title="share",
        logarithmic_x=True,
        cursor=threshold,
    )
    alt = "Precision, recall and the share of alarms at every threshold"
    st.plotly_chart(figure, key="anomaly-thresholds", alt=alt)


@st.fragment
def own(config: Config, run: Run, record: int, threshold: float) -> None:
    """The learner's own beat or row, answered by the model of this record."""
    if config.data == "shuttle":
        st.header("Your turn: change one reading")
        _own_row(config, run, record, threshold)
    else:
        st.header("Your turn: change a heartbeat, or draw one")
        _own_beat(config, run, record, threshold)
    step = record * config.updates_per_record
    st.caption(f"Answered by the network of step {step:,}, where the player stood last.")


def _own_beat(config: Config, run: Run, record: int, threshold: float) -> None:
    left, right = st.columns([2, 5], gap="large")
    with left:
        shape = _changed(config)
    start = [round(float(value), 3) for value in shape]
    drawn = drawn_curve("anomaly-pad", start)
    try:
        shape = heartbeats.read_curve(drawn) if drawn else shape
    except ValueError as error:
        st.info(str(error))
    found = reading.answered(run, record, shape)
    errors = run.at(record)["errors"]
    with right:
        curve_pad(
            "anomaly-pad",
            start=start,
            label="Your heartbeat",
            places=heartbeats.excerpt_beats(config.window).places.tolist(),
            axis="intervals from R" if config.window == "interval" else "s from R",
            low=LOW,
            high=HIGH,
            restored=found.restored.clip(-9, 9).round(3).tolist(),
            error=round(found.error, 4),
            errors=errors.round(4).tolist(),
            threshold=threshold,
            span=SPANS["heartbeats"],
        )
        st.markdown(_said(found, len(errors), threshold))


def _said(found: reading.Answer, n_beats: int, threshold: float) -> str:
    alarm = "**Alarm**" if found.error > threshold else "**No alarm**"
    sign = ">" if found.error > threshold else "≤"
    return (
        f"{alarm}: error {found.error:.3f} {sign} {threshold:g} R-peak heights. It is larger than "
        f"that of {per_cent(found.share_below)} of the training beats and of "
        f"{n_beats - found.n_above} of the excerpt's {n_beats}. Made up by you: it says "
        "nothing about a heart."
    )


def _changed(config: Config) -> heartbeats.Floats:
    """A real beat of the excerpt, changed by the sliders; simulated from there on."""
    n_beats = len(heartbeats.excerpt_beats(config.window).peaks)
    beat = controls.slider("Real beat to begin with", "beat", 1, 24, 1)
    early = controls.slider(
        "Comes too early, % of the interval", "early", 0, 50, 5, "The pause before it is cut."
    )
    width = controls.slider("Width", "width", 0.5, 3.0, 0.1, "1 as it is.")
    height = controls.slider("Height", "height", 0.0, 1.5, 0.1, "1 as it is, 0 flat.")
    flip = controls.toggle("Upside down", "flip")
    place = min(int(beat), n_beats) - 1
    return heartbeats.changed(config.window, place, early / 100, width, height, flip)


def _own_row(config: Config, run: Run, record: int, threshold: float) -> None:
    chosen, known = examples(config), run.at(record)
    usual = np.where(chosen.is_anomaly, np.inf, known["errors"])
    row = chosen.x_shown[int(usual.argmin())].copy()
    before = reading.answered(run, record, row)
    with st.container(horizontal=True):
        sensor = controls.choice("Sensor", "sensor", SENSORS)
        reading_ = controls.slider("Reading, standard deviations", "reading", -6.0, 6.0, 0.25)
    row[SENSORS.index(sensor)] = reading_
    after = reading.answered(run, record, row)
    alarm = "**Alarm**" if after.error > threshold else "**No alarm**"
    st.markdown(
        f"{alarm}: the best restored normal row has an error of {before.error:.3f}; with {sensor} "
        f"at {reading_:g} it is **{after.error:.3f}**, larger than that of "
        f"{per_cent(after.share_below, 1)} of the training rows. The threshold is {threshold:g}."
    )
