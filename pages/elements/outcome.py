"""What happened: the run in a sentence or two, and a button that mends it, once that was tried."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.diagnosis import Finding
from core.remedies import Trial, Trials, offered
from core.runs import Run
from core.store import STORE
from pages.elements import changes
from pages.elements.presets import choose

_SHOWN = {
    "good": (st.success, ":material/check_circle:"),
    "note": (st.info, ":material/info:"),
    "bad": (st.warning, ":material/warning:"),
}


def what_happened(
    page: str,
    findings: Sequence[Finding],
    run: Run | None = None,
    record: int | None = None,
    unit: str = "epoch",
    units_per_record: float = 1,
) -> None:
    """Say at most two findings; of one that complains, what was tried and what it brought.

    `run` and `record` say which run stands where: remedies are tried against it. While the
    picture plays, `record` is None and nothing is tried.
    """
    st.header("What happened")
    if not findings:
        st.write("Nothing to report yet: let it train for a while, then pause.")
    for finding in findings[:2]:
        show, icon = _SHOWN[finding.tone]
        show(finding.sentence, icon=icon)
        if finding.remedies and run and record is not None:
            _remedies(page, run, record, finding, lambda at: f"{unit} {at * units_per_record:,.0f}")
        elif finding.remedies:
            st.caption("Pause the run, or let it finish: then remedies are tried here.")


@st.fragment
def _remedies(
    page: str, run: Run, record: int, finding: Finding, named: Callable[[int], str]
) -> None:
    """Try what may help, once for all who stand there, and offer what did."""
    key = ("trials", run.id, record, finding.kind)
    trials: list[Trial] | None = STORE.get(key)
    if trials is None:
        trials = _tried(run, record, finding)
        STORE.put(key, trials)
    best = offered(trials)
    helped = "" if best else " Nothing helped enough to be offered."
    lines = "".join(f"\n* {trial.said}" for trial in trials)
    st.caption(f"**Tried**, each as far as {named(trials[0].record)}:{helped}\n{lines}")
    if best:
        _button(page, finding.kind, best.said, best.remedy.settings)


def _tried(run: Run, record: int, finding: Finding) -> list[Trial]:
    assert finding.complaint is not None
    trials = Trials(run.training, run, record, finding.complaint, finding.remedies)
    place = st.empty()
    for done in trials.go():
        # Any other control ends the script here: what was trained by then is kept.
        place.progress(min(done, 1.0), text="Trying what may help …")
    place.empty()
    return trials.results()


def _button(page: str, kind: str, label: str, settings: Mapping[str, Any]) -> None:
    st.button(
        label,
        key=f"{page}-remedy-{kind}",
        icon=":material/build:",
        on_click=_mend,
        args=(page, settings),
    )


def _mend(page: str, settings: Mapping[str, Any]) -> None:
    """Set the controls, and what was changed by hand where that must go."""
    controls = {name: value for name, value in settings.items() if name != "changes"}
    if "changes" in settings:
        changes.keep(page, settings["changes"])
    choose(page, controls)
