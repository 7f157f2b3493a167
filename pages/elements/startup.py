"""What a fresh process does once, off the first visitor's path."""

import functools
import os
import socket
import stat
import threading
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
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
            drop_reports_of_left_pages()
            _threads.append(
                threading.Thread(target=core.startup.warm_up, name="warm-up", daemon=True)
            )
            _threads[0].start()
            threading.Thread(target=core.startup.keep_small, name="keep-small", daemon=True).start()
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


def drop_reports_of_left_pages() -> None:
    """Let no fragment of a page run for a visitor who has asked for another page since.

    The player reports while it plays, also in the moment between a click on a link and the
    server's answer. Streamlit then runs the fragment after the new page, under the name of
    the old one: the browser throws away what it shows and cannot place what follows
    ("Bad delta path index").
    """
    request_rerun = AppSession.request_rerun
    # What each visitor's browser asked for last, and what ran when it did.
    asked: WeakKeyDictionary[AppSession, tuple[str, str]] = WeakKeyDictionary()

    @functools.wraps(request_rerun)
    def request_rerun_of_the_page_asked_for(
        session: AppSession, client_state: ClientState | None
    ) -> None:
        page = client_state.page_script_hash if client_state else ""
        if page and client_state and client_state.fragment_id:
            last, ran = asked.get(session, ("", ""))
            runs = session.page_script_hash
            # A script may have sent the visitor on: then what runs now is the page.
            if last and page != (last if runs == ran else runs):
                return
        elif client_state:
            asked[session] = page, session.page_script_hash
        request_rerun(session, client_state)

    setattr(AppSession, "request_rerun", request_rerun_of_the_page_asked_for)  # noqa: B010


def before_first_navigation() -> bool:
    """Whether no script of this process has called `st.navigation` yet.

    Until then Streamlit takes the folder `pages/` for its old kind of navigation and tells
    a visitor who comes by a link that the page does not exist.
    """
    return bool(PagesManager.uses_pages_directory)


def reload() -> None:
    """Let the browser load the page once more, now that the navigation is known."""
    _RELOAD(key="reload")
