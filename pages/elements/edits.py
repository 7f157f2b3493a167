"""What a click in a picture writes into a control, held until the browser knows of it."""

import time
from typing import Any, NamedTuple

import streamlit as st

SECONDS = 3.0


class _Edit(NamedTuple):
    earlier: tuple[Any, ...]  # what the control said before, through several edits in a row
    value: Any
    written: float

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.written < SECONDS


def write(page: str, **values: Any) -> None:
    """Set controls, by name, from a picture's callback.

    A request that the browser sends before it has heard of this brings the old values with
    it, and would undo the click: `hold` puts the new ones back.
    """
    for name, value in values.items():
        key = f"{page}_{name}"
        last: _Edit | None = st.session_state.get(_place(key))
        earlier = last.earlier if last and last.is_fresh else ()
        edit = _Edit((*earlier, st.session_state.get(key)), value, time.monotonic())
        st.session_state[_place(key)] = edit
        st.session_state[key] = value


def hold(key: str) -> None:
    """Put a value written lately back if an older one returned; before the control is made."""
    edit: _Edit | None = st.session_state.get(_place(key))
    if edit and edit.is_fresh and st.session_state.get(key) in edit.earlier:
        st.session_state[key] = edit.value


def is_fresh(key: str) -> bool:
    """Whether a picture has written to a control so lately that the browser may not know."""
    edit: _Edit | None = st.session_state.get(_place(key))
    return edit is not None and edit.is_fresh


def forget(key: str) -> None:
    """Hold nothing any more: the control is set by other means."""
    st.session_state.pop(_place(key), None)


def _place(key: str) -> str:
    return f"{key}-edit"
