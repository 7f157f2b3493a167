"""The way through the pages: the path that is followed, or the order of the curriculum."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.elements import curriculum
from pages.elements.paths import PATHS, LearningPath


def link(path: LearningPath, stop: int, label: str | None = None) -> None:
    """A link to a stop, counted from 1, that opens its page as it is wanted."""
    page = curriculum.by_address()[path.steps[stop - 1].page]
    asked = {**path.steps[stop - 1].query, "path": path.name, "stop": str(stop)}
    st.page_link(page, label=label or f"**{page.title}**", query_params=asked)


def task(page: str) -> None:
    """One line above the page at which a path stops: what to do here, and where next."""
    _remember()
    path, stop = _followed(page)
    if not path:
        return
    with st.container(horizontal=True, key="way", gap="small", vertical_alignment="center"):
        st.markdown(
            f":small[:material/route: **{stop} of {len(path.steps)}** · "
            f"{path.steps[stop - 1].task}]",
            width="content",
        )
        _next_stop(path, stop)


def onward(page: str) -> None:
    """Below a page: the next stop of the path, or the next page of the curriculum."""
    pages = curriculum.by_address()
    later = list(pages)[list(pages).index(page) + 1 :]
    path, stop = _followed(page)
    with st.container(horizontal=True, horizontal_alignment="right", key="onward"):
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
        _to("pages/home.py", "The path ends here: back to the map")


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
