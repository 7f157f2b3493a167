"""# Lesson plans: what to do with these pages in a class.

Nothing is installed on the learners' side and nobody signs in: a link opens a page as you set
it, on a phone as well. Everything is trained on the spot, from a seed, so that thirty people with
one link see the same run. What they draw, type or upload is never written to disk.
"""

import streamlit as st

from pages.elements import contents, way

st.markdown(__doc__)
way.paths()

st.header("In the room")
st.markdown(
    "- **Before**: open every page of the plan once, so that it stands ready for all.\n"
    "- **Share a moment**: pause, then *Take it home → Link to this moment*. The code opens the "
    "same moment on every phone; the path's task goes along with the links above.\n"
    "- **Ask first, then play**: each page has a question whose answer most people get wrong. Let "
    "the class vote before the run plays.\n"
    "- **Break it**: the presets that begin so fail on purpose. Ask what went wrong before "
    "anybody reads *What happened*.\n"
    "- **Homework**: the challenge is checked by the page; the PyTorch script reproduces the run."
)

st.header("What each page is good for")
for section, pages in st.session_state["curriculum"].items():
    with st.expander(f"**{section}**", expanded=True):
        for page in pages:
            told = contents.of(page.url_path)
            broken = [name for name in told.presets if name.startswith("Break it")]
            name, use = st.columns([1, 3])
            name.page_link(page)
            use.markdown(
                f"{f'**Ask:** {told.question}  ' if told.question else ''}\n"
                f"{f'**Challenge:** {told.challenge}  ' if told.challenge else ''}\n"
                f"**Fails on purpose:** {', '.join(broken).replace('Break it: ', '')}"
            )
