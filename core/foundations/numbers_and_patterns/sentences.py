"""Review sentences, and words as vectors: what a sentence is made of, as numbers."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.refusal import Refused
from core.data.sources import FILES
from core.store import remembered

TOPICS = {"amazon": "product", "imdb": "film", "yelp": "restaurant"}
MAX_TOKENS = 60
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


@remembered
def reviews() -> pd.DataFrame:
    """2,982 sentences (Kotzias et al., 2015): text, topic, positive, is_test."""
    table = pd.read_csv(FILES / "sentiment.csv.gz")
    return pd.DataFrame(
        {
            "text": table["text"],
            "topic": table["source"].map(TOPICS),
            "positive": table["label"] == 1,
            "is_test": table["split"] == "test",
        }
    )


@dataclass(frozen=True)
class WordVectors:
    """A vocabulary, and for each word its vector of length 1; read-only."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]  # (10000, 64)
    ids: dict[str, int]


@remembered
def word_vectors() -> WordVectors:
    """10,000 English words, the frequent ones first, with 64 numbers each."""
    with np.load(FILES / "word_vectors.npz", allow_pickle=False) as file:
        words = tuple(str(word) for word in file["words"])
        vectors = file["vectors"] * file["scales"][:, None]
    vectors = vectors.astype(np.float32)
    vectors.setflags(write=False)
    return WordVectors(words, vectors, {word: place for place, word in enumerate(words)})


def tokens(text: str) -> list[str]:
    """A text cut into lower-case words, numbers and marks, in order."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


@dataclass(frozen=True)
class Read:
    """A sentence as numbers: every token with its id, or -1 if no vector is known for it."""

    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    vector: NDArray[np.float32]  # (64,), the mean over the known tokens

    @property
    def known(self) -> list[tuple[str, int]]:
        """The tokens that have a vector, with their ids."""
        return [(token, i) for token, i in zip(self.tokens, self.ids, strict=True) if i >= 0]


def read_sentence(text: str) -> Read:
    """Cut a sentence into tokens and look them up, or raise `Refused` if none is known."""
    cut = tokens(text)[:MAX_TOKENS]
    if not text.strip():
        raise Refused("empty", "The sentence is empty; write a few English words.")
    table = word_vectors()
    ids = [table.ids.get(token, -1) for token in cut]
    known = [i for i in ids if i >= 0]
    if not known:
        raise Refused(
            "no_words",
            "None of its words is among the 10,000 that have a vector; write English words.",
        )
    return Read(tuple(cut), tuple(ids), table.vectors[known].mean(axis=0))
