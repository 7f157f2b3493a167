"""What can be read off an encoder at one record: places, neighbours, units, findings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import downloads
from core.data import digits
from core.foundations.numbers_and_patterns import penguins, sentences, sounds
from core.foundations.numbers_and_patterns.examples import row_numbers
from core.foundations.numbers_and_patterns.model import Config, Floats
from core.foundations.numbers_and_patterns.sentences import Read
from core.recordings import Records
from core.shares import per_cent
from core.store import remembered

N_NEAREST = 5
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Layers:
    """The parameters of an encoder by name."""

    hidden: tuple[Floats, Floats]  # weight (H, D), bias (H,)
    place: tuple[Floats, Floats]
    classes: tuple[Floats, Floats]


def layers(config: Config, parameters: Halves) -> Layers:
    """Weights and biases out of the flat parameters of a record."""
    values, found, start = parameters.astype(np.float32), [], 0
    for n_in, n_out in zip(config.sizes[:-1], config.sizes[1:], strict=True):
        stop = start + n_in * n_out
        found.append((values[start:stop].reshape(n_out, n_in), values[stop : stop + n_out]))
        start = stop + n_out
    return Layers(*found)


@dataclass(frozen=True)
class Answer:
    """What an encoder makes of one thing."""

    units: Floats  # (H,) activations of the hidden units
    place: Floats  # (2,)
    probabilities: Floats  # (C,)
    nearest: NDArray[np.int64]  # rows of the known examples, the nearest first
    distances: Floats


def answer(config: Config, record: Records, x: Floats) -> Answer:
    """Send the numbers of one thing (D,) through the encoder of a record."""
    found = layers(config, record["parameters"])
    units = np.tanh(found.hidden[0] @ x + found.hidden[1])
    place = found.place[0] @ units + found.place[1]
    z = (found.classes[0] @ place + found.classes[1]).astype(np.float64)
    shares = np.exp(z - z.max())
    distances = np.hypot(*(record["xy"] - place).T)
    nearest = np.argsort(distances, kind="stable")[:N_NEAREST]
    return Answer(
        units, place, (shares / shares.sum()).astype(np.float32), nearest, distances[nearest]
    )


def said(config: Config, found: Answer) -> str:
    """The likeliest class and what the nearest known examples are, in words."""
    classes = config.examples.classes
    best = int(found.probabilities.argmax())
    near = [classes[label] for label in config.examples.y[found.nearest]]
    counts = {name: near.count(name) for name in dict.fromkeys(near)}
    listed = ", ".join(f"{count} × {name}" for name, count in counts.items())
    return (
        f"The encoder takes it for **{classes[best]}** ({per_cent(found.probabilities[best])}). "
        f"Its {len(near)} nearest neighbours on the map: {listed}."
    )


def neighbours(config: Config, found: Answer) -> pd.DataFrame:
    """The nearest known examples by name, class and distance on the map."""
    examples = config.examples
    return pd.DataFrame(
        {
            "nearest known example": [examples.names[row] for row in found.nearest.tolist()],
            "class": [examples.classes[label] for label in examples.y[found.nearest]],
            "distance": found.distances,
        }
    )


def nearest_pictures(config: Config, found: Answer) -> NDArray[np.uint8]:
    """The nearest known photos (5, 28, 28)."""
    return digits.fashion_mnist().x_train[config.examples.rows[found.nearest]]


def nearest_clips(config: Config, found: Answer) -> list[Floats]:
    """The nearest known sounds as samples."""
    clips = sounds.spoken_digits().clips[config.examples.rows[found.nearest]]
    return [sounds.decoded(clip) for clip in clips]


def nearest_rows(config: Config, found: Answer) -> pd.DataFrame:
    """The nearest known penguins with their measures."""
    table = penguins.penguins().iloc[config.examples.rows[found.nearest]]
    return table.assign(distance=found.distances).reset_index(drop=True)


def token_table(read: Read) -> pd.DataFrame:
    """Every token with its id and the first numbers of its vector; empty where unknown."""
    table = sentences.word_vectors()
    rows = [(t, i, *table.vectors[i, :4]) if i >= 0 else (t,) for t, i in _pairs(read)]
    names = ["token", "id", "number 1", "number 2", "number 3", "number 4"]
    frame = pd.DataFrame([(*row, *[None] * (6 - len(row))) for row in rows], columns=names)
    return frame.astype({"id": "Int64"})


def _pairs(read: Read) -> list[tuple[str, int]]:
    return list(zip(read.tokens, read.ids, strict=True))


def token_vectors(read: Read) -> tuple[Floats, list[str]]:
    """The vectors (n, 64) of at most 15 known tokens and their mean, with names."""
    shown = read.known[:15]
    vectors = sentences.word_vectors().vectors[[i for _, i in shown]]
    names = [token for token, _ in shown]
    return np.vstack([vectors, read.vector]), [*names, "MEAN OF ALL"]


def standardised_table(measures: Sequence[float]) -> pd.DataFrame:
    """Each measure of one penguin with mean, standard deviation and the number it becomes."""
    table = penguins.penguins()[list(penguins.FEATURES)].to_numpy()
    frame = pd.DataFrame({"measure": penguins.LABELS, "yours": measures})
    frame["mean of all"], frame["standard deviation"] = table.mean(axis=0), table.std(axis=0)
    return frame.assign(standardised=row_numbers(np.array(measures)))


def input_names(config: Config) -> Sequence[str]:
    """What the numbers that go in are called, where they have names."""
    return penguins.LABELS if config.kind == "row" else ()


def templates(config: Config, parameters: Halves) -> Floats:
    """The first layer's weights as pictures (H, rows, columns), laid out as the input is."""
    weight = layers(config, parameters).hidden[0]
    return weight.reshape(len(weight), *config.examples.shape)


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether spoken digits of new voices are told apart by few hidden units."""
    accuracy = float(records["test_accuracy"][-1])
    reached = config.kind == "sound" and config.n_hidden <= 8 and accuracy >= 0.85
    if config.kind != "sound":
        return False, "choose Sound to begin."
    return reached, f"{per_cent(accuracy)} with {config.n_hidden} hidden units."


def curve_table(records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row an epoch."""
    shown = {name: values for name, values in records.items() if values.ndim == 1}
    return pd.DataFrame(shown).rename_axis("epoch").reset_index()


@remembered
def examples_file(config: Config) -> bytes:
    """The examples learned from as .npz: x (N, D), y (N,), classes (C,)."""
    found, n = config.examples, config.n_train
    return downloads.arrays(x=found.x[:n], y=found.y[:n], classes=found.classes)


def map_table(config: Config, record: Records) -> pd.DataFrame:
    """Where every known example stands on the map, with its name and class."""
    found, xy = config.examples, record["xy"]
    names = [found.classes[label] for label in found.y]
    return pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "class": names, "name": found.names})


def weights_file(config: Config, parameters: Halves) -> bytes:
    """The parameters as safetensors, named as in the script's network."""
    found = layers(config, parameters)
    named = downloads.stacked([found.hidden, found.place], "0.")
    return downloads.tensors({**named, "1.weight": found.classes[0], "1.bias": found.classes[1]})
