"""Tables as people of many countries and programs save them, with the values they mean."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from core.data import clues
from core.data.features import features
from core.data.numerals import numeral
from core.data.refusal import Refused
from core.data.tables import Table, read_table
from core.foundations.network import own_table


def read(first: list[str], *others: list[str], delimiter: str = ";") -> Table:
    """A table of columns: their names, and cells that are used over and over for 40 rows."""
    rows = [[cells[k % len(cells)] for cells in others] for k in range(40)]
    lines = [first, *rows]
    return read_table("\n".join(delimiter.join(line) for line in lines).encode(), "x.csv")


CLASS = ["low", "high"]
COMMAS = ["20,16", "-3,5", "7"]
# What is written, beside a column of decimal commas or points; the first value; a word of the note.
WRITTEN = [
    (["3.752", "12.155", "1.234"], COMMAS, 3752, "1.234 is 1234"),
    (["3.752", "12.155", "1.234"], ["0.5", "2.25"], 3.752, ""),
    (["3.752", "12.155", "1.234"], ["1", "2"], 3.752, "decimal points"),
    (["1.234.567", "2.000.000", "5.000"], ["1", "2"], 1234567, "1.234 is 1234"),
    (["5\u202f628,00", "12\u202f155,50"], COMMAS, 5628, "Blanks"),
    (["5\u00a0628", "812"], COMMAS, 5628, "Blanks"),
    (["5'628.50", "812.25"], ["1.5", "2.5"], 5628.5, "apostrophes"),
    (["5\u2019628", "812"], ["1.5", "2.5"], 5628, "apostrophes"),
    (["\u22120,08", "1,25"], COMMAS, -0.08, "minus"),
    (["\u20133.5", "1"], ["1.5", "2.5"], -3.5, "minus"),
    (["52.5%", "60 %"], ["1.5", "2.5"], 52.5, "Per cent"),
    (["52,5 %", "60,1 %"], COMMAS, 52.5, "Per cent"),
    (["€ 3.752,00", "€ 12,50"], COMMAS, 3752, "currency"),
    (["3.752,00 EUR", "12,50 EUR"], COMMAS, 3752, "currency"),
    (["-$12.50", "$3.25"], ["1.5", "2.5"], -12.5, "currency"),
    (["12.5 kg", "3 kg"], ["1.5", "2.5"], 12.5, "unit"),
    (["1e-3", "2.5E2"], ["1.5", "2.5"], 0.001, ""),
]


@pytest.mark.parametrize(("cells", "others", "value", "note"), WRITTEN)
def test_a_number_means_what_its_country_means(
    cells: list[str], others: list[str], value: float, note: str
) -> None:
    table = read(["a", "b", "c"], cells, others, CLASS)
    assert table.frame["a"].iloc[0] == pytest.approx(value)
    assert note in " ".join(table.notes)
    assert bool(note) or all("read as" not in each for each in table.notes)


def test_every_number_in_every_dress_is_the_same_number() -> None:
    dresses = product(("", "-"), ("", " "), ("", "€", "$"), ("", " %"))
    for sign, group, before, after in dresses:
        if before and after:
            continue
        for mark in ".,":
            other = group or ("," if mark == "." else ".")
            found = numeral(f"{sign}{before}12{other}345{mark}25{after}")
            assert found is not None
            assert found.value(mark) == pytest.approx(float(f"{sign}12345.25"))
            assert found.value("," if mark == "." else ".") is None


@pytest.mark.parametrize("cell", ["1.2.3", "12,34,5", "1 23", "+-1", "1_0", "１", "12 34", "2:30"])
def test_what_only_looks_like_a_number_is_none(cell: str) -> None:
    assert numeral(cell) is None


def test_quoted_decimal_commas_between_commas() -> None:
    table = read(["a", "b"], ['"57,957"', '"41,84699"'], CLASS, delimiter=",")
    assert table.frame["a"].tolist()[:2] == [57.957, 41.84699]


def test_names_of_cases_stay_words() -> None:
    assert read(["a", "b", "c"], ["12", "12a"], ["1", "2"], CLASS).numeric == ("b",)
    assert read(["a", "b", "c"], ["$3", "€4"], ["1", "2"], CLASS).numeric == ("b",)


@pytest.mark.parametrize("word", ["#DIV/0!", "#NV", "k.A.", "n/a", "inf", "-", "?", "broken"])
def test_a_few_cells_that_are_no_numbers_are_missing_and_named(word: str) -> None:
    table = read(["a", "b", "c"], [*map(str, range(19)), word], ["1", "2"], CLASS)
    assert table.numeric == ("a", "b")
    assert int(table.frame["a"].isna().sum()) == 2
    if word not in ("inf", "?", "-"):
        assert f"{word} in 2 cells" in " ".join(table.notes)


def test_na_is_a_class_where_the_file_does_not_use_it_for_missing_numbers() -> None:
    region = ["EU", "NA", "AS"]
    assert read(["a", "b"], ["1", "2"], region).classes("b") == ("AS", "EU", "NA")
    used = read(["a", "b"], [*["1", "2"] * 9, "3", "NA"], region)
    assert used.classes("b") == ("AS", "EU")
    assert "NA in 15 cells" in " ".join(used.notes)


def test_what_stands_above_or_below_the_names_is_no_data() -> None:
    lines = b"a;b;c\n" + b"1,5;2,5;x\n2,5;3,5;y\n" * 10
    for above in (b"sep=;\n", b"\xef\xbb\xbfsep=;\r\n"):
        table = read_table(above + lines, "x.csv")
        assert table.frame["a"].tolist()[:2] == [1.5, 2.5]
        assert "passed over" in table.notes[0]
    units = lines.replace(b"a;b;c\n", b"a;b;c\ns;kPa;\n")
    assert len(read_table(units, "x.csv").frame) == 20
    empty = read_table(lines + b";;\n" * 60, "x.csv")
    assert len(empty.frame) == 20
    assert not any("missing" in note for note in empty.notes)


def test_one_bad_byte_does_not_change_the_alphabet() -> None:
    text = "länge;größe;art\n" + "1;2;groß\n3;4;klein\n" * 10
    table = read_table(text.encode().replace(b"klein", b"kl\xffin", 1), "x.csv")
    assert list(table.frame) == ["länge", "größe", "art"]
    assert "no UTF-8" in " ".join(table.notes)


@pytest.mark.parametrize("encoding", ["shift_jis", "cp1251", "koi8-r", "gb18030", "cp1253"])
def test_letters_of_another_alphabet_are_not_misread(encoding: str) -> None:
    words = {
        "shift_jis": ("温度", "赤い"),
        "gb18030": ("温度", "红色"),
        "cp1253": ("θερμο", "ψυχρό"),
    }
    name, value = words.get(encoding, ("температура", "холодно"))
    text = f"{name},{name}2,{name}3\n" + f"1,2,{value}\n3,4,{value}{value}\n" * 10
    with pytest.raises(Refused, match="CSV UTF-8"):
        read_table(text.encode(encoding), "x.csv")


@pytest.mark.parametrize("mark", ["\u200b", "\u202e", "\u00ad", "\u200d", "\ufe0f", "\u034f"])
def test_classes_that_look_the_same_are_the_same(mark: str) -> None:
    table = read(["a", "b"], ["1", "2", "3"], ["A", f"A{mark}", "B"])
    assert table.classes("b") == ("A", "B")
    assert "cannot be seen" in " ".join(table.notes) or mark == "\ufe0f"


def test_classes_alike_at_their_beginning_are_told_apart() -> None:
    long = "a word that goes on and on until it is long enough "
    data = features(
        read(["a", "b"], ["1", "2", "3"], [f"{long}x", f"{long}y"]), "b",
        task="classification", train_share=0.5, seed=0,
    )  # fmt: skip
    assert len(set(data.classes)) == 2


def test_classes_that_differ_only_in_capitals_are_named() -> None:
    table = read(["a", "b"], ["1", "2", "3"], ["high", "High", "low"])
    assert any("only in capitals" in note for note in table.notes)


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    ill = np.arange(120) >= 60
    return pd.DataFrame(
        {
            "Id": np.arange(1.0, 121),
            "age": rng.normal(50, 9, 120).round(1),
            "code": ill + 1.0,
            "year": np.arange(1900.0, 2020),
            "outcome": np.where(ill, "ill", "well"),
        }
    )


def test_columns_that_give_the_answer_away_are_left_out_until_they_are_asked_for() -> None:
    table = Table(frame(), (), "x")
    options = {"task": "classification", "train_share": 0.5, "seed": 0}
    data = features(table, "outcome", **options)  # type: ignore[arg-type]
    assert data.names == ("age", "year")
    assert [note[:8] for note in data.notes] == ["Left out", "Left out"]
    asked = features(table, "outcome", ["Id", "code"], **options)  # type: ignore[arg-type]
    assert asked.names == ("Id", "code")
    assert own_table.two_columns_and_a_label(table).names[0] != "Id"


@pytest.mark.parametrize("value", [-9999, 999])
def test_a_number_that_stands_for_none_is_named(value: int) -> None:
    table = read(["a", "b", "c"], [*map(str, range(9)), str(value)], ["1", "2"], CLASS)
    assert any(f"{value} stands in 4 rows of column 1" in note for note in table.notes)
    assert not any("stands in" in n for n in read(["a", "c"], ["97", "98", "99"], CLASS).notes)


@pytest.mark.parametrize(
    "name", ["id", "ID", "PassengerId", "row_id", "Nr.", "index", "Unnamed: 0"]
)
def test_a_number_of_the_row_is_known_by_its_name_and_its_growth(name: str) -> None:
    rows = np.arange(30.0)
    assert clues.row_numbers(pd.DataFrame({name: rows})) == [name]
    assert clues.row_numbers(pd.DataFrame({name: rows[::-1]})) == []
    assert clues.row_numbers(pd.DataFrame({"width": rows, "year": rows})) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("id", "rooms", "price", "area"), "price"),
        (("id", "rooms", "Miete kalt", "area"), "Miete kalt"),
        (("id", "rooms", "height", "weight"), "weight"),
        (("id", "rooms", "weight", "date sold"), "weight"),
    ],
)
def test_what_is_estimated_first_is_an_amount_and_no_room_count(
    names: tuple[str, ...], expected: str
) -> None:
    rng = np.random.default_rng(0)
    fine = rng.integers(400, 9000, (60, 2))
    rows = [f"{k},{k % 5 + 1},{a},{b}" for k, (a, b) in enumerate(fine.tolist())]
    content = "\n".join([",".join(names), *rows]).encode()
    assert read_table(content, "homes.csv").amount == expected
