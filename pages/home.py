"""# Deep learning, by driving it.

**Deep learning** turns things into numbers and finds patterns in them, with layers of small
units whose weights are learned from examples. Every page here trains a real PyTorch model
while you watch: play it, scrub back, change it, break it, and take the run home.
"""

import streamlit as st

from pages.elements import curriculum

st.markdown(__doc__)
wanted = st.text_input(
    "Search the pages", key="home_search", type="search", live=True, bind="query-params"
)
if not wanted:
    curriculum.field()
    curriculum.paths()
curriculum.cards(wanted)
