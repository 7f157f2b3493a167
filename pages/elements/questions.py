"""Predict first: a guess before the result makes the result stick (Kim, 2017)."""

from collections.abc import Sequence

import streamlit as st


@st.fragment
def predict_first(
    key: str, question: str, options: Sequence[str], answer: str, because: str
) -> None:
    """Ask for a guess and say, once it is made, what is right and why; never blocks."""
    with st.expander(f"**Predict first.** {question}", key=f"{key}-prediction"):
        guess = st.radio(
            question,
            options,
            index=None,
            horizontal=True,
            key=f"{key}-guess",
            label_visibility="collapsed",
        )
        if guess == answer:
            st.success(f"Yes. {because}", icon=":material/check:")
        elif guess:
            st.warning(f"Not quite: {answer}. {because}", icon=":material/lightbulb:")
