"""A goal that the page checks by itself."""

import streamlit as st


def challenge(goal: str, reached: bool, progress: str) -> None:
    """State the goal and how far the run on the page is from it."""
    st.header("Challenge")
    if reached:
        st.success(f"**{goal}** Reached: {progress}", icon=":material/emoji_events:")
    else:
        st.info(f"**{goal}** So far: {progress}", icon=":material/flag:")
