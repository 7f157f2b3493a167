"""How a page opens: title, lead, presets and prediction, in little height before the picture."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.elements.presets import Presets, presets
from pages.elements.questions import Question, predict_first

_HISTORY = st.components.v2.component(
    "explorer_history",
    js=Path(__file__).with_name("history.js").read_text(encoding="utf-8"),
)


def opening(
    page: str,
    lead: str | None,
    named: Presets,
    defaults: Mapping[str, Any],
    asked: Question,
    key: str = "",
) -> None:
    """Show a page's docstring, its presets and its question; after its controls.

    The first sentence stands beside the presets, the rest is a tap away. `key` parts the
    guesses of a page that asks several questions.
    """
    heading, promise, rest = parted(lead or "")
    with st.container(gap=None, key=f"{page}-opening"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.markdown(f"# {heading}", width="stretch")
            if rest:
                with st.popover("Read on", type="tertiary", icon=":material/menu_book:"):
                    st.markdown(rest)
            _HISTORY(key="history", width=1, height=1)
        said, chosen = st.columns([5, 3], vertical_alignment="center")
        said.markdown(promise)
        with chosen.container(horizontal=True):
            presets(page, named, defaults)
            predict_first(key or page, asked)


def parted(lead: str) -> tuple[str, str, str]:
    """The heading of a docstring, its first sentence, and what follows."""
    heading, _, text = lead.partition("\n")
    text = text.strip()
    sentence = re.match(r".+?[.?](?=\s|$)", text, re.DOTALL)
    promise = sentence[0] if sentence else text
    return heading.removeprefix("# "), promise, text.removeprefix(promise).strip()
