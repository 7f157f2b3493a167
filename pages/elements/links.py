"""The address of a page: what it asked for, and the moment that it opens at."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.data.escaping import as_markdown
from core.data.links import clean_text, whole_number

# What an option of a control is called, by the control's key: links say the labels.
labels: dict[str, Callable[[Any], str]] = {}
# What any link may ask for: every control that a page has, or had in this process.
known: set[str] = set()
# What pages put into their address by other means than their rows: edits, and what is shown later.
_ELSEWHERE = frozenset(
    {"changes", "column", "digit", "drawing", "labelled", "luck", "of_pixels", "own"}
    | {"own_amount", "own_count", "own_distance", "picture", "placed", "points", "probe"}
    | {"probe_x", "probe_y", "record", "row", "sentence", "shown", "source", "start", "sweep"}
    | {"swept", "view", "zoom"}
)
_LEFT_OUT = "not-in-link"


def remember() -> None:
    """Keep what the address asked for before any control drops what is impossible."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    _mend(asked)
    st.session_state.setdefault("link", {_without_entity(name): asked[name] for name in asked})
    st.session_state[_LEFT_OUT] = []


def _mend(asked: Mapping[str, Sequence[str]]) -> None:
    """Take out of the address what Streamlit's controls fail on, and the amp; that mail leaves.

    They read a copy of the address that was made before the script began: nothing gives None
    for a choice that must be made, and infinity breaks the fields for whole numbers.
    """
    broken = [name for name, texts in asked.items() if any(map(_is_broken, texts))]
    escaped = [name for name in asked if _without_entity(name) != name]
    context = get_script_run_ctx()
    if not (broken or escaped) or context is None:
        return
    with context.session_state.query_params() as parameters:
        for name in set(escaped) - set(broken):
            parameters.set_with_no_forward_msg(_without_entity(name), list(asked[name]))
        for name in {*broken, *escaped}:
            parameters.remove_param(name)
        parameters.set_initial_query_params_from_current()


def _without_entity(name: str) -> str:
    """The name as it was before some program wrote its & as &amp; once, or over and over."""
    while name.startswith("amp;"):
        name = name.removeprefix("amp;")
    return name


def release(key: str) -> None:
    """Leave a control's place in the address to the page, now that it is not shown any more."""
    context = get_script_run_ctx()
    if context is None:
        return
    with context.session_state.query_params() as parameters:
        if binding := parameters.get_binding_for_param(key):
            parameters.unbind_widget(binding.widget_id)


def leaves_out(what: str) -> None:
    """Note, in a run of the page, that it shows something that no link can hold."""
    if what not in st.session_state.setdefault(_LEFT_OUT, []):
        st.session_state[_LEFT_OUT].append(what)


def left_out() -> list[str]:
    """What this page shows and no link holds."""
    return list(st.session_state.get(_LEFT_OUT, ()))


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
    judged = st.session_state.setdefault(f"{page}-refused", {})
    for name, texts in asked.items():
        if name.startswith(f"{page}_") and name not in judged:
            if name in st.session_state:
                judged[name] = _DEFAULT if _refused(name, texts) else ""
            elif not is_known(page, name):
                judged[name] = _UNKNOWN
    said = [
        sentence.format(", ".join(names))
        for sentence in (_DEFAULT, _UNKNOWN)
        if (names := [_named(page, name) for name, why in judged.items() if why == sentence])
    ]
    if place is not None and said:
        place.info(" ".join(said))


def is_known(page: str, name: str) -> bool:
    """Whether a page has what a link asks for by this name, now or in another of its modes."""
    return name in known or name.removeprefix(f"{page}_") in _ELSEWHERE


_DEFAULT = "The link asked for something impossible; the default is used for: {}."
_UNKNOWN = "The link asked for what this page does not have: {}."


def _named(page: str, name: str) -> str:
    """A setting as it is named on the page; a link may ask for any text."""
    return as_markdown(clean_text(name.removeprefix(f"{page}_"), 40).replace("_", " "))


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
