"""The controls of the convolutional network, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.data.digits import DATA
from core.vision.image_classification.model import Config
from pages.elements.controls import Controls

DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("data", "n_train", "kernel_size", "shift")},
    **{name: getattr(Config, name) for name in ("p_drop", "learning_rate", "batch_size")},
    **{name: getattr(Config, name) for name in ("n_epochs", "seed")},
    "filters_1": Config.n_filters[0],
    "filters_2": Config.n_filters[1],
}
LABELS = {"mnist": "Digits", "fashion_mnist": "Clothes"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def sidebar(page: str) -> Config:
    """All controls in order, and the configuration that they say."""
    controls = Controls(page, DEFAULTS, LABELS)
    fields: dict[str, Any] = {
        "data": controls.segments(
            "Pictures to learn",
            "data",
            list(DATA),
            "MNIST or Fashion-MNIST: 7,000 pictures of 28 × 28 pixels in ten classes, 1,000 of "
            "them for the test. Train and test digits share writers, which makes scores a little "
            "high.",
        )
    }
    with st.expander("Examples", expanded=True):
        fields |= _examples(controls)
    with st.expander("Network", expanded=True):
        fields |= _network(controls)
    with st.expander("Training", expanded=True):
        fields |= _training(controls)
    config = Config(**fields)
    st.caption(f"{config.n_parameters:,} parameters: all weights and biases of the network.")
    return config


def _examples(controls: Controls) -> dict[str, Any]:
    return {
        "n_train": controls.steps("Training pictures", "n_train", (500, 1000, 2000, 4000, 6000)),
        "shift": controls.steps(
            "Moved by up to, pixels",
            "shift",
            (0, 1, 2, 3),
            "Each minibatch is moved a little, so that the network sees more than there is.",
        ),
    }


def _network(controls: Controls) -> dict[str, Any]:
    first = controls.steps(
        "Kernels, convolution 1",
        "filters_1",
        (2, 3, 4, 6, 8, 10, 12),
        "Each makes one map: where in the picture its pattern is found.",
    )
    second = controls.steps(
        "Kernels, convolution 2", "filters_2", (3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24)
    )
    return {
        "n_filters": (first, second),
        "kernel_size": controls.steps("Kernel size, pixels", "kernel_size", (3, 5)),
        "p_drop": controls.steps(
            "Dropout",
            "p_drop",
            (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
            "The share of the last pooled values that is silenced at random in every step.",
        ),
    }


def _training(controls: Controls) -> dict[str, Any]:
    return {
        "learning_rate": controls.steps(
            "Learning rate",
            "learning_rate",
            RATES,
            "The length of Adam's first steps; it falls to zero over the run.",
        ),
        "batch_size": controls.steps("Batch size, pictures", "batch_size", (16, 32, 64, 128, 256)),
        "n_epochs": controls.steps(
            "Epochs",
            "n_epochs",
            tuple(range(1, 13)),
            "How many times every training picture is seen.",
        ),
        "seed": controls.seed("The same seed gives the same first weights, order and moves."),
    }
