"""Facts about what an autoencoder cannot restore."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load
from safetensors.torch import load as load_tensors
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from core.figures import profiles
from core.learning.anomaly_detection import findings, picture, reading
from core.learning.anomaly_detection import model as topic
from core.learning.anomaly_detection.heartbeats import changed
from core.learning.anomaly_detection.script import examples_file, script
from core.learning.anomaly_detection.shuttle import shuttle
from core.recordings import Records
from core.runs import Run
from tests.scripts import ran

THRESHOLD = 0.112


def run(**settings: object) -> Run:
    return Run(topic.training, topic.Config(**settings))  # type: ignore[arg-type]


def shuttle_run(**settings: object) -> Run:
    return run(**{"data": "shuttle", "n_epochs": 10, **settings})


def last(trained: Run) -> Records:
    return trained.at(trained.n_records - 1)


def labels(trained: Run) -> np.ndarray:
    return topic.examples(trained.config).is_anomaly


@pytest.mark.parametrize("seed", range(3))
def test_the_premature_beat_has_the_highest_error_of_its_excerpt(seed: int) -> None:
    trained = run(seed=seed)
    errors, premature = last(trained)["errors"], labels(trained)
    times = errors[premature][0] / errors[~premature].max()
    assert premature.sum() == 1
    assert 1.6 < times < 1.85
    assert reading.verdict(errors, premature, THRESHOLD) == (1, 1, 0)


def test_simulated_anomalies_are_seen_where_they_were_put_and_told_apart() -> None:
    real, several = topic.Config(), topic.Config(simulated=8)
    before, after = topic.examples(real), topic.examples(several)
    changed_ones = np.abs(after.x_shown - before.x_shown).max(axis=1) > 0.05
    assert (after.is_anomaly == (changed_ones | before.is_anomaly)).all()
    assert after.is_anomaly.sum() == 9
    strips = [picture.scene_arrays(config)["strip"] for config in (real, several)]
    apart = np.abs(strips[0] - strips[1]).max(axis=1)
    peaks = picture.scene_arrays(several)["peaks"][picture.scene(several, 0.112)["simulated"]]
    assert all(apart[max(int(peak) - 30, 0) : int(peak) + 30].max() > 0.1 for peak in peaks)
    trained = run(simulated=8)
    assert last(trained)["auc"] > 0.95
    records = trained.until(trained.n_records - 1)
    said = findings.findings(trained.config, records, "finished", THRESHOLD)[0]
    assert said.kind == "apart"
    assert "8 simulated" in said.sentence
    assert "simulated" in reading.table(several, last(trained)["errors"], THRESHOLD)


def test_components_stand_beside_the_network_in_the_picture() -> None:
    trained = run()
    still, sent = (
        picture.scene_arrays(trained.config),
        picture.arrays(trained, trained.config, 1, 3),
    )
    x, mean = topic.examples(trained.config), topic.examples(trained.config).x_train.mean(axis=0)
    axes = np.linalg.svd(x.x_train - mean, full_matrices=False)[2][:4]
    restored = mean + (x.x_shown - mean) @ axes.T @ axes
    step = topic.REACH["heartbeats"] / np.iinfo(np.int16).max
    np.testing.assert_allclose(still["straight"] * step, restored, atol=1e-3)
    premature = x.is_anomaly
    errors = np.sqrt(np.square(x.x_shown - restored).mean(axis=1))
    np.testing.assert_allclose(
        sent["straight"], errors[premature][0] / errors[~premature].max(), 1e-4
    )


def test_cut_by_the_clock_it_is_lost_among_the_others() -> None:
    trained = run(window="seconds")
    errors, premature = last(trained)["errors"], labels(trained)
    assert (errors > errors[premature][0]).sum() >= 21


def test_a_bottleneck_as_wide_as_the_beat_raises_no_alarm() -> None:
    trained = run(n_latent=64, hidden=128, n_epochs=60)
    errors = last(trained)["errors"]
    assert errors.max() < THRESHOLD
    records = {name: values[None] for name, values in last(trained).items()}
    longer = {name: np.repeat(values, 20, axis=0) for name, values in records.items()}
    kinds = [f.kind for f in findings.findings(trained.config, longer, "finished", THRESHOLD)]
    assert "too_wide" in kinds


@pytest.mark.parametrize("seed", range(2))
def test_shuttle_rows_never_seen_are_told_apart(seed: int) -> None:
    trained = shuttle_run(seed=seed)
    known, is_anomaly = last(trained), labels(trained)
    theirs = roc_auc_score(is_anomaly, known["errors"])
    assert theirs >= 0.95
    assert known["auc"] == pytest.approx(theirs, abs=1e-6)


def test_the_test_rows_are_not_among_the_training_rows() -> None:
    config = topic.Config(data="shuttle")
    order = np.random.default_rng(config.seed).permutation(len(shuttle().rows))
    shown = shuttle().rows[order[: topic.N_TEST]].astype(np.float32)
    chosen = topic.examples(config)
    slope, start = np.polyfit(shown[:, 7], chosen.x_shown[:, 7], 1)
    np.testing.assert_allclose(chosen.x_shown[:, 7], slope * shown[:, 7] + start, atol=1e-3)
    assert len(chosen.x_train) == config.n_examples


def test_anomalies_in_training_spoil_it_and_leaving_the_worst_out_mends_it() -> None:
    spoilt = last(shuttle_run(contamination=10))["auc"]
    mended = last(shuttle_run(contamination=10, left_out=40))["auc"]
    assert spoilt < 0.9
    assert mended > 0.98


def test_contamination_is_the_share_of_anomalies_asked_for() -> None:
    config = topic.Config(data="shuttle", n_examples=500, contamination=20)
    pool = np.random.default_rng(0).permutation(len(shuttle().rows))[topic.N_TEST :]
    anomalous = shuttle().rows[pool[shuttle().is_anomalous[pool]][:100]].astype(float)
    x = topic.examples(config).x_train[:, 8].astype(float)
    slope = np.ptp(x[-100:]) / np.ptp(anomalous[:, 8])
    np.testing.assert_allclose(np.diff(x[-100:]), slope * np.diff(anomalous[:, 8]), atol=1e-4)


def test_the_isolation_forest_tells_held_out_rows_apart_as_well() -> None:
    config = topic.Config(data="shuttle", n_examples=500)
    assert reading.forest(config) >= 0.95


def test_left_out_examples_leave_no_trace_in_the_gradient() -> None:
    torch.manual_seed(0)
    model = topic.Autoencoder(4, 8, 2, "tanh")
    x = torch.cat([torch.randn(8, 4), 100 * torch.ones(2, 4)])
    parameters = list(model.parameters())
    with_all = torch.autograd.grad(topic.objective(model, x, 20), parameters)
    without = torch.autograd.grad(topic.objective(model, x[:8], 0), parameters)
    for a, b in zip(with_all, without, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("threshold", [0.05, 0.3, 1.0, 30.0])
def test_a_verdict_is_that_of_scikit_learn(threshold: float) -> None:
    trained = shuttle_run(contamination=5)
    errors, is_anomaly = trained.at(40)["errors"], labels(trained)
    found = reading.verdict(errors, is_anomaly, threshold)
    precision, recall, _, _ = precision_recall_fscore_support(
        is_anomaly, errors > threshold, average="binary", zero_division=np.nan
    )
    assert found.precision == pytest.approx(precision, nan_ok=True)
    assert found.recall == pytest.approx(recall)


def test_a_threshold_that_rises_never_raises_more_alarms() -> None:
    trained = run()
    found = reading.sweep(trained.config, last(trained)["errors"])
    assert (np.diff(found["recall"]) <= 0).all()
    assert (np.diff(found["share of alarms"]) <= 0).all()
    assert found["recall"][0] == 1
    assert found["recall"][-1] == 0


def test_ones_own_beat_is_answered_as_the_same_beat_was() -> None:
    trained = run()
    errors = trained.at(100)["errors"]
    shape = topic.examples(trained.config).x_shown[5]
    assert reading.answered(trained, 100, shape).error == pytest.approx(errors[5], rel=1e-4)
    early = reading.answered(trained, 100, changed("interval", 5, early=0.35))
    assert early.error > errors[5]
    assert early.n_above <= 1


def test_the_picture_counts_every_training_example_once() -> None:
    trained = run()
    sent = picture.arrays(trained, trained.config, 3, 10)
    assert sent["counts"].shape == (7, picture.N_BINS)
    assert (sent["counts"].sum(axis=1) == trained.config.n_train).all()
    step = topic.REACH["heartbeats"] / np.iinfo(np.int16).max
    z = reading.autoencoder(trained, 9)(torch.tensor(topic.examples(trained.config).x_shown))
    np.testing.assert_allclose(sent["restored"][-1] * step, z.detach().numpy(), atol=2 * step)


def test_every_small_curve_is_drawn_on_one_scale() -> None:
    values = np.random.default_rng(0).normal(size=(10, 5))
    figure = profiles.grid(values, np.arange(5), list("abcdefghij"), x_title="s")
    np.testing.assert_allclose(np.array([trace.y for trace in figure.data]), values, rtol=1e-6)
    ranges = {tuple(figure.layout[f"yaxis{place}"].range) for place in ("", 2, 10)}
    assert len(ranges) == 1


def test_the_script_taken_home_ends_as_the_page_did(tmp_path: Path) -> None:
    trained, record = shuttle_run(left_out=40, n_examples=1000), 30
    code = script(trained.config, record, 1.0)
    printed, left = ran(code, tmp_path, examples_npz=examples_file(trained.config))
    lines = printed.splitlines()
    known = trained.at(record)
    assert float(lines[0].split()[-1]) == pytest.approx(float(known["loss"]), rel=0.05)
    assert float(lines[1].split()[-1]) == pytest.approx(float(known["auc"]), abs=0.01)
    weights = load_tensors(reading.weights_file(trained, record))
    left["model"].load_state_dict(weights, strict=True)


def test_the_weights_taken_home_are_those_of_the_record() -> None:
    trained = run()
    tensors = load(reading.weights_file(trained, 20))
    x = topic.examples(trained.config).x_shown
    hidden = np.tanh(x @ tensors["encoder.0.weight"].T + tensors["encoder.0.bias"])
    z = hidden @ tensors["encoder.2.weight"].T + tensors["encoder.2.bias"]
    np.testing.assert_allclose(reading.latent(trained.config, trained, 20), z, atol=1e-4)


@pytest.mark.parametrize(
    ("field", "value"), [("contamination", 21), ("learning_rate", float("nan")), ("data", "cats")]
)
def test_impossible_settings_are_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        topic.Config(**{field: value})  # type: ignore[arg-type]
