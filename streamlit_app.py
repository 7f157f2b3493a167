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
            "pages/foundations/numbers_and_patterns/page.py",
            url_path="numbers_and_patterns",
            title="Numbers and patterns",
            icon=":material/grid_on:",
        ),
        st.Page(
            "pages/foundations/rules_or_learning/page.py",
            url_path="rules_or_learning",
            title="Rules or learning",
            icon=":material/rule:",
        ),
        st.Page(
            "pages/foundations/neuron/page.py",
            url_path="neuron",
            title="One neuron",
            icon=":material/adjust:",
        ),
        st.Page(
            "pages/foundations/network/page.py",
            url_path="network",
            title="Neural network",
            icon=":material/hub:",
        ),
        st.Page(
            "pages/foundations/activation_functions/page.py",
            url_path="activation_functions",
            title="Activation functions",
            icon=":material/show_chart:",
        ),
        st.Page(
            "pages/foundations/gradient_descent/page.py",
            url_path="gradient_descent",
            title="Gradient descent",
            icon=":material/downhill_skiing:",
        ),
        st.Page(
            "pages/foundations/layers/page.py",
            url_path="layers",
            title="Layers",
            icon=":material/layers:",
        ),
        st.Page(
            "pages/foundations/overfitting/page.py",
            url_path="overfitting",
            title="Overfitting",
            icon=":material/ssid_chart:",
        ),
    ],
    "Types of learning": [
        st.Page(
            "pages/learning/classification/page.py",
            url_path="classification",
            title="Classification",
            icon=":material/category:",
        ),
        st.Page(
            "pages/learning/regression/page.py",
            url_path="regression",
            title="Regression",
            icon=":material/trending_up:",
        ),
        st.Page(
            "pages/learning/clustering/page.py",
            url_path="clustering",
            title="Clustering",
            icon=":material/bubble_chart:",
        ),
        st.Page(
            "pages/learning/dimensionality_reduction/page.py",
            url_path="dimensionality_reduction",
            title="Dimensionality reduction",
            icon=":material/compress:",
        ),
        st.Page(
            "pages/learning/anomaly_detection/page.py",
            url_path="anomaly_detection",
            title="Anomaly detection",
            icon=":material/monitor_heart:",
        ),
        st.Page(
            "pages/learning/semi_supervised/page.py",
            url_path="semi_supervised",
            title="Few labels, many examples",
            icon=":material/new_label:",
        ),
        st.Page(
            "pages/learning/reinforcement/page.py",
            url_path="reinforcement",
            title="Reinforcement learning",
            icon=":material/joystick:",
        ),
        st.Page(
            "pages/learning/transfer/page.py",
            url_path="transfer",
            title="Transfer learning",
            icon=":material/move_up:",
        ),
    ],
    "Vision": [
        st.Page(
            "pages/vision/image_classification/page.py",
            url_path="image_classification",
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
