"""What every page promises: the heading and the lead that its script begins with."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PAGES = Path(__file__).parent.parent


class Lead(NamedTuple):
    """A page's heading, and the text under it."""

    heading: str
    text: str

    @property
    def promise(self) -> str:
        """The first sentence of the text."""
        sentence = re.match(r".+?[.?](?=\s|$)", self.text.replace("\n", " "))
        return sentence[0] if sentence else self.heading

    def speaks_of(self, words: list[str]) -> bool:
        """Whether all words, in small letters, stand somewhere in it."""
        return all(word in f"{self.heading} {self.text}".casefold() for word in words)


@cache
def lead(address: str) -> Lead:
    """The lead of the page with this address, which is its file's name."""
    script = next(_PAGES.glob(f"*/{address}.py"))
    docstring = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    heading, _, text = docstring.partition("\n")
    return Lead(heading.removeprefix("# "), text.strip())
