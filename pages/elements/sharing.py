"""Take it home: the run as a script and a notebook, as a link, and its data as files."""

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import segno
import streamlit as st

from core.scripts import notebook
from core.store import remembered
from pages.elements import links, way

_KINDS = {".py": "text/x-python", ".ipynb": "application/x-ipynb+json", ".csv": "text/csv"}
# Letters: a denser code is not read from the back row, and messengers cut longer links.
MAX_LINK = 2000


def take_home(
    page: str,
    code: str | Callable[[], str],
    files: Mapping[str, bytes | Callable[[], bytes]],
) -> None:
    """The script that reproduces the run, the link to this moment, and the files.

    What is given as a function is made only when somebody wants it. Every page ends with
    this, and with the way to the next one.
    """
    place = st.expander(
        "**Take it home**: the PyTorch script, the link to this moment, the data",
        key=f"{page}-home",
        icon=":material/backpack:",
        on_change="rerun",
    )
    if place.open:
        with place:
            _shown(page, code if isinstance(code, str) else code(), files)
    with st.container(horizontal=True, horizontal_alignment="right"):
        way.onward(page)


def _shown(page: str, code: str, files: Mapping[str, bytes | Callable[[], bytes]]) -> None:
    script, link, data = st.tabs(["PyTorch script", "Link to this moment", "Data"])
    with script:
        with st.container(horizontal=True):
            _download("Download", code, f"{page}.py", f"{page}-code")
            _download("As a notebook", partial(notebook, code), f"{page}.ipynb", f"{page}-notebook")
        with st.container(height=320, border=False):
            st.code(code, language="python")
    with link:
        address = _address(page)
        st.code(address, language=None, wrap_lines=True)
        if left_out := links.left_out():
            st.warning(
                f"The link holds the settings, not {' and '.join(left_out)}: whoever opens it sees "
                "the page without. Send that too, as a file.",
                icon=":material/link_off:",
            )
        if len(address) > MAX_LINK:
            st.warning(
                f"The link has {len(address):,} letters. Some programs cut off what is beyond "
                f"{MAX_LINK:,}: try it before you send it, or set fewer points by hand.",
                icon=":material/cut:",
            )
        else:
            st.image(
                _qr(address),
                caption="The settings, without what is yours"
                if left_out
                else "The same moment on every phone in the room",
                width=220,
                alt="QR code of the link",
            )
    with data:
        for name, content in files.items():
            _download(name, content, name, f"{page}-file-{name}")


def _download(label: str, content: str | bytes | Callable[[], bytes], name: str, key: str) -> None:
    st.download_button(label, content, name, _KINDS.get(Path(name).suffix), key, on_click="ignore")


def _address(page: str) -> str:
    asked = links.to_share(page)
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(asked)}" if asked else base


@remembered
def _qr(address: str) -> bytes:
    picture = BytesIO()
    segno.make(address, error="l").save(picture, kind="png", scale=5, border=3)
    return picture.getvalue()
