"""What a fresh process does once, off the first visitor's path."""

import os
import socket
import stat
import threading

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

import core.startup

_RELOAD = st.components.v2.component(
    "explorer_reload", js="export default function () {\n  location.reload()\n}"
)


# Of the process, not of a cache: any visitor may have Streamlit's caches emptied.
_once = threading.Lock()
_threads: list[threading.Thread] = []


def warm_up() -> threading.Thread:
    """Load what the pages need, in a thread, while the first visitor reads the home page.

    Pages wait for it: Plotly looks at pandas wherever it finds it, half loaded as well.
    """
    with _once:
        if not _threads:
            answer_at_once()
            _threads.append(
                threading.Thread(target=core.startup.warm_up, name="warm-up", daemon=True)
            )
            _threads[0].start()
    return _threads[0]


def answer_at_once() -> None:
    """Send the server's small messages without waiting for the last one's receipt.

    Streamlit opens its sockets in a way that leaves Nagle's algorithm on, which costs
    40 ms at every click. Connections inherit the setting of the socket that listens.
    """
    for number in range(3, 128):
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
        except OSError:
            continue  # nothing is open under this number
        with socket.socket(fileno=os.dup(number)) as copy:
            if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM:
                copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def before_first_navigation() -> bool:
    """Whether no script of this process has called `st.navigation` yet.

    Until then Streamlit takes the folder `pages/` for its old kind of navigation and tells
    a visitor who comes by a link that the page does not exist.
    """
    return bool(PagesManager.uses_pages_directory)


def reload() -> None:
    """Let the browser load the page once more, now that the navigation is known."""
    _RELOAD(key="reload")
