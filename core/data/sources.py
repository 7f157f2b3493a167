"""Where each data file comes from, under which licence, and whom to credit."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FILES = HERE / "files"


@dataclass(frozen=True)
class Source:
    """One row of SOURCES.md."""

    file: str
    what: str
    source: str
    licence: str
    credit: str
    not_free_for: str
    changes: str
    sha256: str


def sources() -> tuple[Source, ...]:
    """The rows of the table in SOURCES.md, in its order."""
    text = (HERE / "SOURCES.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return tuple(_source(line) for line in lines[2:])


def _source(line: str) -> Source:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) != 8:
        raise ValueError(f"a row of SOURCES.md must have 8 cells, got {len(cells)}")
    return Source(*cells)


def licence_texts() -> str:
    """The licence texts that must travel with the files."""
    return (HERE / "LICENSES.txt").read_text(encoding="utf-8")
