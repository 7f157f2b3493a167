"""Links, opened directly on a real server: those of old, and those that are broken."""

import asyncio
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest

from pages.elements import links
from tests.benchmarks.websocket_session import Answer, WebsocketSession
from tests.conftest import ROOT, Server, page_name, serving
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
# What is asked for here and does not apply beside what else is asked for.
LATER = {"gradient_descent": ("scaled",), "reinforcement": ("falling", "learning_rate")}


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
    wanted = {f"{page}_{name}": text for name, text in OLD[page].items()}
    basic, shown, kept = asyncio.run(visit(server, page, urlencode(wanted)))
    assert not basic.errors
    assert not [text for text in basic.alerts if "The link" in text]
    drawn = {key: shown[key] for key in wanted if key in shown}
    assert drawn == {key: [text] for key, text in wanted.items() if key in drawn}
    assert set(wanted) - set(drawn) == {f"{page}_{name}" for name in LATER.get(page, ())}
    assert not [key for key in drawn if plain(kept[key][0]) != plain(wanted[key])]


def plain(text: str) -> str | float:
    """A number as such: 0.0 in the address says 0."""
    try:
        return float(text)
    except ValueError:
        return text


async def visit(
    server: Server, page: str, query: str
) -> tuple[Answer, dict[str, list[str]], dict[str, list[str]]]:
    """Open a link with the basic controls, show all, hide them again.

    What came first, what all controls said, and the address that is left at the end.
    """
    async with WebsocketSession(server.address, page, query) as session:
        basic = await session.open()
        await session.change("controls", "All")
        names = session.widgets.keys() & parse_qs(query).keys()
        shown = {name: session.widgets[name].said() for name in names}
        usual = {name: session.widgets[name].said(usual=True) for name in names}
        await session.change("controls", "Basic")
        return basic, shown, {**usual, **parse_qs(session.query)}


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_no_broken_value_of_any_control_breaks_its_page(server: Server, path: Path) -> None:
    page = page_name(path)
    usual = {k: v for k, v in values(opened(path)).items() if (k or "").startswith(f"{page}_")}
    assert len(usual) >= 4
    for what, text in BROKEN.items():
        link = {name: broken(what, text, value) for name, value in usual.items()}
        answer, _ = asked(server, page, urlencode({**link, f"{page}_record": text}))
        assert not answer.errors, what
        assert any("link" in alert.casefold() for alert in answer.alerts), what
        told = " ".join(answer.alerts)
        assert not re.search(r"(?<!\\)!\[b\]|<script", told), what


def broken(what: str, text: str, value: object) -> str:
    """The text for one control: what Streamlit takes for a whole number is its usual one.

    Another would be a run of its own, and what is tried here is the link, not patience.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if what == "a fraction":
            return f"{value}.7183"
        if what == "full-width digits":
            return str(value).translate({ord(str(k)): chr(0xFF10 + k) for k in range(10)})
    return text


def test_a_repeated_key_is_refused(server: Server) -> None:
    answer, _ = asked(server, "neuron", "neuron_seed=3&neuron_seed=4&neuron_noise=10")
    assert not answer.errors


def test_a_link_whose_signs_were_written_for_a_web_page_is_understood(server: Server) -> None:
    link = "controls=All&amp;neuron_seed=3&amp;amp;neuron_noise=10&amp;neuron_learning_rate="
    answer, left = asked(server, "neuron", link)
    assert not answer.errors
    assert parse_qs(left) == {"controls": ["All"], "neuron_seed": ["3"], "neuron_noise": ["10"]}
    assert [alert for alert in answer.alerts if "impossible" in alert and "learning rate" in alert]


def test_what_a_page_does_not_have_is_said_once(server: Server) -> None:
    link = "neuron_seed=3&neuron_sed=4&neuron_![b](http://o.host/a.png)=1&network_sed=4&utm=x"
    answer, _ = asked(server, "neuron", link)
    (said,) = [alert for alert in answer.alerts if "The link" in alert]
    assert said.startswith("The link asked for what this page does not have: sed, ")
    assert not re.search(r"(?<!\\)!\[b\]|network|utm", said)


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_every_name_that_a_page_puts_into_its_address_is_known(path: Path) -> None:
    page = page_name(path)
    importlib.import_module(".".join(path.relative_to(ROOT).with_name("controls").parts))
    text = "".join(source.read_text(encoding="utf-8") for source in path.parent.glob("*.py"))
    names = re.findall(rf"[\"']{page}_([a-z_0-9]+)[\"']", text)
    names += re.findall(r"bound\(f\"\{PAGE\}_([a-z_0-9]+)\"\)", text)
    found = {f"{page}_{name}" for name in (*names, "view", "record")}
    assert not {name for name in found if not links.is_known(page, name)}
    assert not links.is_known(page, f"{page}_sed")
