"""Dates as numbers: the days since the earliest one, in the order that the file shows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Order = Literal["day", "month"]
Parsed = list[datetime | None]
Both = dict[Order, Parsed]  # the same cells read in both orders

_ORDERS: tuple[Order, Order] = ("day", "month")
_MOST = 0.9  # of the filled cells that must be dates
_NUMBERS = re.compile(
    r"(?P<a>[0-9]{1,4})(?P<mark>[-/.])(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{4}|[0-9]{1,2})\.?"
    r"(?:[T, ]\s*(?P<time>[0-9].*))?"
)
_NAMED = re.compile(
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[ .-]+(?P<m>[A-Za-z]{3,9})[., -]+(?P<y>[0-9]{4}|[0-9]{2})"
    r"(?:[, ]+(?P<time>[0-9].*))?"
)
_NAME_FIRST = re.compile(
    r"(?P<m>[A-Za-z]{3,9})\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y>[0-9]{4})"
    r"(?:[, ]+(?P<time>[0-9].*))?"
)
_TIME = re.compile(
    r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,6})[0-9]*)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|(?:GMT|UTC)?[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Dates:
    """A column of dates: days since `origin`, the earliest of the file, and how it was read."""

    days: NDArray[np.float64]
    note: str


def is_date(cell: str) -> bool:
    """Whether a cell is a date in one order or the other."""
    return _parsed(cell, "day") is not None or _parsed(cell, "month") is not None


def read_dates(columns: Sequence[Sequence[str] | None], likely: Order) -> list[Dates | None]:
    """The columns that hold dates, as numbers; None for those left out or not of dates.

    Which of day and month stands first is decided by the file: by a number above 12, else by
    dates that follow each other in one order only; where nothing decides, `likely` is taken.
    """
    read = [None if cells is None else _both(cells) for cells in columns]
    found = [each for each in read if each]
    if not found:
        return [None] * len(columns)
    usual, how = _usual(found, likely)
    chosen = [each[_certain(each) or usual] if each else None for each in read]
    origin = min(moment for each in chosen if each for moment in each if moment).date()
    return [
        Dates(_days(parsed, origin), _note(both, usual, how, origin)) if both and parsed else None
        for both, parsed in zip(read, chosen, strict=True)
    ]


def _usual(found: Sequence[Both], likely: Order) -> tuple[Order, str]:
    """The order of dates that do not show it themselves, and why that one."""
    for measure, how in ((_certain, "as elsewhere in the file"), (_followed, "as they follow")):
        orders = {order for each in found if (order := measure(each))}
        if len(orders) == 1:
            return orders.pop(), how
    return likely, "which is supposed: nothing in the file decides it"


def _both(cells: Sequence[str]) -> Both | None:
    """The cells read in both orders, for what is a column of dates in one at least."""
    filled = [cell for cell in cells if cell]
    if not filled or sum(map(is_date, filled[:20])) < _MOST * len(filled[:20]):
        return None
    read: Both = {order: [_parsed(cell, order) for cell in cells] for order in _ORDERS}
    most = max(sum(each is not None for each in parsed) for parsed in read.values())
    zones = {moment.tzinfo is None for parsed in read.values() for moment in parsed if moment}
    # Local times beside such of known zones are on no common scale.
    if most < _MOST * len(filled) or len(zones) > 1:
        return None
    return {
        order: [m and m.replace(tzinfo=None) for m in map(_utc, p)] for order, p in read.items()
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment and moment.tzinfo else moment


def _certain(both: Both) -> Order | None:
    """The order that more cells are dates in: the other has a month above 12."""
    n_day, n_month = (sum(moment is not None for moment in both[order]) for order in _ORDERS)
    return None if n_day == n_month else "day" if n_day > n_month else "month"


def _followed(both: Both) -> Order | None:
    """The order in which the dates follow each other, where they do so in one alone."""
    for measure in (_is_sorted, _is_even):
        fits: list[Order] = [order for order in _ORDERS if measure(both[order])]
        if len(fits) == 1 and both["day"] != both["month"]:
            return fits[0]
    return None


def _is_sorted(parsed: Parsed) -> bool:
    moments = [moment for moment in parsed if moment]
    steps = [b - a for a, b in pairwise(moments)]
    zero = timedelta(0)
    return any(steps) and (all(s >= zero for s in steps) or all(s <= zero for s in steps))


def _is_even(parsed: Parsed) -> bool:
    moments = [moment for moment in parsed if moment]
    return len(moments) > 3 and len({b - a for a, b in pairwise(moments)}) == 1


def _parsed(cell: str, order: Order) -> datetime | None:
    found = _NUMBERS.fullmatch(cell) or _NAMED.fullmatch(cell) or _NAME_FIRST.fullmatch(cell)
    if found is None:
        return None
    parts = found.groupdict()
    fields = _by_numbers(parts, order) if "a" in parts else _by_name(parts)
    try:
        return fields and _with_time(datetime(*fields), parts["time"])
    except (ValueError, OverflowError):
        return None


def _by_numbers(parts: dict[str, str], order: Order) -> tuple[int, int, int] | None:
    a, b, c = parts["a"], parts["b"], parts["c"]
    if len(a) == 4 and len(c) < 3:
        return int(a), int(b), int(c)
    if len(a) > 2 or len(c) not in (2, 4):
        return None
    day, month = (a, b) if order == "day" else (b, a)
    return _year(c), int(month), int(day)


def _by_name(parts: dict[str, str]) -> tuple[int, int, int] | None:
    short = parts["m"][:3].lower()
    return (
        (_year(parts["y"]), _MONTHS.index(short) + 1, int(parts["d"])) if short in _MONTHS else None
    )


def _year(text: str) -> int:
    """The year; of two digits as POSIX has it: 69 to 99 are of the last century."""
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year > 68 else 2000)


def _with_time(moment: datetime, text: str | None) -> datetime | None:
    if text is None:
        return moment
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour = int(found["h"])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"][0] in "pP")
    micro = int((found["f"] or "0").ljust(6, "0"))
    return moment.replace(
        hour=hour,
        minute=int(found["m"]),
        second=int(found["s"] or 0),
        microsecond=micro,
        tzinfo=_zone(found["zone"]),
    )


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    sign, digits = -1 if "-" in text else 1, re.sub("[^0-9]", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return timezone(sign * timedelta(hours=int(hours or 0), minutes=int(minutes)))


def _days(parsed: Iterable[datetime | None], origin: date) -> NDArray[np.float64]:
    start = datetime(origin.year, origin.month, origin.day)
    return np.array([np.nan if m is None else (m - start) / timedelta(days=1) for m in parsed])


def _note(both: Both, usual: Order, how: str, origin: date) -> str:
    """A sentence that has a place for the columns."""
    since = f"Dates became days since {origin.isoformat()}"
    if both["day"] == both["month"]:
        return f"{since} in {{}}."
    certain = _certain(both)
    stands = "day before month" if (certain or usual) == "day" else "month before day"
    return f"{since} ({stands}, {'as numbers above 12 show' if certain else how}) in {{}}."
