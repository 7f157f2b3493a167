"""What a fresh process does once, off the first visitor's path."""

import threading

import streamlit as st

import core.startup


@st.cache_resource
def warm_up() -> None:
    """Load what the pages need, in a thread, while the first visitor reads the home page."""
    threading.Thread(target=core.startup.warm_up, name="warm-up", daemon=True).start()
