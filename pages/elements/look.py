"""Looking inside a model: which view of it is wanted, and when it is drawn."""

from collections.abc import Sequence

import streamlit as st


def inside(page: str, where: str, views: Sequence[str]) -> str:
    """The heading, "Look inside, at epoch 3", and the view chosen, kept in the address."""
    st.header(f"Look inside, {where}")
    view: str = st.segmented_control(
        "View",
        views,
        default=views[0],
        required=True,
        label_visibility="collapsed",
        key=f"{page}_view",
        bind="query-params",
    )
    return view


def wait() -> None:
    """What is said while the picture plays: no figure is drawn that nobody could read."""
    st.caption("Pause the run, or let it finish, to look inside at that moment.")
