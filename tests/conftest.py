"""What all tests share: the topics and pages, found by looking at the tree."""

import ast
import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def topic_files() -> list[Path]:
    """Return the files core/<section>/<topic>.py that define Config and training."""
    return [path for path in sorted(ROOT.glob("core/*/*.py")) if _is_topic(path)]


def page_files() -> list[Path]:
    """Return every page script: pages/<topic>.py or pages/<section>/<topic>.py."""
    found = [*ROOT.glob("pages/*.py"), *ROOT.glob("pages/*/*.py")]
    return sorted(path for path in found if _is_page(path))


@cache
def topics() -> tuple[ModuleType, ...]:
    """Return the imported topic modules, in the order of their paths."""
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in topic_files())
    return tuple(importlib.import_module(name) for name in names)


def _is_topic(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {getattr(node, "name", None) for node in tree.body}
    return {"Config", "training"} <= names


def _is_page(path: Path) -> bool:
    return path.name != "__init__.py" and path.relative_to(ROOT).parts[1] != "elements"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `topic` or `page_file` once for each of them."""
    if "topic" in metafunc.fixturenames:
        names = [module.__name__.removeprefix("core.") for module in topics()]
        metafunc.parametrize("topic", topics(), ids=names)
    if "page_file" in metafunc.fixturenames:
        metafunc.parametrize("page_file", page_files(), ids=lambda path: path.stem)
