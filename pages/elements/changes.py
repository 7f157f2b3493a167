"""What the learner changes while a network trains, kept in the address of the page."""

from functools import partial
from typing import Any

import streamlit as st

from core import changes as made_by_hand
from core.changes import Change
from pages.elements import player

_SAID = {"point": "a point added", "erase": "points erased", "weight": "a weight set"}


def in_link(page: str, run: tuple[int, int] | None = None) -> tuple[Change, ...]:
    """The changes that the address holds; none, with a notice, if they are impossible.

    `run`: its last record and the number of parameters; callbacks judge by the last one told.
    """
    judged = f"{page}-changes-judged"
    last_record, n_parameters = st.session_state.get(judged, (10**6, 10**6)) if run is None else run
    st.session_state[judged] = last_record, n_parameters
    try:
        made = made_by_hand.decode(st.query_params.get(_name(page), ""))
        made_by_hand.check(made, last_record, n_parameters)
    except ValueError as error:
        st.info(f"{str(error)[0].upper()}{str(error)[1:]}. The run is shown without them.")
        return ()
    return made


def edited(page: str, edit: dict[str, Any]) -> None:
    """Branch off with what was clicked in the picture; a callback of the player."""
    at = int(edit["at"])
    try:
        new = list(_read(edit, at))
    except (ValueError, KeyError, TypeError):
        return  # not from our picture: a value out of range is not worth a word
    _branch(page, made_by_hand.branched(in_link(page), at, new), at)


def _read(edit: dict[str, Any], at: int) -> "list[Change]":
    if edit["kind"] == "weight":
        pairs = edit.get("edits") or [[edit["index"], edit["value"]]]
        return [Change(at, "weight", (int(i), round(float(v), 6))) for i, v in pairs]
    names = {"point": ("x", "y", "label"), "erase": ("x", "y")}[edit["kind"]]
    return [Change(at, edit["kind"], tuple(round(float(edit[name]), 2) for name in names))]


def learning_rate_changed(page: str) -> None:
    """Go on from the record shown with another learning rate; a callback of its control."""
    after = st.session_state[f"{page}_learning_rate"]
    before = st.session_state.get(f"{page}-rate", after)
    at = player.at(page)
    _branch(page, made_by_hand.with_rate(in_link(page), at, before, after), at)


def undo(page: str) -> None:
    """Take the last change back and stand where it was made."""
    *kept, last = in_link(page)
    if last.kind == "learning_rate":
        rates = [c for c in kept if c.kind == "learning_rate"]
        st.session_state[f"{page}_learning_rate"] = rates[-1].values[0]
        if len(rates) == 1:
            kept.remove(rates[0])
    _branch(page, tuple(kept), last.record)


def forget(page: str) -> None:
    """Take all changes back and begin anew."""
    rate = made_by_hand.initial_rate(in_link(page))
    if rate:
        st.session_state[f"{page}_learning_rate"] = rate
    _branch(page, (), 0)


def buttons(page: str, changes: tuple[Change, ...]) -> None:
    """What was changed so far, in words, and the way back."""
    if not changes:
        return
    shown = [change for change in changes if (change.kind, change.record) != ("learning_rate", 0)]
    last = shown[-1] if shown else changes[-1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{len(shown)} change{'s' * (len(shown) != 1)} by hand; the last one, "
            f"{_said(last)}, at epoch {last.record:,}."
        )
        st.button("Undo", icon=":material/undo:", key=f"{page}-undo", on_click=partial(undo, page))
        st.button("Undo all", key=f"{page}-forget", on_click=partial(forget, page))


def _said(change: Change) -> str:
    if change.kind == "learning_rate":
        return f"learning rate {change.values[0]:g}"
    return {"point": "a point added", "erase": "points erased", "weight": "a weight set"}[
        change.kind
    ]


def _branch(page: str, changes: tuple[Change, ...], at: int) -> None:
    st.session_state[f"{page}-branch"] = at
    keep(page, changes)


def keep(page: str, changes: tuple[Change, ...]) -> None:
    """Write the changes into the address."""
    if changes:
        st.query_params[_name(page)] = made_by_hand.encode(changes)
    elif _name(page) in st.query_params:
        del st.query_params[_name(page)]


def _name(page: str) -> str:
    return f"{page}_changes"
