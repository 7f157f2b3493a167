"""Inside the network at one record: its kernels, its maps, and what it looks at."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.digits import DATA
from core.figures import images
from core.vision.image_classification.model import Config
from core.vision.image_classification.reading import (
    LAYERS,
    METHODS,
    attribution,
    feature_maps,
    kernels,
)

Parameters = NDArray[np.float16]


def why(
    page: str, config: Config, parameters: Parameters, pixels: NDArray[np.uint8], best: int
) -> None:
    """Which pixels speak for a class, by three methods; at first for the likeliest class."""
    classes = DATA[config.data]().classes
    left, right = st.columns(2, gap="large")
    method = right.segmented_control(
        "Method", list(METHODS), default="Saliency", required=True, key=f"{page}-method"
    )
    # Another answer of the network is another class to begin with.
    target = right.selectbox("For the class", classes, best, key=f"{page}-target-{best}")
    heat = attribution(config, parameters, pixels, classes.index(target), method)
    right.caption(METHODS[method])
    left.plotly_chart(
        images.overlay(pixels, heat, title=method),
        key=f"{page}-heat",
        alt=f"{method} for class {target}, over the image",
    )


def all_kernels(page: str, config: Config, parameters: Parameters) -> None:
    """The kernels of both convolutions as small signed pictures."""
    first, second = kernels(config, parameters)
    st.caption("Convolution 1: blue adds where there is ink, orange takes away.")
    names = [f"kernel {place + 1}" for place in range(len(first))]
    st.plotly_chart(
        images.mosaic(first[:, 0], names, n_columns=12, signed=True),
        key=f"{page}-kernels-1",
        alt="Kernels of convolution 1",
    )
    st.caption("Convolution 2: one row a map, one kernel in it for each map of convolution 1.")
    st.plotly_chart(
        images.mosaic(
            second.reshape(-1, *second.shape[2:]), n_columns=len(first), tile=40, signed=True
        ),
        key=f"{page}-kernels-2",
        alt="Kernels of convolution 2",
    )


def all_maps(page: str, config: Config, parameters: Parameters, pixels: NDArray[np.uint8]) -> None:
    """The maps of every layer for the picture, negative values included where there are."""
    for name, maps in feature_maps(config, parameters, pixels).items():
        st.caption(LAYERS[name])
        st.plotly_chart(
            images.mosaic(maps, signed=name.startswith("conv")),
            key=f"{page}-{name}",
            alt=LAYERS[name],
        )
