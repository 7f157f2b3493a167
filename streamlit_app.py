"""Deep Learning Explorer: the curriculum, its menus, sections and pages in order."""

import streamlit as st

from pages.elements import curriculum, links, rows, startup
from pages.elements.curriculum import topic

st.set_page_config(
    page_title="Deep Learning Explorer", page_icon="pages/elements/icon.png", layout="wide"
)
warming = startup.warm_up()
links.remember()

lost = startup.before_first_navigation()
menus = {
    "Foundations": {
        "Foundations": [
            topic("foundations/numbers_and_patterns", "Numbers and patterns", "grid_on"),
            topic("foundations/rules_or_learning", "Rules or learning", "rule"),
            topic("foundations/neuron", "One neuron", "adjust"),
            topic("foundations/network", "Neural network", "hub"),
            topic("foundations/activation_functions", "Activation functions", "show_chart"),
            topic("foundations/gradient_descent", "Gradient descent", "downhill_skiing"),
            topic("foundations/layers", "Layers", "layers"),
            topic("foundations/overfitting", "Overfitting", "ssid_chart"),
        ],
    },
    "Types of learning": {
        "Types of learning": [
            topic("learning/classification", "Classification", "category"),
            topic("learning/regression", "Regression", "trending_up"),
            topic("learning/clustering", "Clustering", "bubble_chart"),
            topic("learning/dimensionality_reduction", "Dimensionality reduction", "compress"),
            topic("learning/anomaly_detection", "Anomaly detection", "monitor_heart"),
            topic("learning/semi_supervised", "Semi-supervised learning", "new_label"),
            topic("learning/reinforcement", "Reinforcement learning", "joystick"),
            topic("learning/transfer", "Transfer learning", "move_up"),
        ],
    },
    "Perception": {
        "Vision": [
            topic("vision/image_classification", "Image classification", "draw"),
        ],
    },
}
home = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
teaching = st.Page("pages/for_teachers.py", title="Lesson plans", icon=":material/school:")
data = st.Page("pages/about_the_data.py", title="About the data", icon=":material/database:")

# A menu of Streamlit's is flat: its sections follow one another; the home page heads them.
entries = {
    menu: [page for pages in sections.values() for page in pages]
    for menu, sections in menus.items()
}
page = st.navigation(
    {"": [home], **entries, "For teachers": [teaching], "About": [data]}, position="top"
)
st.session_state["curriculum"] = {
    section: pages for sections in menus.values() for section, pages in sections.items()
}
if page.url_path:
    warming.join()
if lost and page.url_path:
    startup.reload()
if page.url_path in curriculum.by_address():
    with st.sidebar:
        rows.switch()
try:
    page.run()
finally:  # a page of several modes ends where it stops
    links.tell(page.url_path)
