"""Imports point one way, and every part is where its name says."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, page_files, page_name, topic_files

VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
LONGEST_PAGE = 130
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


def partners(model: Path) -> Iterator[Path]:
    """Yield where the page and the tests of a topic belong."""
    section, topic = model.parent.parent.name, model.parent.name
    yield ROOT / "pages" / section / topic / "page.py"
    yield ROOT / "tests" / section / f"test_{topic}.py"


def module_name(path: Path) -> str:
    """Return the dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports() -> dict[str, set[str]]:
    """Return which of our own modules each of our modules imports, wherever it does so."""
    names = {module_name(path): path for path in [*SOURCES, ROOT / "streamlit_app.py"]}
    found: dict[str, set[str]] = {}
    for module, path in names.items():
        asked = imported(path)
        whole = {name for name in asked if name in names}
        parts = {name.rpartition(".")[0] for name in asked - whole}
        found[module] = (whole | parts) & set(names) - {module, "core"}
    return found


def topic_of(module: str) -> str | None:
    """Return the topic a module belongs to, or None for the frame and the shared floor."""
    parts = module.split(".")
    if len(parts) < 4 or not (ROOT / "core" / parts[1] / parts[2] / "model.py").exists():
        return None
    return f"{parts[1]}.{parts[2]}"


def test_a_topic_imports_no_other_topic() -> None:
    crossing = [
        f"{module} → {other}"
        for module, others in imports().items()
        for other in others
        if topic_of(module) and topic_of(other) and topic_of(module) != topic_of(other)
    ]
    assert not crossing


def test_the_shared_floor_imports_no_topic() -> None:
    upward = [
        f"{module} → {other}"
        for module, others in imports().items()
        for other in others
        if topic_of(other) and not topic_of(module)
    ]
    assert not upward


def test_imports_go_in_no_circle() -> None:
    rest = {module: set(others) for module, others in imports().items()}
    while done := {module for module, others in rest.items() if not others & rest.keys()}:
        rest = {module: others for module, others in rest.items() if module not in done}
    assert not sorted(rest)


def topics_using(module: str) -> set[str]:
    """Return the topics that use a shared module, themselves or by way of other shared ones."""
    using: set[str] = set()
    seen, ahead = {module}, [module]
    while ahead:
        name = ahead.pop()
        for user in {user for user, others in imports().items() if name in others} - seen:
            seen.add(user)
            topic = topic_of(user)
            if topic:
                using.add(topic)
            else:
                ahead.append(user)
    return using


def of_the_frame(module: str) -> bool:
    """Say whether the frame itself, its own pages or a command above the topics uses it."""
    above = {"streamlit_app", "core.record", "core.startup", *PLAIN_PAGES}
    users = {user for user, others in imports().items() if module in others}
    return module in above or any(user in above or of_the_frame(user) for user in users)


PLAIN_PAGES = {module_name(path) for path in ROOT.glob("pages/*.py")}
# Figures are placed by what they show, not by who shows it: topics know no Plotly.
ANY_USER = ("core.figures.",)


def test_nothing_on_the_shared_floor_serves_one_topic_alone() -> None:
    lonely = [
        f"{module}: {', '.join(topics_using(module)) or 'nobody'}"
        for module in imports()
        if topic_of(module) is None
        and (ROOT / module.replace(".", "/")).with_suffix(".py").exists()
        and not of_the_frame(module)
        and len(topics_using(module)) < (1 if module.startswith(ANY_USER) else 2)
    ]
    assert not lonely


def test_a_drawing_on_the_shared_floor_serves_two_topics_or_more() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("pages/*/*/*.py"))
    for path in (ROOT / "pages/elements/player/drawings").glob("*.js"):
        if "_" not in path.stem:
            folders = {
                user.parent
                for user in ROOT.glob("pages/*/*/*.py")
                if f'"{path.stem}"' in user.read_text(encoding="utf-8")
            }
            assert len(folders) >= 2, path.stem
    assert pages


def test_page_names_are_unique_because_they_become_addresses() -> None:
    stems = [page_name(path) for path in page_files()]
    assert stems
    assert sorted(stems) == sorted(set(stems))


def test_navigation_names_every_page_and_no_other() -> None:
    text = (ROOT / "streamlit_app.py").read_text(encoding="utf-8")
    named = re.findall(r"\"(pages/\w+\.py)\"", text)
    topics = re.findall(r"topic\(\"([\w/]+)\"", text)
    found = [*named, *(f"pages/{topic}/page.py" for topic in topics)]
    assert sorted(found) == [path.relative_to(ROOT).as_posix() for path in page_files()]


def test_modules_are_named_for_what_they_are() -> None:
    vague = [path for path in SOURCES if VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)]
    assert not vague


def test_pages_are_straight_scripts(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    definitions = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not is_fragment(node)
    ]
    assert not definitions
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= LONGEST_PAGE


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
