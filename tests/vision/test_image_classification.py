"""Facts about convolutions and about the network that reads digits."""

import re
import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_tensors

from core.data.centring import photo_to_digit
from core.data.digits import mnist
from core.data.refusal import Refused
from core.data.sources import FILES
from core.runs import Run
from core.vision.image_classification import findings, picture, reading
from core.vision.image_classification import model as topic
from core.vision.image_classification.model import RECORDING, Config, ConvolutionalNetwork
from core.vision.image_classification.script import script
from tests.scripts import piped, ran
from tests.sheets import KINDS, sheet

SHORT = Config(n_train=200, n_epochs=2, n_filters=(2, 3), kernel_size=3)


@pytest.fixture(scope="module")
def recorded() -> Run:
    return Run(topic.training, Config(), RECORDING)


def test_a_convolution_with_a_delta_is_the_identity() -> None:
    model = ConvolutionalNetwork(SHORT)
    model.conv1.weight.data.zero_()[:, 0, 1, 1] = 1
    model.conv1.bias.data.zero_()
    x = torch.rand(1, 1, 28, 28)
    assert torch.equal(model.conv1(x)[0, 1], x[0, 0, 1:-1, 1:-1])


def test_pooling_before_relu_is_relu_before_pooling() -> None:
    x = torch.randn(2, 3, 8, 8)
    model = ConvolutionalNetwork(SHORT)
    assert torch.equal(model.relu1(model.pool1(x)), model.pool1(model.relu1(x)))


def test_the_count_of_parameters_is_that_of_the_network() -> None:
    for config in (Config(), SHORT, Config(n_filters=(4, 7))):
        counted = sum(p.numel() for p in ConvolutionalNetwork(config).parameters())
        assert config.n_parameters == counted


def test_moving_keeps_the_ink_and_never_wraps_it_round() -> None:
    x = torch.zeros(1, 1, 28, 28)
    x[0, 0, 0, 10:18] = 1  # on the upper edge
    moved = [topic.moved(x, 2) for _ in range(40)]
    assert all(not m[0, 0, 3:].any() for m in moved)
    assert {int(m.sum()) for m in moved} == {0, 8}


@pytest.mark.parametrize(
    ("field", "value"),
    [("data", "cifar"), ("kernel_size", 4), ("learning_rate", float("nan")), ("n_train", 0)],
)
def test_impossible_configurations_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{field} must be .* got {value!r}"):
        Config(**{field: value})


def test_the_recorded_default_reads_97_percent(recorded: Run) -> None:
    records = recorded.until(recorded.n_records - 1)
    assert recorded.recording is not None
    assert records["test_accuracy"][0] < 0.3
    assert records["test_accuracy"][-1] >= 0.97
    assert RECORDING.stat().st_size < 1_000_000


def test_the_recording_begins_as_a_live_training_does(recorded: Run) -> None:
    live = Run(topic.training, Config()).until(2)
    kept = recorded.until(2)
    assert np.allclose(live["loss"], kept["loss"], rtol=2e-3)
    assert np.abs(live["parameters"] - kept["parameters"]).max() < 5e-3


def test_restored_networks_answer_as_recorded(recorded: Run) -> None:
    last = recorded.at(recorded.n_records - 1)
    p = reading.predictions(Config(), recorded, recorded.n_records - 1)
    right = (p.argmax(1) == mnist().y_test).mean()
    one = reading.probabilities(Config(), last["parameters"], mnist().x_test[5])
    assert right == pytest.approx(float(last["test_accuracy"]), abs=0.002)
    assert one == pytest.approx(p[5], abs=1e-5)


def test_restoring_leaves_the_shared_generator_alone() -> None:
    before = torch.get_rng_state()
    reading.probabilities(Config(), np.zeros(Config().n_parameters, np.float16), mnist().x_test[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_confusion_counts_every_test_picture_and_its_cells_open(recorded: Run) -> None:
    last = recorded.n_records - 1
    confusion = recorded.at(last)["confusion"]
    worst = reading.confused(confusion)[0]
    cell = reading.opened(Config(), recorded, last, worst)
    wrong = reading.opened(Config(), recorded, last)
    assert confusion.sum() == 1000
    assert abs(len(cell.rows) - confusion[worst]) <= 1
    assert (np.diff(wrong.confidence) <= 0).all()
    assert (wrong.true != wrong.predicted).all()


def test_attributions_of_a_digit_lie_on_and_beside_its_ink(recorded: Run) -> None:
    parameters, digit = recorded.at(recorded.n_records - 1)["parameters"], mnist().x_test[0]
    shares = {m: reading.attribution(Config(), parameters, digit, 7, m) for m in reading.METHODS}
    assert all(share.shape == (28, 28) and share.any() for share in shares.values())
    assert not shares["Integrated gradients"][digit == 0].any()


def test_a_rate_far_too_high_is_diagnosed() -> None:
    config = Config(n_train=1000, n_epochs=2, learning_rate=1.0)
    run = Run(topic.training, config)
    found = findings.findings(config, run.until(run.n_records - 1), "finished")
    assert found[0].kind in {"dead", "overshoots"}
    assert {remedy.config.learning_rate for remedy in found[0].remedies} == {0.003, 0.001}


def test_digits_on_sheets_are_read_and_empty_sheets_are_refused(recorded: Run) -> None:
    # One of each kind here; `-m claims` tries sixteen of each.
    read, refused = on_sheets(recorded, seed=7, n_each=1)
    assert read >= len(KINDS) - 1
    assert refused >= len(KINDS) - 1


@pytest.mark.claims
@pytest.mark.parametrize("seed", [11, 12])
def test_nine_in_ten_sheets_are_read_or_refused_rightly(recorded: Run, seed: int) -> None:
    n_each = 8
    read, refused = on_sheets(recorded, seed, n_each)
    assert read >= 0.9 * n_each * len(KINDS)
    assert refused >= 0.9 * n_each * len(KINDS)


def on_sheets(recorded: Run, seed: int, n_each: int) -> tuple[int, int]:
    """How many test digits on sheets of all kinds are read, how many empty ones refused."""
    parameters, d = recorded.at(recorded.n_records - 1)["parameters"], mnist()
    rng, read, refused = np.random.default_rng(seed), 0, 0
    for shadow, rule in KINDS * n_each:
        row = rng.integers(len(d.x_test))
        with suppress(Refused):
            ink = photo_to_digit(sheet(rng, shadow, rule, d.x_test[row]))
            pixels = np.rint(255 * ink).astype(np.uint8)
            p = reading.probabilities(Config(), parameters, pixels)
            read += int(p.argmax() == d.y_test[row])
        try:
            photo_to_digit(sheet(rng, shadow, rule))
        except Refused:
            refused += 1
    return read, refused


def test_what_travels_are_the_very_bits_of_the_parameters(recorded: Run) -> None:
    sent = picture.arrays(recorded, 3, 5)
    assert sent["parameters"].nbytes < 2 * 30_000
    assert np.array_equal(sent["parameters"].view(np.float16), recorded.until(4)["parameters"][3:5])


def test_the_script_reproduces_the_loss(tmp_path: Path) -> None:
    run = Run(topic.training, SHORT)
    record = run.n_records - 1
    shutil.copy(FILES / "mnist.npz", tmp_path)
    printed, left = ran(script(SHORT, record), tmp_path)
    losses = [float(value) for value in re.findall(r"loss: ([\d.]+)", printed)]
    last = run.at(record)
    assert losses == pytest.approx([float(last["loss"]), float(last["test_loss"])], abs=2e-5)
    weights = load_tensors(reading.weights_file(SHORT, last["parameters"]))
    left["network"].load_state_dict(weights, strict=True)


@pytest.mark.claims
@pytest.mark.parametrize(
    "config",
    [
        Config(data="fashion_mnist", n_train=400, n_epochs=2, shift=0, p_drop=0.0, seed=5),
        Config(n_train=500, n_epochs=2, n_filters=(4, 7), kernel_size=3, shift=3, batch_size=64),
        Config(n_train=300, n_epochs=3, p_drop=0.6, learning_rate=0.01, seed=1),
    ],
    ids=["clothes", "moved far", "much dropout"],
)
def test_the_script_prints_the_figures_of_the_page(config: Config, tmp_path: Path) -> None:
    run = Run(topic.training, config)
    last = run.at(run.n_records - 1)
    shutil.copy(FILES / f"{config.data}.npz", tmp_path)
    printed = piped(script(config, run.n_records - 1), tmp_path)
    found = [float(value) for value in re.findall(r": ([\d.]+)", printed)]
    shown = [float(last[n]) for n in ("loss", "accuracy", "test_loss", "test_accuracy")]
    assert found == pytest.approx(shown, abs=1e-4)
