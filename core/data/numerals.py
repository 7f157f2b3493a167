"""Numbers as people of many countries write them: which mark stands before the decimals."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_BLANKS = " \u00a0\u202f\u2009"
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-"))
_CURRENCY = (
    r"[$€£¥₹₩₽₺₫฿₴]|R\$|EUR|USD|GBP|CHF|JPY|CNY|INR|BRL|SEK|NOK|DKK|PLN|CZK|HUF|kr\.?|zł|Kč|Fr\."
)
_CELL = re.compile(
    rf"(?P<sign>[+-]?)[{_BLANKS}]?(?:(?P<before>{_CURRENCY})[{_BLANKS}]?)?(?P<inner>-?)"
    rf"(?P<digits>[0-9][0-9.,'’{_BLANKS}]*|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]{{1,4}})?"
    rf"[{_BLANKS}]?(?P<after>{_CURRENCY}|[%‰]|[A-Za-zµμ°Ω²³][A-Za-zµμ°Ω²³/%]{{0,7}})?"
)
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{_BLANKS}'’][0-9]{{3}})+(?=[.,]|$)")
# What is written decides which mark stands before the decimals, or leaves it open.
_SHAPES = (
    ("", re.compile(r"[0-9]+")),
    ("?.", re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")),
    ("?,", re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")),
    (".", re.compile(r"[0-9]+\.[0-9]*|\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")),
    (",", re.compile(r"[0-9]+,[0-9]*|,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")),
    (".", re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}")),
    (",", re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")),
)


@dataclass(frozen=True)
class Numeral:
    """A cell that may be a number: its digits, its shape and what stood beside them."""

    text: str  # sign and digits, with , and . but without blanks
    shape: str  # "." or "," before the decimals, "?." or "?," where that is open, "" for none
    power: str
    beside: str  # currency, per cent sign or unit
    is_grouped: bool  # by blanks or apostrophes
    has_sign: bool  # a minus that is not on the keyboard

    def value(self, mark: str) -> float | None:
        """The number if `mark` stands before its decimals; None if it cannot."""
        if self.shape in (".", ",") and self.shape != mark:
            return None
        other = "," if mark == "." else "."
        return float(self.text.replace(other, "").replace(mark, ".") + self.power)


def numeral(cell: str) -> Numeral | None:
    """Read one cell; None if it holds anything but a number with what belongs to it."""
    plain = cell.translate(_MINUS)
    found = _CELL.fullmatch(plain)
    if found is None or (found["sign"] and found["inner"]):
        return None
    digits = found["digits"].rstrip(_BLANKS)
    is_grouped = _GROUPED.match(digits) is not None
    if is_grouped:
        digits = re.sub(rf"[{_BLANKS}'’]", "", digits)
    shape = next((name for name, shape in _SHAPES if shape.fullmatch(digits)), None)
    if shape is None:
        return None
    # Where blanks or a power of ten stand as well, a mark can only be that of decimals.
    if shape in ("?.", "?,") and (is_grouped or found["power"]):
        shape = shape[1]
    beside = found["before"] or found["after"] or ""
    sign = "-" if "-" in (found["sign"], found["inner"]) else ""
    return Numeral(sign + digits, shape, found["power"] or "", beside, is_grouped, plain != cell)


def decimal_mark(cells: Iterable[Numeral | None]) -> str:
    """The mark that the cells show before decimals; "" if none of them does."""
    seen = Counter(cell.shape for cell in cells if cell is not None and cell.shape in (".", ","))
    return seen.most_common(1)[0][0] if seen else ""
