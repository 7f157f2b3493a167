"""What a classifier reaches on rows it never saw, and what its probabilities are worth."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.numpy import load
from sklearn import metrics

from core.data.features import known_table
from core.data.tables import read_table
from core.figures import inputs, scores
from core.learning.classification import findings, picture, reading, script
from core.learning.classification import model as topic
from core.learning.classification import scores as classification_scores
from core.learning.classification.model import Config
from core.recordings import Records
from core.runs import Run
from pages.elements.player.packing import pack
from tests.scripts import told

CANCER = Config(data="breast_cancer", l2=0.01)
QUICK = Config(n_epochs=10)


@cache
def trained(config: Config) -> Records:
    run = Run(topic.training, config)
    return run.until(run.n_records - 1)


def last(config: Config) -> np.ndarray:
    return trained(config)["parameters"][-1]


def test_penguins_are_told_apart_as_well_as_by_logistic_regression() -> None:
    """The fixed stratified split of seed 0: 241 rows to train, 103 held out."""
    config = Config()
    assert len(topic.prepared(config).y_test) == 103
    assert trained(config)["test_accuracy"][-1] >= 0.98
    assert topic.baseline(config).accuracy == pytest.approx(0.990, abs=0.011)


def test_breast_cancer_is_told_from_benign_tumours() -> None:
    """The fixed stratified split of seed 0: 398 rows to train, 171 held out."""
    assert len(topic.prepared(CANCER).y_test) == 171
    assert trained(CANCER)["test_accuracy"][-1] >= 0.95
    assert abs(trained(CANCER)["test_accuracy"][-1] - topic.baseline(CANCER).accuracy) < 0.03


def test_a_network_parts_moons_that_logistic_regression_cannot() -> None:
    config = Config(data="moons", hidden=(16, 16), learning_rate=0.003)
    assert trained(config)["test_accuracy"][-1] >= 0.97
    assert topic.baseline(config).accuracy < 0.95


def test_shuffled_labels_are_learned_by_heart_and_teach_nothing() -> None:
    config = replace(CANCER, shuffled=True, l2=0.0, hidden=(64,), learning_rate=0.01, n_epochs=60)
    records = trained(config)
    kinds = [f.kind for f in findings.findings(config, records, "finished")]
    assert records["accuracy"][-1] > 0.85
    assert records["test_accuracy"][-1] < 0.7
    assert kinds[0] == "shuffled"
    assert sorted(topic.labels(config)) == sorted(topic.prepared(config).y_train)


def test_curves_and_their_areas_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(300) < 0.3
    scores = np.round(rng.normal(truth.astype(float), 1.0), 1)  # rounded, so that some are equal
    roc, pr = (
        f(scores, truth)
        for f in (classification_scores.roc, classification_scores.precision_recall)
    )
    x, y, _ = metrics.roc_curve(truth, scores, drop_intermediate=False)
    np.testing.assert_allclose([roc.x, roc.y], [x, y])
    assert roc.area == pytest.approx(metrics.roc_auc_score(truth, scores))
    assert pr.area == pytest.approx(metrics.average_precision_score(truth, scores))


def test_a_threshold_lies_on_both_curves_and_counts_every_row() -> None:
    found = reading.answers(CANCER, last(CANCER))
    p, truth = found.of(1)
    for threshold in (0.05, 0.5, 0.9):
        now = classification_scores.verdict(p, truth, threshold)
        expected = metrics.confusion_matrix(truth, p >= threshold)[::-1, ::-1]
        np.testing.assert_array_equal(now.counts, expected)
        roc = classification_scores.roc(p, truth)
        assert (now.false_positive_rate, now.recall) in zip(roc.x, roc.y, strict=True)


def test_the_confusion_matrix_opens_into_its_rows() -> None:
    found = reading.answers(CANCER, last(CANCER))
    expected = metrics.confusion_matrix(found.data.y_test, found.predicted)
    np.testing.assert_array_equal(found.counts, expected)
    for true in (0, 1):
        for predicted in (0, 1):
            rows = reading.cell(found, true, predicted)
            assert len(rows) == found.counts[true, predicted]
            quarter = reading.quarter(found, 1, 0.5, true == 1, predicted == 1)
            assert set(rows) == set(quarter)
    shown = reading.shown(CANCER, found, rows)
    assert set(shown["true class"]) == {"malignant"}


def test_calibration_of_honest_probabilities_is_good_and_of_doubled_logits_bad() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 1.5, (4000, 3))
    y = (rng.gumbel(size=logits.shape) + logits).argmax(axis=1)
    honest = classification_scores.reliability(classification_scores.softmax(logits), y)
    sure = classification_scores.reliability(classification_scores.softmax(3 * logits), y)
    cooled = classification_scores.tempered(3 * logits, y)
    assert honest.error < 0.03 < 0.15 < sure.error
    assert np.allclose(cooled.temperatures, 3, rtol=0.15)
    assert classification_scores.reliability(cooled.probabilities, y).error < 0.03


def test_the_picture_sends_what_the_network_answers_and_little_of_it() -> None:
    run = Run(topic.training, QUICK)
    sent = picture.arrays(QUICK, run, 2, 5)
    model = reading.restored(QUICK, run.at(4)["parameters"])
    with torch.no_grad():
        logits = model(torch.from_numpy(topic.prepared(QUICK).x_test))
    expected = torch.log_softmax(logits, dim=1).numpy()
    np.testing.assert_allclose(sent["logp"][-1] / picture.UNIT, expected, atol=1e-3)
    assert len(pack({}, sent)) / 3 < 8_000
    assert sent["baseline"].shape == sent["loss"].shape == (3,)


def test_two_numbers_draw_a_plane_and_words_do_not() -> None:
    plane = replace(QUICK, columns=("bill_length_mm", "bill_depth_mm"))
    words = replace(QUICK, columns=("bill_length_mm", "island"))
    scene = picture.scene(plane, 1, 0.5, None)
    low, high = np.array(scene["plane"]["domain"]).T
    points = picture.scene_arrays(plane)["points"]
    assert ((points > low) & (points < high)).all()
    assert not picture.has_plane(words)
    assert picture.has_plane(Config(data="moons"))


def test_the_change_that_flips_an_answer_does_flip_it() -> None:
    parameters, x = last(QUICK), topic.prepared(QUICK).x_test[:1]
    said = reading.flip(QUICK, parameters, x)
    column, rest = said.removeprefix("The smallest single change that flips it: ").split(" from ")
    after = float(rest.split(" to ")[1].split(" makes ")[0])
    place = next(e for e in topic.prepared(QUICK).encoders if e.column == column)
    moved = x.copy()
    moved[0, topic.prepared(QUICK).names.index(column)] = (after - place.mean) / place.deviation
    answered = reading.layers(QUICK, parameters, np.concatenate([x, moved]))[-1].argmax(axis=1)
    assert answered[0] != answered[1]
    assert topic.prepared(QUICK).classes[answered[1]] in said


def test_ones_own_table_is_trained_on_and_words_of_it_become_classes() -> None:
    rows = "".join(f"{k},{k % 7},{'high' if k > 30 else 'low'}\n" for k in range(60))
    content = f"size;noise;level\n{rows}".replace(",", ";").encode("utf-16")
    upload = known_table(content, read_table(content, "mine.csv"))
    config = Config(data="own_table", upload=upload, target="level", learning_rate=0.01)
    assert topic.prepared(config).classes == ("high", "low")
    assert trained(config)["test_accuracy"][-1] >= 0.9
    assert replace(config, columns=("noise",)) != config


def test_ones_own_points_are_learned_and_one_class_alone_is_refused() -> None:
    points = tuple((x, y, int(x > 0)) for x in (-3.0, -2.0, 2.0, 3.0) for y in (-1.0, 0.0, 1.0))
    config = Config(data="own_points", points=points, learning_rate=0.03, batch_size=4)
    assert trained(config)["accuracy"][-1] == 1
    with pytest.raises(ValueError, match="points must be of both classes"):
        Config(data="own_points", points=points[:6])


@pytest.mark.parametrize("field", ["learning_rate", "train_share", "l2"])
@pytest.mark.parametrize("value", [float("nan"), -1, 1e9], ids=["nan", "low", "high"])
def test_impossible_settings_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{field} must be between"):
        Config(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("l2", [0.0, 0.03], ids=["plain", "l2"])
def test_the_script_taken_home_reproduces_the_loss(tmp_path: Path, l2: float) -> None:
    config = replace(QUICK, l2=l2, hidden=(8, 4), activation="tanh", seed=5)
    code = script.script(config, 7)
    printed = told(code, tmp_path, examples_csv=reading.examples_file(config))
    numbers = dict(line.split(": ") for line in printed.splitlines())
    records = Run(topic.training, config).at(7)
    assert float(numbers["training loss"]) == pytest.approx(float(records["loss"]), rel=1e-4)
    assert float(numbers["test loss"]) == pytest.approx(float(records["test_loss"]), rel=1e-4)


def test_files_taken_home_hold_every_row_and_the_very_weights() -> None:
    parameters = last(QUICK)
    answers = pd.read_csv(BytesIO(reading.answers_file(QUICK, parameters)))
    tensors = load(reading.weights_file(QUICK, parameters))
    assert len(answers) == 344
    assert answers["loss"].is_monotonic_decreasing
    assert sum(tensor.size for tensor in tensors.values()) == parameters.size
    np.testing.assert_array_equal(tensors["0.weight"].ravel(), parameters[: 16 * 9])


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"columns": ("bill_depth_mm",)}, {"features": []}),
        ({"shuffled": True}, {"shuffled": False}),
    ],
    ids=["one-feature", "shuffled"],
)
def test_what_was_broken_is_said_with_what_mends_it(
    settings: dict[str, object], remedy: dict[str, object]
) -> None:
    config = replace(QUICK, **settings)
    worst = findings.findings(config, trained(config), "finished")[0]
    assert worst.tone == "bad"
    assert remedy in [dict(each.settings) for each in worst.remedies]


def test_figures_name_their_axes_and_show_foreign_names_as_text() -> None:
    found, names = reading.answers(QUICK, last(QUICK)), ["<b>a</b>", "b", "c"]
    p, truth = found.of(1)
    roc, pr = classification_scores.roc(p, truth), classification_scores.precision_recall(p, truth)
    known = classification_scores.reliability(found.probabilities, found.data.y_test)
    shown = [
        scores.confusion(found.counts, names),
        scores.roc(roc.x, roc.y, (0.1, 0.9), roc.area),
        scores.precision_recall(pr.x, pr.y, (0.9, 0.9), pr.area, 0.3),
        scores.reliability({"as trained": (known.confidence, known.right, known.counts)}),
        inputs.weights(reading.weights(QUICK, last(QUICK))[0][0].T[:3].T, names, list("ab")),
        inputs.units(np.ones(2), np.ones((3, 2)), names, list("ab")),
    ]
    assert all(f.layout.xaxis.title.text and f.layout.yaxis.title.text for f in shown)
    assert not any("<b>" in figure.to_json() for figure in shown)
    assert max(len(figure.to_json()) for figure in shown) < 20_000


def test_a_table_may_have_columns_called_as_ours_are() -> None:
    names = ["answer", "true class", "probability, %", "row", "answer (yours)", "label"]
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 6)), columns=names)
    frame["label"] = np.where(frame["answer"] > 0, "answer", "row")
    content = frame.to_csv(index=False).encode()
    upload = known_table(content, read_table(content, "mine.csv"))
    config = Config(data="own_table", upload=upload, target="label", n_epochs=10)
    found = reading.answers(config, last(config))
    shown = reading.shown(config, found, np.arange(5))
    assert shown.columns.is_unique
    assert len(shown.columns) == 8
    assert shown.index.name not in shown.columns
    taken = shown["answer (yours 2)"] if "answer (yours 2)" in shown else shown["answer (yours)"]
    assert taken.tolist() == frame["answer"].iloc[shown.index].tolist()
    assert reading.all_answers(config, last(config)).columns.is_unique
