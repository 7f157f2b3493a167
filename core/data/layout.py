"""How a CSV file is laid out: what stands above the names, between cells and around them."""

import csv
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from core.data.numerals import numeral
from core.data.refusal import Refused

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "blanks"}
MAX_ABOVE = 20  # lines above the names
_COMMENT = re.compile(r"\s*(?:#|//|%)+\s*")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,5}|#[xX][0-9a-fA-F]{1,4});")
_YEARS = 1700, 2200
_LONG = 200_000  # letters in the first lines: these are no text above a table
_COMPARED = 30  # lines, and cells of each
_HALF = 0.5  # of the lines that must be as long as the first of them


@dataclass(frozen=True)
class Layout:
    """Where the table begins and how its lines are cut into cells."""

    start: int = 0  # lines above the names
    delimiter: str = ","
    quote: str = '"'
    has_entities: bool = False
    names: str = ""  # the line of names where it stood behind a comment mark
    notes: tuple[str, ...] = ()

    def reader(self, lines: Iterable[str]) -> "Reader":
        """A reader of rows of cells that refuses quotation marks out of place."""
        return self._cut(lines, strict=True)

    def cells(self, lines: Iterable[str]) -> list[list[str]]:
        """The rows of some lines, whatever their faults; blank lines give empty ones."""
        return list(self._cut(lines, strict=False))

    def _cut(self, lines: Iterable[str], strict: bool) -> "Reader":
        if self.delimiter == " ":
            lines = (" ".join(line.split()) + "\n" for line in lines)
        return csv.reader(
            map(_plain, lines) if self.has_entities else lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            strict=strict,
            skipinitialspace=True,
        )


def layout(lines: Sequence[str], has_entities: bool) -> Layout:
    """Judge a file by its first lines; raises `Refused` where only one column is found."""
    if has_entities:
        lines = list(map(_plain, lines))
    announced = _announced(lines[0])
    start = 1 if announced else 0
    notes = []
    if announced:
        notes.append("The first line names what stands between columns (sep) and is passed over.")
    begun, delimiter = _begins(lines, start, announced)
    quote, names = _quote(lines[begun:], delimiter), _commented_names(lines, begun, delimiter)
    if begun > start:
        above = "line" if begun - start == 1 else f"{begun - start} lines"
        what = "; its names stand there" if names else ", passed over"
        notes.append(f"The table begins in line {begun + 1}, below {above} of text{what}.")
    if delimiter != ",":
        notes.append(f"Columns are separated by {DELIMITERS[delimiter]}.")
    if quote == "'":
        notes.append("Single quotation marks around cells were taken off.")
    if has_entities:
        notes.append("Letters written for web pages, as in R&amp;D, were read as what they mean.")
    return Layout(begun, delimiter, quote, has_entities, names, tuple(notes))


def are_years(cells: Sequence[str]) -> bool:
    """Whether the numbers among the cells are two years or more that grow."""
    numbers = [int(cell) if cell.isdecimal() else 0 for cell in cells if numeral(cell)]
    grow = all(a < b for a, b in pairwise(numbers))
    return len(numbers) > 1 and grow and all(_YEARS[0] <= n <= _YEARS[1] for n in numbers)


def _plain(line: str) -> str:
    """The line without entities of HTML, but for those that would cut it."""
    return _ENTITY.sub(_meant, line) if "&" in line else line


def _meant(entity: re.Match[str]) -> str:
    letter = html.unescape(entity[0])
    kept = entity[0] if letter in ",;\t|\n\r" else letter
    return {'"': "\u201d", "'": "\u2019"}.get(letter, kept)


def _announced(line: str) -> str:
    """What the first line says to stand between columns, as Excel writes it: sep=;."""
    first = line.strip().strip('"')
    announced = first.removeprefix("sep=").removeprefix("SEP=")
    if first.lower().startswith("sep=") and announced in ("", *DELIMITERS):
        return announced or "\t"  # strip() took the tab
    return ""


def _begins(lines: Sequence[str], start: int, announced: str) -> tuple[int, str]:
    """The line where the table begins, and its delimiter: the first from which lines are alike."""
    signs = (announced,) if announced else tuple(d for d in DELIMITERS if d != " ")
    found = _alike(lines, start, signs)
    # Blanks stand in names and words as well: they cut only what becomes more numbers.
    if not announced and (found is None or found[1] == "\t"):
        blanks = _alike(lines, start, (" ",))
        if blanks and _numbers(lines, *blanks) > max(0.3, _numbers(lines, *found) if found else 0):
            return blanks
    if found:
        return found
    # No line has others like it: the row of another length is named by its line, later on.
    if delimiter := _delimiter(lines[start:], signs):
        return start, delimiter
    raise Refused(
        "too_few_columns",
        "Only one column was found; at least two are needed, separated by commas, semicolons, "
        "tabs, vertical bars or blanks.",
    )


def _alike(lines: Sequence[str], start: int, signs: Sequence[str]) -> tuple[int, str] | None:
    """The first line like most of those below it, if those above are no rows; its delimiter."""
    n_above = MAX_ABOVE if sum(map(len, lines)) < _LONG else 0
    for begun in range(start, min(start + n_above + 1, len(lines))):
        delimiter = _delimiter(lines[begun:], signs) if lines[begun].strip() else ""
        rows = _cut(lines[begun:], delimiter) if delimiter else []
        if not rows or _evenness(rows)[0] < _HALF or _is_title(rows):
            continue
        above = [line for line in lines[start:begun] if line.strip()]
        if not above:
            return start, delimiter
        if all(map(_is_comment, above)) or _may_be_names(rows[0]):
            return begun, delimiter
    return None


def _delimiter(lines: Sequence[str], signs: Sequence[str]) -> str:
    """The delimiter that cuts the lines most evenly, into most numbers; "" if none cuts them."""
    cut = {sign: _evenness(_cut(lines, sign)) for sign in signs}
    best = max(cut, key=cut.__getitem__)
    return best if cut[best][0] else ""


def _cut(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    filled = [line for line in lines if line.strip()][:_COMPARED]
    rows = Layout(0, delimiter, _quote(filled, delimiter)).cells(filled)
    return [row for row in rows if row]


def _numbers(lines: Sequence[str], begun: int, delimiter: str) -> float:
    return _evenness(_cut(lines[begun:], delimiter))[1]


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[float, float, int]:
    """Share of rows as long as the first one, share of numbers among the cells, columns."""
    if not rows or len(rows[0]) < 2:
        return 0.0, 0.0, 0
    cells = [cell for row in rows for cell in row[:_COMPARED]]
    even = sum(len(row) == len(rows[0]) for row in rows)
    numbers = sum(numeral(cell.strip()) is not None for cell in cells)
    return even / len(rows), numbers / len(cells), len(rows[0])


def _is_comment(line: str) -> bool:
    mark = _COMMENT.match(line)
    return mark is not None and line[mark.end() : mark.end() + 1] not in (*DELIMITERS, "")


def _is_title(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is a title that a spreadsheet filled up with empty cells."""
    below = next((row for row in rows[1:] if any(row)), [])
    alone = bool(rows[0][0].strip()) and not any(cell.strip() for cell in rows[0][1:])
    return alone and all(cell.strip() for cell in below) and _may_be_names(below)


def _may_be_names(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row]
    return not any(map(numeral, cells)) or (numeral(cells[0]) is None and are_years(cells))


def _commented_names(lines: Sequence[str], begun: int, delimiter: str) -> str:
    """The comment right above the table where it names its columns, as NumPy writes it."""
    above = lines[begun - 1] if begun else ""
    mark = _COMMENT.match(above)
    if not mark:
        return ""
    names, first = (Layout(0, delimiter).cells([t]) for t in (above[mark.end() :], lines[begun]))
    fits = names and len(names[0]) == len(first[0]) and _may_be_names(names[0])
    return above[mark.end() :] if fits and not _may_be_names(first[0]) else ""


def _quote(lines: Sequence[str], delimiter: str) -> str:
    """The mark around cells: a single one where half of the lines have a cell in such marks."""
    mark = re.escape(delimiter)
    quoted = re.compile(rf"(?:^|{mark})\s*'(?:[^']|'')*'\s*(?=$|{mark})")
    filled = [line.rstrip("\r\n") for line in lines if line.strip()]
    n_single = sum(quoted.search(line) is not None for line in filled)
    has_double = any('"' in line for line in filled)
    return "'" if n_single > _HALF * len(filled) and not has_double else '"'
