"""Inside the autoencoder at one record, its sizes compared, and the learner's own digit."""

import numpy as np
import streamlit as st

from core.figures import curves, images, networks, points
from core.learning.dimensionality_reduction import model as topic
from core.learning.dimensionality_reduction import picture, reading
from core.learning.dimensionality_reduction.bottlenecks import SIZES
from core.learning.dimensionality_reduction.model import Config
from core.learning.dimensionality_reduction.recordings import run_of, sweep_of
from core.learning.dimensionality_reduction.variational_autoencoder import Bottleneck
from core.runs import Run
from pages.elements import progress
from pages.elements.sketchpad import digit_pad


def weights(page: str, model: Bottleneck) -> None:
    """Filters of the encoder and of the decoder as pictures."""
    found = reading.filters(model)
    st.caption("Encoder, first layer: blue speaks for a unit, orange against it. Strongest first.")
    figure = images.mosaic(found.encoder, n_columns=8, tile=64, signed=True)
    st.plotly_chart(figure, key=f"{page}-encoder", alt="Filters of the encoder's first layer")
    st.caption("Decoder, last layer: what each unit adds to the image (blue) or takes away.")
    figure = images.mosaic(found.decoder, n_columns=8, tile=64, signed=True)
    st.plotly_chart(figure, key=f"{page}-decoder", alt="Images of the decoder's last layer")


def latent_numbers(page: str, config: Config, model: Bottleneck) -> None:
    """How the latent numbers are distributed, and what each of them tells."""
    st.caption("How often each latent number of the 1,000 held-out images is what.")
    z = reading.codes(config, model).mean
    names = [f"z{number + 1}" for number in range(z.shape[1])]
    figure = networks.activations([z], [names])
    st.plotly_chart(figure, key=f"{page}-codes", alt="Distribution of every latent number")
    st.dataframe(reading.code_table(config, model).round(3), hide_index=True)


def reconstructions(page: str, config: Config, run: Run, model: Bottleneck) -> None:
    """Held-out pictures restored by this model, by the other one and by PCA."""
    which = st.segmented_control(
        "Held-out images",
        ["one of each class", "restored worst"],
        default="one of each class",
        required=True,
        key=f"{page}-which",
    )
    models = {picture.short_model(config): model}
    other = reading.counterpart(config)
    if _trained(page, run_of(other), picture.short_model(other)):
        models[picture.short_model(other)] = reading.finished(other)
    _mosaic(page, reading.restored(config, models, which == "restored worst"))


def _trained(page: str, run: Run, name: str) -> bool:
    """Whether the other model is at hand: recorded, or trained because it was asked for."""
    if run.recording:
        return True
    if not _wanted(page, run, "other", f"Train the {name} with these settings too"):
        return False
    progress.train(run, f"{page}-counterpart")
    return run.ending(run.n_records - 1) == "finished"


def _wanted(page: str, run: Run, name: str, label: str) -> bool:
    """Whether this very run was asked for: by this button, now or before."""
    key = f"{page}-{name}-run"
    st.button(
        label,
        icon=":material/play_arrow:",
        key=f"{page}-{name}",
        on_click=st.session_state.update,
        args=({key: run.id},),
    )
    return bool(st.session_state.get(key) == run.id)


def _mosaic(page: str, found: reading.Restored) -> None:
    # Side by side on a laptop and one above the other on a phone, where ten have no room.
    half = len(found.originals) // 2
    for part, column in zip((slice(half), slice(half, None)), st.columns(2), strict=True):
        rows, titles = [found.originals[part]], list(found.names[part])
        for name, pictures in found.pictures.items():
            rows.append(pictures[part])
            titles += [f"{name} {error:.3f}" for error in found.errors[name][part]]
        figure = images.mosaic(np.concatenate(rows), titles, n_columns=half, tile=76)
        alt = f"Held-out images, original and restored: {', '.join(found.names[part])}"
        column.plotly_chart(figure, key=f"{page}-restored-{part.start or 0}", alt=alt)
    said = ", ".join(f"{name} {errors.mean():.4f}" for name, errors in found.errors.items())
    st.caption(f"Numbers are mean squared errors per pixel; over these images: {said}.")


def sizes(page: str, config: Config) -> None:
    """Error on held-out pictures against the size of the bottleneck, beside PCA's."""
    st.header("How many numbers does an image need?")
    sweep = sweep_of(config)
    if not sweep.recording:
        st.caption(
            "Twelve autoencoders with these settings, plain and variational, trained as one "
            "computation: with the default settings it is recorded, here it takes a minute or so."
        )
        if not _wanted(page, sweep, "sweep", "Train all sizes"):
            return
        progress.train(sweep, f"{page}-sizes")
    series = reading.sizes_compared(config, sweep.at(sweep.n_records - 1))
    said = reading.sizes_said(series)
    figure = curves.lines(
        np.array(SIZES),
        series,
        x_title="latent numbers",
        y_title="mean squared error per pixel, held-out",
        logarithmic_x=True,
        x_ticks=list(SIZES),
        markers=True,
    )
    st.plotly_chart(figure, key=f"{page}-sweep-figure", alt=said)
    st.write(said)


@st.fragment
def own(page: str, config: Config, run: Run, record: int) -> None:
    """A pad, and where what is drawn on it lands; nothing is trained."""
    thing = "digit" if config.data == "digits" else "piece of clothing"
    st.header(f"Your turn: draw a {thing}")
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawn = digit_pad(f"{page}-pad", label=f"Draw a {thing}")
    with right:
        try:
            ink = reading.seen(config, drawn)
        except ValueError as error:
            st.info(str(error), icon=":material/draw:")
            return
        placed = reading.placed(config, run, record, ink)
        _answer(placed)
        _map(page, config, run, record, placed)


def _answer(placed: reading.Placed) -> None:
    restored, by_pca = placed.errors["restored"], placed.errors["by PCA"]
    near = ", ".join(placed.names)
    st.markdown(f"Nearest: **{near}**. Error **{restored:.3f}** (PCA {by_pca:.3f}).")
    with st.container(horizontal=True):
        for name, grey in placed.pictures.items():
            st.image(_enlarged(grey), caption=name, width=96, alt=name)
        for name, grey in zip(placed.names, placed.nearest, strict=True):
            st.image(_enlarged(grey), caption=name, width=56, alt=name)


def _enlarged(grey: reading.Grey) -> reading.Grey:
    return grey.repeat(4, axis=0).repeat(4, axis=1)


def _map(page: str, config: Config, run: Run, record: int, placed: reading.Placed) -> None:
    known, titles = run.at(record), picture.axis_titles(config)
    chosen = topic.examples(config.data, config.n_examples)
    figure = points.cloud(
        known["xy"],
        chosen.labels,
        chosen.classes,
        x_title=titles["x"],
        y_title=titles["y"],
        own=placed.xy,
        own_name="yours",
    )
    alt = f"Map of the held-out images; yours at {placed.xy[0]:.2f}, {placed.xy[1]:.2f}"
    st.plotly_chart(figure, key=f"{page}-own-map", alt=alt)
