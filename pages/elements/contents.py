"""What a topic's page says, read off its script: lead, presets, question, challenge."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PAGES = Path(__file__).parent.parent
_STRING = re.compile(r'"([^"\n]{2,})"')


@dataclass(frozen=True)
class Contents:
    """The words of a page, without those that it computes."""

    heading: str
    promise: str  # the first sentence of the lead
    rest: str
    keywords: tuple[str, ...]
    presets: tuple[str, ...]
    question: str  # asked before the result is seen; empty where the page computes it
    challenge: str

    @property
    def text(self) -> str:
        """The whole lead."""
        return f"{self.promise} {self.rest}"


def parted(lead: str) -> tuple[str, str, str]:
    """The heading of a docstring, its first sentence, and what follows."""
    heading, _, text = lead.partition("\n")
    text = text.strip()
    sentence = re.match(r".+?[.?](?=\s|$)", text, re.DOTALL)
    promise = sentence[0] if sentence else text
    return heading.removeprefix("# "), promise, text.removeprefix(promise).strip()


def addresses() -> list[str]:
    """The address of every topic's page."""
    return sorted(path.parent.name for path in _PAGES.glob("*/*/page.py"))


def folder(address: str) -> Path:
    """The folder of the page with this address, which is its name."""
    return next(path.parent for path in _PAGES.glob(f"*/{address}/page.py"))


@cache
def of(address: str) -> Contents:
    """Read a page's script and its `keywords.txt`: synonyms, and what people ask for."""
    home = folder(address)
    tree = ast.parse((home / "page.py").read_text(encoding="utf-8"))
    heading, promise, rest = parted(ast.get_docstring(tree) or "")
    return Contents(
        heading,
        promise,
        rest,
        tuple((home / "keywords.txt").read_text(encoding="utf-8").splitlines()),
        tuple(_presets(tree)),
        next(_texts_given(tree, "Question"), ""),
        next(_texts_given(tree, "challenge.challenge"), ""),
    )


def strings(address: str) -> Iterator[str]:
    """All texts in a page's scripts: labels, options, help, captions, and some names."""
    for script in folder(address).glob("*.py"):
        yield from _STRING.findall(script.read_text(encoding="utf-8"))


def _presets(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PRESETS":
            keys = node.value.keys if isinstance(node.value, ast.Dict) else []
            return [str(key.value) for key in keys if isinstance(key, ast.Constant)]
    return []


def _texts_given(tree: ast.Module, function: str) -> Iterator[str]:
    """The texts that calls of the function are given, an ellipsis for what is computed."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(function):
            for given in call.args:
                if isinstance(given, ast.JoinedStr):
                    yield "".join(_said(part) or "…" for part in given.values)
                elif _said(given):
                    yield _said(given)


def _said(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
