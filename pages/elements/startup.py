"""What a fresh process does once, off the first visitor's path."""

import threading

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

import core.startup

_RELOAD = st.components.v2.component(
    "explorer_reload", js="export default function () {\n  location.reload()\n}"
)


@st.cache_resource
def warm_up() -> None:
    """Load what the pages need, in a thread, while the first visitor reads the home page."""
    threading.Thread(target=core.startup.warm_up, name="warm-up", daemon=True).start()


def before_first_navigation() -> bool:
    """Whether no script of this process has called `st.navigation` yet.

    Until then Streamlit takes the folder `pages/` for its old kind of navigation and tells
    a visitor who comes by a link that the page does not exist.
    """
    return bool(PagesManager.uses_pages_directory)


def reload() -> None:
    """Let the browser load the page once more, now that the navigation is known."""
    _RELOAD(key="reload")
