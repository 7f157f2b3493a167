"""Points that the learner clicks into a pad, kept in the address."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.drawings import MAX_LINK_POINTS, decode_points, encode_points, read_points
from pages.elements.sketchpad import points_pad

Rows = tuple[tuple[float, float, int], ...]  # x1, x2, and the place of the class


def own_points(page: str, first: Rows, classes: tuple[str, str], *, per_class: int = 1) -> Rows:
    """The points of both classes in the pad, at first those of the link or `first`.

    While there are fewer than `per_class` of a class, or what came is no point, the last
    good ones stay, and a sentence says why.
    """
    start: Rows = st.session_state.setdefault(f"{page}-points-start", _linked(page, first))
    st.caption("Click to put a point; the pad's buttons or keys choose its class.")
    try:
        drawn = read_points(points_pad(f"{page}-points", points=start, classes=classes, size=260))
        rows = _rows(drawn.points, drawn.labels)
        _refuse_few(rows, classes, per_class)
    except ValueError as error:
        st.info(str(error))
        last: Rows = st.session_state.get(f"{page}-points-last", start)
        return last
    st.session_state[f"{page}-points-last"] = rows
    if rows != first and len(rows) <= MAX_LINK_POINTS:
        st.query_params[f"{page}_points"] = encode_points(drawn.points, drawn.labels)
    return rows


def _refuse_few(rows: Rows, classes: tuple[str, str], per_class: int) -> None:
    for place, name in enumerate(classes):
        if sum(row[2] == place for row in rows) < per_class:
            raise ValueError(f"At least {per_class} points of {name} are needed.")


def _linked(page: str, first: Rows) -> Rows:
    name = f"{page}_points"
    if name not in st.query_params:
        return first
    try:
        drawn = decode_points(st.query_params[name])
    except ValueError as error:
        st.info(f"{error} The first points are shown instead.")
        return first
    return _rows(drawn.points, drawn.labels)


def _rows(points: NDArray[np.float32], labels: NDArray[np.float32]) -> Rows:
    """What `core.data.drawings` reads, where the second class has the label 1."""
    rows = zip(np.round(points.astype(float), 2).tolist(), labels > 0, strict=True)
    return tuple((x1, x2, int(is_second)) for (x1, x2), is_second in rows)
