"""Deep Learning Explorer: the curriculum, sections and pages in order."""

import streamlit as st

from pages.elements import links, startup

st.set_page_config(
    page_title="Deep Learning Explorer", page_icon="pages/elements/icon.png", layout="wide"
)
warming = startup.warm_up()
links.remember()

lost = startup.before_first_navigation()
curriculum = {
    "Foundations": [
        st.Page(
            "pages/foundations/numbers_and_patterns.py",
            title="Numbers and patterns",
            icon=":material/grid_on:",
        ),
        st.Page(
            "pages/foundations/rules_or_learning.py",
            title="Rules or learning",
            icon=":material/rule:",
        ),
        st.Page("pages/foundations/neuron.py", title="One neuron", icon=":material/adjust:"),
        st.Page("pages/foundations/network.py", title="Neural network", icon=":material/hub:"),
        st.Page(
            "pages/foundations/activation_functions.py",
            title="Activation functions",
            icon=":material/show_chart:",
        ),
        st.Page(
            "pages/foundations/gradient_descent.py",
            title="Gradient descent",
            icon=":material/downhill_skiing:",
        ),
        st.Page("pages/foundations/layers.py", title="Layers", icon=":material/layers:"),
        st.Page(
            "pages/foundations/overfitting.py",
            title="Overfitting",
            icon=":material/ssid_chart:",
        ),
    ],
    "Types of learning": [
        st.Page(
            "pages/learning/classification.py",
            title="Classification",
            icon=":material/category:",
        ),
        st.Page("pages/learning/regression.py", title="Regression", icon=":material/trending_up:"),
        st.Page("pages/learning/clustering.py", title="Clustering", icon=":material/bubble_chart:"),
        st.Page(
            "pages/learning/dimensionality_reduction.py",
            title="Dimensionality reduction",
            icon=":material/compress:",
        ),
        st.Page(
            "pages/learning/anomaly_detection.py",
            title="Anomaly detection",
            icon=":material/monitor_heart:",
        ),
        st.Page(
            "pages/learning/semi_supervised.py",
            title="Few labels, many examples",
            icon=":material/new_label:",
        ),
        st.Page(
            "pages/learning/reinforcement.py",
            title="Reinforcement learning",
            icon=":material/joystick:",
        ),
        st.Page(
            "pages/learning/transfer.py",
            title="Transfer learning",
            icon=":material/move_up:",
        ),
    ],
    "Vision": [
        st.Page(
            "pages/vision/image_classification.py",
            title="Image classification",
            icon=":material/draw:",
        ),
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
page = st.navigation(frame, position="top")
if page.url_path:
    warming.join()
if lost and page.url_path:
    startup.reload()
page.run()
