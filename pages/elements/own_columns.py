"""The learner's own table for any model of rows: a target, features and a part for training."""

from dataclasses import dataclass

import streamlit as st

from core.data.escaping import as_markdown
from core.data.features import Features, KnownTable, Task, features, known_table
from core.data.tables import LIMITS, Table, read_table
from core.store import remembered
from pages.elements import links


@dataclass(frozen=True)
class OwnColumns:
    """An uploaded table and which of its columns are used; tried, so that it can be trained."""

    upload: KnownTable
    target: str
    features: tuple[str, ...]  # none: all columns but the target
    train_share: int  # per cent of the rows


def own_columns(page: str, task: Task, seed: int) -> OwnColumns | None:
    """Let a CSV be chosen and its columns; the last good choice if this one is refused.

    None before there was a good one. What was mended or left out is said under the pickers;
    what cannot be used is said in one sentence and changes nothing.
    """
    st.caption(f"{LIMITS}. It stays in memory and is never stored.")
    known = _uploaded(page)
    last: OwnColumns | None = st.session_state.get(f"{page}-own")
    if known is None:
        return last
    chosen = _picked(page, known, task)
    try:
        made = _made(chosen, task, seed)
    except ValueError as error:
        st.error(str(error))
        return last
    for note in (*known.table.notes, *made.notes):
        st.caption(as_markdown(note))
    st.session_state[f"{page}-own"] = chosen
    return chosen


def _uploaded(page: str) -> KnownTable | None:
    """The table in the uploader, or the last good one: while a file is replaced there is none."""
    upload = st.file_uploader("Your table (CSV)", key=f"{page}-upload")
    last: KnownTable | None = st.session_state.get(f"{page}-own-table")
    if upload is not None:
        try:
            last = st.session_state[f"{page}-own-table"] = _known(upload.getvalue(), upload.name)
        except ValueError as error:
            st.error(str(error))
    if last:
        links.leaves_out("your table")
        st.caption(f"In use: {as_markdown(last.table.name)}")
    return last


def _picked(page: str, known: KnownTable, task: Task) -> OwnColumns:
    table = known.table
    targets = _targets(table, task)
    likeliest = table.label if task == "classification" else table.amount
    # Other columns are other options: what was picked of them must not be carried over.
    target = st.selectbox(
        "Target: what is to be predicted",
        targets,
        targets.index(likeliest) if likeliest in targets else 0,
        key=f"{page}-own-target-{known.digest}",
    )
    if task == "regression" and target == likeliest:
        st.caption("Chosen for you: the column that looks most like an amount. Choose another.")
    others = [str(name) for name in table.frame if name != target]
    picked = st.multiselect(
        "Features: what it is predicted from",
        others,
        key=f"{page}-own-features-{known.digest}-{targets.index(target)}",
        placeholder=f"All {len(others)} other columns",
    )
    share = st.slider(
        "Rows for training, %", 10, 90, 70, 5, key=f"{page}-own-share", help="The rest is the test."
    )
    return OwnColumns(known, target, tuple(picked), share)


def _targets(table: Table, task: Task) -> list[str]:
    """The columns that can be a target; all of them if none can, so that trying says why."""
    fitting = table.categorical if task == "classification" else table.numeric
    return list(fitting) or [str(name) for name in table.frame]


@remembered
def _known(content: bytes, name: str) -> KnownTable:
    return known_table(content, read_table(content, name))


def _made(chosen: OwnColumns, task: Task, seed: int) -> Features:
    """What training would begin with; raises what a learner should know."""
    columns = chosen.target, chosen.features
    share = chosen.train_share / 100
    return features(chosen.upload.table, *columns, task=task, train_share=share, seed=seed)
