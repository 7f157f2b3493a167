"""Links, opened directly on a real server: those of old, and those that are broken."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.benchmarks.websocket_session import Answer, WebsocketSession
from tests.conftest import Server, page_name, serving
from tests.test_pages import TOPIC_PAGES, opened, values

# What links shared before the topics moved into folders ask for, page by page.
OLD = {
    "activation_functions": {
        "batch_size": "10",
        "init": "Tiny (0.05)",
        "learning_rate": "0.003",
        "n_layers": "1",
        "n_units": "2",
        "optimizer": "Adam",
        "seed": "1",
    },
    "anomaly_detection": {
        "activation": "ReLU",
        "beat": "1",
        "early": "50",
        "flip": "true",
        "n_latent": "2",
        "seed": "1",
        "threshold": "0.0112",
        "window": "Fixed seconds",
    },
    "classification": {
        "activation": "tanh",
        "batch_size": "16",
        "hidden": "32-32",
        "learning_rate": "0.0003",
        "positive": "Gentoo",
        "seed": "1",
        "shuffled": "true",
        "threshold": "1",
        "train_share": "5",
    },
    "clustering": {
        "colour": "by hidden class",
        "hidden": "none",
        "is_moved": "false",
        "k": "2",
        "learning_rate": "0.0003",
        "n_epochs": "5",
        "n_latent": "3",
        "seed": "1",
    },
    "dimensionality_reduction": {
        "beta": "0.1",
        "hidden": "128-32",
        "n_epochs": "1",
        "n_examples": "500",
        "n_latent": "2",
        "seed": "1",
    },
    "gradient_descent": {
        "adaptive_rate": "0.001",
        "learning_rate": "0.001",
        "optimizers": "AdamW",
        "scaled": "true",
        "seed": "1",
        "surface": "A network, two random directions",
        "u": "-4",
        "v": "-4",
    },
    "image_classification": {
        "n_train": "1000", "seed": "1", "shift": "1",
    },
    "layers": {
        "layer": "Pixels", "n_filters": "3", "n_layers": "2", "seed": "1",
    },
    "network": {
        "activation": "Softplus",
        "features": "sin X₂",
        "learning_rate": "0.0001",
        "luck": "true",
        "n_epochs": "200",
        "n_examples": "50",
        "noise": "50",
        "show_test": "true",
        "task": "Numbers",
        "units_1": "5",
        "units_2": "3",
    },
    "neuron": {
        "activation": "Step",
        "batch_size": "2",
        "learning_rate": "0.003",
        "n_examples": "20",
        "noise": "0",
        "seed": "1",
    },
    "numbers_and_patterns": {
        "kind": "row", "learning_rate": "0.0003", "seed": "1",
    },
    "overfitting": {
        "l2": "0.0003",
        "n_train": "5",
        "noise": "0",
        "p_drop": "0.1",
        "seed": "1",
        "shuffled": "true",
        "sweep": "true",
    },
    "regression": {
        "activation": "tanh",
        "l2": "0.001",
        "learning_rate": "0.0003",
        "loss": "All three at once",
        "n_members": "1",
        "n_outliers": "10",
        "resampled": "true",
        "seed": "1",
        "shape": "none: a constant",
    },
    "reinforcement": {
        "anywhere": "false",
        "discount": "0",
        "falling": "false",
        "learning_rate": "0.003",
        "method": "Deep Q-network",
        "seed": "1",
        "slip": "0",
    },
    "rules_or_learning": {
        "amount": "2",
        "count": "1",
        "distance": "0.3",
        "drift": "100",
        "hidden": "16-16-16",
        "seed": "1",
        "show_truth": "false",
        "votes": "3",
    },
    "semi_supervised": {
        "consistency": "1.0",
        "n_labels": "2",
        "probe_x": "1",
        "probe_y": "1",
        "ramp_up": "80",
        "threshold": "60.0",
        "who": "Yours",
    },
    "transfer": {
        "learning_rate": "0.0003", "n_labels": "2", "seed": "1",
    },
}  # fmt: skip
BROKEN = {
    "nothing": "",
    "HTML": "<script>alert(1)</script>",
    "Markdown": "![b](http://other.host/st.png)",
    "infinity": "inf",
    "below": "-1e6",
    "a NUL": "\0",
    "20,000 letters": "a" * 20_000,
    "too large": "1e999",
    "1e308": "1e308",
    "not a number": "nan",
    "right to left": "\u202e123",
    "a fraction": "3.7183",
    "JSON": '{"a": [1]}',
    "full-width digits": "\uff11\uff12",
}
NOTICE = "The link asked for something impossible"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        asyncio.run(visited(running))
        yield running
    assert "Traceback" not in "".join(running.log), "".join(running.log)


async def visited(server: Server) -> None:
    """A process knows its pages once somebody was there."""
    async with WebsocketSession(server.address) as session:
        await session.open()


def asked(server: Server, page: str, query: str) -> tuple[Answer, str]:
    """What a visitor gets who opens the link, and the address that is left."""

    async def open_directly() -> tuple[Answer, str]:
        async with WebsocketSession(server.address, page, query) as session:
            return await session.open(), session.query

    return asyncio.run(open_directly())


@pytest.mark.parametrize("page", OLD)
def test_a_link_shared_yesterday_says_today_what_it_said(server: Server, page: str) -> None:
    query = urlencode({f"{page}_{name}": text for name, text in OLD[page].items()})
    answer, _ = asked(server, page, query)
    assert not answer.errors
    assert not [text for text in answer.alerts if NOTICE in text]


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_no_broken_value_of_any_control_breaks_its_page(server: Server, path: Path) -> None:
    page = page_name(path)
    names = [name for name in values(opened(path)) if (name or "").startswith(f"{page}_")]
    assert len(names) >= 4
    for what, text in BROKEN.items():
        answer, _ = asked(server, page, urlencode(dict.fromkeys([*names, f"{page}_record"], text)))
        assert not answer.errors, what
        assert any("link" in alert.casefold() for alert in answer.alerts), what
        told = " ".join(answer.alerts)
        assert not re.search(r"(?<!\\)!\[b\]|<script", told), what


def test_a_repeated_key_is_refused(server: Server) -> None:
    answer, _ = asked(server, "neuron", "neuron_seed=3&neuron_seed=4&neuron_noise=10")
    assert not answer.errors
