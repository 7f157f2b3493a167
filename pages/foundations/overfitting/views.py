"""What many networks show together: every width on ten samples, one network on twenty."""

import numpy as np
import streamlit as st

from core.figures import curves, surfaces
from core.foundations.overfitting import many, many_reading, model, picture
from core.foundations.overfitting.model import Config
from core.runs import Run
from pages.elements import progress
from pages.elements.controls import bound


def capacity(config: Config, record: int) -> None:
    """Training and test loss against the width, trained when it is asked for."""
    if not st.toggle("Sweep from 1 to 64 units a layer", **bound("overfitting_sweep")):
        st.caption(
            f"Training and test loss against the width of the network, over {many.N_SEEDS} samples "
            "with other first weights each. All else is as it is here."
        )
        return
    sweep = Run(many.sweep_training, config)
    last = many_reading.record_of(record * model.UPDATES_PER_RECORD)
    progress.train(sweep, "overfitting-sweep", last)
    ends, said = many_reading.capacity(config, sweep.until(last))
    st.write(said)
    figure = surfaces.sweep(
        np.array(many.widths(config)),
        ends,
        x_title="units of a layer",
        y_title=picture.curves(config)[0]["title"].lower(),
        logarithmic_x=True,
        logarithmic_y=False,
        marks={"here": config.width},
    )
    st.plotly_chart(figure, key="overfitting-capacity", alt=said)
    st.caption("The lines are means; the bands go from the lowest to the highest run.")


def bias_and_variance(config: Config, record: int) -> None:
    """The same network on twenty samples: how far off on average, and how far apart."""
    label = f"The same network on {many.N_SAMPLES} samples"
    if not st.toggle(label, **bound("overfitting_samples")):
        st.caption(
            "The networks' mean against the truth is **bias**, their distance from their mean "
            "**variance**. With the noise they make up the test error."
        )
        return
    samples = Run(many.samples_training, config)
    last = many_reading.record_of(record * model.UPDATES_PER_RECORD)
    progress.train(samples, "overfitting-samples", last)
    records = samples.until(last)
    st.write(said := many_reading.parts_said(config, records))
    along, members, truth = many_reading.curves(config, records)
    figure = curves.bundle(
        along, members, truth, x_title="input x", y_title="label y", reach=many_reading.REACH
    )
    st.plotly_chart(figure, key="overfitting-bundle", alt=said)
