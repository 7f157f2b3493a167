"""Named settings: one choice sets every control of the page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.elements import edits

Presets = Mapping[str, Mapping[str, Any]]
OWN = "Own settings"


def presets(page: str, named: Presets, defaults: Mapping[str, Any]) -> None:
    """A list that shows the preset in force; each sets its controls and all others to default.

    Controls are named as their keys are, without the page's prefix. Every control is set
    because one that is bound to the URL does not fall back when its key is removed. To be
    called after the controls, whose values say what is in force.
    """
    key = f"{page}-preset"
    st.session_state[key] = in_force(page, named, defaults)
    st.selectbox(
        "Preset",
        [*named, OWN],
        key=key,
        help="Ready-made settings. What you set at the side makes them your own.",
        label_visibility="collapsed",
        width="stretch",
        on_change=_chosen,
        args=(page, named, defaults),
    )


def in_force(page: str, named: Presets, defaults: Mapping[str, Any]) -> str:
    """The preset that all controls on the page agree with, or that the settings are one's own."""
    for preset, settings in named.items():
        wanted = {**defaults, **settings}
        if all(_equal(st.session_state.get(f"{page}_{k}", defaults[k]), wanted[k]) for k in wanted):
            return preset
    return OWN


def _equal(a: Any, b: Any) -> bool:
    """Whether two values are the same setting: chosen features come as a list or a tuple."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return sorted(map(str, a)) == sorted(map(str, b))
    return bool(a == b)


def _chosen(page: str, named: Presets, defaults: Mapping[str, Any]) -> None:
    name = st.session_state[f"{page}-preset"]
    if name in named:
        choose(page, {**defaults, **named[name]})


def choose(page: str, settings: Mapping[str, Any]) -> None:
    """Set the controls of a page, before its script runs again."""
    for name, value in settings.items():
        st.session_state[f"{page}_{name}"] = value
        edits.forget(f"{page}_{name}")
