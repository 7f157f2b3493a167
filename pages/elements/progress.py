"""Training that takes a while: how far it is, how long it still takes, and a way out."""

import time

import streamlit as st

from core.training import Run


def train(run: Run, key: str, until: int | None = None) -> None:
    """Compute a run up to a record; any other control, or Stop, ends the script here.

    What was computed by then is kept, so training goes on from there when asked again.
    """
    begun = time.monotonic()
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text="Training …")
        st.button("Stop", key=f"{key}-stop", icon=":material/stop:")
    last = run.n_records - 1 if until is None else until
    for chunk in run.chunks():
        if chunk.first > last:
            break
        done = min(chunk.stop / (last + 1), 1.0)
        remaining = (time.monotonic() - begun) * (1 / done - 1)
        bar.progress(done, text=f"Training: {done:.0%}, about {remaining:.0f} s left")
    place.empty()
