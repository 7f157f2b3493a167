"""Training that takes a while: how far it is, how long it still takes, and a way out."""

import time

import streamlit as st

from core.training import Run


def train(run: Run, key: str) -> None:
    """Compute a run chunk by chunk; any other control, or Stop, ends the script here.

    What was computed by then is kept, so training goes on from there when asked again.
    """
    begun = time.monotonic()
    bar = st.progress(0.0, text="Training …")
    st.button("Stop", key=f"{key}-stop", icon=":material/stop:")
    for chunk in run.chunks():
        done = chunk.stop / run.n_records
        remaining = (time.monotonic() - begun) * (1 / done - 1)
        bar.progress(done, text=f"Training: {done:.0%}, about {remaining:.0f} s left")
    bar.empty()
