"""Training that takes a while: how far it is, how long it still takes, and a way out."""

import time
from collections.abc import Callable

import streamlit as st

from core.runs import Run
from core.shares import per_cent

RECORDED = (
    "Shown is a recording made on another processor: a live run has other last digits, and may "
    "drift away from it, {}."
)


def train(run: Run, key: str, until: int | None = None) -> None:
    """Compute a run up to a record; any other control, or Stop, ends the script here.

    What was computed by then is kept, so training goes on from there when asked again.
    """
    begun = time.monotonic()
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text="Training …")
        st.button("Stop", key=f"{key}-stop", icon=":material/stop:", on_click=_forget, args=(key,))
    last = run.n_records - 1 if until is None else until
    for chunk in run.chunks():
        if chunk.first > last:
            break
        done = min(chunk.stop / (last + 1), 1.0)
        remaining = (time.monotonic() - begun) * (1 / done - 1)
        bar.progress(done, text=f"Training: {per_cent(done)}, about {remaining:.0f} s left")
    place.empty()


def train_here(
    key: str,
    run: Run,
    fresh: Callable[[], Run],
    result: Callable[[Run], str],
    drift: str = "mostly by little",
) -> None:
    """Say whether `run` is a recording, and train it to its end when asked.

    `fresh` makes the same run without its recording; `result` says in one sentence what a
    finished run reached, `drift` how far one made here may end from the recording. The
    picture may end meanwhile, which reruns the page: training goes on until it is done,
    stopped, or another run is chosen.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button("Train to the end", icon=":material/model_training:", key=f"{key}-train")
        st.caption(
            f"{RECORDED.format(drift)} The button trains it here, now."
            if run.recording
            else "This training runs live, record by record, while it plays."
        )
    live = fresh()
    if wanted:
        st.session_state[f"{key}-train-asked"] = live.id
    if st.session_state.get(f"{key}-train-asked") == live.id:
        train(live, f"{key}-train")
        _forget(f"{key}-train")
        st.success(f"Trained here: {result(live)}")


def _forget(key: str) -> None:
    st.session_state.pop(f"{key}-asked", None)
