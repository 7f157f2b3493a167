"""Facts about transfer: few labels, honest heads, files that are checked before use."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load

from core.data.refusal import Refused
from core.data.sources import FILES
from core.learning.transfer import (
    model,
    own_classes,
    own_classes_reading,
    picture,
    reading,
    source,
    sweep,
)
from core.learning.transfer import own_classes_pictures as pictures
from core.learning.transfer.model import FROZEN, SCRATCH, TUNED, Config
from core.learning.transfer.own_classes_head import HeadFile, loaded, saved, unlike
from core.learning.transfer.script import script
from core.runs import Run
from tests.scripts import ran, told

SHORT = Config(n_steps=20)


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(model.training, SHORT)


@pytest.fixture(scope="module")
def swept() -> sweep.Floats:
    recorded = sweep.sweep_run(Config())
    return sweep.by_labels(recorded.until(recorded.n_records - 1))


def test_with_five_labels_transfer_beats_scratch_by_ten_points(swept: sweep.Floats) -> None:
    five = swept[:, sweep.LABELS.index(5)]
    assert ((five[:, FROZEN] - five[:, SCRATCH]) >= 0.1).all()
    assert ((five[:, TUNED] - five[:, SCRATCH]) >= 0.08).all()


def test_a_recorded_accuracy_is_what_a_live_run_reaches(swept: sweep.Floats) -> None:
    live = sweep.accuracies(Config())
    assert live == pytest.approx(swept[0, sweep.LABELS.index(5)], abs=0.012)
    assert (live[[FROZEN, TUNED]] - live[SCRATCH]).min() >= 0.1


def test_more_labels_help_and_narrow_the_gap(swept: sweep.Floats) -> None:
    mean = swept.mean(axis=0)
    assert (np.diff(mean[[0, 2, 4, 6]], axis=0) > 0).all()
    gap = mean[:, TUNED] - mean[:, SCRATCH]
    assert gap[-1] < gap[2]


@pytest.mark.parametrize("broken", [{"source_record": 0}, {"source": "random"}], ids=str)
def test_a_source_that_learned_nothing_gives_nothing(broken: dict[str, object]) -> None:
    known = Run(model.training, replace(SHORT, **broken)).at(20)
    good = Run(model.training, SHORT).at(20)
    assert good["accuracy"][FROZEN] - known["accuracy"][FROZEN] >= 0.1


def test_all_three_begin_undecided_and_the_frozen_body_never_moves(run: Run) -> None:
    first = run.at(0)
    assert first["losses"] == pytest.approx([np.log(5)] * 3, abs=1e-6)
    assert (first["p"] == 51).all()
    _, frozen, _ = model.networks(SHORT, run.at(20))
    body = source.source_network(SHORT.source, SHORT.source_record).body
    assert torch.equal(frozen.body.conv3.weight, body.conv3.weight)


def test_no_new_digit_was_ever_shown_to_the_source() -> None:
    x, y = source.pictures(0, "train")
    new, _ = source.pictures(5, "train")
    assert set(y.tolist()) == {0, 1, 2, 3, 4}
    assert len(x) + len(new) == 6000
    assert not {each.numpy().tobytes() for each in x} & {each.numpy().tobytes() for each in new}


def test_the_source_recording_begins_as_a_live_training_does() -> None:
    live, kept = source.fresh_run("turned").at(0), source.source_run("turned").at(0)
    assert np.allclose(live["parameters"], kept["parameters"], atol=2e-3)
    last = source.source_run("turned").at(source.N_RECORDS - 1)
    x, y = source.asked(source.SourceConfig(), "test")
    with torch.no_grad():
        z = source.restored(20, last["parameters"])(source.as_input(x))
    assert float((z.argmax(1) == y).float().mean()) == pytest.approx(
        float(last["test_accuracy"]), abs=0.005
    )


def test_a_certain_answer_lies_at_its_corner_and_none_in_the_middle() -> None:
    p = np.concatenate([np.eye(5), np.full((1, 5), 0.2)])
    xy = picture.places(p, 0) * (picture.REACH / 127)
    assert xy[:5] == pytest.approx(picture.corners(5), abs=0.01)
    assert xy[5] == pytest.approx([0, 0], abs=0.01)


def test_a_drawn_digit_is_answered_by_the_very_networks_of_the_record(run: Run) -> None:
    x, _ = source.pictures(5, "test")
    p = reading.answers(SHORT, run.at(20), x[3].numpy())
    recorded = run.at(20)["p"][:, 3] / 255
    assert p == pytest.approx(recorded, abs=0.01)  # recorded weights have 16 bits


def test_the_script_reproduces_losses_and_accuracies(run: Run, tmp_path: Path) -> None:
    shutil.copy(FILES / "mnist.npz", tmp_path)
    weights = reading.source_file(SHORT)
    printed, left = ran(script(SHORT, 20), tmp_path, source_safetensors=weights)
    kept = load(reading.weights_file(SHORT, run.at(20)))
    for name in ("scratch", "head", "tuned"):
        mine = {k.split(".", 1)[1]: v for k, v in kept.items() if k.startswith(f"{name}.")}
        for key, value in left[name].state_dict().items():
            torch.testing.assert_close(mine[key], value, atol=2e-3, rtol=0)
        left[name].load_state_dict(mine, strict=True)
    losses = [float(each) for each in re.findall(r"loss ([\d.]+)", printed)]
    shares = [float(each) for each in re.findall(r"accuracy ([\d.]+)", printed)]
    assert losses == pytest.approx(run.at(20)["losses"].tolist(), abs=2e-4)
    assert shares == pytest.approx(run.at(20)["accuracy"].tolist(), abs=0.005)


def test_a_head_that_leaves_a_picture_out_is_one_trained_without_it() -> None:
    config = own_classes.Config(ready="textures", n_epochs=4)
    known = Run(own_classes.head_training, config).at(4)
    x, y = own_classes.examples(config)
    torch.manual_seed(config.seed)
    own_classes.head_training(config)
    orders = [torch.randperm(len(x)) for _ in range(4)]
    weight, bias = torch.zeros(3, 1280), torch.zeros(3)
    for order in orders:
        for rows in order.split(own_classes.BATCH_SIZE):
            rows = rows[rows != 5]
            slope = torch.softmax(x[rows] @ weight.T + bias, 1) - F.one_hot(y[rows], 3)
            weight = weight - config.learning_rate * slope.T @ x[rows] / len(rows)
            bias = bias - config.learning_rate * slope.mean(0)
    expected = torch.softmax(weight @ x[5] + bias, 0)
    assert known["p"][1, 5] == pytest.approx(expected.numpy(), abs=1e-4)


def test_ready_clothes_are_told_apart_and_lookalikes_are_not() -> None:
    reached = {}
    for name in ("clothes", "alike"):
        config = own_classes.Config(ready=name)
        known = Run(own_classes.head_training, config).at(config.n_epochs)
        head = own_classes_reading.head_of(known, pictures.READY[name].classes)
        reached[name] = (float(known["accuracy"][1]), own_classes_reading.tested(config, head))
    assert min(reached["clothes"]) >= 0.9
    assert max(reached["alike"]) <= 0.7


def test_recorded_features_are_those_of_the_pictures() -> None:
    shown = pictures.ready_pictures("photos", "train")
    fresh = pictures.features(pictures.pictures_of("Coffee")[0])
    assert fresh @ pictures.ready_features()[shown.rows[0]] > 0.9995
    assert np.linalg.norm(fresh) == pytest.approx(1, abs=1e-5)
    tiles = {pictures.digest(square) for square in pictures.pictures_of("Grass")}
    assert len(tiles) == pictures.N_LEARNED + pictures.N_TESTED


def test_too_few_and_unbalanced_pictures_are_said_with_names_escaped() -> None:
    said = own_classes_reading.warnings([2, 6], ("<b>*x*", "y"))
    assert "2 images" in said[0]
    assert "unbalanced" in said[1]
    assert "<b>*x*" not in said[0].replace("\\", "\\\\")
    assert own_classes_reading.warnings([5, 6], ("a", "b")) == []


def a_head(n_classes: int = 3, n_features: int = pictures.N_FEATURES) -> HeadFile:
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(n_classes, n_features)).astype(np.float32)
    names = unlike([f"<img {place}>" for place in range(n_classes)])
    return HeadFile(names, weight, np.zeros(n_classes, np.float32))


def test_a_head_comes_back_as_it_was_saved() -> None:
    again = loaded(saved(a_head()))
    assert again.classes == a_head().classes
    assert np.array_equal(again.weight, a_head().weight)
    assert again.p(np.ones(1280, np.float32)).sum() == pytest.approx(1, abs=1e-5)


def _with_header(**changes: object) -> bytes:
    content = saved(a_head())
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length]) | changes
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


def _changed(weight: float) -> bytes:
    head = a_head()
    head.weight[0, 0] = weight
    return saved(head)


def _twice() -> bytes:
    content = saved(a_head())
    length = int.from_bytes(content[:8], "little")
    described = json.loads(content[8 : 8 + length])["bias"]
    text = b'{"bias":' + json.dumps(described).encode() + b"," + content[9 : 8 + length]
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


BAD_HEADS = {
    "empty": b"",
    "foreign": b"PK\x03\x04" + bytes(200),
    "deep": (40_008).to_bytes(8, "little") + b"[" * 40_008,
    "long": saved(a_head()) + bytes(100_000),
    "other-width": saved(a_head(3, 640)),
    "one-class": saved(a_head(1)),
    "six-classes": saved(a_head(6)),
    "nan": _changed(np.nan),
    "no-bias": _with_header(bias=None),
    "more": _with_header(extra={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}),
    "half": _with_header(bias={"dtype": "F16", "shape": [3], "data_offsets": [0, 6]}),
    "beyond": _with_header(
        bias={"dtype": "F32", "shape": [3], "data_offsets": [10**8, 10**8 + 12]}
    ),
    "overlap": _with_header(bias={"dtype": "F32", "shape": [3], "data_offsets": [4, 16]}),
    "gap": saved(a_head())[:-4] + bytes(8),
    "twice": _twice(),
    "huge": _changed(3e38),
    "negative": _with_header(bias={"dtype": "F32", "shape": [-3], "data_offsets": [0, 12]}),
}


@pytest.mark.parametrize("content", BAD_HEADS.values(), ids=BAD_HEADS)
def test_a_file_that_is_no_head_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        loaded(content)
    assert 20 < len(str(refusal.value)) < 200


def test_names_from_a_file_are_short_printable_and_all_different() -> None:
    names = unlike(["a" * 50, "a" * 50, "\n\x00", "b\u202ec"])
    assert len(set(names)) == 4
    assert all(len(name) <= 20 and name.isprintable() for name in names)
    assert loaded(_with_header(__metadata__={"classes": "[1, 2, 3]"})).classes[0] == "Class 1"


def test_the_script_of_a_head_reproduces_loss_and_left_out_accuracy(tmp_path: Path) -> None:
    config = own_classes.Config(ready="few", n_epochs=6)
    known = Run(own_classes.head_training, config).at(6)
    code = own_classes_reading.script(config, 6)
    printed = told(code, tmp_path, features_npz=own_classes_reading.data_file(config))
    loss, share = (float(each) for each in re.findall(r": ([\d.]+)", printed))
    assert loss == pytest.approx(float(known["losses"][0]), abs=1e-4)
    assert share == pytest.approx(float(known["accuracy"][1]), abs=1e-4)


@pytest.mark.parametrize(
    ("field", "value"),
    [("n_labels", 0), ("learning_rate", float("nan")), ("source", "cats"), ("n_steps", 401)],
    ids=lambda value: str(value),
)
def test_impossible_configurations_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{field} must be .* got {value!r}"):
        Config(**{field: value})
