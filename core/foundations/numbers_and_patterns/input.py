"""The learner's own photo, sentence, sound or table row, with every step to numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageDraw

from core.data.centring import photo_to_garment
from core.data.images import read_image
from core.data.refusal import Refused
from core.foundations.numbers_and_patterns import penguins, sentences, sounds
from core.foundations.numbers_and_patterns.examples import (
    N_SAMPLES,
    Floats,
    photo_numbers,
    row_numbers,
    sentence_numbers,
    sound_numbers,
    spectrogram,
)
from core.foundations.numbers_and_patterns.sentences import Read
from core.foundations.numbers_and_patterns.texts import read_text
from core.store import remembered

Pixels = NDArray[np.uint8]  # (H, W, 3)
MAX_LETTERS = 300
_SECONDS = N_SAMPLES / sounds.RATE
PLANE_SIDE = 96  # pixels on the longer side of the colour planes that are shown


@dataclass(frozen=True)
class Photo:
    """A photo as colour planes, as grey pixels, and as the encoder takes it."""

    pixels: Pixels
    grey: Floats  # (28, 28), 0 the ground
    x: Floats
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence as tokens and ids, and as the encoder takes it."""

    text: str
    read: Read
    x: Floats
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recording:
    """A sound as samples, as a mel spectrogram, and as the encoder takes it."""

    samples: Floats  # all of them, at sounds.RATE
    mel: Floats  # (32, 40), decibels, of the loudest 0.7 s
    x: Floats
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A penguin's measures, and the same standardised."""

    measures: tuple[float, ...]
    x: Floats
    notes: tuple[str, ...] = ()


Thing = Photo | Sentence | Recording | Row


def photographed(content: bytes, name: str) -> Photo:
    """A photo from an upload or a camera; what stands out from its border is looked at."""
    image = read_image(content, name)
    return _photo(image.pixels, image.notes)


def _photo(pixels: Pixels, notes: tuple[str, ...] = ()) -> Photo:
    grey = photo_to_garment(pixels)
    return Photo(pixels, grey, photo_numbers(grey), notes)


# Corners in per cent of width and height, and the colour of each.
_DRAWINGS: dict[str, tuple[tuple[int, int, int], tuple[tuple[int, int], ...]]] = {
    "a red T-shirt": (
        (196, 38, 44),
        ((33, 20), (44, 25), (56, 25), (67, 20), (90, 36), (81, 50), (70, 43), (70, 86),
         (30, 86), (30, 43), (19, 50), (10, 36)),
    ),
    "blue trousers": (
        (40, 70, 150),
        ((35, 8), (65, 8), (69, 94), (54, 94), (50, 32), (46, 94), (31, 94)),
    ),
    "a brown bag": (
        (120, 74, 36),
        ((8, 40), (30, 40), (36, 22), (64, 22), (70, 40), (92, 40), (92, 86), (8, 86)),
    ),
}  # fmt: skip
DRAWINGS = tuple(_DRAWINGS)


def drawn(name: str) -> Photo:
    """A coloured picture made by this program, to begin with."""
    colour, corners = _DRAWINGS[name]
    size = 160
    picture = PillowImage.new("RGB", (size, size), (236, 232, 220))
    points = [(x * size / 100, y * size / 100) for x, y in corners]
    ImageDraw.Draw(picture).polygon(points, fill=colour)
    # Light from the left, as in a photo: no two columns are quite the same.
    light = np.linspace(1.06, 0.86, size)[None, :, None]
    return _photo(np.clip(np.asarray(picture) * light, 0, 255).astype(np.uint8))


def planes(photo: Photo) -> Pixels:
    """The photo with at most 96 pixels on a side, for its planes (H, W, 3)."""
    picture = PillowImage.fromarray(np.ascontiguousarray(photo.pixels))
    picture.thumbnail((PLANE_SIDE, PLANE_SIDE), PillowImage.Resampling.BOX)
    return np.asarray(picture)


def written(text: str) -> Sentence:
    """A typed sentence; its first 300 letters."""
    read = sentences.read_sentence(text[:MAX_LETTERS])
    notes = [] if len(text) <= MAX_LETTERS else [f"Only the first {MAX_LETTERS} letters are used."]
    n_unknown = sum(
        i < 0 and token[0].isalnum() for token, i in zip(read.tokens, read.ids, strict=True)
    )
    if n_unknown:
        words = "1 word has" if n_unknown == 1 else f"{n_unknown} words have"
        notes.append(f"{words} no vector and cannot count.")
    return Sentence(text[:MAX_LETTERS], read, sentence_numbers(read.vector), tuple(notes))


def read_file(content: bytes) -> Sentence:
    """The beginning of an uploaded text."""
    text = read_text(content)
    found = written(" ".join(text.text.split()))
    return Sentence(found.text, found.read, found.x, (*text.notes, *found.notes))


@remembered
def heard(content: bytes) -> Recording:
    """A recording or an upload; silence is refused, for no word is in it."""
    sound = sounds.read_wav(content)
    if np.abs(sound.samples).max() < 1e-4:
        raise Refused(
            "silent",
            "The recording is silent or stands still; say a digit close to the microphone.",
        )
    notes = sound.notes
    if sound.seconds > _SECONDS:
        notes = (*notes, f"The loudest {_SECONDS} s of {sound.seconds:.1f} s are listened to.")
    return _recording(sound.samples, notes)


def spoken(digit: int) -> Recording:
    """A digit said by a person; the encoder has heard nobody but a speech program."""
    found = sounds.human_digits()
    return _recording(sounds.decoded(found.clips[list(found.labels).index(digit)]), ())


def _recording(samples: Floats, notes: tuple[str, ...]) -> Recording:
    mel = spectrogram(samples)
    return Recording(samples, mel, sound_numbers(mel), notes)


def measured(row: Sequence[float | None]) -> Row:
    """A row of the table; an empty or impossible cell is refused by its name."""
    cells = [float("nan") if value is None else float(value) for value in row]
    for label, value, (low, high) in zip(penguins.LABELS, cells, penguins.LIMITS, strict=True):
        if not low <= value <= high:
            name = label[0].upper() + label.split(",")[0][1:]
            got = "it is empty" if np.isnan(value) else f"got {value:g}"
            raise Refused("out_of_range", f"{name} must be between {low:g} and {high:g}; {got}.")
    return Row(tuple(cells), row_numbers(np.array(cells)))


def first_row() -> tuple[float, ...]:
    """The penguin to begin with: between the species, not in the table."""
    return (44.5, 17.0, 201.0, 4100.0)
