"""How a page opens: title, lead, presets and prediction, in little height before the picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.elements import way
from pages.elements.contents import parted
from pages.elements.presets import Presets, presets
from pages.elements.questions import Question, predict_first

_OF_THE_WINDOW = st.components.v2.component(
    "explorer_window",
    js=Path(__file__).with_name("history.js").read_text(encoding="utf-8"),
    css=Path(__file__).with_name("forced_colours.css").read_text(encoding="utf-8"),
    isolate_styles=False,
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

    The first sentence stands beside the presets, the rest is a tap away; at a stop of a
    path its task stands there instead. `key` parts the guesses of a page that asks several
    questions.
    """
    heading, promise, rest = parted(lead or "")
    task = way.task(page)
    with st.container(gap=None, key=f"{page}-opening"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.markdown(f"# {heading}", width="stretch")
            if task:
                way.onward(page)
            if rest or task:
                with st.popover("Read on", type="tertiary", icon=":material/menu_book:"):
                    st.markdown(f"{promise} {rest}" if task else rest)
            _OF_THE_WINDOW(key="window", width=1, height=1)
        said, chosen = st.columns([5, 3], vertical_alignment="center")
        said.markdown(task or promise)
        with chosen.container(horizontal=True):
            presets(page, named, defaults)
            predict_first(key or page, asked)
