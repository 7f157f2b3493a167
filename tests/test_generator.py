"""Nobody but the engine, in its slot, moves the generator that all trainings share."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT, page_name
from tests.test_layers import SOURCES
from tests.test_pages import TOPIC_PAGES, controls, healthy

# They set the process-wide generator, or put it back under the feet of another session.
SETTING = {
    "fork_rng",
    "manual_seed",
    "seed",
    "initial_seed",
    "default_generator",
    "get_rng_state",
    "set_rng_state",
}
# Runs in the slot, and `restore`, `made`, which it calls there.
ENGINE = {"core/runs.py", "core/chunks.py"}
# Drawing is for functions that a training calls; what draws as its module is imported
# or shapes a picture would draw from the generator of whoever trains at that moment.
DRAWING = {"rand", "randn", "randint", "randperm", "normal", "bernoulli", "multinomial"}


def of_torch(node: ast.AST) -> str | None:
    """The last name of `torch.….name`."""
    if not isinstance(node, ast.Attribute):
        return None
    root: ast.expr = node.value
    while isinstance(root, ast.Attribute):
        root = root.value
    return node.attr if isinstance(root, ast.Name) and root.id == "torch" else None


def uses(path: Path, names: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if of_torch(node) in names:
            yield f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            yield from (
                f"{path.relative_to(ROOT)}: {a.name}" for a in node.names if a.name in names
            )


def test_only_the_engine_sets_the_generator() -> None:
    files = [path for path in SOURCES if path.relative_to(ROOT).as_posix() not in ENGINE]
    assert not [use for path in files for use in uses(path, SETTING)]
    assert any(uses(ROOT / "core/runs.py", SETTING))


def test_pages_and_what_only_looks_never_draw() -> None:
    looking = {"reading", "picture", "findings", "script", "inspection"}
    files = [p for p in SOURCES if p.stem in looking or p.is_relative_to(ROOT / "pages")]
    assert not [use for path in files for use in uses(path, DRAWING)]


def views(app: AppTest) -> list[Any]:
    """The choices of what to look at."""
    return [w for w in controls(app) if (w.key or "").rpartition("_")[2] == "view"]


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_looking_inside_leaves_the_generator_where_it_stood(path: Path) -> None:
    """At a later record, because pictures of the first are drawn while nothing stands."""
    torch.manual_seed(1234)
    before = torch.get_rng_state()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params[f"{page_name(path)}_record"] = "2"
    app.run()
    app.switch_page(path.relative_to(ROOT).as_posix())
    assert healthy(app.run())
    for view in views(app):
        for option in view.options:
            here = next((w for w in views(app) if w.key == view.key), None)
            if here is not None:
                here.set_value([option] if isinstance(here.value, list) else option)
                assert healthy(app.run())
            assert torch.equal(torch.get_rng_state(), before), f"{view.key}: {option}"
