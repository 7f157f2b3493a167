"""What happened: the run in a sentence or two, and a button that mends it."""

from collections.abc import Sequence

import streamlit as st

from core.diagnosis import Finding
from pages.elements.presets import choose

_SHOWN = {
    "good": (st.success, ":material/check_circle:"),
    "note": (st.info, ":material/info:"),
    "bad": (st.warning, ":material/warning:"),
}


def what_happened(page: str, findings: Sequence[Finding]) -> None:
    """Say at most two findings, each with its remedy as a button."""
    st.subheader("What happened")
    if not findings:
        st.write("Nothing to report yet: let it train for a while, then pause.")
    for finding in findings[:2]:
        show, icon = _SHOWN[finding.tone]
        show(finding.sentence, icon=icon)
        if finding.remedy_label:
            st.button(
                finding.remedy_label,
                key=f"{page}-remedy-{finding.kind}",
                icon=":material/build:",
                on_click=choose,
                args=(page, finding.remedy),
            )
