"""Search over all pages: what they are called, what they say, what can be chosen on them."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple

import streamlit as st

from core.data.escaping import as_markdown
from pages.elements import contents, curriculum

# What a word found in a place is worth.
TITLE, KEYWORD, LEAD, PRESET, QUESTION, TEXT = 12.0, 9.0, 5.0, 4.0, 2.0, 1.0
PART, MISSPELT = 0.6, 0.5  # of that: for the beginning of a word, for a word nearly the same
RELEVANT = 0.15  # of the best page's worth: what is shown beside it
LIKENESS = 0.78  # of two words, so that one passes for a misspelling of the other
# Terms of pages that do not exist yet, and the pages that come nearest.
COMING = {
    "gan": "dimensionality_reduction",
    "generative adversarial": "dimensionality_reduction",
    "diffusion": "dimensionality_reduction",
    "transformer": "network",
    "attention": "network",
    "large language model": "network",
    "llm": "network",
    "gpt": "network",
    "bert": "network",
    "recurrent": "network",
    "lstm": "network",
    "u-net": "image_classification",
    "object detection": "image_classification",
    "segmentation": "image_classification",
    "recommender": "semi_supervised",
}
LONGEST = 8  # words of a text, from its beginning, that are looked up as phrases
_ENDINGS = ("s", "ing", "ting", "ning", "ed", "er", "ers", "ation")


class Known(NamedTuple):
    """What each word of a page is worth, and each row of words that stand together."""

    words: dict[str, float]
    phrases: dict[str, float]


def results(wanted: str) -> None:
    """The pages that speak of what is wanted as cards, the best first; or the nearest."""
    awaited = coming(wanted)
    found = [] if awaited else ranked(wanted)
    told = as_markdown(wanted)
    if awaited:
        st.info(f"There is no page about “{told}” yet. The nearest one:")
    elif found:
        st.caption(f"{len(found)} page{'s' * (len(found) > 1)} for “{told}”")
    else:
        st.info(f"Nothing was found for “{told}”. Perhaps one of these, or empty the search:")
    pages = curriculum.by_address()
    shown = [awaited] if awaited else found or nearest(wanted)
    curriculum.cards_of([pages[address] for address in shown])


def coming(wanted: str) -> str:
    """The page nearest to a term whose own page is still to come; empty for other terms."""
    asked = " ".join(words(wanted))
    for term, address in COMING.items():
        known = " ".join(words(term))
        if asked in (known, f"{known}s") and not _titled(known):
            return address
    return ""


def _titled(term: str) -> bool:
    """Whether a page has taken the term for its own."""
    return any(known.phrases.get(term, 0.0) >= KEYWORD for known in index().values())


def ranked(wanted: str) -> list[str]:
    """The addresses of the pages that speak of all words wanted, the best first."""
    asked = words(wanted)
    worth = {address: _worth(asked, known, exact=True) for address, known in index().items()}
    if not any(worth.values()):
        worth = {address: _worth(asked, known, exact=False) for address, known in index().items()}
    best = max(worth.values(), default=0.0)
    found = [address for address in worth if worth[address] > RELEVANT * best]
    return sorted(found, key=lambda address: -worth[address])


def nearest(wanted: str) -> list[str]:
    """Pages for one word of those wanted, or for a word that is a little like it."""
    terms = {w for known in index().values() for w, value in known.words.items() if value >= PRESET}
    for asked in sorted(words(wanted), key=len, reverse=True):
        like = difflib.get_close_matches(asked, sorted(terms), 1, 0.6)
        if like:
            return ranked(like[0])[:3]
    return ["neuron", "network"]


def _worth(asked: list[str], known: Known, *, exact: bool) -> float:
    """What a page is worth for the words; 0 if it lacks one of them."""
    each = [_of_word(word, known.words, exact=exact) for word in asked]
    if not each or not all(each):
        return 0.0
    return sum(each) + 2 * known.phrases.get(" ".join(asked), 0.0)


def _of_word(asked: str, known: dict[str, float], *, exact: bool) -> float:
    begun = [PART * value for word, value in known.items() if _begins(asked, word)]
    worth = max(known.get(asked, 0.0), *begun, 0.0)
    if worth or exact or len(asked) < 4:
        return worth
    terms = [word for word, value in known.items() if value >= PRESET]
    like = difflib.get_close_matches(asked, terms, 3, LIKENESS)
    return max((MISSPELT * known[word] for word in like), default=0.0)


def _begins(asked: str, word: str) -> bool:
    """Whether one is the other's beginning: half typed, or another form of it."""
    if len(asked) >= 3 and word.startswith(asked):
        return True
    return len(word) >= 4 and asked.startswith(word) and asked.removeprefix(word) in _ENDINGS


def words(text: str) -> list[str]:
    """The words of a text as they are compared: small, without accents, spelt one way.

    What a hyphen joins is one word: supervised is not semi-supervised.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    found = re.findall(r"[a-z0-9]+|[α-ω]", re.sub(r"(?<=\w)['’-](?=\w)", "", plain))
    return [_spelt(word) for word in found]


def _spelt(word: str) -> str:
    """American and British spelling made one; which of them does not matter here."""
    word = re.sub(r"is(e|ed|er|ers|es|ing|ation)$", r"iz\1", word)
    word = re.sub(r"our(s|ed|ing)?$", r"or\1", word)
    return re.sub(r"(?<=[a-z])ll(ed|ing|er)$", r"l\1", word).replace("centre", "center")


@cache
def index() -> dict[str, Known]:
    """What the words of every page are worth, by address."""
    return {address: _known(address) for address in contents.addresses()}


def _known(address: str) -> Known:
    known = Known({}, {})
    for value, text in _texts(address):
        found = words(text)
        for word in found:
            known.words[word] = max(known.words.get(word, 0.0), value)
        for first, stop in combinations(range(min(len(found), LONGEST) + 1), 2):
            known.phrases.setdefault(" ".join(found[first:stop]), value)
    return known


def _texts(address: str) -> Iterator[tuple[float, str]]:
    """What a page says, with what a word of it is worth; the dearest first."""
    told = contents.of(address)
    yield TITLE, told.heading.partition(":")[0]
    yield from ((KEYWORD, keyword) for keyword in told.keywords)
    yield from ((PART * KEYWORD, keyword.replace("-", " ")) for keyword in told.keywords)
    yield LEAD, f"{told.heading} {told.text}"
    yield from ((PRESET, name) for name in told.presets)
    yield from ((QUESTION, text) for text in (told.question, told.challenge))
    strings = list(contents.strings(address))
    yield from ((TEXT, re.sub("[_-]", " ", text)) for text in [told.text, *strings])
