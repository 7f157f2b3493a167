"""One limit in bytes for all that the process keeps; what is asked for is made once."""

import ast
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from core.sizes import OVERHEAD, size_of
from core.store import STORE, Store, remembered
from tests.conftest import ROOT
from tests.test_layers import SOURCES

# Whatever else is kept for the whole process: small, bounded, and why it is not in the store.
OTHER_CACHES = {
    "core/runs.py: _plan": "two numbers a configuration, at most 512; asked for in every rerun",
    "core/foundations/network/script.py: _source": "the project's own text, five generators",
    "core/learning/transfer/own_classes_pictures.py: Store": "16 MB that nobody can make again",
    "core/store.py: Store": "the store itself",
    "pages/elements/contents.py: of": "what a page says of itself, for the map and the search",
    "pages/elements/player/__init__.py: _component": "declared to Streamlit once a drawing",
    "pages/elements/player/__init__.py: _drawings": "the names of the files with drawings",
    "pages/elements/search.py: index": "the words of all pages",
}
CACHES = {"lru_cache", "cache", "cache_data", "cache_resource", "cached"}


def caches(path: Path) -> set[str]:
    """The functions of a file that keep what they return, and the stores it makes."""
    name, found = path.relative_to(ROOT).as_posix(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            called = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
            if any(ast.unparse(each).rpartition(".")[2] in CACHES for each in called):
                found.add(f"{name}: {node.name}")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Store":
            found.add(f"{name}: Store")
    return found


def test_nothing_is_kept_outside_the_store_but_what_is_small_and_named() -> None:
    assert set().union(*map(caches, SOURCES)) == set(OTHER_CACHES)


def test_the_store_lets_the_least_recently_used_go() -> None:
    kept = Store(max_bytes=100)
    for name in ("a", "b"):
        kept.put((name,), 1, 40)
    kept.get(("a",))
    kept.put(("c",), 1, 40)
    assert [(name,) in kept for name in "abc"] == [True, False, True]
    assert kept.nbytes == 80


def test_what_is_of_one_kind_can_go_alone_and_is_counted() -> None:
    kept = Store(max_bytes=1000)
    for place in range(3):
        kept.put(("a", place), place, 40)
    kept.put(("b",), 0, 50)
    assert kept.by_kind() == {"a": 120, "b": 50}
    kept.clear("a")
    assert (len(kept), kept.nbytes) == (1, 50)


@dataclass
class Holder:
    values: object


@pytest.mark.parametrize(
    ("value", "nbytes"),
    [
        (np.zeros(10_000, np.float32), 40_000),
        (np.zeros(10_000, np.float32)[:10], 40_000),
        (torch.zeros(10_000), 40_000),
        (torch.zeros(10_000)[:10].numpy(), 40_000),
        ({"a": [np.zeros(10_000, np.uint8)] * 3}, 10_000),
        (Holder(np.zeros(10_000, np.uint8)), 10_000),
        (nn.Linear(100, 100, bias=False), 40_000),
        (pd.DataFrame({"a": np.zeros(10_000)}), 80_000),
        (b"x" * 10_000, 10_000),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, int) else "",
)
def test_sizes_are_those_of_the_arrays_held(value: object, nbytes: int) -> None:
    assert nbytes <= size_of(value) <= nbytes + 40 * OVERHEAD


def test_a_value_is_made_once_while_others_wait() -> None:
    calls: list[int] = []
    begun = threading.Event()

    @remembered
    def slow(n: int) -> int:
        calls.append(n)
        begun.wait(5)
        return n * n

    threads = [threading.Thread(target=slow, args=(3,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert slow(3) == 9
    assert calls == [3]


def test_an_exception_reaches_everybody_and_is_not_kept() -> None:
    calls: list[int] = []

    @remembered
    def failing() -> None:
        calls.append(1)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            failing()
    assert len(calls) == 2


def test_nothing_and_long_bytes_are_remembered() -> None:
    calls: list[int] = []

    @remembered
    def read(content: bytes) -> None:
        calls.append(len(content))

    for _ in range(2):
        read(b"x" * 100_000)
        read(b"y" * 100_000)
    assert calls == [100_000, 100_000]
    assert STORE.by_kind()[f"{__name__}.{read.__qualname__}"] < 10_000


def test_whoever_holds_the_slot_waits_for_nobody() -> None:
    """The one who makes the value may be waiting for the slot."""
    kept, released = Store(1000), threading.Event()

    def maker() -> int:
        released.wait(5)
        return 1

    other = threading.Thread(target=kept.value, args=(("a",), maker))
    other.start()
    while ("a",) not in kept._making:
        time.sleep(0.001)
    with kept.waiting_for_nobody():
        assert kept.value(("a",), lambda: 2) == 2
    released.set()
    other.join()
