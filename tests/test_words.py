"""One word for one thing, plain words, and per cent written alike, wherever people read."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")])
DRAWINGS = sorted(ROOT.glob("pages/**/*.js"))
# What must not be read, and what to write instead.
WORDS = {
    r"updates?": "step: one step of the optimiser",
    r"(?i:pictures?)": "image (data), frame (a moment), chart, map or plane (what is drawn)",
    r"(?i:rightly)": "correctly",
    r"(?i:anew)": "again",
    r"(?i:has left)": "diverged, or: has run off",
    r"(?i:dealt)": "random",
    r"(?i:mend(s|ed|ing)?)": "fix, help",
    r"(?i:dear|surer|surest)": "expensive; more, most confident",
    r"(?i:share right)": "accuracy, as per cent",
    r"(?i:(whence|thence|naught|upon|ere|betwixt|amidst))": "a word of today",
}
FORBIDDEN = {
    re.compile(rf"(?<![\w\"'./_@{{-]){word}(?![\w\"'/_(]|\.[a-z])"): w for word, w in WORDS.items()
}
# An option's text is its value in links that were shared, so it stays as it is.
IN_LINKS = {"My own pictures"}
JS_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
JS_VALUE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
NO_SPACE = re.compile(r"\d%(?![\w{])|:[,+]?\.\d%")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return everything in the syntax of a source file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def docstrings(path: Path) -> set[ast.AST]:
    """Return the docstrings of a file, but not a page's own, which is its opening."""
    is_page = path.name == "page.py" or path.parent == ROOT / "pages"
    kinds = (
        (ast.ClassDef, ast.FunctionDef) if is_page else (ast.ClassDef, ast.FunctionDef, ast.Module)
    )
    return {
        statement.value
        for node in nodes(path)
        if isinstance(node, kinds)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }


def is_prose(text: str) -> bool:
    """Whether a string is for people: it has words, or begins as a sentence or a label does."""
    return " " in text.strip() or text[:1].isupper()


def read_in_python(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every string of a source file that people may read."""
    told = docstrings(path)
    for node in nodes(path):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in told:
            continue
        if is_prose(node.value) and node.value not in IN_LINKS:
            yield node.lineno, node.value


def read_in_drawing(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every string of a drawing that people may read."""
    code = re.sub(r"^\s*(//|/\*\*|\*).*$", "", text, flags=re.MULTILINE)
    for match in JS_STRING.finditer(code):
        said = JS_VALUE.sub("…", match[0][1:-1])
        if is_prose(said):
            yield code.count("\n", 0, match.start()) + 1, said


def faults(text: str) -> list[str]:
    """Return what a text says in words that it should not."""
    return [
        f"{found[0]!r}: write {w}" for word, w in FORBIDDEN.items() if (found := word.search(text))
    ]


def test_one_word_is_said_for_one_thing_and_it_is_a_plain_one() -> None:
    python = [(path, said) for path in SOURCES for said in read_in_python(path)]
    drawn = [(path, said) for path in DRAWINGS for said in read_in_drawing(path.read_text("utf-8"))]
    assert len(python) > 2000
    assert len(drawn) > 300
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path, (line, text) in [*python, *drawn]
        for fault in faults(text)
    ]
    assert not found, "\n" + "\n".join(found)


def without_space(path: Path) -> Iterator[int]:
    """Yield the lines on which per cent is written without a space before its sign."""
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if NO_SPACE.search(node.value):
                yield node.lineno
        elif isinstance(node, ast.JoinedStr):
            for value, after in zip(node.values, [*node.values[1:], ast.Constant("")], strict=True):
                spec = getattr(value, "format_spec", None)
                formatted = spec is not None and ast.unparse(spec).rstrip("'\"").endswith("%")
                glued = isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)
                if formatted or (glued and re.match(r"%(?![\w{])", str(after.value))):
                    yield value.lineno


def bare(path: Path) -> Iterator[int]:
    """Yield the lines on which an accuracy is written as 0.98."""
    for node in nodes(path):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            value, spec = ast.unparse(node.value), ast.unparse(node.format_spec)
            named = re.search(r"accurac|purity", value) and not re.search(r"100 \*|per_cent", value)
            if named and re.search(r"\.\d[fg]", spec):
                yield node.lineno


def curve_units(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the unit of every chart of an accuracy."""
    for node in nodes(path):
        title, unit = title_and_unit(node)
        if not isinstance(title, ast.Constant) or not isinstance(unit, ast.Constant):
            continue
        if re.search("accuracy|purity", str(title.value), re.IGNORECASE):
            yield node.lineno, str(unit.value)


def title_and_unit(node: ast.AST) -> Sequence[ast.expr | None]:
    """Return what says the title and the unit of a chart of curves, if that is one."""
    if isinstance(node, ast.Dict):
        row = {getattr(k, "value", None): v for k, v in zip(node.keys, node.values, strict=True)}
        return row.get("title"), row.get("unit")
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_curve":
        return node.args[:2]
    return None, None


def test_per_cent_is_written_alike_and_accuracy_as_per_cent() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path != ROOT / "core" / "shares.py"  # where it is written
        for line in [*without_space(path), *(bare(path) if path.name != "script.py" else ())]
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_chart_of_an_accuracy_is_drawn_in_per_cent() -> None:
    units = [(path.name, *found) for path in SOURCES for found in curve_units(path)]
    assert len(units) >= 8
    assert not [found for found in units if found[2] not in ("share", "%")]


@pytest.mark.parametrize(
    "text",
    ["After 20 updates.", "Pause the picture.", "Pictures", "85 are read rightly", "draw it anew."],
)
def test_what_must_not_be_said_is_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('f"{right:.0%} of them"', True),
        ('f"{100 * right:.0f}% of them"', True),
        ('"Noise of 5%"', True),
        ('f"accuracy {accuracy:.3f}"', True),
        ('f"{100 * right:.0f}\\u00a0% of them, %{{y}}"', False),
        ('"%{x}: %{y}"', False),
    ],
)
def test_what_must_not_be_written_is_found(source: str, wrong: bool, tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(f"said = {source}\n", encoding="utf-8")
    assert bool([*without_space(path), *bare(path)]) is wrong
