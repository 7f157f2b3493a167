"""What a click in a picture writes into a control, held until the browser knows of it."""

import time
from typing import Any

import streamlit as st

SECONDS = 3.0


def write(key: str, value: Any) -> None:
    """Set a control from a picture's callback.

    A request that the browser sends before it has heard of this brings the old value with
    it, and would undo the click: `hold` puts the new one back.
    """
    st.session_state[f"{key}-edit"] = (st.session_state.get(key), value, time.monotonic())
    st.session_state[key] = value


def hold(key: str) -> None:
    """Put a value written lately back if the old one returned; before the control is made."""
    before, value, written = st.session_state.get(f"{key}-edit", (None, None, -SECONDS))
    if time.monotonic() - written < SECONDS and st.session_state.get(key) == before != value:
        st.session_state[key] = value
