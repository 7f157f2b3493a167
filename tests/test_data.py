"""The data sets are what their sources say, and readers keep what they promise."""

import hashlib
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_moons

from core.data import centring, digits, drawings, escaping, exports, planar, tables
from core.data.refusal import Refused
from core.data.sources import FILES, licence_texts, sources
from core.foundations.network import own_table

CSV = b"a,b,label\n1,10,no\n2,30,yes\n3,20,no\n6,40,yes\n"
EVERY_SET = {**planar.CLASSIFICATION, **planar.REGRESSION}


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_every_data_file_has_a_row_with_its_checksum_licence_and_credit() -> None:
    rows = {row.file: row for row in sources()}
    assert set(rows) == {path.name for path in FILES.iterdir()}
    for name, row in rows.items():
        assert hashlib.sha256((FILES / name).read_bytes()).hexdigest() == row.sha256
        assert min(map(len, (row.licence, row.credit, row.source, row.not_free_for))) > 2


def test_the_licence_texts_cover_every_file() -> None:
    text = licence_texts()
    assert all(row.file in text for row in sources())
    assert "Permission is hereby granted" in text


@pytest.mark.parametrize("load", [digits.mnist, digits.fashion_mnist])
def test_pictures_are_shared_and_cannot_be_changed(load: Callable[[], digits.Pictures]) -> None:
    pictures = load()
    assert pictures.x_train.shape == (6000, 28, 28)
    assert len(pictures.classes) == 10 == len(np.unique(pictures.y_test))
    assert load() is pictures
    with pytest.raises(ValueError, match="read-only"):
        pictures.x_train[0] = 0


@pytest.mark.parametrize("name", EVERY_SET)
def test_a_seed_gives_the_same_points_and_any_number_of_them(name: str) -> None:
    points, labels = EVERY_SET[name](rng(), 101, 20)
    again, _ = EVERY_SET[name](rng(), 101, 20)
    assert points.shape == (101, 2)
    assert labels.shape == (101,)
    assert points.dtype == labels.dtype == np.float32
    np.testing.assert_array_equal(points, again)


@pytest.mark.parametrize("name", EVERY_SET)
def test_noise_beyond_half_is_refused(name: str) -> None:
    for noise in (-1, 51, math.nan):
        with pytest.raises(ValueError, match="noise must be between 0 and 50"):
            EVERY_SET[name](rng(), 10, noise)


def test_the_circle_is_a_disc_within_a_ring() -> None:
    points, labels = planar.circle(rng(), 400, 0)
    radii = np.linalg.norm(points, axis=1)
    assert radii[labels > 0].max() < 2.5
    assert 3.5 <= radii[labels < 0].min() < radii[labels < 0].max() <= 5
    assert labels.sum() == 0


def test_exclusive_or_is_the_sign_of_the_product() -> None:
    points, labels = planar.xor(rng(), 400, 0)
    np.testing.assert_array_equal(labels, np.sign(points[:, 0] * points[:, 1]))
    assert np.abs(points).min() >= 0.3
    assert np.abs(points).max() <= 5.3


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (50, 4), (25, 2.25)])
def test_the_gaussians_spread_as_far_as_the_noise_says(noise: int, variance: float) -> None:
    points, labels = planar.gauss(rng(), 20_000, noise)
    np.testing.assert_allclose(points[labels > 0].mean(axis=0), 2, atol=0.08)
    np.testing.assert_allclose(points[labels < 0].var(axis=0), variance, rtol=0.05)


def test_the_spiral_follows_its_formula() -> None:
    points, labels = planar.spiral(rng(), 100, 0)
    for i in (0, 7, 49):
        radius, turn = 5 * i / 50, 1.75 * i / 50 * 2 * math.pi
        expected = radius * math.sin(turn), radius * math.cos(turn)
        np.testing.assert_allclose(points[i], expected, atol=1e-5)
        np.testing.assert_allclose(points[50 + i], [-x for x in expected], atol=1e-5)
    np.testing.assert_array_equal(labels, np.repeat([1, -1], 50))


def test_the_moons_are_those_of_scikit_learn_scaled_to_the_plane() -> None:
    points, labels = planar.moons(rng(), 100, 0)
    theirs, classes = make_moons(100, shuffle=False)
    np.testing.assert_allclose(points, (theirs - [0.5, 0.25]) * 10 / 3, atol=1e-5)
    np.testing.assert_array_equal(labels, 1 - 2 * classes)


def test_the_plane_and_the_cones_give_their_targets() -> None:
    points, targets = planar.plane(rng(), 200, 0)
    np.testing.assert_allclose(targets, points.sum(axis=1) / 10, atol=1e-6)
    points, targets = planar.gaussian(rng(), 5000, 0)
    near = np.linalg.norm(points - [0, -2.5], axis=1) < 0.2
    far = np.abs(points[:, 1]) > 4.6
    assert targets[near].min() > 0.89
    assert not targets[far].any()


def test_noise_moves_points_before_they_are_labelled_only() -> None:
    clean, labels = planar.xor(rng(), 1000, 0)
    noisy, changed = planar.xor(rng(), 1000, 50)
    np.testing.assert_array_equal(clean, noisy)
    assert 0.1 < np.mean(labels != changed) < 0.4


def test_a_split_keeps_every_pair_once() -> None:
    points, labels = planar.plane(rng(), 50, 0)
    parts = planar.split(points, labels, 0.7, rng())
    assert len(parts.x_train) == len(parts.y_train) == 35
    pairs = np.vstack([np.c_[parts.x_train, parts.y_train], np.c_[parts.x_test, parts.y_test]])
    expected = np.c_[points, labels]
    np.testing.assert_array_equal(np.sort(pairs, axis=0), np.sort(expected, axis=0))
    np.testing.assert_allclose(parts.x_test.sum(axis=1) / 10, parts.y_test, atol=1e-6)


def test_a_split_leaves_a_point_on_each_side() -> None:
    points, labels = planar.plane(rng(), 3, 0)
    assert len(planar.split(points, labels, 0.01, rng()).x_train) == 1
    assert len(planar.split(points, labels, 0.99, rng()).x_test) == 1
    with pytest.raises(ValueError, match="train_share must lie between 0 and 1, got 1"):
        planar.split(points, labels, 1, rng())


def test_columns_become_coordinates_that_lead_back_to_the_values() -> None:
    made = own_table.two_columns_and_a_label(tables.read_table(CSV, "x.csv"))
    assert made.names == ("a", "b", "label")
    assert made.classes == ("no", "yes")
    np.testing.assert_array_equal(made.labels, [-1, 1, -1, 1])
    assert np.abs(made.points).max() == 5
    back = made.points * made.scale + made.centre
    np.testing.assert_allclose(back, [[1, 10], [2, 30], [3, 20], [6, 40]], rtol=1e-5)


def test_one_penguin_species_is_told_from_the_others() -> None:
    table = tables.read_table((FILES / "penguins.csv").read_bytes(), "penguins.csv")
    made = own_table.two_columns_and_a_label(table, positive="Gentoo")
    assert made.names == ("bill_length_mm", "bill_depth_mm", "species")
    assert made.classes == ("all others", "Gentoo")
    assert (made.labels > 0).sum() == 123
    assert made.notes[0] == "2 rows were left out because of missing values."


def test_a_target_of_numbers_reaches_from_minus_one_to_one() -> None:
    table = tables.read_table((FILES / "penguins.csv").read_bytes(), "penguins.csv")
    made = own_table.two_columns_and_a_label(table, label="body_mass_g", task="regression")
    assert made.target_range == (2700, 6300)
    assert made.labels.min() == -1
    assert made.labels.max() == 1


def test_of_many_rows_a_seeded_sample_is_used() -> None:
    rows = "".join(f"{k},{k * k % 97},{k % 2}\n" for k in range(2000))
    table = tables.read_table(f"a,b,label\n{rows}".encode(), "x.csv")
    first, again, other = (
        own_table.two_columns_and_a_label(table, seed=seed).points for seed in (1, 1, 2)
    )
    assert first.shape == (own_table.MAX_POINTS, 2)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"x": "a", "y": "a"}, "unknown_column"),
        ({"x": "elsewhere"}, "unknown_column"),
        ({"x": "label", "y": "a", "label": "b"}, "no_numeric"),
        ({"positive": "maybe"}, "classes"),
        ({"task": "regression"}, "too_few_columns"),
    ],
)
def test_columns_that_do_not_fit_are_refused(chosen: dict[str, str], code: str) -> None:
    table = tables.read_table(CSV, "x.csv")
    with pytest.raises(Refused) as refused:
        own_table.two_columns_and_a_label(table, **chosen)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_table_that_is_sampled_keeps_its_order_and_its_shares() -> None:
    rows = "".join(f"{k},{k % 10},{k % 2}\n" for k in range(40_000))
    frame = tables.read_table(f"a,b,label\n{rows}".encode(), "x.csv").frame
    assert len(frame) == tables.MAX_ROWS
    assert frame["a"].is_monotonic_increasing
    assert frame["a"].mean() == pytest.approx(20_000, rel=0.03)
    assert frame["label"].mean() == pytest.approx(0.5, abs=0.03)


def test_an_export_quotes_what_a_spreadsheet_would_run() -> None:
    frame = pd.DataFrame({"=x": ["@SUM(1)", "-2+3", "\tcmd", "plain"], "n": [-1.5, 2, 3, 4]})
    lines = exports.to_csv(frame).decode("utf-8-sig").splitlines()
    assert lines[0] == "'=x,n"
    assert [line.split(",")[0] for line in lines[1:]] == ["'@SUM(1)", "'-2+3", "'\tcmd", "plain"]
    assert lines[1].endswith(",-1.5")


def test_markdown_shows_foreign_text_letter_by_letter() -> None:
    assert escaping.as_markdown("![x](http://a.b)") == r"\!\[x\]\(http\:\/\/a\.b\)"
    assert escaping.as_markdown("<b>\n\n# head") == r"\<b\> \# head"


def test_a_digit_of_mnist_is_where_centring_puts_it() -> None:
    pictures = digits.mnist().x_test / 255
    again = np.array([centring.centre_digit(picture) for picture in pictures])
    assert np.abs(again - pictures).mean() < 0.001
    assert np.mean(np.abs(again - pictures).max(axis=(1, 2)) < 1e-6) > 0.8


def test_a_digit_drawn_large_in_a_corner_comes_out_as_in_mnist() -> None:
    for picture in digits.mnist().x_test[:20] / 255:
        corner = np.zeros((300, 400))
        corner[10:150, 250:390] = np.kron(picture, np.ones((5, 5)))
        assert np.abs(centring.centre_digit(corner) - picture).mean() < 0.01


def photograph(digit: np.ndarray, ink: float) -> np.ndarray:
    """A digit on grainy paper with a shadow across it; shape (H, W, 3)."""
    y, x = np.mgrid[0:1:480j, 0:1:640j]
    gray = 150 + 60 * x - 30 * y + rng().normal(0, 8, x.shape)
    gray[100:380, 300:580] += ink * np.kron(digit / 255, np.ones((10, 10)))
    return np.repeat(np.clip(gray, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("ink", [-90, 70])
def test_a_digit_is_found_in_a_photograph_dark_or_light(ink: float) -> None:
    pictures = digits.mnist().x_test[:20]
    found = np.array([centring.photo_to_digit(photograph(each, ink)) for each in pictures])
    assert np.corrcoef(found.ravel(), pictures.ravel())[0, 1] > 0.9


def test_an_empty_sheet_is_no_digit() -> None:
    with pytest.raises(Refused, match="No writing stands out"):
        centring.photo_to_digit(photograph(np.zeros((28, 28)), 0))
    with pytest.raises(Refused, match="Nothing is drawn"):
        centring.centre_digit(np.zeros((28, 28)))


def test_a_garment_on_white_comes_out_light_on_black() -> None:
    for picture in digits.fashion_mnist().x_test[:10]:
        sheet = np.full((600, 500), 250, dtype=np.uint8)
        sheet[100:380, 100:380] -= np.kron(picture // 2, np.ones((10, 10), np.uint8))
        found = centring.photo_to_garment(np.stack([sheet] * 3, axis=2))
        assert found[0, 0] < 0.2
        assert np.corrcoef(found.ravel(), picture.ravel())[0, 1] > 0.6


@pytest.mark.parametrize("light", ["gradient", "shadow"])
def test_a_ground_without_a_garment_is_refused(light: str) -> None:
    across = np.linspace(0, 1, 300)
    bare = 150 + 80 * across if light == "gradient" else np.where(across > 0.5, 130.0, 200.0)
    gray = bare + rng().normal(0, 3, (400, 300))
    with pytest.raises(Refused, match="No single thing stands out"):
        centring.photo_to_garment(np.repeat(gray.astype(np.uint8)[:, :, None], 3, axis=2))


def test_points_survive_the_way_through_a_link() -> None:
    points = np.array([[1.25, -3.4], [0, 6], [-6, -0.001], [2, 2]], dtype=np.float32)
    labels = np.array([1, -1, 1, -1], dtype=np.float32)
    text = drawings.encode_points(points, labels)
    assert text == "1.25,-3.4,1;0,6,-1;-6,0,1;2,2,-1"
    back = drawings.decode_points(text)
    np.testing.assert_allclose(back.points, points, atol=0.005)
    np.testing.assert_array_equal(back.labels, labels)


BAD_PARTS = ["", "nan,1,1", "1e3,1,1", "1,1e0,1", "\uff11,1,1", "7,1,1", "1,1,0", "1,1,1,1"]
BAD_PARTS += ["1,1", "1,1,1\n", " 1,1,1", "+1,1,1", "1.234,1,1", "1_0,1,1", "--1,1,1", "1.,1,1"]


@pytest.mark.parametrize("part", BAD_PARTS)
def test_points_of_a_damaged_link_are_refused(part: str) -> None:
    good = "1,1,1;2,2,-1;3,3,1;4,4,-1"
    assert len(drawings.decode_points(good).points) == 4
    with pytest.raises(Refused) as refused:
        drawings.decode_points(f"{good};{part}")
    assert refused.value.code == "bad_points"


def test_a_link_holds_four_to_two_hundred_points() -> None:
    for text, code in (("1,1,1", "too_few_points"), (";".join(["1,1,1"] * 201), "bad_points")):
        with pytest.raises(Refused) as refused:
            drawings.decode_points(text)
        assert refused.value.code == code
    with pytest.raises(ValueError, match="points must be at most 200, got 201"):
        drawings.encode_points(np.zeros((201, 2)), np.ones(201))
