"""Facts about layers: what a linear probe finds, with real, random and no training."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_tensors

from core.data.photos import PHOTOS, photo
from core.data.sources import FILES
from core.foundations.layers import model, reading
from core.foundations.layers.model import RECORDING, Config, DeepNetwork
from core.foundations.layers.script import script
from core.networks import backbone
from core.runs import Run
from core.store import STORE
from tests.scripts import piped, ran

SHORT = Config(n_layers=2, n_filters=4, n_train=400, n_epochs=2, batch_size=100)


@pytest.fixture(scope="module")
def recorded() -> Run:
    return Run(model.training, Config(), RECORDING)


def test_a_probe_does_not_fall_from_the_pixels_to_the_last_layer(recorded: Run) -> None:
    accuracies = reading.probes(Config(), recorded, recorded.n_records - 1)
    assert recorded.recording is not None
    assert accuracies[-1] >= accuracies[0] + 0.02
    # One test picture in a hundred is within the noise of 1,000 of them.
    assert (np.diff(accuracies) > -0.015).all()


def test_the_recorded_probes_are_those_of_the_recorded_networks(recorded: Run) -> None:
    last = recorded.at(recorded.n_records - 1)
    asked = reading.probed(Config(), last["parameters"])
    assert asked == pytest.approx(last["probes"], abs=0.004)


def test_on_all_values_the_ladder_is_one_step_that_an_untrained_network_nearly_makes(
    recorded: Run,
) -> None:
    model_ = model.restore(Config(), recorded.at(recorded.n_records - 1)["parameters"])
    assert [each.shape for each in reading.kernels(Config(), recorded.at(0)["parameters"])] == [
        (16, 3, 3)
    ] * len(model_.convolutions)
    now = reading.probes_of_all(Config(), recorded, recorded.n_records - 1)
    before = reading.probes_of_all(Config(), recorded, 0)
    # Checked with code of another hand: 76.9, 83.0 … and 76.9, 82.3 before training.
    assert now[:2] == pytest.approx([0.769, 0.83], abs=0.006)
    assert before[:2] == pytest.approx([0.769, 0.823], abs=0.006)
    assert now[-1] - now[1] < 0.02


def test_random_labels_leave_the_last_layer_worse_than_the_pixels() -> None:
    config = Config(share_shuffled=100, n_train=300, n_epochs=4, n_filters=8, batch_size=100)
    run = Run(model.training, config)
    accuracies = reading.probes(config, run, run.n_records - 1)
    assert accuracies[-1] < accuracies[0]


def test_a_probe_reads_what_lines_part_and_guesses_where_there_is_nothing() -> None:
    rng = np.random.default_rng(0)
    y, y_test = rng.integers(0, 4, (2, 400))
    corners = np.array([[9, 0, 0], [0, 9, 0], [0, 0, 9], [-9, -9, -9]])
    x, x_test = (corners[each] + rng.normal(0, 1, (400, 3)) for each in (y, y_test))
    assert reading.probe_accuracy(x, y, x_test, y_test) == 1
    assert reading.probe_accuracy(rng.permutation(x), y, x_test, y_test) < 0.45


def test_a_value_looks_at_as_many_pixels_as_gradients_reach() -> None:
    x = torch.ones(1, 1, 28, 28, requires_grad=True)
    # Averages instead of the largest value, so that every pixel of a field matters.
    kernel, z, reached = torch.ones(1, 1, 3, 3), x, []
    for depth in range(3):
        z = torch.nn.functional.conv2d(z, kernel, padding=1)
        z = torch.nn.functional.avg_pool2d(z, 2) if depth in model.POOLED else z
        middle = z.shape[-1] // 2
        gradient = torch.autograd.grad(z[0, 0, middle, middle], x, retain_graph=True)[0]
        reached.append(int((gradient[0, 0].sum(0) > 0).sum()))
    assert reached == model.fields(3)


def test_the_count_of_parameters_is_that_of_the_network() -> None:
    for config in (Config(), SHORT, Config(n_layers=1), Config(n_layers=5, n_filters=3)):
        counted = sum(p.numel() for p in DeepNetwork(config).parameters())
        assert config.n_parameters == counted


def test_shuffling_keeps_how_often_each_label_occurs() -> None:
    true, shuffled = (model.learned(Config(share_shuffled=s))[1] for s in (0, 100))
    assert torch.equal(true.bincount(), shuffled.bincount())
    assert 0.05 < (true == shuffled).float().mean() < 0.15


def test_a_map_is_that_of_the_singular_vectors() -> None:
    x = torch.randn(50, 7) * torch.tensor([9.0, 5, 1, 1, 1, 1, 1])
    u, s, _ = torch.linalg.svd(x - x.mean(0), full_matrices=False)
    expected = u[:, :2] * s[:2]
    found = torch.from_numpy(model.class_map(x).astype(np.float32))
    for axis in (0, 1):
        pair = torch.stack([found[:, axis], expected[:, axis]])
        assert abs(torch.corrcoef(pair)[0, 1]) > 0.99


@pytest.mark.parametrize(
    ("field", "value"), [("n_layers", 6), ("learning_rate", float("nan")), ("n_train", 4501)]
)
def test_impossible_configurations_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{field} must be .* got {value!r}"):
        Config(**{field: value})


def test_the_recording_begins_as_a_live_training_does(recorded: Run) -> None:
    live, kept = Run(model.training, Config()).until(2), recorded.until(2)
    assert np.allclose(live["loss"], kept["loss"], rtol=2e-3)
    assert np.abs(live["parameters"] - kept["parameters"]).max() < 5e-3
    assert RECORDING.stat().st_size < 2_000_000


def test_the_pretrained_network_knows_coffee_and_a_cat() -> None:
    coffee, cat = (backbone.seen(photo(name)) for name in ("Coffee", "Cat"))
    assert coffee.names[0] == "espresso"
    assert {"tabby", "Egyptian cat", "tiger cat"} & set(cat.names[:2])
    assert [depth.side for depth in cat.depths] == sorted(
        (d.side for d in cat.depths), reverse=True
    )


def test_looking_at_photos_leaves_the_shared_generator_alone() -> None:
    before = torch.get_rng_state()
    STORE.clear()
    results = [backbone.seen(photo(name)) for name in PHOTOS]
    assert torch.equal(torch.get_rng_state(), before)
    assert all(0 < result.p.sum() <= 1.0001 for result in results)


def test_the_script_reproduces_the_loss_and_the_probes(tmp_path: Path) -> None:
    run = Run(model.training, SHORT)
    record = run.n_records - 1
    shutil.copy(FILES / "fashion_mnist.npz", tmp_path)
    printed, left = ran(script(SHORT, record), tmp_path)
    losses = [float(value) for value in re.findall(r"loss: ([\d.]+)", printed)]
    shares = [float(value) for value in re.findall(r"probe on .*: ([\d.]+)", printed)]
    last = run.at(record)
    assert losses == pytest.approx([float(last["loss"]), float(last["test_loss"])], abs=2e-5)
    weights = load_tensors(reading.weights_file(SHORT, last["parameters"]))
    left["network"].load_state_dict(weights, strict=True)
    # The page's probes read parameters that were rounded to 16 bits.
    assert shares == pytest.approx(reading.probes(SHORT, run, record).tolist(), abs=0.01)


@pytest.mark.claims
@pytest.mark.parametrize(
    "config",
    [
        Config(n_layers=1, n_filters=6, n_train=500, n_epochs=2, seed=3),
        Config(n_layers=5, n_filters=4, n_train=400, n_epochs=3, batch_size=50),
        Config(share_shuffled=50, n_filters=8, n_train=300, n_epochs=2, seed=2),
    ],
    ids=["one layer", "five layers", "half the labels"],
)
def test_the_script_prints_the_figures_of_the_page(config: Config, tmp_path: Path) -> None:
    run = Run(model.training, config)
    record = run.n_records - 1
    shutil.copy(FILES / "fashion_mnist.npz", tmp_path)
    printed = piped(script(config, record), tmp_path)
    losses = [float(value) for value in re.findall(r"loss: ([\d.]+)", printed)]
    shares = [float(value) for value in re.findall(r"probe on .*: ([\d.]+)", printed)]
    last = run.at(record)
    assert losses == pytest.approx([float(last["loss"]), float(last["test_loss"])], abs=1e-4)
    # The page's probes read parameters rounded to 16 bits: up to 14 images in 1,000 differ.
    assert shares == pytest.approx(reading.probes(config, run, record).tolist(), abs=0.02)


def test_the_gain_of_the_challenge_is_that_of_the_probes_on_all_values(recorded: Run) -> None:
    last = recorded.n_records - 1
    pixels, answer = reading.ends_of_all(Config(), recorded, last)
    every = reading.probes_of_all(Config(), recorded, last)
    assert (pixels, answer) == pytest.approx((every[0], every[-1]), abs=1e-6)
    assert not reading.challenge(Config(), pixels, answer)[0]  # it has too many parameters
