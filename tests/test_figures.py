"""Every figure names its axes with units, and signed colours are centred at zero."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.elements.lib import streamlit_plotly_theme

from core.figures import (
    bars,
    curves,
    distributions,
    graphs,
    images,
    matrices,
    networks,
    points,
    surfaces,
    theme,
)

RNG = np.random.default_rng(0)
XY = RNG.normal(size=(30, 2))
LABELS = np.arange(30) % 3
WEIGHTS = [(RNG.normal(size=(3, 2)), np.zeros(3)), (np.full((1, 3), 0.5), np.ones(1))]
NAMES = [["x1", "x2"], ["h1", "h2", "h3"], ["output"]]

FIGURES = {
    "cloud": lambda: points.cloud(XY, LABELS, "abc", x_title="x₁", y_title="x₂"),
    "spreading": lambda: graphs.spreading(
        XY, np.array([[0, 1], [1, 2]]), LABELS - 1, "ab", sources=LABELS > 1, chosen=1
    ),
    "lines": lambda: curves.lines(
        np.arange(5), {"train": np.ones(5)}, x_title="epoch", y_title="loss, nats"
    ),
    "bands": lambda: curves.bands(
        np.arange(5), {"runs": RNG.normal(size=(4, 5))}, x_title="epoch", y_title="loss, nats"
    ),
    "bundle": lambda: curves.bundle(
        np.arange(5), RNG.normal(size=(4, 5)), np.ones(5), x_title="x", y_title="y", reach=2
    ),
    "histogram": lambda: distributions.histogram({"a": XY[:, 0]}, x_title="distance, spreads"),
    "weights": lambda: networks.weights(WEIGHTS, NAMES),
    "activations": lambda: networks.activations([XY], [["h1", "h2"]]),
    "confusion": lambda: matrices.confusion(np.eye(3, dtype=int), "abc"),
    "relief": lambda: surfaces.relief(
        np.linspace(-1, 1, 4),
        np.ones((4, 4)),
        {"run": np.ones((3, 3))},
        x_title="w₁",
        y_title="w₂",
        z_title="loss, nats",
    ),
    "sweep": lambda: surfaces.sweep(
        np.array([0.1, 1]), {"run": np.ones(2)}, x_title="learning rate", y_title="loss, nats"
    ),
    "shares": lambda: bars.shares(
        "abc", np.array([0.2, 0.5, 0.3]), x_title="probability, %", y_title="class"
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_traces_and_titled_axes(name: str) -> None:
    figure = FIGURES[name]()
    axes = [figure.layout.xaxis, figure.layout.yaxis]
    if figure.layout.scene.zaxis.title.text:
        axes = [figure.layout.scene.xaxis, figure.layout.scene.yaxis, figure.layout.scene.zaxis]
    assert len(figure.data) >= 1
    assert all(axis.title.text for axis in axes)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_light_and_wears_the_one_theme(name: str) -> None:
    text = FIGURES[name]().to_json()
    assert len(text) < 20_000
    assert json.loads(text)["layout"]["template"]["layout"]["colorway"] == list(theme.CATEGORICAL)


@pytest.mark.parametrize("values", [[-3.0, 1.0], [0.2, 0.5], [0.0, 0.0], [np.nan, -2.0]], ids=str)
def test_signed_colours_are_centred_at_zero(values: list[float]) -> None:
    scale = theme.signed(values)
    assert scale["zmin"] == -scale["zmax"] < 0
    assert scale["zmid"] == 0
    assert [colour for _, colour in scale["colorscale"]] == list(theme.DIVERGING)


def test_weights_and_filters_have_one_signed_scale_for_all() -> None:
    axis = networks.weights(WEIGHTS, NAMES).layout.coloraxis
    mosaic = images.mosaic(RNG.normal(size=(3, 4, 4)), signed=True).data[0]
    assert (axis.cmin, axis.cmid) == (-axis.cmax, 0)
    assert (mosaic.zmin, mosaic.zmid) == (-mosaic.zmax, 0)
    assert axis.cmax == max(np.abs(weight).max() for weight in (WEIGHTS[0][0], np.ones(1)))


def test_every_image_of_a_mosaic_keeps_its_values() -> None:
    pictures = RNG.normal(size=(5, 4, 4)).astype(np.float32)
    sheet = np.asarray(images.mosaic(pictures, n_columns=2, signed=True).data[0].z)
    shown = sheet[np.isfinite(sheet)]
    np.testing.assert_array_equal(np.sort(shown), np.sort(pictures.ravel()))


def test_the_colours_are_the_names_that_streamlit_replaces_by_the_theme() -> None:
    for kind, colours in (
        ("CATEGORY", theme.CATEGORICAL),
        ("SEQUENTIAL", theme.SEQUENTIAL),
        ("DIVERGING", theme.DIVERGING),
    ):
        expected = [getattr(streamlit_plotly_theme, f"{kind}_{place}") for place in range(10)]
        assert list(colours) == expected


def test_a_cloud_keeps_every_point_with_its_row_and_shows_ones_own() -> None:
    figure = points.cloud(
        XY, LABELS, "abc", x_title="x₁", y_title="x₂", centres=XY[:3], own=XY[4], own_name="mine"
    )
    rows = np.concatenate([trace.customdata for trace in figure.data[:3]])
    own = figure.data[-1]
    assert sorted(rows) == list(range(30))
    assert (own.name, own.x[0], own.y[0]) == ("mine", XY[4, 0], XY[4, 1])
    assert len({trace.marker.symbol for trace in figure.data[:3]}) == 3


def test_a_histogram_counts_every_value_once() -> None:
    figure = distributions.histogram(
        {"a": XY[:, 0], "b": XY[:10, 1]}, x_title="distance, spreads", n_bins=7
    )
    assert [int(np.sum(trace.y)) for trace in figure.data] == [30, 10]
    assert np.array_equal(figure.data[0].x, figure.data[1].x)


def test_bands_span_all_runs_around_their_median() -> None:
    runs = RNG.normal(size=(5, 4))
    band, median = curves.bands(
        np.arange(4), {"five": runs}, x_title="epoch", y_title="loss, nats"
    ).data
    np.testing.assert_allclose(band.y[:4], runs.max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(median.y, np.median(runs, axis=0), rtol=1e-6)


def test_a_sweep_over_seeds_has_their_mean_and_spans_them_all() -> None:
    runs = 1 + RNG.random(size=(5, 4))
    band, mean = surfaces.sweep(
        np.arange(1, 5), {"test": runs}, x_title="units", y_title="loss"
    ).data
    np.testing.assert_allclose(band.y[:4], runs.max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(mean.y, runs.mean(axis=0), rtol=1e-6)


def test_the_ends_of_curves_are_said_in_words() -> None:
    assert curves.endpoints({"now": np.array([1.0, 0.5, 0.25])}) == ["now from 1 to 0.25"]


def test_a_figure_is_drawn_once_for_equal_arrays_and_anew_for_others() -> None:
    values = np.linspace(0, 1, 50).reshape(2, 5, 5)
    first = images.mosaic(values)
    assert images.mosaic(values.copy()) is first
    other = images.mosaic(values, signed=True)
    values[1, 2, 3] = 9
    changed = images.mosaic(values)
    assert float(np.nanmax(changed.data[0].z)) == 9
    assert float(np.nanmax(first.data[0].z)) == 1
    assert other.data[0].zmin < 0 == first.data[0].zmin


def test_no_page_changes_a_figure_that_other_sessions_share() -> None:
    changing = re.compile(r"\b(figure|fig)\.(add|update|layout|data)\w*")
    pages = Path(__file__).parent.parent.joinpath("pages").rglob("*.py")
    assert [str(page) for page in pages if changing.search(page.read_text("utf-8"))] == []
