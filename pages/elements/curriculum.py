"""The pages: how one is named in the navigation, its card, the map of all."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.elements import contents

CARDS_IN_A_ROW = 3


def topic(path: str, title: str, icon: str) -> StreamlitPage:
    """A topic's page, from its folder below `pages`, whose last part is its address.

    Made once for a visitor: forty-six of them would cost 10 ms at every click.
    """
    made = st.session_state.setdefault("topics", {})
    if (path, title, icon) not in made:
        address = path.rpartition("/")[2]
        made[path, title, icon] = st.Page(
            f"pages/{path}/page.py",
            url_path=address,
            title=title,
            icon=f":material/{icon}:",
            help=contents.of(address).promise.replace("*", ""),
        )
    page: StreamlitPage = made[path, title, icon]
    return page


def card_picture(address: str, theme: str) -> Path:
    """The picture of a page's card, as JPEG: what Streamlit passes on as it is."""
    return contents.folder(address) / f"card-{theme}.jpg"


def by_address() -> dict[str, StreamlitPage]:
    """Every topic's page by its address, in the order of the curriculum."""
    every = st.session_state["curriculum"].values()
    return {page.url_path: page for section in every for page in section}


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


def sections() -> None:
    """The sections' names, each a link to its cards below."""
    names = st.session_state["curriculum"]
    jumps = [f"[{name}](#{_anchor(name)}) ({len(pages)})" for name, pages in names.items()]
    st.markdown("Jump to: " + " · ".join(jumps))


def cards() -> None:
    """A card for every page, section by section."""
    for name, pages in st.session_state["curriculum"].items():
        st.header(name, anchor=_anchor(name))
        cards_of(pages)


def cards_of(pages: Sequence[StreamlitPage]) -> None:
    """Cards in rows."""
    for first in range(0, len(pages), CARDS_IN_A_ROW):
        row = st.columns(CARDS_IN_A_ROW)
        for column, page in zip(row, pages[first:], strict=False):
            with column.container(border=True, height="stretch"):
                _card(page)


def _card(page: StreamlitPage) -> None:
    told = contents.of(page.url_path)
    picture = card_picture(page.url_path, st.context.theme.type or "light")
    if picture.exists():
        st.image(picture, width="stretch", alt=f"From the page: {told.heading}")
    st.page_link(page, label=f"**{page.title}**", help="")
    st.write(told.promise)


def _anchor(section: str) -> str:
    return section.casefold().replace(" ", "-")


def _links(*addresses: str) -> None:
    pages = by_address()
    with st.container(horizontal=True, gap="small"):
        for address in addresses:
            st.page_link(pages[address])
