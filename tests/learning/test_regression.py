"""What an ensemble learns of curves and houses, held against methods that are known."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.numpy import load
from safetensors.torch import load as loaded
from scipy.special import huber
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

from core import diagnosis
from core.changes import Change
from core.data.features import known_table
from core.data.tables import read_table
from core.figures import residuals as figures
from core.learning.regression import findings, picture, reading, script, units
from core.learning.regression import model as topic
from core.learning.regression.baseline import baseline
from core.learning.regression.ensemble import Ensemble
from core.learning.regression.model import Config
from core.learning.regression.points import CURVES, along
from core.learning.regression.scores import UNIT, loss_of
from core.optimizers import Adam
from core.recordings import Records
from core.runs import Run
from pages.elements.player.packing import pack
from pages.learning.regression.controls import TABLE
from tests.scripts import ran

AMES = Config(data="ames", **TABLE)
OUTLIERS = Config(n_outliers=3, gap=0, loss="all", n_steps=250)
QUICK = Config(n_steps=50)
CONTENT = b"size,noise,kind,price\n" + b"".join(
    b"%d,%d,%s,%d\n" % (k, k % 5, b"ab"[k % 2 : k % 2 + 1], 2 * k + 3) for k in range(300)
)
FEW = b"\n".join(CONTENT.split(b"\n")[:41])
UPLOAD = known_table(CONTENT, read_table(CONTENT, "mine.csv"))
LINE = Config(data="line", shape="linear", n_points=20, n_outliers=3, gap=0, n_steps=1000)


@cache
def trained(config: Config) -> Records:
    run = Run(topic.training, config)
    return run.until(run.n_records - 1)


@cache
def ended(config: Config) -> Ensemble:
    return reading.learned(config, config.n_steps // topic.STEPS_PER_RECORD)


def kinds(config: Config) -> list[str]:
    return [f.kind for f in findings.findings(config, trained(config), "finished")]


def test_house_prices_are_predicted_as_well_as_promised() -> None:
    """R² of log price on 586 held-out houses, the random split of seed 0; ridge beside it."""
    data, model = topic.prepared(AMES), ended(AMES)
    mean = reading.answers(AMES, model, torch.from_numpy(data.x_test)).mean
    ridge = Ridge(alpha=10.0).fit(data.x_train, data.y_train).predict(data.x_test)
    reached = r2_score(data.y_test, mean)
    assert len(data.y_test) == 586
    assert reached >= 0.88
    assert reached == pytest.approx(float(trained(AMES)["r2"][-1, 0]), abs=1e-4)
    assert baseline(AMES).r2 == pytest.approx(r2_score(data.y_test, ridge), abs=1e-4)


def test_a_linear_network_with_squared_error_ends_at_least_squares() -> None:
    points = topic.points(LINE)
    design = np.stack([points.x, np.ones_like(points.x)], axis=1)
    slope, constant = np.linalg.lstsq(design, points.y, rcond=None)[0]
    drawn = trained(LINE)["members"][-1] / UNIT
    expected = np.tile(slope * along() + constant, (LINE.n_members, 1))
    np.testing.assert_allclose(drawn, expected, atol=0.01)


@pytest.mark.parametrize(
    ("loss", "middle"), [("squared", np.mean), ("absolute", np.median)], ids=["mean", "median"]
)
def test_the_best_constant_is_the_mean_or_the_median(loss: str, middle: object) -> None:
    config = replace(
        LINE, shape="constant", loss=loss, n_points=21, n_members=1, learning_rate=0.01
    )
    constant = trained(config)["members"][-1, 0, 0] / UNIT
    assert constant == pytest.approx(middle(topic.points(config).y), abs=0.02)  # type: ignore[operator]
    assert abs(np.mean(topic.points(config).y) - np.median(topic.points(config).y)) > 0.2


def test_the_losses_are_those_of_the_textbook() -> None:
    apart = torch.linspace(-3, 3, 61)
    zero = torch.zeros(61)
    np.testing.assert_allclose(loss_of("huber", apart, zero, 0.7), huber(0.7, apart.numpy()), 1e-5)
    np.testing.assert_allclose(loss_of("squared", apart, zero, 0.7), apart**2)
    np.testing.assert_allclose(loss_of("absolute", apart, zero, 0.7), apart.abs())


def test_the_stacked_ensemble_equals_its_members_trained_alone() -> None:
    config = replace(QUICK, n_members=2, l2=0.01, loss="huber")
    x, y, _ = topic.training_set(config)
    torch.manual_seed(1)
    first = topic.ensemble(config)
    for member in range(2):
        alone = Ensemble(1, 1, config.shape, config.activation)
        for own, shared in zip(alone.parameters(), first.parameters(), strict=True):
            own.data = shared.detach()[member : member + 1].clone()
        parameters = list(alone.parameters())
        optimizer = Adam(parameters, config.learning_rate)
        for _ in range(20):
            loss = torch.nn.functional.huber_loss(alone(x)[0], y, delta=config.delta)
            loss = loss + config.l2 / 2 * sum(w.square().sum() for w in alone.weights)
            optimizer.step(torch.autograd.grad(loss, parameters))
        together = _after(config, first.state_dict(), 20)(x)[member]
        torch.testing.assert_close(alone(x)[0], together, rtol=1e-4, atol=1e-4)


def _after(config: Config, state: dict[str, torch.Tensor], n_steps: int) -> Ensemble:
    training = topic.training(config)
    assert isinstance(training.model, Ensemble)
    training.model.load_state_dict({name: value.clone() for name, value in state.items()})
    for _ in range(n_steps):
        training.update(*training.examples)
    return training.model


def test_outliers_pull_a_squared_error_much_further() -> None:
    squared, absolute, pulled_less = picture.distance(OUTLIERS, trained(OUTLIERS)["members"])[-1]
    assert squared > 2 * max(absolute, pulled_less)
    assert max(absolute, pulled_less) < 0.2
    assert kinds(OUTLIERS)[0] == "losses"
    assert "pulled" in kinds(replace(OUTLIERS, loss="squared"))


def test_doubt_is_widest_where_there_are_no_points() -> None:
    config = replace(Config(), n_steps=300)
    spread = trained(config)["members"][-1].std(axis=0, ddof=1)
    assert spread[np.abs(along()) < 1.5].mean() > 3 * spread[np.abs(along() - 3.5) < 1].mean()
    assert "doubt" in kinds(config)
    alone = replace(config, n_members=1, n_steps=100)
    assert kinds(alone)[0] == "one_member"


def test_a_point_placed_while_training_changes_only_what_follows() -> None:
    change = Change(4, "point", (0.0, 5.5, 0.0))
    config = replace(QUICK, changes=(change,))
    before, after = trained(QUICK), trained(config)
    np.testing.assert_array_equal(before["members"][:5], after["members"][:5])
    assert after["members"][-1, :, 60].mean() > before["members"][-1, :, 60].mean() + 500
    points = topic.points(config)
    assert [len(points.at(record)) for record in (3, 4)] == [40, 41]
    erased = topic.points(replace(config, changes=(change, Change(6, "erase", (0.1, 5.4)))))
    assert [len(erased.at(record)) for record in (5, 6)] == [41, 40]


def test_a_rate_too_high_is_said_with_what_mends_it() -> None:
    config = replace(QUICK, learning_rate=10.0, n_steps=400)
    run = Run(topic.training, config)
    records = run.until(run.n_records - 1)
    found = findings.findings(config, records, run.ending(len(records["loss"]) - 1))
    assert found[0].tone == "bad"
    assert found[0].remedies[0].settings == {"learning_rate": 0.1}


def test_a_fast_fall_is_no_jumping() -> None:
    falling, back_and_forth = np.exp(-0.5 * np.arange(40)), np.exp((-1.0) ** np.arange(40))
    assert not diagnosis.jumps(falling)
    assert diagnosis.jumps(back_and_forth)


def test_few_test_rows_are_no_judges() -> None:
    config = Config(data="own_table", upload=UPLOAD, target="price", shape="8", n_steps=50)
    few = replace(config, upload=known_table(FEW, read_table(FEW, "few.csv")))
    assert len(topic.prepared(few).y_test) < 10
    assert kinds(few) == ["few_tests"]


def test_two_houses_that_make_the_error_are_named() -> None:
    said = findings.findings(AMES, trained(AMES), "finished")
    assert [finding.kind for finding in said] == ["equal", "heavy"]
    assert "2 of the 586 test rows make 25\u00a0%" in said[1].sentence


def test_a_house_is_explained_by_shares_that_add_up() -> None:
    data, model = topic.prepared(AMES), ended(AMES)
    x = data.x_test[7:8]
    usual = data.x_train.mean(axis=0, keepdims=True)
    apart = reading.estimate(AMES, model, x).mean - reading.estimate(AMES, model, usual).mean
    pushes = reading.pushes(AMES, model, x)
    assert pushes["push"].sum() == pytest.approx(data.scale * apart, abs=0.01)
    assert pushes["push"].abs().is_monotonic_decreasing
    assert len(pushes) == len(data.encoders)


def test_a_larger_house_costs_more_and_the_same_house_the_same() -> None:
    data, model = topic.prepared(AMES), ended(AMES)
    row = reading.row_of(AMES, 7)
    np.testing.assert_allclose(data.encode(row), data.x_test[7:8], atol=1e-6)
    larger = reading.encoded(AMES, 7, {"Gr_Liv_Area": row.iloc[0]["Gr_Liv_Area"] + 500})
    whole = data.encode(row.assign(Gr_Liv_Area=row["Gr_Liv_Area"] + 500))
    np.testing.assert_allclose(larger, whole, atol=1e-6)
    before = reading.estimate(AMES, model, data.x_test[7:8])
    assert reading.estimate(AMES, model, larger).mean > before.mean


def test_a_model_that_cannot_differ_says_so() -> None:
    config = replace(AMES, shape="constant", n_steps=100, learning_rate=0.01)
    pushes = reading.pushes(config, ended(config), topic.prepared(config).x_test[:1])
    assert not pushes["push"].any()
    assert kinds(config)[0] == "constant"
    assert "agree" in kinds(replace(QUICK, shape="linear", n_steps=1000))


def test_answers_are_read_in_dollars() -> None:
    data = topic.prepared(AMES)
    prices = units.values(AMES, data.y_test)
    table = topic.table(AMES).frame["Log10_Price"].iloc[data.rows_test]
    np.testing.assert_allclose(prices, 10**table, rtol=1e-5)
    said = units.said(AMES, float(data.y_test[0]))
    assert said == f"${round(prices[0], -2):,.0f}"
    assert reading.row_names(AMES)[0].endswith(f"${prices[0]:,.0f}")


def test_the_members_agree_more_than_they_are_right() -> None:
    found = reading.residuals(AMES, ended(AMES), 80)
    alone, with_noise = reading.coverage(found, reading.noise(AMES, ended(AMES), 80) * 0.177)
    assert alone < 0.6
    assert with_noise > 0.85
    np.testing.assert_allclose(
        found.predicted + found.residual,
        topic.table(AMES).frame["Log10_Price"].iloc[topic.prepared(AMES).rows_test],
        atol=1e-4,
    )


def test_ones_own_table_is_learned() -> None:
    config = Config(data="own_table", upload=UPLOAD, target="price", shape="linear", n_steps=200)
    assert trained(config)["r2"][-1, 0] > 0.99
    assert units.values(config, topic.prepared(config).y_test).max() > 100
    assert reading.differences(*(topic.table(config).frame.iloc[[k]] for k in (2, 4))).keys() == {
        "size", "noise", "price",
    }  # fmt: skip


def test_the_picture_sends_little_and_says_where_all_points_are() -> None:
    config = replace(OUTLIERS, n_members=16, n_steps=10)
    run = Run(topic.training, config)
    sent = picture.arrays(config, run, 1, 3)
    assert len(pack({}, sent)) / 2 < 30_000
    assert sent["distance"].shape == (2, 3)
    houses = picture.arrays(AMES, Run(topic.training, AMES), 78, 81)
    assert len(pack({}, houses)) / 3 < 8_000
    assert picture.scene_arrays(config)["is_outlier"].sum() == 3


@pytest.mark.parametrize("field", ["learning_rate", "delta", "n_members", "gap"])
@pytest.mark.parametrize("value", [float("nan"), -1, 1e9], ids=["nan", "low", "high"])
def test_impossible_settings_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{field} must be between"):
        Config(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "settings",
    [
        {"changes": (Change(2, "point", (1.0, 3.0, 0.0)), Change(5, "erase", (1.0, 3.0)))},
        {"loss": "all", "resampled": True, "l2": 0.01, "activation": "tanh", "shape": "8"},
        {"data": "own_table", "upload": UPLOAD, "target": "price", "shape": "8"},
        {"shape": "constant", "loss": "absolute"},
    ],
    ids=["changes", "all-losses", "table", "constant"],
)
def test_the_script_taken_home_reproduces_the_loss(
    tmp_path: Path, settings: dict[str, object]
) -> None:
    config = replace(QUICK, **{"n_members": 3, "seed": 5, **settings})  # type: ignore[arg-type]
    code = script.script(config, 7)
    printed, left = ran(code, tmp_path, examples_csv=reading.examples_file(config))
    left["model"].load_state_dict(loaded(reading.weights_file(config, 7)), strict=True)
    numbers = dict(line.split(": ") for line in printed.splitlines())
    records = Run(topic.training, config).at(7)
    assert float(numbers["test loss"]) == pytest.approx(float(records["test_loss"]), rel=1e-3)
    assert float(numbers["R2"]) == pytest.approx(float(records["r2"][0]), abs=2e-3)


def test_files_taken_home_hold_every_example_and_the_very_weights() -> None:
    answers = pd.read_csv(BytesIO(reading.answers_file(QUICK, 10)))
    tensors = load(reading.weights_file(QUICK, 10))
    assert len(answers) == 100
    assert answers["residual"].abs().is_monotonic_decreasing
    np.testing.assert_array_equal(tensors["line"], ended(QUICK).line.detach().numpy())


def test_the_parts_of_a_member_add_up_to_its_curve() -> None:
    parts, model = reading.unit_curves(QUICK, ended(QUICK), 2), ended(QUICK)
    constant = float((model.bias[2] + model.network.affine[-1][1][2]).detach())
    drawn = trained(QUICK)["members"][-1, 2] / UNIT
    np.testing.assert_allclose(parts.sum(axis=0) + constant, drawn, atol=2e-3)


def test_figures_name_their_axes_and_show_foreign_names_as_text() -> None:
    rng = np.random.default_rng(0)
    residual = rng.normal(size=300)
    shown = [
        figures.histogram(residual, "<b>unit</b>"),
        figures.against(residual, residual, np.abs(residual), "<b>unit</b>"),
        figures.pushes(["<b>a</b>", "b"], np.array([0.2, -0.1]), "unit"),
        figures.parts(along(), along(), np.ones((2, 121))),
    ]
    assert all(f.layout.xaxis.title.text and f.layout.yaxis.title.text for f in shown)
    assert not any("<b>" in figure.to_json() for figure in shown)
    assert shown[0].data[0].y.sum() == 300


def test_curves_are_what_they_are_called() -> None:
    x = np.linspace(-5, 5, 201)
    assert np.corrcoef(CURVES["sine"](x), np.sin(x))[0, 1] > 0.999
    assert set(np.unique(CURVES["step"](x))) == {-2.0, 2.0}
    assert len(topic.points(Config(gap=60)).x) == 40
    assert np.abs(topic.points(Config(gap=60)).x).min() >= 3
