"""The controls of the convolutional network, each bound to the address of the page."""

from typing import Any

import streamlit as st

from core.vision.image_classification import DATA, Config

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
    data = st.segmented_control(
        "Pictures to learn",
        list(DATA),
        default=Config.data,
        required=True,
        format_func=LABELS.__getitem__,
        key=f"{page}_data",
        bind="query-params",
        help="MNIST or Fashion-MNIST: 7,000 pictures of 28 × 28 pixels in ten classes, "
        "1,000 of them for the test. Train and test digits share writers, which makes "
        "scores a little high.",
    )
    fields: dict[str, Any] = {"data": data}
    with st.expander("Examples", expanded=True):
        fields |= _examples(page)
    with st.expander("Network", expanded=True):
        fields |= _network(page)
    with st.expander("Training", expanded=True):
        fields |= _training(page)
    config = Config(**fields)
    st.caption(f"{config.n_parameters:,} parameters: all weights and biases of the network.")
    return config


def _examples(page: str) -> dict[str, Any]:
    return {
        "n_train": _choice(page, "Training pictures", "n_train", (500, 1000, 2000, 4000, 6000)),
        "shift": _choice(
            page,
            "Moved by up to, pixels",
            "shift",
            (0, 1, 2, 3),
            "Each minibatch is moved a little, so that the network sees more than there is.",
        ),
    }


def _network(page: str) -> dict[str, Any]:
    first = _choice(
        page,
        "Kernels, convolution 1",
        "filters_1",
        (2, 3, 4, 6, 8, 10, 12),
        "Each makes one map: where in the picture its pattern is found.",
    )
    second = _choice(
        page, "Kernels, convolution 2", "filters_2", (3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24)
    )
    side = _choice(page, "Kernel size, pixels", "kernel_size", (3, 5))
    dropout = _choice(
        page,
        "Dropout",
        "p_drop",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        "The share of the last pooled values that is silenced at random in every step.",
    )
    return {"n_filters": (first, second), "kernel_size": side, "p_drop": dropout}


def _training(page: str) -> dict[str, Any]:
    fields = {
        "learning_rate": _choice(
            page,
            "Learning rate",
            "learning_rate",
            RATES,
            "The length of Adam's first steps; it falls to zero over the run.",
        ),
        "batch_size": _choice(page, "Batch size, pictures", "batch_size", (16, 32, 64, 128, 256)),
        "n_epochs": _choice(
            page,
            "Epochs",
            "n_epochs",
            tuple(range(1, 13)),
            "How many times every training picture is seen.",
        ),
    }
    seed = st.number_input(
        "Seed",
        0,
        9999,
        Config.seed,
        key=f"{page}_seed",
        bind="query-params",
        help="The same seed gives the same first weights, order and moves.",
    )
    return {**fields, "seed": int(seed)}


def _choice(
    page: str, label: str, name: str, options: tuple[Any, ...], why: str | None = None
) -> Any:
    return st.select_slider(
        label, options, DEFAULTS[name], key=f"{page}_{name}", bind="query-params", help=why
    )
