"""Predict first: a guess before the result makes the result stick (Kim, 2017)."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st


class Question(NamedTuple):
    """What is to be guessed, and why the answer is what it is."""

    question: str
    options: Sequence[str]
    answer: str
    because: str


@st.fragment
def predict_first(key: str, asked: Question) -> None:
    """Ask for a guess and say, once it is made, what is right and why; never blocks."""
    with st.popover("Predict", icon=":material/psychology_alt:", key=f"{key}-prediction"):
        guess = st.radio(
            f"**{asked.question}**",
            asked.options,
            index=None,
            key=f"{key}-guess",
        )
        if guess == asked.answer:
            st.success(f"Yes. {asked.because}", icon=":material/check:")
        elif guess:
            st.warning(f"Not quite: {asked.answer}. {asked.because}", icon=":material/lightbulb:")
