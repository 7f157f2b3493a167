"""What all tests share: the topics and pages found in the tree, and a running app."""

import importlib
import inspect
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

import core  # noqa: F401 - before PyTorch, which asks at once how many threads it may use

ROOT = Path(__file__).parent.parent


def topic_files() -> list[Path]:
    """Return the files core/<section>/<topic>/model.py, which define Config and training."""
    return sorted(ROOT.glob("core/*/*/model.py"))


def page_files() -> list[Path]:
    """Return every page script: pages/<name>.py or pages/<section>/<topic>/page.py."""
    return sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("pages/*/*/page.py")])


def page_name(path: Path) -> str:
    """Return what a page is called in addresses and keys, from the path of its script."""
    return path.parent.name if path.name == "page.py" else path.stem


@cache
def topics() -> tuple[ModuleType, ...]:
    """Return the imported topic modules, in the order of their paths."""
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in topic_files())
    return tuple(importlib.import_module(name) for name in names)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `topic` or `page_file` once for each of them."""
    if "topic" in metafunc.fixturenames:
        names = [module.__name__.split(".")[-2] for module in topics()]
        metafunc.parametrize("topic", topics(), ids=names)
    if "page_file" in metafunc.fixturenames:
        metafunc.parametrize("page_file", page_files(), ids=page_name)


# What a test calls that draws in its own right: a seed, a module, a training set up by hand.
_DRAWS = r"torch\.\w*(rand|seed)|nn\.|(setup|training|[nN]etworks?|accuracies|moved)\("


@pytest.fixture(autouse=True)
def nobody_moved_the_generator(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which something outside the engine's slot drew or set a seed.

    Such a draw changes the run that another session computes at that moment. Tests that
    draw or set up a training themselves are left out: their own text says that they do.
    """
    import torch  # here, because the benchmarks' clients import this module too

    before = torch.get_rng_state()
    yield
    own = re.search(_DRAWS, inspect.getsource(request.function))
    assert own or torch.equal(torch.get_rng_state(), before), "the shared generator was moved"


@dataclass(frozen=True)
class Server:
    """A running app: its address on this machine, its process, what it printed so far."""

    address: str
    pid: int
    log: list[str]


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(root: Path = ROOT) -> Iterator[Server]:
    """Run the app on a free port of this machine until the block ends."""
    port = free_port()
    options = ["headless=true", "fileWatcherType=none", "address=127.0.0.1", f"port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    with subprocess.Popen(
        [*command, *(f"--server.{option}" for option in options)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Server(f"127.0.0.1:{port}", process.pid, _log(process))
        finally:
            _stop(process)


def _log(process: subprocess.Popen[str]) -> list[str]:
    """Wait for the line that says the app is up; keep reading in the background."""
    assert process.stdout is not None
    log: list[str] = []
    for line in process.stdout:
        log.append(line)
        if "URL:" in line:
            break
    else:
        raise RuntimeError("the app did not start:\n" + "".join(log))
    # A pipe that nobody reads stops the server once it is full.
    Thread(target=log.extend, args=(process.stdout,), daemon=True).start()
    return log


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        # Streamlit's orderly shutdown may wait for a visitor who just left.
        process.kill()
