"""A table becomes inputs and targets by what its training rows say, and by nothing else."""

import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler
from streamlit.testing.v1 import AppTest

from core.data import tables
from core.data.encoders import MAX_INPUTS, MAX_WORDS
from core.data.features import Features, features, known_table
from core.data.refusal import Refused
from core.data.sources import FILES
from core.data.tables import Table
from core.learning.classification.benchmarks import TARGETS, benchmark

BAD = Path(__file__).parent / "bad_inputs"
CSV_FILES = [e for e in json.loads((BAD / "manifest.json").read_text()) if e["kind"] == "csv"]


def made(frame: pd.DataFrame, target: str = "y", **options: object) -> Features:
    settings = {"task": "classification", "train_share": 0.5, "seed": 0, **options}
    return features(Table(frame, (), "made"), target, **settings)  # type: ignore[arg-type]


def frame(n: int = 40, **columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    first = {"a": rng.normal(5, 3, n), "y": np.array(["no", "yes"])[np.arange(n) % 2]}
    return pd.DataFrame({**first, **columns})


@pytest.mark.parametrize("name", TARGETS)
def test_the_classic_tables_hold_what_is_known_of_them(name: str) -> None:
    rows, classes = {
        "penguins": (344, 3), "iris": (150, 3), "wine": (178, 3), "breast_cancer": (569, 2),
    }[name]  # fmt: skip
    table = benchmark(name)
    assert len(table.frame) == rows
    assert table.frame[TARGETS[name]].nunique() == classes
    assert table.label == TARGETS[name] or name in ("wine", "breast_cancer")


def test_numbers_are_standardised_by_the_training_rows_as_scikit_learn_does() -> None:
    data = features(benchmark("wine"), "cultivar", task="classification", train_share=0.7, seed=3)
    raw = benchmark("wine").frame.drop(columns="cultivar")
    fitted = StandardScaler().fit(raw.iloc[data.rows_train])
    np.testing.assert_allclose(data.x_test, fitted.transform(raw.iloc[data.rows_test]), atol=1e-4)
    assert data.names == tuple(raw.columns)


def test_every_row_is_used_once_and_every_class_is_on_both_sides() -> None:
    data = made(frame(41), train_share=0.1)
    rows = np.concatenate([data.rows_train, data.rows_test])
    assert sorted(rows) == list(range(41))
    assert set(data.y_train) == set(data.y_test) == {0, 1}
    assert data.classes == ("no", "yes")


def test_gaps_become_the_training_median_with_a_note() -> None:
    gaps = frame(b=np.append(np.full(4, np.nan), np.arange(36.0)))
    data = made(gaps)
    median = gaps["b"].iloc[data.rows_train].median()
    place = data.names.index("b")
    encoder = data.encoders[place]
    assert encoder.fill == median
    assert np.isfinite(data.x_train).all()
    assert any("median" in note and "b" in note for note in data.notes)


def test_words_are_one_hot_and_rare_ones_share_an_input() -> None:
    words = np.array([f"w{min(k // 3, 11):02d}" for k in range(40)], dtype=object)
    data = made(frame(word=words), train_share=0.8)
    encoder = next(e for e in data.encoders if e.column == "word")
    columns = [k for k, name in enumerate(data.names) if name.startswith("word")]
    assert len(columns) == MAX_WORDS + 1
    np.testing.assert_array_equal(data.x_train[:, columns].sum(axis=1), 1)
    unknown = encoder.encode(pd.Series(["never seen", None, encoder.words[0]]))
    assert unknown.argmax(axis=1)[[0, 2]].tolist() == [MAX_WORDS, 0]
    assert unknown[1].sum() == 0


def test_words_among_numbers_count_as_missing_with_a_note() -> None:
    mixed = np.array([str(k) if k % 5 else "oops" for k in range(40)], dtype=object)
    data = made(frame(m=mixed))
    place = data.names.index("m")
    training = [int(cell) for cell in mixed[data.rows_train] if cell != "oops"]
    assert data.encoders[place].fill == np.median(training)
    assert np.isfinite(data.x_test).all()
    assert any("no numbers" in note for note in data.notes)


def test_columns_that_teach_nothing_are_left_out_with_a_note() -> None:
    names = [f"person {k}" for k in range(40)]
    data = made(frame(same=np.ones(40), name=names))
    assert data.names == ("a",)
    assert len(data.notes) == 2
    with pytest.raises(Refused, match="Nothing can be learned"):
        made(frame(same=np.ones(40)), columns=("same",))


def test_a_target_of_numbers_leads_back_to_its_values() -> None:
    wide = frame(price=np.linspace(100, 900, 40))
    data = made(wide, "price", task="regression")
    back = data.centre + data.scale * data.y_test
    np.testing.assert_allclose(back, wide["price"].iloc[data.rows_test], rtol=1e-5)
    assert data.y_train.mean() == pytest.approx(0, abs=1e-6)
    assert data.classes == ()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"target": "elsewhere"}, "unknown_column"),
        ({"columns": ("a", "y")}, "unknown_column"),
        ({"target": "a"}, "classes"),
        ({"task": "regression"}, "no_numeric"),
    ],
    ids=["no-target", "target-as-feature", "too-many-classes", "words-to-fit"],
)
def test_columns_that_do_not_do_are_refused_in_a_sentence(
    options: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        made(frame(), **options)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_bad_csv_is_used_or_refused(task: str) -> None:
    """No file of the collection can raise anything but a sentence for the learner."""
    n_used = 0
    for entry in CSV_FILES:
        with suppress(Refused):
            table = tables.read_table((BAD / "csv" / entry["name"]).read_bytes(), entry["name"])
            for target in map(str, table.frame):
                with suppress(Refused):
                    data = features(table, target, task=task, train_share=0.7, seed=0)  # type: ignore[arg-type]
                    assert np.isfinite(data.x_train).all()
                    assert np.isfinite(data.y_train.astype(float)).all()
                    n_used += 1
    assert n_used > 10


def test_many_columns_of_words_stay_within_the_limit_of_inputs() -> None:
    words = np.array(["x", "y", "z", "u"])[np.arange(40) % 4]
    data = made(frame(**{f"c{k}": words for k in range(90)}))
    assert data.x_train.shape[1] <= MAX_INPUTS
    assert any("at most" in note for note in data.notes)


def test_a_known_table_is_equal_to_another_of_the_same_bytes_only() -> None:
    table = benchmark("penguins")
    first, again, other = (known_table(c, table) for c in (b"1", b"1", b"2"))
    assert first == again != other
    assert hash(first) == hash(again)
    assert "frame" not in repr(first)


def picker(task: str) -> AppTest:
    """A page that is the column picker alone, and says what came of it."""
    return AppTest.from_string(f"""
        import streamlit as st
        from pages.elements.own_columns import own_columns
        chosen = own_columns("mine", "{task}", 0)
        st.text(chosen and f"{{chosen.upload.table.name}} {{chosen.target}} {{chosen.train_share}}")
    """).run()


def uploaded(app: AppTest, content: bytes, name: str = "x.csv") -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return app.run()


def test_the_limits_are_stated_before_any_upload_and_a_target_is_suggested() -> None:
    app = picker("classification")
    assert "100 columns" in app.caption[0].value
    assert "5,000" in app.caption[0].value
    uploaded(app, (FILES / "penguins.csv").read_bytes(), "penguins.csv")
    assert app.text[0].value == "penguins.csv species 70"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a\n1\n2\n3\n4\n5\n", "Only one column"),
        (b"a,b\nnan,nan\n" + b"nan,nan\n" * 9, "Every cell is empty"),
        (b"PK\x03\x04" + bytes(200), "compressed file"),
        (b",".join([b"1"] * 2000) + b"\n" * 9, "2,000 columns"),
        (b"a,b\n" + b"".join(b"%d,%d\n" % (k, k) for k in range(60)), "different values"),
    ],
    ids=["one-column", "all-nan", "zip", "2000-columns", "no-classes"],
)
def test_the_last_good_table_stays_when_another_is_refused(content: bytes, sentence: str) -> None:
    app = picker("classification")
    uploaded(app, (FILES / "penguins.csv").read_bytes(), "penguins.csv")
    uploaded(app, content)
    assert sentence in app.error[0].value
    assert app.text[0].value == "penguins.csv species 70"
    assert not app.exception


def test_the_picker_serves_a_regression_with_its_numbers_as_targets() -> None:
    app = uploaded(picker("regression"), (FILES / "penguins.csv").read_bytes())
    assert "body_mass_g" in app.selectbox[0].options
    assert "species" not in app.selectbox[0].options
    app.selectbox[0].set_value("body_mass_g").run()
    app.multiselect[0].set_value(["bill_length_mm"]).run()
    assert app.text[0].value == "x.csv body_mass_g 70"
    assert not app.exception


def test_of_very_many_rows_a_sample_is_used() -> None:
    rows = b"".join(b"%d,%d,%s\n" % (k, k % 7, (b"lo", b"hi")[k % 2]) for k in range(100_000))
    app = uploaded(picker("classification"), b"a,b,label\n" + rows)
    assert any("drawn at random" in caption.value for caption in app.caption)
    assert app.text[0].value == "x.csv label 70"
