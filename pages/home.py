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
for section, pages in st.session_state["curriculum"].items():
    leads = {page: curriculum.lead(page.url_path) for page in pages}
    words = wanted.casefold().removeprefix(section.casefold()).split()
    found = [
        page
        for page in pages
        if leads[page].speaks_of(words) or wanted.casefold() in page.title.casefold()
    ]
    if found:
        st.subheader(section)
        for first in range(0, len(found), 3):
            for column, page in zip(st.columns(3), found[first : first + 3], strict=False):
                with column.container(border=True, height="stretch"):
                    st.page_link(page, label=f"**{page.title}**")
                    st.write(leads[page].promise)
