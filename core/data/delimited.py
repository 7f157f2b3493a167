"""Rows of cells out of the bytes of a CSV file, whatever its encoding and delimiter."""

import codecs
import csv
import io
import math
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from core.data.refusal import Refused
from core.data.signatures import ARCHIVES, signature

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_LINES = 1_000_000
MAX_LINE = 50_000  # bytes; longer ones are no table
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
ACCEPTED = "A CSV file is accepted: text with one row on each line."

_PICTURES = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "ICO")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BROKEN_UTF8 = "utf-8 with broken bytes"
_BROKEN = "\ufffd"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\[{"]|-?[0-9])|<[!?a-zA-Z])')
_NUMERIC = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Rows:
    """The rows of a file as text, all equally long; a sample where there are many."""

    first: list[str]
    others: list[list[str]]
    delimiter: str
    notes: tuple[str, ...]


def read_rows(content: bytes) -> Rows:
    """Find encoding and delimiter, check every line, keep at most MAX_ROWS rows."""
    _refuse_other_formats(content)
    _refuse_endless(content)
    encoding = _encoding(content)
    announced = _announced(content, encoding)
    start = 1 if announced else 0
    delimiter = announced or _delimiter(content, encoding)
    first, others, n_rows = _sampled(_lines(content, encoding, start), delimiter, start)
    if len(first) > MAX_COLUMNS:
        raise Refused(
            "too_big", f"There are {len(first):,} columns; at most {MAX_COLUMNS} are accepted."
        )
    notes = []
    if encoding == BROKEN_UTF8:
        notes.append("Some bytes are no UTF-8; each was read as a question mark in a diamond.")
    elif encoding not in ("utf-8", "utf-8-sig"):
        names = {"utf-16": "UTF-16", "utf-32": "UTF-32"}
        notes.append(f"The text is read as {names.get(encoding, 'Latin-1 (Windows)')}.")
    if announced:
        notes.append("The first line names what stands between columns (sep) and is passed over.")
    if delimiter != ",":
        notes.append(f"Columns are separated by {DELIMITERS[delimiter]}.")
    if n_rows > MAX_ROWS:
        notes.append(f"{MAX_ROWS:,} of {n_rows:,} rows are used, drawn at random.")
    return Rows(first, others, delimiter, tuple(notes))


def _refuse_other_formats(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_big",
            f"The file has {len(content) / 1e6:.1f} MB; "
            f"at most {MAX_BYTES / 1e6:.0f} MB are accepted.",
        )
    name = signature(content)
    if name in ARCHIVES:
        raise Refused(
            "compressed",
            f"This is a compressed file ({name}) or an Excel workbook; unpack it "
            "or save it as CSV first.",
        )
    if name:
        raise Refused("binary" if name in _PICTURES else "type", f"This is {name} data. {ACCEPTED}")
    if not content.startswith(tuple(bom for bom, _ in _BOMS)) and _CONTROL.search(content):
        raise Refused("binary", f"The file holds bytes that are no text. {ACCEPTED}")


def _refuse_endless(content: bytes) -> None:
    n_lines = max(content.count(b"\n"), content.count(b"\r"))
    if n_lines > MAX_LINES:
        raise Refused(
            "too_big", f"There are {n_lines:,} lines; at most {MAX_LINES:,} are accepted."
        )
    start = 0
    while start + MAX_LINE < len(content):
        window = start, start + MAX_LINE
        end = max(content.rfind(b"\n", *window), content.rfind(b"\r", *window))
        if end < 0:
            line = content.count(b"\n", 0, start) + 1
            raise Refused("parse", f"Line {line} is longer than {MAX_LINE:,} bytes. {ACCEPTED}")
        start = end + 1


def _encoding(content: bytes) -> str:
    announced = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    for encoding in (announced,) if announced else ("utf-8", BROKEN_UTF8, "cp1252", "latin-1"):
        try:
            text = _decoded(content, encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        _refuse_other_texts(text)
        if encoding in ("cp1252", "latin-1"):
            _refuse_garbled(text)
        return encoding
    raise Refused("binary", f"The file cannot be read as text. {ACCEPTED}")


def _decoded(content: bytes, encoding: str) -> str:
    if encoding != BROKEN_UTF8:
        return content.decode(encoding)
    text = content.decode("utf-8", "replace")
    n_broken = text.count(_BROKEN)
    # A text in another encoding has next to no letter beyond ASCII that is right by chance.
    n_right = sum(letter > "\x7f" for letter in text) - n_broken
    if n_broken > n_right:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "mostly no UTF-8")
    return text


def _refuse_garbled(text: str) -> None:
    """Western languages are written in ASCII for the most part; all else is misread here."""
    letters = [letter for letter in text[:100_000] if letter.isalpha() or letter > "\x7f"]
    n_foreign = sum(letter > "\x7f" for letter in letters)
    n_controls = sum("\x7f" < letter < "\xa0" for letter in letters)
    if n_foreign > 4 and (n_foreign > 0.4 * len(letters) or n_controls):
        raise Refused(
            "encoding",
            "The letters of the file are in an encoding that is not known here; save it as "
            "CSV UTF-8.",
        )


def _refuse_other_texts(text: str) -> None:
    if not text or text.isspace():
        raise Refused("empty", f"The file is empty. {ACCEPTED}")
    if _MARKUP.match(text):
        raise Refused("parse", f"Line 1 starts like JSON or HTML. {ACCEPTED}")


def _lines(content: bytes, encoding: str, start: int = 0) -> Iterator[str]:
    """The lines from `start` on, so that the text never stands in memory as a whole."""
    broken = encoding == BROKEN_UTF8
    # newline="" leaves line breaks inside quoted cells to the csv module.
    lines = io.TextIOWrapper(
        io.BytesIO(content),
        encoding="utf-8" if broken else encoding,
        errors="replace" if broken else "strict",
        newline="",
    )
    return islice(lines, start, None)


def _announced(content: bytes, encoding: str) -> str:
    """What the first line says to stand between columns, as Excel writes it: sep=;."""
    first = next(_lines(content, encoding), "").strip().strip('"')
    announced = first.removeprefix("sep=").removeprefix("SEP=")
    if first.lower().startswith("sep=") and announced in ("", *DELIMITERS):
        return announced or "\t"  # strip() took the tab
    return ""


def _delimiter(content: bytes, encoding: str) -> str:
    """The delimiter that cuts the first lines most evenly, into most numbers."""
    lines = list(islice((line for line in _lines(content, encoding) if line.strip()), 30))
    best = max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    if _evenness(lines, best)[0] == 0:
        raise Refused(
            "too_few_columns",
            "Only one column was found; at least two are needed, separated by commas, "
            "semicolons, tabs or vertical bars.",
        )
    return best


def _evenness(lines: list[str], delimiter: str) -> tuple[float, float, int]:
    rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    n_columns = len(rows[0])
    if n_columns < 2:
        return 0.0, 0.0, 0
    cells = [cell for row in rows for cell in row]
    numeric = sum(bool(_NUMERIC.fullmatch(cell.strip())) for cell in cells)
    even = sum(len(row) == n_columns for row in rows)
    return even / len(rows), numeric / max(len(cells), 1), n_columns


def _sampled(
    lines: Iterable[str], delimiter: str, start: int = 0
) -> tuple[list[str], list[list[str]], int]:
    """The first row, at most MAX_ROWS of the others in their order, and their number.

    Every row is checked; each is as likely to be kept (algorithm L of Li, 1994,
    which draws how many rows to pass over and so costs nothing for most of them).
    """
    rows = _rows(lines, delimiter, start)
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


def _rows(lines: Iterable[str], delimiter: str, start: int) -> Iterator[list[str]]:
    """Each row that is not blank, as long as the first one; `start` lines were passed over."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    n_columns, end = 0, start
    try:
        for row in reader:
            if len(row) == n_columns:
                # A spreadsheet writes deleted rows as delimiters alone.
                if any(row):
                    yield row
            elif any(cell.strip() for cell in row):
                n_columns = n_columns or len(row)
                yield _cut(row, n_columns, end + 1)
            end = start + reader.line_num
    except csv.Error:
        raise Refused(
            "parse",
            f'Line {end + 1} has a quotation mark (") that is not closed where its cell ends.',
        ) from None


def _cut(row: list[str], n_columns: int, line: int) -> list[str]:
    """The row without empty cells beyond the columns of the first row."""
    if len(row) < n_columns or any(row[n_columns:]):
        raise Refused(
            "ragged",
            f"Line {line} has {len(row)} cells where the first line has {n_columns}; "
            "every row needs the same number.",
        )
    return row[:n_columns]
