"""Imports point one way, and every part is where its name says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, page_files, topic_files

VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
SOURCES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")])


def imported(path: Path) -> set[str]:
    """Return the dotted names of all modules a file imports, wherever it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module or ''}.{alias.name}" for alias in node.names)
    return names


def offenders(folder: str, *forbidden: str) -> list[str]:
    """Return "file: module" for each forbidden import below a folder."""
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in sorted(imported(path))
        if any(f"{name}.".startswith(f"{module}.") for module in forbidden)
    ]


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("core", ("streamlit", "pages", "tests")),
        ("core/figures", ("torch", "streamlit")),
        ("pages", ("torch", "plotly", "tests")),
    ],
)
def test_imports_point_one_way(folder: str, forbidden: tuple[str, ...]) -> None:
    assert not offenders(folder, *forbidden)


def test_relative_imports_are_not_used() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not found


def test_every_topic_has_its_page_and_its_tests() -> None:
    missing = [
        str(partner.relative_to(ROOT))
        for path in topic_files()
        for partner in partners(path)
        if not partner.exists()
    ]
    assert topic_files()
    assert not missing


def partners(topic: Path) -> Iterator[Path]:
    """Yield where the page and the tests of a topic belong."""
    section, stem = topic.parent.name, topic.stem
    yield ROOT / "pages" / section / f"{stem}.py"
    yield ROOT / "tests" / section / f"test_{stem}.py"


def test_page_stems_are_unique_because_they_become_addresses() -> None:
    stems = [path.stem for path in page_files()]
    assert stems
    assert sorted(stems) == sorted(set(stems))


def test_navigation_names_every_page_and_no_other() -> None:
    text = (ROOT / "streamlit_app.py").read_text(encoding="utf-8")
    named = re.findall(r"[\"'](pages/[\w/]+\.py)[\"']", text)
    assert sorted(named) == [path.relative_to(ROOT).as_posix() for path in page_files()]


def test_modules_are_named_for_what_they_are() -> None:
    vague = [path for path in SOURCES if VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)]
    assert not vague


def test_pages_are_straight_scripts(page_file: Path) -> None:
    tree = ast.parse(page_file.read_text(encoding="utf-8"))
    definitions = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not is_fragment(node)
    ]
    assert not definitions
    assert ast.get_docstring(tree)


def is_fragment(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a definition is a function decorated with st.fragment."""
    texts = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(text.split("(")[0] == "st.fragment" for text in texts)


def test_nothing_a_visitor_gives_can_become_html() -> None:
    markers = ("unsafe_allow_html", "st.html(", "unsafe_allow_javascript", "components.v1")
    files = [ROOT / "streamlit_app.py", *SOURCES]
    found = [
        f"{path.relative_to(ROOT)}: {marker}"
        for path in files
        for marker in markers
        if marker in path.read_text(encoding="utf-8")
    ]
    assert not found


def test_no_pickle_is_loaded() -> None:
    loaders = r"allow_pickle=True|weights_only=False|torch\.load\(|read_pickle|joblib\.load"
    found = [path for path in SOURCES if re.search(loaders, path.read_text(encoding="utf-8"))]
    assert not found
    assert not offenders("core", "pickle", "joblib", "cloudpickle")
    assert not offenders("pages", "pickle", "joblib", "cloudpickle")
