"""The way through the pages: the path that is followed, or the order of the curriculum."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.elements import curriculum
from pages.elements.paths import PATHS, LearningPath


def link(path: LearningPath, stop: int, label: str | None = None) -> None:
    """A link to a stop, counted from 1, that opens its page as it is wanted."""
    page = curriculum.by_address()[path.steps[stop - 1].page]
    asked = {**path.steps[stop - 1].query, "path": path.name, "stop": str(stop)}
    st.page_link(page, label=label or f"**{page.title}**", query_params=asked, help="")


def task(page: str) -> str:
    """What to do on the page, if the path that is followed stops there; else nothing."""
    _remember()
    path, stop = _followed(page)
    if not path:
        return ""
    return f":material/route: **{stop} of {len(path.steps)}:** {path.steps[stop - 1].task}"


def onward(page: str) -> None:
    """A link to the next stop of the path, or to the next page of the curriculum."""
    pages = curriculum.by_address()
    later = list(pages)[list(pages).index(page) + 1 :]
    path, stop = _followed(page)
    if path:
        _next_stop(path, stop)
    elif later:
        _to(pages[later[0]], f"Next: **{pages[later[0]].title}**")
    else:
        _to("pages/home.py", "Back to the map")


def _next_stop(path: LearningPath, stop: int) -> None:
    if stop < len(path.steps):
        following = curriculum.by_address()[path.steps[stop].page]
        link(path, stop + 1, f"Next: **{following.title}**")
    else:
        _to("pages/home.py", "The end: back to the map")


def _to(page: StreamlitPage | str, label: str) -> None:
    st.page_link(page, label=label, icon=":material/arrow_forward:", icon_position="right")


def _remember() -> None:
    """Keep the stop that the address names: presets and controls may drop it there."""
    path = PATHS.get(st.query_params.get("path", ""))
    stop = st.query_params.get("stop", "")
    if path and stop in map(str, range(1, len(path.steps) + 1)):
        st.session_state["way"] = (path.name, int(stop))


def _followed(page: str) -> tuple[LearningPath | None, int]:
    name, stop = st.session_state.get("way", ("", 0))
    path = PATHS.get(name)
    if path and path.steps[stop - 1].page == page:
        return path, stop
    return None, 0


def paths() -> None:
    """The suggested paths side by side, each a numbered list of links to its stops."""
    for column, path in zip(st.columns(len(PATHS)), PATHS.values(), strict=True):
        with column.container(border=True, gap="xxsmall"):
            st.header(path.title, anchor=False)
            for stop, step in enumerate(path.steps, 1):
                title = curriculum.by_address()[step.page].title
                link(path, stop, f"{stop}. **{title}** · {step.minutes} min")
                st.caption(step.task)
