"""Whether the cells of a column are numbers, dates or words."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.dates import Order, read_dates
from core.data.links import clean_text
from core.data.numerals import Numeral, decimal_mark, numeral
from core.data.refusal import Refused

# Squares and their sums stay finite in double precision below this.
LARGEST = 1e100
# Whole numbers above this are no longer all exact in double precision.
_EXACT = 2**53

_ERRORS = frozenset({"#n/a", "#nv", "#div/0!", "#ref!", "#bezug!", "#value!", "#wert!", "#valeur!"})
_ERRORS |= {"#valor!", "#name?", "#nom?", "#nombre!", "#num!", "#zahl!", "#null!"}
_MISSING = _ERRORS | {"", "n/a", "nan", "?", "-", "--", "\u2013", "k.a.", "k. a.", "n.a.", "<na>"}
# In a column of words these may be words: North America, no garage.
_PERHAPS = frozenset({"na", "none", "null"})
_ENOUGH = 4  # rows in which such a word stands before it is taken for one
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|\u221e)", re.IGNORECASE)
_MOST = 0.9  # of the filled cells that must be numbers
_DIGITS = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_OPEN = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")  # may be thousands, may be decimals
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?")
_DURATION = re.compile(r"[0-9]{1,4}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?")
# Marks of no width that are not of Unicode's class of controls.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0e]")
_PLAIN = re.compile(r"[\w .,/#!?%:+-]{1,16}")
_READINGS = {
    "decimal commas": "Decimal commas were read in {}.",
    "thousands": "Commas were read as marks between thousands (1,234 is 1234) in {}.",
    "points": "Points were read as marks between thousands (1.234 is 1234) in {}.",
    "open": "Points were read as decimal points (1.234 is a little more than 1) in {}.",
    "groups": "Blanks or apostrophes between thousands were taken out in {}.",
    "minus": "Typographic minus signs were read as minus in {}.",
    "percent": "Per cent signs were taken off (52.5\u00a0% is 52.5) in {}.",
    "beside": "A currency or unit beside the numbers was taken off in {}.",
    "infinite": "Infinite values count as missing in {}.",
    "rounded": "Whole numbers with more than 15 digits were rounded in {}.",
    "dates": "Dates of more than one order or zone are kept as text in {}.",
    "durations": "Durations are kept as text and not offered as numbers in {}.",
    "line breaks": "Line breaks inside cells became blanks in {}.",
    "unseen": "Marks that cannot be seen were taken out of the words in {}.",
}


@dataclass(frozen=True)
class Column:
    """The values of one column, and how they were read."""

    values: NDArray[np.float64] | list[str | None]
    readings: tuple[str, ...] = ()  # keys of _READINGS
    taken: tuple[tuple[str, int], ...] = ()  # what was read as missing, and in how many cells
    kept: tuple[tuple[str, int], ...] = ()  # what could mean missing and was read as a word
    sentence: str = ""  # with a place for the columns, where no key says it

    @property
    def n_missing(self) -> int:
        """How many cells are empty."""
        if isinstance(self.values, list):
            return self.values.count(None)
        return int(np.isnan(self.values).sum())


def read_columns(rows: Sequence[Sequence[str]], delimiter: str) -> list[Column]:
    """Read the columns of rows (N, D) as numbers or words; one file has one decimal mark."""
    columns = [[cell.strip() for cell in cells] for cells in zip(*rows, strict=True)]
    # Most columns are of plain digits and points; to take every cell apart costs ten times more.
    read = [None if _is_plain(cells) else [numeral(cell) for cell in cells] for cells in columns]
    own = [
        _plain_mark(cells) if numerals is None else _own_mark(numerals)
        for cells, numerals in zip(columns, read, strict=True)
    ]
    usual = _usual_mark(own, delimiter)
    found = [
        _plain(cells, position, bool(mark or usual))
        if numerals is None and (mark or usual) != ","
        else _numbers(
            cells, numerals or [numeral(cell) for cell in cells], position, mark or usual, delimiter
        )
        for position, (cells, numerals, mark) in enumerate(zip(columns, read, own, strict=True), 1)
    ]
    # A file whose numbers are missing by the name of NA means the same among its words.
    used = {word.lower() for each in found if each for word, _ in each.taken}
    found = _with_dates(columns, found, "day" if delimiter != "," or usual == "," else "month")
    return [each or _text(cells, used) for each, cells in zip(found, columns, strict=True)]


def _with_dates(
    columns: Sequence[Sequence[str]], found: Sequence[Column | None], slashed: Order
) -> list[Column | None]:
    """The columns, with dates as days; `slashed` is the likely order of dates such as 1/2/2024."""
    left = [
        None if each else ["" if is_missing(cell) else cell for cell in cells]
        for each, cells in zip(found, columns, strict=True)
    ]
    likely: Order = slashed if any("/" in c for cells in left for c in cells or ()) else "day"
    read = read_dates(left, likely)
    return [
        Column(dates.days, sentence=dates.note) if dates else each
        for each, dates in zip(found, read, strict=True)
    ]


def _usual_mark(own: Sequence[str], delimiter: str) -> str:
    """The decimal mark of most columns that show one; "" if none does."""
    points, commas = own.count("."), own.count(",")
    if points == commas:
        return ("." if delimiter == "," else ",") if points else ""
    return "." if points > commas else ","


def _is_plain(cells: Sequence[str]) -> bool:
    return any(cells) and all(not cell or _DIGITS.fullmatch(cell) for cell in cells)


def _plain_mark(cells: Sequence[str]) -> str:
    return "." if any("." in cell and not _OPEN.fullmatch(cell) for cell in cells) else ""


def _plain(cells: Sequence[str], position: int, is_sure: bool) -> Column:
    array = np.array([float(cell) if cell else np.nan for cell in cells])
    _refuse_range(array, position)
    readings = ["open"] if not is_sure and any("." in cell for cell in cells) else []
    if np.nanmax(np.abs(array)) > _EXACT:
        readings.append("rounded")
    return Column(array, tuple(readings))


def _own_mark(numerals: Sequence[Numeral | None]) -> str:
    """The decimal mark that a column shows by itself, if it is one of numbers."""
    n_filled = sum(each is not None for each in numerals)
    return decimal_mark(numerals) if n_filled >= len(numerals) / 2 else ""


def _numbers(
    cells: Sequence[str],
    numerals: Sequence[Numeral | None],
    position: int,
    mark: str,
    delimiter: str,
) -> Column | None:
    """The cells as numbers; None if too many of them are something else."""
    is_open = not mark
    if is_open:
        # Between commas a cell like 1,500 stands in quotes, so there it means thousands.
        commas = any(each and each.shape == "?," for each in numerals)
        mark = "," if commas and delimiter != "," else "."
    values = [None if each is None else each.value(mark) for each in numerals]
    present = [k for k, cell in enumerate(cells) if not is_missing(cell)]
    good = [k for k in present if values[k] is not None]
    beside = {each.beside for k in good if (each := numerals[k]) and each.beside}
    if not good or len(good) < _MOST * len(present) or len(beside) > 1:
        return None
    used = [each for k in good if (each := numerals[k])]
    if beside - _SIGNS and sum(bool(each.beside) for each in used) < _MOST * len(used):
        return None  # a letter at some numbers makes them names: 12, 12a
    array = np.array([np.nan if value is None else value for value in values])
    _refuse_range(array, position)
    readings = _readings(used, mark, is_open)
    if any(_INFINITE.fullmatch(cell) for cell in cells):
        readings.append("infinite")
    if np.nanmax(np.abs(array)) > _EXACT and not readings:
        readings.append("rounded")
    words = Counter(cells[k] for k in range(len(cells)) if values[k] is None and cells[k])
    return Column(array, tuple(readings), tuple(words.most_common()))


_SIGNS = frozenset("%‰$€£¥₹₩₽₺₫฿₴") | {"EUR", "USD", "GBP", "CHF", "R$"}


def is_missing(cell: str) -> bool:
    """Whether a cell is empty, or holds what many write where there is no value."""
    lower = cell.lower()
    return lower in _MISSING or lower in _PERHAPS or _INFINITE.fullmatch(cell) is not None


def _readings(numerals: Sequence[Numeral], mark: str, is_open: bool) -> list[str]:
    said = {
        "decimal commas": mark == "," and any("," in each.text for each in numerals),
        "thousands": mark == "." and any("," in each.text for each in numerals),
        "points": mark == "," and any("." in each.text for each in numerals),
        "open": mark == "." and is_open and any(each.shape == "?." for each in numerals),
        "groups": any(each.is_grouped for each in numerals),
        "minus": any(each.has_sign for each in numerals),
        "percent": any(each.beside in ("%", "‰") for each in numerals),
        "beside": any(each.beside not in ("", "%", "‰") for each in numerals),
    }  # fmt: skip
    return [reading for reading, is_so in said.items() if is_so]


def _refuse_range(values: NDArray[np.float64], position: int) -> None:
    largest = float(np.nanmax(np.abs(values)))
    if largest > LARGEST or 0 < largest < 1 / LARGEST:
        raise Refused(
            "out_of_range",
            f"Column {position} holds numbers beyond {LARGEST:.0e} or all closer to zero than "
            f"{1 / LARGEST:.0e}; give it another unit.",
        )


def _text(cells: Sequence[str], used: Collection[str]) -> Column:
    """The cells as words; a word that may mean missing is one where it stands often enough."""
    present = [cell for cell in cells if not is_missing(cell)]
    counts = Counter(cell for cell in cells if cell.lower() in _PERHAPS)
    kept = {
        word: n for word, n in counts.items()
        if n >= _ENOUGH and present and word.lower() not in used
    }  # fmt: skip
    taken = Counter(c for c in cells if c and c not in kept and is_missing(c))
    words = [None if not c or c in taken else visible(c) for c in cells]
    readings = []
    if present and all(_DATE.fullmatch(cell) for cell in present):
        readings.append("dates")
    elif present and all(_DURATION.fullmatch(cell) for cell in present):
        readings.append("durations")
    if any("\n" in cell or "\r" in cell for cell in cells):
        readings.append("line breaks")
    if any(word and word != " ".join(c.split()) for word, c in zip(words, cells, strict=True)):
        readings.append("unseen")
    values = [word or None for word in words]
    return Column(values, tuple(readings), tuple(taken.most_common()), tuple(kept.items()))


def visible(cell: str) -> str:
    """The words of a cell on one line, without marks that nobody sees."""
    seen = clean_text(_UNSEEN.sub("", cell), max(len(cell), 1))
    # Joiners make letters of some scripts and emoji; beside Latin ones they only hide.
    return re.sub(
        "(?<![^\\x00-\u024f])[\u200c\u200d\ufe0f]|[\u200c\u200d](?![^\\x00-\u024f])", "", seen
    )


def repairs(read: Sequence[Column]) -> list[str]:
    """One sentence for each kind of repair, with the columns it was done in."""
    notes = []
    for reading, sentence in _READINGS.items():
        if positions := [k for k, each in enumerate(read, 1) if reading in each.readings]:
            notes.append(sentence.format(_listed(positions)))
    for sentence in dict.fromkeys(each.sentence for each in read if each.sentence):
        places = [k for k, each in enumerate(read, 1) if each.sentence == sentence]
        notes.append(sentence.format(_listed(places)))
    if empty := [k for k, each in enumerate(read, 1) if each.n_missing == len(each.values)]:
        notes.append(f"There is no value in {_listed(empty)}, left out.")
    if holes := [k for k, each in enumerate(read, 1) if 0 < each.n_missing < len(each.values)]:
        count = sum(read[k - 1].n_missing for k in holes)
        values = "1 missing value" if count == 1 else f"{count:,} missing values"
        notes.append(f"{values} in {_listed(holes)}{_named(read, holes)}.")
    for k, each in enumerate(read, 1):
        for word, n in each.kept:
            notes.append(f"{word} in {n:,} cells of column {k} was read as a word, not as missing.")
    return notes


def _named(read: Sequence[Column], positions: Sequence[int]) -> str:
    """What was written where a value is missing, if it can be repeated on a page."""
    words: Counter[str] = Counter()
    for k in positions:
        words.update(dict(read[k - 1].taken))
    plain = [(word, n) for word, n in words.most_common() if _PLAIN.fullmatch(word)]
    said = [f"{word} in {n:,} cell{'s' * (n > 1)}" for word, n in plain[:4]]
    return f", among them {', '.join(said)}" if said else ""


def _listed(positions: Sequence[int]) -> str:
    if len(positions) == 1:
        return f"column {positions[0]}"
    if len(positions) > 6:
        return f"{len(positions)} columns"
    return f"columns {', '.join(map(str, positions[:-1]))} and {positions[-1]}"
