"""Facts about capacity, data and learning by heart."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from core.foundations.overfitting import many, many_reading, picture, reading, script
from core.foundations.overfitting import model as topic
from core.foundations.overfitting.model import Config
from core.optimizers import Adam
from core.penalties import penalty
from core.runs import Run
from tests import scripts
from tests.conftest import ROOT
from tests.test_pages import opened

CLICKED = tuple((float(x), float(x % 3), int(x % 2)) for x in range(-6, 7))
SHUFFLED = {"data": "moons", "n_train": 60, "shuffled": True, "n_epochs": 1500}


def run(**settings: object) -> tuple[Config, dict[str, np.ndarray]]:
    config = Config(**settings)  # type: ignore[arg-type]
    this = Run(topic.training, config)
    return config, this.until(this.n_records - 1)


def kinds(config: Config, records: dict[str, np.ndarray]) -> list[str]:
    return [finding.kind for finding in reading.findings(config, records, "finished")]


def test_shuffled_labels_are_learned_by_heart_and_worth_nothing_on_the_test() -> None:
    """The standard error of the mean of three tests of 300 labels is 1.7 per cent."""
    runs = [run(**SHUFFLED, seed=seed) for seed in range(3)]
    assert all(records["loss"].min() < 0.02 for _, records in runs)
    assert all(records["accuracy"].max() == 1 for _, records in runs)
    tests = [records["test_accuracy"][-1] for _, records in runs]
    assert np.mean(tests) == pytest.approx(0.5, abs=0.07)
    first = reading.findings(*runs[0], "finished")[0]
    assert (first.kind, first.remedies) == ("memorised", ())


def test_shuffling_moves_labels_and_makes_none() -> None:
    plain, moved = (
        topic.examples(Config(data="moons", shuffled=shuffled)) for shuffled in (False, True)
    )
    labels = [torch.cat([y for _, y in parts]) for parts in (plain, moved)]
    assert torch.equal(labels[0].sort().values, labels[1].sort().values)
    assert torch.equal(plain.train[0], moved.train[0])
    assert 0.4 < float((labels[0] == labels[1]).float().mean()) < 0.6


def test_the_default_passes_through_its_points_while_the_test_loss_rises() -> None:
    config, records = run()
    assert records["loss"][-1] < 0.02 * config.floor
    assert records["test_loss"][-1] > 1.2 * records["test_loss"].min()
    assert kinds(config, records)[:2] == ["overfits", "early"]


def test_more_examples_or_smaller_weights_mend_the_default() -> None:
    _, records = run()
    more, small = run(n_train=200), run(l2=0.01)
    assert more[1]["test_loss"][-1] < 0.8 * records["test_loss"][-1]
    assert small[1]["test_loss"][-1] < 0.8 * records["test_loss"][-1]
    assert kinds(*more) == ["fits"]


def test_where_training_points_lie_no_two_share_a_place() -> None:
    for seed in range(10):
        x = topic.examples(Config(seed=seed)).train[0][:, 0]
        assert float(x.diff().min()) > 0.9 * 0.1  # a third of a step of 0.3
        assert float(x.min()) >= -3
        assert float(x.max()) <= 3


def test_one_unit_underfits_and_is_told_to_grow() -> None:
    config, records = run(width=1, depth=1, n_train=100)
    found = reading.findings(config, records, "finished")
    assert found[0].kind == "underfits"
    assert found[0].remedies[0].settings["width"] > 1
    assert records["loss"][-1] > 1.5 * config.floor


def test_no_model_is_better_on_the_test_than_the_noise() -> None:
    config, records = run(n_train=200, width=32)
    _, (x, y) = topic.examples(config)[1:]
    noise = np.square(y.numpy() - topic.truth(x[:, 0].numpy())).mean()
    assert noise == pytest.approx(config.floor, rel=0.25)
    assert records["test_loss"].min() > 0.9 * noise


def test_early_stopping_keeps_the_lowest_validation_loss_so_far_and_no_later_one() -> None:
    losses = np.array([3.0, 1.0, 2.0, 0.5, 0.6, 0.4, 0.9], dtype=np.float32)
    assert reading.kept(losses).tolist() == [0, 1, 1, 3, 3, 5, 5]
    config = Config(n_epochs=600)
    this = Run(topic.training, config)
    sent = picture.arrays(this, 20, 50)
    whole = this.until(49)
    assert sent["kept"].tolist() == [
        int(whole["validation_loss"][: r + 1].argmin()) for r in range(20, 50)
    ]
    assert np.array_equal(sent["stopped_loss"], whole["test_loss"][sent["kept"]])


def test_every_width_of_the_sweep_learns_as_it_would_alone() -> None:
    config = Config(n_train=30, l2=0.003)
    torch.manual_seed(0)
    alone = [topic.network(Config(width=width, depth=2)) for width in (1, 3, 64)]
    together = many.Widths(alone)
    x, y = topic.examples(config).train
    stacked = x.expand(3, *x.shape)
    for model, given in (*((net, x) for net in alone), (together, stacked)):
        parameters = list(model.parameters())
        optimizer = Adam(parameters, 0.01)
        for _ in range(10):
            losses = topic.loss_of(config, model(given).squeeze(-1), y)
            loss = losses.sum() / len(y) + penalty(model.weights, l2=config.l2)
            optimizer.step(torch.autograd.grad(loss, parameters))
    expected = torch.stack([model(x) for model in alone])
    torch.testing.assert_close(together(stacked), expected, rtol=1e-3, atol=1e-4)
    assert float(together.affine[0][0].detach()[0, :, 1:].abs().max()) == 0


@pytest.mark.parametrize("data", ["wave", "moons"])
def test_in_the_sweep_stands_the_run_itself_and_that_of_the_next_seed(data: str) -> None:
    config = Config(data=data, n_epochs=50, width=6, l2=0.003, seed=4)
    records = Run(many.sweep_training, config).until(1)
    place = many.widths(config).index(6)
    for offset in (0, 1):
        alone = run(**{**asdict(config), "seed": 4 + offset})[1]
        assert records["losses"][1, place, offset] == pytest.approx(alone["loss"][5], rel=1e-3)
        assert records["test_losses"][1, place, offset] == pytest.approx(
            alone["test_loss"][5], rel=1e-3
        )


def test_the_training_loss_falls_with_the_width_and_the_test_loss_rises() -> None:
    config = Config()
    this = Run(many.sweep_training, config)
    ends, said = many_reading.capacity(config, this.until(this.n_records - 1))
    (narrow, *_, wide), tests = ends["training"].mean(axis=0), ends["test"].mean(axis=0)
    assert wide < 0.1 * narrow
    assert tests[-1] > 1.2 * tests.min()
    assert ends["test"].shape == (many.N_SEEDS, len(many.widths(config)))
    assert f"{tests.min():.3g}" in said


def test_bias_variance_and_noise_make_up_the_error_that_was_measured() -> None:
    found = []
    for settings in ({}, {"width": 1}):
        config = Config(**settings)  # type: ignore[arg-type]
        this = Run(many.samples_training, config)
        found.append(many_reading.parts(config, this.until(this.n_records - 1)))
        assert found[-1].expected == pytest.approx(found[-1].test, abs=3 * found[-1].doubt)
    wide, narrow = found
    assert wide.bias < 0.1 * narrow.bias
    assert wide.variance > 2 * narrow.variance


def test_weight_decay_shrinks_the_weights() -> None:
    sizes = []
    for l2 in (0.0, 0.03):
        this = Run(topic.training, Config(l2=l2, n_epochs=300))
        sizes.append(np.abs(reading.weights(this, 30)["now"]).mean())
    assert sizes[1] < 0.7 * sizes[0]


def test_dropout_is_silent_when_the_network_is_measured() -> None:
    with_it, without = (run(p_drop=p_drop, n_epochs=50)[1] for p_drop in (0.5, 0.0))
    assert with_it["loss"][0] == without["loss"][0]
    assert with_it["loss"][5] != without["loss"][5]


def test_a_map_is_drawn_where_its_points_are() -> None:
    config = Config(data="moons", n_train=40, n_epochs=300)
    this = Run(topic.training, config)
    drawn = this.at(30)["drawn"].reshape(topic.N_PLANE, topic.N_PLANE)
    model = this.resumed(30, lambda training: training.model.eval())
    with torch.no_grad():
        corner = torch.tanh(model(torch.tensor([[-6.0, 6.0], [6.0, 6.0]]))[:, 0] / 2) * 127
    assert [int(drawn[0, 0]), int(drawn[0, -1])] == corner.round().int().tolist()


@pytest.mark.parametrize("n_train", [5, 200])
@pytest.mark.parametrize("data", ["wave", "moons"])
@pytest.mark.parametrize(
    "extreme",
    [
        {"width": 1, "depth": 1, "noise": 0, "l2": 1.0, "p_drop": 0.8},
        {"width": 64, "depth": 3, "noise": 50, "learning_rate": 10.0},
    ],
)
def test_the_extremes_of_every_control_end_in_a_finding(
    n_train: int, data: str, extreme: dict[str, float]
) -> None:
    config = Config(data=data, n_train=n_train, n_epochs=150, **extreme)  # type: ignore[arg-type]
    this = Run(topic.training, config)
    records = this.until(15)
    found = reading.findings(config, records, this.ending(15))
    assert found
    assert all(np.isfinite(records["loss"]))


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="width must be between 1 and 64, got 65"):
        Config(width=65)
    with pytest.raises(ValueError, match="learning_rate must be between 1e-05 and 10, got nan"):
        Config(learning_rate=float("nan"))
    with pytest.raises(ValueError, match="data must be one of wave, moons, own, got 'sun'"):
        Config(data="sun")


@pytest.mark.parametrize(
    "config",
    [
        Config(n_epochs=200, l2=0.003),
        Config(data="own", points=CLICKED, n_train=6, n_epochs=200, seed=2),
        Config(data="moons", n_train=40, n_epochs=200, p_drop=0.2, depth=1),
        Config(data="moons", n_epochs=200, shuffled=True, seed=5, depth=3),
    ],
    ids=["wave", "own", "dropout", "shuffled"],
)
def test_the_script_taken_home_reproduces_both_losses(config: Config, tmp_path: Path) -> None:
    told = scripts.told(script.script(config, 20), tmp_path)
    printed = [float(line.split(": ")[1]) for line in told.splitlines()]
    expected = Run(topic.training, config).at(20)
    assert printed == pytest.approx([expected["loss"], expected["test_loss"]], rel=0.02)


PAGE_EXTREMES: list[dict[str, object]] = [
    {"n_train": 5, "noise": 50, "width": 1, "depth": 1, "l2": 1.0, "p_drop": 0.8, "n_epochs": 50},
    {"data": "moons", "n_train": 200, "depth": 3, "learning_rate": 10.0, "n_epochs": 100},
    {"shuffled": True, "show_test": True, "seed": 9999, "n_epochs": 100, "view": "Examples"},
    {"sweep": True, "samples": True, "learning_rate": 0.0001, "n_epochs": 50, "seed": 9999},
]


@pytest.mark.parametrize("chosen", PAGE_EXTREMES, ids=range(len(PAGE_EXTREMES)))
def test_the_page_runs_at_the_extremes_of_every_control(chosen: dict[str, object]) -> None:
    page = opened(ROOT / "pages/foundations/overfitting/page.py")
    for name, value in chosen.items():
        page.session_state[f"overfitting_{name}"] = value
    page.run(timeout=60)
    assert not page.exception
    assert "What happened" in [header.value for header in page.header]


def test_own_points_are_parted_once_and_all_used() -> None:
    config = Config(data="own", points=CLICKED, n_train=6)
    found = topic.examples(config)
    x = torch.cat([x for x, _ in found])
    assert [len(y) for _, y in found] == [6, 3, 4]
    assert sorted(map(tuple, x.tolist())) == sorted((a, b) for a, b, _ in CLICKED)
    with pytest.raises(ValueError, match="points must be at least 14, got 13"):
        Config(data="own", points=CLICKED, n_train=12)
