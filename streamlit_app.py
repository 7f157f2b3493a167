"""Deep Learning Explorer: the curriculum, sections and pages in order."""

import streamlit as st

from pages.elements import links, startup

st.set_page_config(
    page_title="Deep Learning Explorer", page_icon=":material/network_node:", layout="wide"
)
startup.warm_up()
links.remember()

curriculum = {
    "Foundations": [
        st.Page("pages/foundations/network.py", title="Neural network", icon=":material/hub:"),
    ],
    "Types of learning": [
        st.Page("pages/learning/clustering.py", title="Clustering", icon=":material/bubble_chart:"),
    ],
}
st.session_state["curriculum"] = curriculum  # the home page shows it as cards
frame = {
    "": [st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)],
    **curriculum,
    "About": [
        st.Page("pages/about_the_data.py", title="About the data", icon=":material/database:"),
    ],
}
st.navigation(frame, position="top").run()
