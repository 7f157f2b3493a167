"""The controls of the convolutional network, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.data.digits import DATA
from core.vision.image_classification.model import Config
from pages.elements import rows
from pages.elements.controls import Controls
from pages.elements.rows import Row, Segments, Steps

PAGE = "image_classification"
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("data", "n_train", "kernel_size", "shift")},
    **{name: getattr(Config, name) for name in ("p_drop", "learning_rate", "batch_size")},
    **{name: getattr(Config, name) for name in ("n_epochs", "seed")},
    "filters_1": Config.n_filters[0],
    "filters_2": Config.n_filters[1],
}
LABELS = {"mnist": "Digits", "fashion_mnist": "Clothes"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


controls = Controls(PAGE, DEFAULTS, LABELS)
ROWS: tuple[Row, ...] = (
    Segments(
        "data", "Images to learn", list(DATA), basic=True,
        why="MNIST or Fashion-MNIST: 7,000 images of 28 × 28 pixels in ten classes, 1,000 of "
        "them for the test. Train and test digits share writers, which makes scores a little "
        "high.",
    ),
    Steps("n_train", "Training images", (500, 1000, 2000, 4000, 6000), basic=True,
          section="Examples"),
    Steps(
        "shift", "Moved by up to, pixels", (0, 1, 2, 3), section="Examples",
        why="Each minibatch is moved a little, so that the network sees more than there is.",
    ),
    Steps("filters_1", "Kernels, convolution 1", (2, 3, 4, 6, 8, 10, 12), basic=True,
          section="Network",
          why="Each makes one map: where in the image its pattern is found."),
    Steps("filters_2", "Kernels, convolution 2", (3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24),
          basic=True, section="Network"),
    Steps("kernel_size", "Kernel size, pixels", (3, 5), section="Network"),
    Steps(
        "p_drop", "Dropout", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), section="Network",
        why="The share of the last pooled values that is silenced at random in every step.",
    ),
    Steps("learning_rate", "Learning rate", RATES, basic=True, section="Training",
          why="The length of Adam's first steps; it falls to zero over the run."),
    Steps("batch_size", "Batch size, images", (16, 32, 64, 128, 256), section="Training"),
    Steps("n_epochs", "Epochs", tuple(range(1, 13)), basic=True, section="Training",
          why="How many times every training image is seen."),
    rows.seed("The same seed gives the same first weights, order and moves."),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    said = rows.draw(controls, ROWS, expanded=("Examples", "Network", "Training"))
    n_filters = (said.pop("filters_1"), said.pop("filters_2"))
    config = Config(**said, n_filters=n_filters)
    st.caption(f"{config.n_parameters:,} parameters: all weights and biases of the network.")
    return config
