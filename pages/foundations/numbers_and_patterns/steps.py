"""From the learner's thing to numbers, step by step, and to its nearest neighbours."""

from typing import Any

import streamlit as st

from core.figures import images, planes, signals
from core.foundations.numbers_and_patterns import input as own
from core.foundations.numbers_and_patterns import reading, sounds
from core.foundations.numbers_and_patterns.input import Photo, Recording, Row, Sentence, Thing
from core.foundations.numbers_and_patterns.model import Config
from pages.elements.controls import bound

PAGE = "numbers_and_patterns"


def to_numbers(thing: Thing) -> None:
    """Show every step that leads from the thing to the numbers that the encoder takes."""
    if isinstance(thing, Photo):
        _photo(thing)
    elif isinstance(thing, Sentence):
        _sentence(thing)
    elif isinstance(thing, Recording):
        _recording(thing)
    else:
        _row(thing)


def _photo(photo: Photo) -> None:
    st.caption("Every pixel is three numbers from 0 to 255: how much red, green and blue.")
    pixels, row, column = _part(photo)
    for place, (name, shown) in enumerate(zip(planes.COLOURS, st.columns(3), strict=True)):
        shown.markdown(f"**{name}**")
        figure = planes.plane(pixels[:, :, place], name, row, column)
        shown.plotly_chart(figure, key=f"{PAGE}-{name}", alt=f"The {name} plane of the photo")
    with st.container(horizontal=True):
        st.image(photo.pixels, caption="The photo", width=150, alt="The photo")
        st.image(
            1 - photo.grey,
            caption="Cut out, grey, 28 × 28",
            width=150,
            clamp=True,
            alt="The photo, cut out, grey, 28 × 28 pixels",
        )


def _part(photo: Photo) -> tuple[Any, int, int]:
    """The part of a photo whose planes are shown, with its first row and column."""
    pixels = own.planes(photo)
    height, width = pixels.shape[:2]
    columns = st.columns(3)
    chosen = columns[0].segmented_control(
        "Zoom",
        ["whole", "24 pixels", "8 pixels"],
        default="whole",
        required=True,
        **bound(f"{PAGE}_zoom"),
        help="At 8 pixels every value can be read.",
    )
    last = own.PLANE_SIDE - 8
    row = columns[1].slider("First row", 0, last, 40, **bound(f"{PAGE}_row"))
    column = columns[2].slider("First column", 0, last, 24, **bound(f"{PAGE}_column"))
    if chosen == "whole":
        return pixels, 0, 0
    side = min(24 if chosen == "24 pixels" else 8, height, width)
    row, column = min(row, height - side), min(column, width - side)
    return pixels[row : row + side, column : column + side], row, column


def _sentence(sentence: Sentence) -> None:
    st.caption("A sentence is cut into tokens; each has an id, and each id a vector of 64 numbers.")
    st.dataframe(reading.token_table(sentence.read), hide_index=True)
    vectors, words = reading.token_vectors(sentence.read)
    figure = signals.vectors(vectors, words)
    st.plotly_chart(figure, key=f"{PAGE}-vectors", alt="The vector of every token, and the mean")


def _recording(recording: Recording) -> None:
    st.audio(recording.samples, sample_rate=sounds.RATE)
    st.caption("8,000 numbers a second: the pressure of the air.")
    figure = signals.waveform(recording.samples, sounds.RATE)
    st.plotly_chart(figure, key=f"{PAGE}-wave", alt="The waveform of the recording")
    st.caption("The loudest 0.7 s as a mel spectrogram: how loud each pitch is, moment by moment.")
    figure = signals.mel(recording.mel, sounds.mel_centres(len(recording.mel)), 0.7)
    st.plotly_chart(figure, key=f"{PAGE}-mel", alt="The mel spectrogram of its loudest 0.7 s")


def _row(row: Row) -> None:
    st.caption("Each measure, less its mean, over its standard deviation: all on one scale.")
    st.dataframe(reading.standardised_table(row.measures), hide_index=True)


def nearest(config: Config, found: reading.Answer) -> None:
    """Show the nearest known examples as what they are: pictures, sounds, texts or rows."""
    names = [config.examples.names[place] for place in found.nearest.tolist()]
    if config.kind == "photo":
        classes = [config.examples.classes[label] for label in config.examples.y[found.nearest]]
        figure = images.mosaic(reading.nearest_pictures(config, found), classes)
        st.plotly_chart(figure, key=f"{PAGE}-near", alt=", ".join(classes))
    elif config.kind == "sentence":
        st.dataframe(reading.neighbours(config, found), hide_index=True)
    elif config.kind == "row":
        st.dataframe(reading.nearest_rows(config, found), hide_index=True)
    else:
        for name, clip in zip(names, reading.nearest_clips(config, found), strict=True):
            st.caption(name)
            st.audio(clip, sample_rate=sounds.RATE)
