"""Rows of cells out of the bytes of a CSV file, whatever its encoding and layout."""

import csv
import math
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NoReturn

from core.data.encodings import ACCEPTED, BROKEN_UTF8, MAX_BYTES, encoding_of, lines
from core.data.layout import DELIMITERS, Layout, layout
from core.data.refusal import Refused

__all__ = ["ACCEPTED", "DELIMITERS", "MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Rows", "read_rows"]

MAX_ROWS = 5_000
MAX_COLUMNS = 100
_JUDGED = 80  # lines by which the layout is judged
_ENTITIES = re.compile(rb"&(?:amp|lt|gt|quot|apos|nbsp|[aou]uml|szlig|eacute|#[0-9]{2,5});")


@dataclass(frozen=True)
class Rows:
    """The rows of a file as text, all equally long; a sample where there are many."""

    first: list[str]
    others: list[list[str]]
    delimiter: str
    notes: tuple[str, ...]


def read_rows(content: bytes) -> Rows:
    """Find encoding and layout, check every line, keep at most MAX_ROWS rows."""
    encoding = encoding_of(content)
    has_entities = _ENTITIES.search(content) is not None
    shape = layout(list(islice(lines(content, encoding), _JUDGED)), has_entities)
    below = lines(content, encoding, shape.start)
    foot: list[int] = []
    first, others, n_rows = _sampled(_rows(below, shape, foot))
    if len(first) > MAX_COLUMNS:
        raise Refused(
            "too_big", f"There are {len(first):,} columns; at most {MAX_COLUMNS} are accepted."
        )
    notes = [*_about(encoding), *shape.notes]
    if foot:
        notes.append("The text below the table is passed over.")
    if n_rows > MAX_ROWS:
        notes.append(f"{MAX_ROWS:,} of {n_rows:,} rows are used, drawn at random.")
    return Rows(first, others, shape.delimiter, tuple(notes))


def _about(encoding: str) -> list[str]:
    if encoding == BROKEN_UTF8:
        return ["Some bytes are no UTF-8; each was read as a question mark in a diamond."]
    if encoding in ("utf-8", "utf-8-sig"):
        return []
    names = {"utf-16": "UTF-16", "utf-32": "UTF-32"}
    return [f"The text is read as {names.get(encoding, 'Latin-1 (Windows)')}."]


def _sampled(rows: Iterator[list[str]]) -> tuple[list[str], list[list[str]], int]:
    """The first row, at most MAX_ROWS of the others in their order, and their number.

    Every row is checked; each is as likely to be kept (algorithm L of Li, 1994,
    which draws how many rows to pass over and so costs nothing for most of them).
    """
    first = next(rows)
    kept = list(enumerate(islice(rows, MAX_ROWS)))
    draw = random.Random(0).random
    weight = draw() ** (1 / MAX_ROWS)
    n_rows, taken = len(kept), len(kept) + _gap(draw(), weight)
    for row in rows:
        if n_rows == taken:
            kept[int(draw() * MAX_ROWS)] = n_rows, row
            weight *= draw() ** (1 / MAX_ROWS)
            taken += 1 + _gap(draw(), weight)
        n_rows += 1
    return first, [row for _, row in sorted(kept, key=lambda pair: pair[0])], n_rows


def _gap(uniform: float, weight: float) -> int:
    return int(math.log(1 - uniform) / math.log1p(-weight))


def _rows(below: Iterable[str], shape: Layout, foot: list[int]) -> Iterator[list[str]]:
    """Each row that is not blank, as long as the first one.

    Lines of one cell below the last row are no data; `foot` gets their numbers.
    """
    above = (f"{shape.names.rstrip()}\n",) if shape.names else ()
    reader = shape.reader(chain(above, below))
    start = shape.start - len(above)
    n_columns, end = 0, start
    try:
        for row in reader:
            if len(row) == n_columns:
                # A spreadsheet writes deleted rows as delimiters alone.
                if any(row):
                    if foot:
                        _refuse_ragged(1, n_columns, foot[0])
                    yield row
            elif any(cell.strip() for cell in row):
                if not any(cell.strip() for cell in row[1:]) and n_columns:
                    foot.append(end + 1)
                else:
                    if foot:
                        _refuse_ragged(1, n_columns, foot[0])
                    n_columns = n_columns or len(row)
                    yield _cut(row, n_columns, end + 1)
            end = start + reader.line_num
    except csv.Error:
        raise Refused(
            "parse",
            f"Line {end + 1} has a quotation mark ({shape.quote}) that is not closed where its "
            "cell ends.",
        ) from None


def _cut(row: list[str], n_columns: int, line: int) -> list[str]:
    """The row without empty cells beyond the columns of the first row."""
    if len(row) < n_columns or any(row[n_columns:]):
        _refuse_ragged(len(row), n_columns, line)
    return row[:n_columns]


def _refuse_ragged(n_cells: int, n_columns: int, line: int) -> NoReturn:
    cells = "1 cell" if n_cells == 1 else f"{n_cells} cells"
    raise Refused(
        "ragged",
        f"Line {line} has {cells} where the first line has {n_columns}; "
        "every row needs the same number.",
    )
