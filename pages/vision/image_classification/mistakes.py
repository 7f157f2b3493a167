"""From a number to the pictures behind it: a confusion matrix whose cells open."""

import streamlit as st

from core.data.digits import DATA
from core.figures import images, matrices
from core.runs import Run
from core.vision.image_classification.model import Config
from core.vision.image_classification.reading import Opened, confused, opened
from pages.elements.presets import choose

N_SHOWN = 12
Cell = tuple[int, int]


def mistakes(page: str, config: Config, run: Run, record: int) -> None:
    """The matrix of a record; beside it all mistakes, or the pictures of one cell."""
    classes = DATA[config.data]().classes
    counts = run.at(record)["confusion"]
    matrix, cases = st.columns(2, gap="large")
    with matrix:
        st.caption("How often each class was read as which. Click a cell to open its images.")
        event = st.plotly_chart(
            matrices.confusion(counts, classes),
            key=f"{page}-confusion",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"Confusion matrix: {counts.trace()} of {counts.sum()} images on the diagonal",
        )
    with cases:
        clicked = [matrices.cell(p["point_index"], classes) for p in event["selection"]["points"]]
        cell = _cell(page, confused(counts), clicked[0] if clicked else None, classes)
        _gallery(page, config, opened(config, run, record, cell), classes)


def _cell(
    page: str, wrong: list[Cell], clicked: Cell | None, classes: tuple[str, ...]
) -> Cell | None:
    """The clicked cell, or another one chosen from the list without a mouse."""
    options = [None, *([clicked] if clicked and clicked not in wrong else []), *wrong]
    return st.selectbox(
        "Images, the most confident answer first",
        options,
        options.index(clicked),
        format_func=lambda cell: _said(cell, classes),
        # Another click is another start for the list.
        key=f"{page}-cell-{clicked}",
    )


def _said(cell: Cell | None, classes: tuple[str, ...]) -> str:
    if cell is None:
        return "All mistakes"
    true, predicted = (classes[place] for place in cell)
    return f"{true} read as {predicted}" if true != predicted else f"{true} read correctly"


def _gallery(page: str, config: Config, found: Opened, classes: tuple[str, ...]) -> None:
    n_found = len(found.rows)
    if not n_found:
        st.info("No test image is read like this.")
        return
    pictures = DATA[config.data]().x_test[found.rows[:N_SHOWN]]
    titles = found.titles(classes)[:N_SHOWN]
    st.plotly_chart(
        images.mosaic(pictures, titles, n_columns=4, tile=78),
        key=f"{page}-gallery",
        alt="; ".join(found.labels(classes)[:N_SHOWN]),
    )
    rows: list[int] = found.rows.tolist()
    row = st.selectbox(
        f"{n_found} image{'s' if n_found > 1 else ''}; look at one inside the network",
        rows,
        format_func=dict(zip(rows, found.labels(classes), strict=True)).__getitem__,
        key=f"{page}-case",
    )
    st.button(
        "Send it through",
        icon=":material/input:",
        key=f"{page}-send",
        on_click=choose,
        args=(page, {"source": "Test image", "picture": row}),
    )
