"""The address of a page: what it asked for, and the moment that it opens at."""

import math
from typing import Any

import streamlit as st

from core.data.links import whole_number


def remember() -> None:
    """Keep what the address asked for before any control drops what is impossible."""
    if "link" in st.session_state:
        return
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    st.session_state["link"] = asked
    for name, values in asked.items():
        # Streamlit's own whole-number field fails on infinity instead of refusing it.
        if any(map(_is_infinite, values)):
            del st.query_params[name]


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def notice(page: str) -> None:
    """Say which values of the link were impossible; their controls use the default."""
    asked = st.session_state.get("link", {})
    mine = [name for name in asked if name.startswith(f"{page}_")]
    # Judged once: later a control may leave what the link said of its own accord.
    refused = st.session_state.setdefault(
        f"{page}-refused", [name for name in mine if _refused(name, asked[name])]
    )
    with st.container():  # holds its place, so that nothing below is made anew
        if refused:
            names = ", ".join(name.removeprefix(f"{page}_").replace("_", " ") for name in refused)
            st.info(f"The link asked for something impossible; the default is used for: {names}.")


def _refused(name: str, values: list[str]) -> bool:
    if name not in st.session_state or name in st.query_params:
        return False
    return not _means(values[-1], st.session_state[name])


def _means(text: str, value: Any) -> bool:
    """Whether the text of a link says the value that is in force."""
    try:
        return float(text) == float(value)
    except (TypeError, ValueError):
        return text.casefold() == str(value).casefold()


def moment(page: str, run_id: str) -> int:
    """The record to open at: the link's at first, 0 after a new configuration."""
    known = st.session_state.get(f"{page}-run")
    st.session_state[f"{page}-run"] = run_id
    if known is None:
        return _record_in_link(page)
    if known != run_id:
        # The link's moment was one of another run.
        st.query_params.pop(_record(page), None)
        return int(st.session_state.pop(f"{page}-branch", 0))
    return int(st.session_state.get(f"{page}-moment", 0))


def _record_in_link(page: str) -> int:
    try:
        return whole_number(st.query_params.get(_record(page), "0"), 0, 100_000)
    except ValueError as error:
        st.info(str(error))
        return 0


def keep_moment(page: str, record: int) -> None:
    """Remember the record for `to_share`.

    It does not enter the address here: each change of that is a stop of the Back button.
    """
    st.session_state[f"{page}-moment"] = record


def to_share(page: str) -> list[tuple[str, str]]:
    """What a link must ask for to open this page as it is, at this moment."""
    asked = [
        (name, value)
        for name in st.query_params
        if name.startswith(f"{page}_") and name != _record(page)
        for value in st.query_params.get_all(name)
    ]
    record = st.session_state.get(f"{page}-moment", 0)
    return [*asked, (_record(page), str(record))] if record else asked


def _record(page: str) -> str:
    return f"{page}_record"
