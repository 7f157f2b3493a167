"""Named settings: one click sets every control of the page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.elements import edits


def presets(page: str, named: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any]) -> None:
    """A row of buttons; each sets its own controls and all others to their defaults.

    Controls are named as their keys are, without the page's prefix. Every control is set
    because one that is bound to the URL does not fall back when its key is removed.
    """
    with st.container(horizontal=True, key=f"{page}-presets"):
        for name, settings in named.items():
            st.button(
                name,
                key=f"{page}-preset-{name}",
                on_click=choose,
                args=(page, {**defaults, **settings}),
            )


def choose(page: str, settings: Mapping[str, Any]) -> None:
    """Set the controls of a page, before its script runs again."""
    for name, value in settings.items():
        st.session_state[f"{page}_{name}"] = value
        edits.forget(f"{page}_{name}")
