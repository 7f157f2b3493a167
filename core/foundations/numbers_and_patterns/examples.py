"""Photos, sentences, sounds and table rows as numbers, and the known examples of each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data import digits
from core.foundations.numbers_and_patterns import penguins, sentences, sounds
from core.store import remembered

Floats = NDArray[np.float32]
SIDE = 14  # pixels that a photo is reduced to for the encoder
N_BANDS, N_FRAMES = 32, 40  # of the mel spectrogram; the encoder gets means of 2 × 2 of it
N_SAMPLES = 5600  # 0.7 s: one spoken word
N_PHOTOS = 1000
N_SENTENCES = 1200
# Decibels beneath the loudest that still count: quieter is room noise.
_DEPTH = 50


@dataclass(frozen=True)
class Known:
    """Examples with their classes, as the encoder takes them; some are kept for the test."""

    x: Floats  # (N, D), training examples
    y: NDArray[np.int64]  # (N,) index into classes
    x_test: Floats
    y_test: NDArray[np.int64]
    classes: tuple[str, ...]
    names: tuple[str, ...]  # (N,) of the training examples, for people
    rows: NDArray[np.int64]  # (N,) where the training examples stand in their data set
    shape: tuple[int, int]  # how D numbers are laid out as a picture


def photo_numbers(ink: NDArray[np.floating]) -> Floats:
    """Grey pictures (..., 28, 28) from 0 to 1 as (..., 196) numbers from -1 to 1."""
    means = ink.reshape(*ink.shape[:-2], SIDE, 2, SIDE, 2).mean(axis=(-3, -1))
    flat = (2 * means - 1).reshape(*ink.shape[:-2], SIDE * SIDE)
    return np.asarray(flat, dtype=np.float32)


def spectrogram(samples: Floats) -> Floats:
    """The mel spectrogram (32, 40) of the word in a recording, in decibels."""
    return sounds.mel_spectrogram(sounds.word(samples, N_SAMPLES), N_BANDS, N_FRAMES)


def sound_numbers(mel: Floats) -> Floats:
    """A mel spectrogram (32, 40) as 320 numbers, with the mean loudness and its spread out."""
    means = mel.reshape(N_BANDS // 2, 2, N_FRAMES // 2, 2).mean(axis=(1, 3))
    means = np.maximum(means, means.max() - _DEPTH)
    # Low sounds stand at the bottom, as in every picture of a sound.
    even = (means - means.mean()) / (means.std() + 1e-6)
    return np.asarray(even[::-1].reshape(-1), dtype=np.float32)


def sentence_numbers(vector: Floats) -> Floats:
    """The mean word vector (64,) in units in which its numbers are about 1."""
    return np.asarray(5 * vector, dtype=np.float32)


def row_numbers(row: NDArray[np.floating]) -> Floats:
    """A penguin's measures (..., 4), each less its mean over its standard deviation."""
    table = penguins.penguins()[list(penguins.FEATURES)].to_numpy()
    return np.asarray((row - table.mean(axis=0)) / table.std(axis=0), dtype=np.float32)


def _photos() -> Known:
    d = digits.fashion_mnist()
    rows = np.arange(N_PHOTOS)
    names = tuple(f"{d.classes[label]} {row}" for row, label in enumerate(d.y_train[:N_PHOTOS]))
    return Known(
        photo_numbers(d.x_train[:N_PHOTOS] / 255),
        d.y_train[:N_PHOTOS].astype(np.int64),
        photo_numbers(d.x_test[:500] / 255),
        d.y_test[:500].astype(np.int64),
        d.classes,
        names,
        rows,
        (SIDE, SIDE),
    )


def _sounds() -> Known:
    d = sounds.spoken_digits()
    x = np.stack([sound_numbers(spectrogram(sounds.decoded(clip))) for clip in d.clips])
    rows = np.flatnonzero(~d.is_test)
    names = tuple(f"{d.words[d.labels[row]]}, voice {d.speakers[row]}" for row in rows)
    y = d.labels.astype(np.int64)
    shape = (N_BANDS // 2, N_FRAMES // 2)
    return Known(x[rows], y[rows], x[d.is_test], y[d.is_test], d.words, names, rows, shape)


def _sentences() -> Known:
    table = sentences.reviews()
    classes = tuple(f"{how} {what}" for what in TOPICS for how in ("bad", "good"))
    order = np.random.default_rng(0).permutation(len(table))
    kept, vectors = [], []
    for row in order.tolist():
        try:
            vectors.append(sentence_numbers(sentences.read_sentence(table["text"][row]).vector))
        except ValueError:
            continue  # a few consist of words without a vector
        kept.append(row)
    rows, x = np.array(kept), np.stack(vectors)
    topics = table["topic"].map({topic: place for place, topic in enumerate(TOPICS)})
    y = np.asarray(2 * topics + table["positive"], dtype=np.int64)[rows]
    is_test = table["is_test"].to_numpy()[rows]
    train = np.flatnonzero(~is_test)[:N_SENTENCES]
    names = tuple(str(table["text"][row]) for row in rows[train])
    return Known(x[train], y[train], x[is_test], y[is_test], classes, names, rows[train], (8, 8))


TOPICS = tuple(sentences.TOPICS.values())


def _penguins() -> Known:
    table = penguins.penguins()
    x = row_numbers(table[list(penguins.FEATURES)].to_numpy())
    y = table["species"].map({name: place for place, name in enumerate(penguins.SPECIES)})
    labels = np.asarray(y, dtype=np.int64)
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:240], order[240:]
    names = tuple(f"{table['species'][row]}, {table['island'][row]}" for row in train.tolist())
    return Known(
        x[train], labels[train], x[test], labels[test], penguins.SPECIES, names, train, (4, 1)
    )


_LOADERS: dict[str, Callable[[], Known]] = {
    "photo": _photos,
    "sentence": _sentences,
    "sound": _sounds,
    "row": _penguins,
}
KINDS = tuple(_LOADERS)


@remembered
def known(kind: str) -> Known:
    """The known examples of a kind; the arrays are read-only."""
    found = _LOADERS[kind]()
    for array in (found.x, found.y, found.x_test, found.y_test, found.rows):
        array.setflags(write=False)
    return found
