"""The home page's parts: the map of the field, two paths, and a card for every page."""

import ast
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from PIL import Image
from streamlit.navigation.page import StreamlitPage

from pages.elements.paths import PATHS

_PAGES = Path(__file__).parent.parent
CARDS_IN_A_ROW = 3


class Lead(NamedTuple):
    """A page's heading, and the text under it."""

    heading: str
    text: str

    @property
    def promise(self) -> str:
        """The first sentence of the text."""
        sentence = re.match(r".+?[.?](?=\s|$)", self.text.replace("\n", " "))
        return sentence[0] if sentence else self.heading

    def speaks_of(self, words: list[str]) -> bool:
        """Whether all words, in small letters, stand somewhere in it."""
        return all(word in f"{self.heading} {self.text}".casefold() for word in words)


@cache
def lead(address: str) -> Lead:
    """The lead of the page with this address, which is its folder's name."""
    script = next(_PAGES.glob(f"*/{address}/page.py"))
    docstring = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    heading, _, text = docstring.partition("\n")
    return Lead(heading.removeprefix("# "), text.strip())


def card_picture(address: str, theme: str) -> Path:
    """The picture of a page's card, which lies in the page's folder."""
    return next(_PAGES.glob(f"*/{address}")) / f"card-{theme}.webp"


@cache
def _as_sent(picture: Path) -> bytes:
    """A card's picture in a format that Streamlit hands on; WebP it would encode at each visit."""
    jpeg = BytesIO()
    Image.open(picture).convert("RGB").save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()


def field() -> None:
    """Artificial intelligence, machine learning in it, and deep learning in that."""
    with st.container(border=True):
        outer, rest = st.columns([2, 7], vertical_alignment="center")
    with outer:
        st.markdown(
            "**Artificial intelligence**  \nMachines that do what seems to take thought, "
            "by rules that people write or by learning."
        )
        _links("rules_or_learning")
    with rest.container(border=True):
        middle, inner = st.columns([2, 4], vertical_alignment="center")
    with middle:
        st.markdown(
            "**Machine learning**  \nThe rules are not written but found, as patterns in examples."
        )
        _links("neuron", "clustering")
    with inner.container(border=True):
        st.markdown(
            "**Deep learning**  \nNetworks of many layers, trained as one: the first layers "
            "find simple features, the later ones build abstract features out of them."
        )
        _links("network", "layers", "image_classification")


def paths() -> None:
    """The two suggested ways, each stop a link that opens the page as it is wanted."""
    pages = _by_address()
    for column, (name, steps) in zip(st.columns(len(PATHS)), PATHS.items(), strict=True):
        with column.expander(name, icon=":material/route:"):
            begun = 0
            for step in steps:
                page = pages[step.page]
                st.page_link(
                    page,
                    label=f"{begun}–{begun + step.minutes} min · **{page.title}**",
                    query_params=dict(step.query),
                )
                st.caption(step.task)
                begun += step.minutes


def cards(wanted: str) -> None:
    """A card for every page that speaks of what is wanted, section by section."""
    for section, pages in st.session_state["curriculum"].items():
        found = [page for page in pages if _fits(page, section, wanted.casefold())]
        if found:
            st.subheader(section)
        for first in range(0, len(found), CARDS_IN_A_ROW):
            row = st.columns(CARDS_IN_A_ROW)
            for column, page in zip(row, found[first:], strict=False):
                with column.container(border=True, height="stretch"):
                    _card(page)


def _card(page: StreamlitPage) -> None:
    told = lead(page.url_path)
    picture = card_picture(page.url_path, st.context.theme.type or "light")
    if picture.exists():
        st.image(_as_sent(picture), width="stretch", alt=f"From the page: {told.heading}")
    st.page_link(page, label=f"**{page.title}**")
    st.write(told.promise)


def _fits(page: StreamlitPage, section: str, wanted: str) -> bool:
    words = wanted.removeprefix(section.casefold()).split()
    return lead(page.url_path).speaks_of(words) or wanted in page.title.casefold()


def _links(*addresses: str) -> None:
    pages = _by_address()
    with st.container(horizontal=True, gap="small"):
        for address in addresses:
            st.page_link(pages[address])


def _by_address() -> dict[str, StreamlitPage]:
    every = st.session_state["curriculum"].values()
    return {page.url_path: page for section in every for page in section}
