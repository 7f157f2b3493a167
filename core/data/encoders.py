"""Columns made inputs of a network: numbers standardised, words one-hot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.links import clean_text
from core.data.names import MAX_NAME
from core.data.refusal import Refused

Floats = NDArray[np.float32]

MAX_WORDS = 8  # of a column that get an input of their own; the rarer ones share one
MAX_INPUTS = 200
FARTHEST = 1e6  # standard deviations
OTHERS = "other"
# A column of words is left out if more than this part of its cells hold a word of their own.
MANY_WORDS = 0.5


@dataclass(frozen=True)
class Encoding:
    """How wide columns may become, and which numbers are taken on a logarithmic scale."""

    max_words: int = MAX_WORDS
    max_inputs: int = MAX_INPUTS
    skewed: float = float("inf")  # counts and areas more skewed than this: log(1 + value)
    farthest: float = FARTHEST  # numbers beyond are taken for it; in standard deviations


DEFAULT = Encoding()


@dataclass(frozen=True)
class Encoder:
    """How one column becomes inputs, as learned from the training rows alone."""

    column: str
    words: tuple[str, ...] = ()  # empty for numbers
    has_others: bool = False
    fill: float = 0.0  # for a missing number: the training median
    mean: float = 0.0
    deviation: float = 1.0
    is_logarithmic: bool = False  # mean and deviation are then those of log(1 + value)
    farthest: float = FARTHEST

    @property
    def names(self) -> tuple[str, ...]:
        """What the inputs are called: the column, or column = word."""
        words = (*(clean_text(word, MAX_NAME) for word in self.words), *[OTHERS] * self.has_others)
        return tuple(f"{self.column} = {word}" for word in words) or (self.column,)

    def encode(self, values: pd.Series) -> Floats:  # (N,) -> (N, inputs)
        """Numbers in deviations from the mean; a 1 for the word; a missing word is all 0."""
        if not self.words:
            numbers = _as_numbers(values).fillna(self.fill).to_numpy()
            if self.is_logarithmic:
                numbers = np.log1p(numbers.clip(min=0))
            # What a learner types in may be any number; the network's must stay finite.
            deviations = (numbers - self.mean) / self.deviation
            return deviations.clip(-self.farthest, self.farthest).astype(np.float32)[:, None]
        cells = values.astype(object).where(values.notna(), "").astype(str).to_numpy()
        found = [cells == word for word in self.words]
        if self.has_others:
            found.append((cells != "") & ~np.any(found, axis=0))
        return np.stack(found, axis=1).astype(np.float32)


def encoders(
    frame: pd.DataFrame, chosen: Sequence[str], encoding: Encoding
) -> tuple[tuple[Encoder, ...], list[str]]:
    """An encoder for every column that can teach something, and notes on all that was done."""
    kept: list[Encoder] = []
    said: dict[str, list[str]] = {why: [] for why in _NOTES}
    widest = encoding.max_words
    for name in chosen:
        values = frame[name]
        is_words = values.dtype.kind != "f" and not _mostly_numbers(values)
        if not is_words and values.dtype.kind != "f":
            said["mixed"].append(name)
            values = _as_numbers(values)
        if values.nunique() < 2:
            said["constant"].append(name)
        elif is_words and values.nunique() > max(encoding.max_words, MANY_WORDS * values.count()):
            said["many"].append(name)
        elif len([n for e in kept for n in e.names]) + widest * is_words >= encoding.max_inputs:
            said["wide"].append(name)
        else:
            made = _words if is_words else _numbers
            kept.append(made(name, values, encoding))
            said["filled"] += [name] * bool(values.isna().any())
            said["rare"] += [name] * kept[-1].has_others
    if not kept:
        raise Refused(
            "no_signal", "Nothing can be learned from these columns: none of them varies usefully."
        )
    return tuple(kept), [_NOTES[why].format(listed(names)) for why, names in said.items() if names]


_NOTES = {
    "mixed": "Cells that are no numbers count as missing among the numbers of: {}.",
    "constant": "Left out, because all training rows have the same value: {}.",
    "many": "Left out, because nearly every row has a text of its own: {}.",
    "wide": f"Left out, because a network here takes at most {MAX_INPUTS} inputs: {{}}.",
    "filled": "Missing numbers became the median of the training rows, missing words none: {}.",
    "rare": f"Only the {MAX_WORDS} commonest words have an input, the others share one: {{}}.",
}


def listed(names: Sequence[str]) -> str:
    """The first five names, and how many more there are."""
    return f"{', '.join(names[:5])}{f' and {len(names) - 5} more' * (len(names) > 5)}"


def _as_numbers(values: pd.Series) -> pd.Series:
    """Numbers, NaN for every cell that is none."""
    return pd.to_numeric(values, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)


def _mostly_numbers(values: pd.Series) -> bool:
    """Whether a column of text holds many numbers, and some words among them."""
    n_different = values.nunique()
    return n_different > MAX_WORDS and bool(_as_numbers(values).count() > 0.5 * values.count())


def _numbers(name: str, values: pd.Series, encoding: Encoding) -> Encoder:
    median = float(values.median())
    filled = values.fillna(median)
    is_skewed = bool(filled.min() >= 0 and filled.skew() > encoding.skewed)  # type: ignore[operator]
    scale = (np.log1p(filled) if is_skewed else filled).to_numpy()
    return Encoder(
        name,
        fill=median,
        mean=float(scale.mean()),
        deviation=spread(scale),
        is_logarithmic=is_skewed,
        farthest=encoding.farthest,
    )


def _words(name: str, values: pd.Series, encoding: Encoding) -> Encoder:
    counts = values.value_counts()
    # Equal counts in alphabetical order, so that one table always gives the same inputs.
    common = sorted(counts.index, key=lambda word: (-int(counts[word]), str(word)))
    kept = sorted(map(str, common[: encoding.max_words]))
    return Encoder(name, tuple(kept), has_others=len(counts) > encoding.max_words)


def spread(values: NDArray[Any]) -> float:
    """The standard deviation, or 1 where rounding has left none."""
    return float(values.std()) or 1.0
