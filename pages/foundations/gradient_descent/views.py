"""Views of the gradient descent page: the race in relief, and many learning rates at once."""

import numpy as np
import streamlit as st

from core.figures import surfaces
from core.foundations.gradient_descent import model, picture, reading
from core.foundations.gradient_descent.model import Config
from core.runs import Run
from pages.elements import presets
from pages.elements.controls import bound

PAGE = "gradient_descent"


def relief(config: Config, records: dict[str, np.ndarray], record: int) -> None:
    """The surface as a landscape, with every optimiser's path up to the record."""
    across, up = config.landscape.axes
    figure = surfaces.relief(
        *picture.ground(config),
        reading.paths(config, records, record),
        x_title=across,
        y_title=up,
        z_title="loss",
    )
    st.plotly_chart(figure, key=f"{PAGE}-relief", alt=reading.race_said(config, records))


def sweep(config: Config) -> None:
    """One optimiser's last loss at every learning rate, and a race with the best of them."""
    swept = st.segmented_control(
        "Optimiser of the sweep",
        model.OPTIMIZERS,
        default="sgd",
        required=True,
        format_func=reading.NAMES.__getitem__,
        label_visibility="collapsed",
        **bound(f"{PAGE}_swept"),
    )
    trained = model.sweep(config, swept)
    records = Run(model.sweep_training, trained).until(config.n_steps)
    said, best = reading.sweep_said(trained, records)
    figure = surfaces.sweep(
        model.SWEPT,
        {reading.NAMES[swept]: records["losses"][-1]},
        x_title="learning rate",
        y_title=f"loss after {config.n_steps} steps",
        logarithmic_x=True,
        marks=reading.sweep_marks(config, swept),
    )
    st.write(said)
    st.plotly_chart(figure, key=f"{PAGE}-sweep", alt=said)
    st.button(
        f"Race with {best:g}",
        icon=":material/sprint:",
        key=f"{PAGE}-best",
        on_click=presets.choose,
        args=(PAGE, {"adaptive_rate" if swept in model.ADAPTIVE else "learning_rate": best}),
    )
