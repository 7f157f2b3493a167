"""One table in every dress that spreadsheets, loggers and countries give it."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from core.data.refusal import Refused
from core.data.tables import Table, read_table

N = 16
NAMES = ["mass", "day", "größe & Co", "class"]
MASS = [round(1200.25 + 37.5 * k, 2) for k in range(N)]
SIZE = [round(-3.5 + 0.75 * k, 2) for k in range(N)]
KIND = [("low", "high")[k % 2] for k in range(N)]
START = date(2024, 2, 25)
DAYS = [START + timedelta(days=int(k)) for k in range(N)]

Write = Callable[[float], str]
# How a country writes numbers, and dates, and what it puts between cells.
LOCALES: dict[str, tuple[Write, str, tuple[str, ...]]] = {
    "plain": (lambda x: f"{x}", "%Y-%m-%d", (",", ";", "\t", "|")),
    "American": (lambda x: f"{x:,.2f}", "%m/%d/%Y", (",", ";", "\t")),
    "British": (lambda x: f"{x:.2f}", "%d/%m/%Y", (",", "\t")),
    "German": (
        lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")),
        "%d.%m.%Y",
        (";", "\t", ","),
    ),
    "French": (
        lambda x: f"{x:,.2f}".replace(",", "\u202f").replace(".", ","),
        "%d/%m/%Y",
        (";", "\t"),
    ),
    "Swiss": (lambda x: f"{x:,.2f}".replace(",", "’"), "%d.%m.%y", (";", "\t", ",")),
    "Swedish": (lambda x: f"{x:.2f}".replace(".", ",").replace("-", "\u2212"), "%Y-%m-%d", (";",)),
    "named": (lambda x: f"{x}", "%d-%b-%Y", (",", ";")),
}
QUOTED = {
    "needed": lambda cell, d: f'"{cell}"' if d in cell else cell,
    "all": lambda cell, d: f'"{cell}"',
    "single": lambda cell, d: f"'{cell}'",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


def rows(write: Write, written: str) -> list[list[str]]:
    cells = zip(MASS, DAYS, SIZE, KIND, strict=True)
    return [NAMES, *([write(m), d.strftime(written), write(s), k] for m, d, s, k in cells)]


def text(lines: list[list[str]], delimiter: str, quote: str = "needed", ending: str = "\n") -> str:
    return ending.join(delimiter.join(QUOTED[quote](c, delimiter) for c in line) for line in lines)


def check(table: Table) -> None:
    """The table that was meant, whatever it was dressed in."""
    assert list(table.frame) == NAMES
    assert table.frame["mass"].tolist() == MASS
    assert table.frame["day"].tolist() == list(range(N))
    assert table.frame[NAMES[2]].tolist() == SIZE
    assert table.frame["class"].tolist() == KIND
    assert any("2024-02-25" in note for note in table.notes)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_table_is_the_same_in_every_country_and_encoding(locale: str) -> None:
    write, written, delimiters = LOCALES[locale]
    lines = rows(write, written)
    for delimiter, quote, encoding in product(delimiters, QUOTED, ENCODINGS):
        if quote == "single" and locale == "Swiss":
            continue  # its thousands have an apostrophe
        try:
            content = text(lines, delimiter, quote, "\r\n").encode(encoding)
        except UnicodeEncodeError:
            continue  # this country's signs are not in the old encoding
        check(read_table(content, "x.csv"))


TITLES = ["Report of the laboratory", "", "Printed on 12 May, by the machine, again"]
ABOVE: dict[str, Callable[[str], list[str]]] = {
    "title": lambda d: TITLES[:1],
    "titles": lambda d: TITLES,
    "padded": lambda d: [f"Report{d * 3}", d * 3],
    "comments": lambda d: ["# made by a logger", f"# unit{d} second", "#"],
    "sep": lambda d: [f"sep={d}"],
    "blank": lambda d: ["", ""],
}
BELOW: dict[str, Callable[[str], list[str]]] = {
    "source": lambda d: ["", "Source: our own laboratory"],
    "deleted": lambda d: [d * 3] * 5,
    "total": lambda d: [f"{sum(MASS)}{d}{d}{sum(SIZE)}{d}Total"],
    "no word": lambda d: [f"{sum(MASS)}{d}{d}{sum(SIZE)}{d}"],
    "names again": lambda d: [d.join(NAMES)],
}


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_what_stands_around_a_table_is_no_part_of_it(delimiter: str) -> None:
    body = text(rows(*LOCALES["plain"][:2]), delimiter).split("\n")
    for above, below in product([None, *ABOVE], [None, *BELOW]):
        before = ABOVE[above](delimiter) if above else []
        after = BELOW[below](delimiter) if below else []
        table = read_table("\n".join([*before, *body, *after]).encode(), "x.csv")
        check(table)
        said = " ".join(table.notes)
        assert ("begins in line" in said) == (above not in (None, "sep", "blank"))
        assert ("total" in said) == (below in ("total", "no word"))


def test_a_class_called_total_is_no_total() -> None:
    lines = ["a,b,part", *(f"{k},{k * k},{('total', 'half')[k % 2]}" for k in range(9))]
    assert len(read_table("\n".join(lines).encode(), "x.csv").frame) == 9


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a,b\n" + "1,2,3\n" * 9, "Line 2 has 3"),
        ("a,b,c\n" + "1,2,3\n" * 9 + "1,2\n" + "1,2,3\n", "Line 11 has 2"),
        ("a,b,c\n" + "1,2,3\n" * 9 + "one\n" + "1,2,3\n", "Line 11 has 1 cell "),
    ],
)
def test_a_row_of_another_length_is_still_refused(content: str, line: str) -> None:
    with pytest.raises(Refused, match=line):
        read_table(content.encode(), "x.csv")


def table(*lines: str) -> Table:
    return read_table("\n".join(lines).encode(), "x.csv")


def dated(*cells: str, more: str = "1") -> Table:
    return table("when,a,b", *(f'"{cell}",{k},{more}{k % 3}' for k, cell in enumerate(cells)))


@pytest.mark.parametrize(
    ("cells", "days", "note"),
    [
        (["03/04/2024", "25/04/2024", "01/05/2024", "02/05/2024"], [0, 22, 28, 29], "day before"),
        (["04/03/2024", "04/25/2024", "05/01/2024", "05/02/2024"], [0, 22, 28, 29], "month before"),
        (["05/01/2024", "06/01/2024", "07/01/2024", "08/01/2024"], [0, 1, 2, 3], "as they follow"),
        (["01/05/2024", "01/06/2024", "01/07/2024", "01/08/2024"], [0, 1, 2, 3], "as they follow"),
        (["03/04/2024", "01/02/2024", "05/06/2024", "04/04/2024"], [62, 0, 125, 93], "supposed"),
        (["03.04.2024", "01.02.2024", "05.06.2024", "04.04.2024"], [62, 0, 125, 63], "supposed"),
        (["3 Apr 2024", "1 Feb 2024", "5 June 2024", "4 Apr. 2024"], [62, 0, 125, 63], ""),
        (["Apr 3, 2024", "February 1, 2024", "Jun 5, 2024", "Apr 4, 2024"], [62, 0, 125, 63], ""),
        (
            ["2024-01-01 06:00", "2024-01-01T12:00", "2024-01-02 00:00:00", "2024-01-03"],
            [0.25, 0.5, 1, 2],
            "",
        ),
        (
            ["1/31/2024 6:00 AM", "1/31/2024 6:00 PM", "2/1/2024 12:00 AM", "2/1/2024 12:00 PM"],
            [0.25, 0.75, 1, 1.5],
            "above 12",
        ),
        (
            [f"2024-03-31T0{k}:00:00{z}" for k, z in ((1, "+01:00"), (3, "+02:00"), (2, "Z"))]
            + ["2024/03/31 06:00:00 AM GMT+2"],
            [0, 1 / 24, 2 / 24, 4 / 24],
            "",
        ),
    ],
)
def test_dates_are_days_in_the_order_that_the_file_shows(
    cells: list[str], days: list[float], note: str
) -> None:
    found = dated(*cells)
    assert found.frame["when"].to_numpy() == pytest.approx(np.array(days))
    assert note in next(each for each in found.notes if "Dates became days since" in each)


def test_one_file_has_one_order_of_dates_and_one_first_day() -> None:
    lines = [f"{k}/01/2024,{k + 12}/01/2024,{k},{k % 2}" for k in (3, 1, 2, 4)]
    found = table("a,b,c,d", *lines)
    assert found.frame["a"].tolist() == [2, 0, 1, 3]
    assert found.frame["b"].tolist() == [14, 12, 13, 15]
    assert "as elsewhere in the file" in " ".join(found.notes)


@pytest.mark.parametrize(
    "cells",
    [
        ["1.2.3", "1.2.4", "2.0.1", "2.1.0"],  # versions
        ["2024-13-01", "2024-14-01", "2024-15-01", "2024-16-01"],
        ["192.168.0.1", "192.168.0.2", "192.168.0.3", "192.168.0.4"],
        ["2:52:00", "2:53:00", "3:01:10", "2:50:59"],
        ["2024-01-01 10:00", "2024-01-01 11:00+02:00", "2024-01-02 10:00", "2024-01-02 10:00Z"],
    ],
)
def test_what_only_looks_like_a_date_stays_a_word(cells: list[str]) -> None:
    assert dated(*cells).numeric == ("a", "b")


def test_columns_of_blanks_are_none() -> None:
    for blank in (" ", "\u00a0", "\u2003 ", "\t"):
        found = table(f"a; ;b;{blank}", *(f"{k};{blank};{k % 2};" for k in range(8)))
        assert list(found.frame) == ["a", "b"]
        assert "no value in columns 2 and 4" in " ".join(found.notes)


def test_columns_cut_by_blanks_alone() -> None:
    lines = [f"  {k}.5   -{k}\t {k * k}.25  {('low', 'high')[k % 2]} " for k in range(9)]
    for above in (
        [],
        ["  x    y   area  class"],
        ["# x y area class"],
        ["A title", "x y area class"],
    ):
        found = table(*above, *lines)
        assert found.frame.iloc[:, 0].tolist() == [k + 0.5 for k in range(9)]
        assert found.classes(str(list(found.frame)[3])) == ("high", "low")
        assert ("area" in found.frame) == bool(above)
        assert "separated by blanks" in " ".join(found.notes)


@pytest.mark.parametrize(
    "first", ["land,2019,2020,2021", ",2019,2020,2021", "land,0,1,2", "land,1990,2000,2010"]
)
def test_years_and_counts_are_names_where_they_stand_above_other_numbers(first: str) -> None:
    found = table(first, *(f"l{k},{k}.5,{k + 30}.25,{k % 3}.5" for k in range(9)))
    assert len(found.frame) == 9
    assert [str(name) for name in found.frame][1:] == first.split(",")[1:]
    assert ("named by years" in " ".join(found.notes)) == ("20" in first)


def test_years_above_years_are_data() -> None:
    found = table(*(f"{1990 + k},{2001 + k},{k % 2}" for k in range(9)))
    assert len(found.frame) == 9


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_letters_written_for_web_pages_are_read(delimiter: str) -> None:
    lines = [["R&amp;D", "gr&ouml;&szlig;e", "kind"]]
    lines += [[f"{k}", f"{k}.5", ("a &lt; b", "B&#38;B")[k % 2]] for k in range(8)]
    found = read_table(text(lines, delimiter).encode(), "x.csv")
    assert list(found.frame) == ["R&D", "größe", "kind"]
    assert found.classes("kind") == ("B&B", "a < b")
    assert "web pages" in " ".join(found.notes)


SHAPES = {
    "long table": [
        "person,measure,value",
        *(f"p{k // 2},{('height', 'weight')[k % 2]},{60 + k * 1.5}" for k in range(12)),
    ],
    "wide table": ["land,2019,2020,2021", *(f"l{k},{k}.5,{k}.25,{k}.125" for k in range(8))],
    "pivot": [
        "region,north,south,west,total",
        *(f"r{k},{k + 1},{2 * k},{k * k},{k + 1 + 2 * k + k * k}" for k in range(8)),
    ],
    "": ["a,b,c,kind", *(f"{k},{k * k},{k % 5},{('x', 'y')[k % 2]}" for k in range(12))],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_of_another_shape_is_told_so(shape: str) -> None:
    said = " ".join(table(*SHAPES[shape]).notes)
    assert [name for name in SHAPES if name and name in said.replace("a pivot", "pivot")] == (
        [shape] if shape else []
    )
