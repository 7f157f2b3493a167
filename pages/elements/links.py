"""The address of a page: what it asked for, and the moment that it opens at."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.data.escaping import as_markdown
from core.data.links import whole_number

# What an option of a control is called, by the control's key: links say the labels.
labels: dict[str, Callable[[Any], str]] = {}


def remember() -> None:
    """Keep what the address asked for before any control drops what is impossible."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    _without_broken(asked)
    st.session_state.setdefault("link", asked)


def _without_broken(asked: Mapping[str, Sequence[str]]) -> None:
    """Take out of the address what Streamlit's controls fail on instead of refusing it.

    They read a copy of the address that was made before the script began: nothing gives None
    for a choice that must be made, and infinity breaks the fields for whole numbers.
    """
    broken = [name for name, texts in asked.items() if any(map(_is_broken, texts))]
    context = get_script_run_ctx()
    if not broken or context is None:
        return
    with context.session_state.query_params() as parameters:
        for name in broken:
            parameters.remove_param(name)
        parameters.set_initial_query_params_from_current()


def _is_broken(text: str) -> bool:
    if not text.strip():
        return True
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


def notice(page: str) -> None:
    """Hold the place of `tell`: which values of the link were impossible."""
    st.session_state[f"{page}-notice"] = st.container()


def tell(page: str) -> None:
    """Say, once all controls are made, which values of the link were impossible.

    Their controls use the default. Judged once: later a control may leave what the link said
    of its own accord.
    """
    place = st.session_state.pop(f"{page}-notice", None)
    asked = st.session_state.get("link", {})
    known = st.session_state.setdefault(f"{page}-refused", {})
    for name, texts in asked.items():
        if name.startswith(f"{page}_") and name not in known and name in st.session_state:
            known[name] = _refused(name, texts)
    names = [name.removeprefix(f"{page}_").replace("_", " ") for name, no in known.items() if no]
    if place is not None and names:
        place.info(
            "The link asked for something impossible; the default is used for: "
            f"{', '.join(as_markdown(name) for name in names)}."
        )


def _refused(name: str, asked: Sequence[str]) -> bool:
    """Whether the control says something else than the link asked for."""
    if st.query_params.get_all(name) == list(asked):
        return False
    value = st.session_state[name]
    label = labels.get(name, str)
    if isinstance(value, list | tuple):
        return sorted(map(label, value)) != sorted(asked)
    return not (_means(asked[-1], value) or asked[-1].casefold() == label(value).casefold())


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
