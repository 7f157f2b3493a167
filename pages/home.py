"""# Deep learning, hands on.

**Deep learning** turns things into numbers and finds patterns in them, with layers of small
units whose weights are learned from examples. Every page here trains a real PyTorch model
while you watch: play it, scrub back, change it, break it, and take the run home.
"""

import streamlit as st

from pages.elements import curriculum, search, way

st.markdown(__doc__)
with st.container(horizontal=True, vertical_alignment="bottom"):
    if st.button("Start here: one neuron, 5 minutes", type="primary", icon=":material/play_arrow:"):
        st.switch_page(curriculum.by_address()["neuron"])
    wanted = st.text_input(
        "Search the pages",
        key="home_search",
        type="search",
        placeholder="XOR, backpropagation, your own photo …",
        label_visibility="collapsed",
        live=True,
        bind="query-params",
    )
if wanted:
    search.results(wanted)
    st.stop()

curriculum.sections()
way.paths()
curriculum.field()
curriculum.cards()
