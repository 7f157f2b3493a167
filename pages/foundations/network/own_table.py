"""The learner's own table: an upload, which columns to use, and what was mended in it."""

from typing import Literal

import streamlit as st

from core.data.escaping import as_markdown
from core.data.tables import LIMITS, Table, read_table
from core.foundations.network.model import FIRST_POINTS, Points
from core.foundations.network.own_table import PlanarTable, two_columns_and_a_label
from core.store import remembered
from pages.elements import links


def own_table(
    page: str, task: Literal["classification", "regression"], seed: int
) -> PlanarTable | None:
    """Points of the plane from an uploaded CSV; the last good ones if this one is refused."""
    upload = st.file_uploader("CSV with two columns and a label", key=f"{page}-upload", help=LIMITS)
    st.caption(f"{LIMITS}. It stays in memory and is never stored.")
    kept, last = f"{page}-read-table", st.session_state.get(f"{page}-table")
    try:
        if upload is not None:
            st.session_state[kept] = _read(upload.getvalue(), upload.name)
        # Streamlit forgets an upload when another page is opened; the table read is kept.
        if (table := st.session_state.get(kept)) is None:
            return None
        links.leaves_out("your table")
        st.caption(f"In use: {as_markdown(table.name)}")
        points = _chosen(page, table, task, seed)
    except ValueError as error:
        st.error(str(error))
        return last
    for note in (*table.notes, *points.notes):
        st.caption(as_markdown(note))
    st.session_state[f"{page}-table"] = points
    return points


def _chosen(
    page: str, table: Table, task: Literal["classification", "regression"], seed: int
) -> PlanarTable:
    suggested = two_columns_and_a_label(table, task=task, seed=seed).names
    last = st.session_state.get(f"{page}-columns", suggested)
    if not set(last) <= set(table.frame):  # of another table
        last = suggested
    labels = table.categorical if task == "classification" else table.numeric
    options = (table.numeric, table.numeric, labels)
    chosen = []
    for axis, names, default, before in zip(
        ("x₁", "x₂", "label"), options, suggested, last, strict=True
    ):
        wanted = before if before in names else default
        index = names.index(wanted) if wanted in names else 0
        chosen.append(st.selectbox(f"Column for {axis}", names, index, key=f"{page}-column-{axis}"))
    st.session_state[f"{page}-columns"] = tuple(chosen)
    positive = None
    if task == "classification" and len(table.classes(chosen[2])) > 2:
        positive = st.selectbox(
            "Class to tell from all others",
            table.classes(chosen[2]),
            key=f"{page}-positive",
        )
    return two_columns_and_a_label(table, *chosen, task=task, positive=positive, seed=seed)


@remembered
def _read(content: bytes, name: str) -> Table:
    return read_table(content, name)


def points(table: PlanarTable | None) -> Points:
    """The points of a table for a configuration; without one, two points to begin with."""
    if table is None:
        return FIRST_POINTS
    columns = (*table.points.T.tolist(), table.labels.tolist())
    return tuple((x1, x2, label) for x1, x2, label in zip(*columns, strict=True))
