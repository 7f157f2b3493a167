"""Facts about activation functions, alone and in deep networks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import erf, expit

from core.foundations.activation_functions import findings, reading, script
from core.foundations.activation_functions import model as topic
from core.foundations.activation_functions.model import FUNCTIONS, Config
from core.runs import Run
from tests.scripts import told

PLACE = {name: place for place, name in enumerate(FUNCTIONS)}
Z = np.linspace(-6, 6, 481) + 0.003  # off the corners at zero
NORMAL = (1 + erf(Z / np.sqrt(2))) / 2
SLOPES = {
    "identity": np.ones_like(Z),
    "step": np.zeros_like(Z),
    "sigmoid": expit(Z) * (1 - expit(Z)),
    "tanh": 1 - np.tanh(Z) ** 2,
    "relu": (Z > 0) * 1.0,
    "leaky_relu": np.where(Z > 0, 1, 0.01),
    "gelu": NORMAL + Z * np.exp(-(Z**2) / 2) / np.sqrt(2 * np.pi),
    "softplus": expit(Z),
}


def run(**settings: object) -> Run:
    return Run(topic.training, replace(Config(), **settings))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_equal_closed_forms_and_finite_differences(name: str) -> None:
    z, h = torch.from_numpy(Z), 1e-6
    slopes = topic.slope(FUNCTIONS[name], z)
    differences = (FUNCTIONS[name](z + h) - FUNCTIONS[name](z - h)) / (2 * h)
    assert slopes.numpy() == pytest.approx(SLOPES[name], abs=1e-9)
    assert slopes.numpy() == pytest.approx(differences.numpy(), abs=1e-6)


def test_the_sigmoid_is_nowhere_steeper_than_a_quarter() -> None:
    slopes = reading.sampled()[1][PLACE["sigmoid"]]
    assert slopes.max() == pytest.approx(0.25)
    assert slopes.argmax() == len(slopes) // 2
    assert (slopes <= 0.25).all()


def test_the_step_passes_no_gradient_and_hidden_layers_never_move() -> None:
    this = run(n_layers=3)
    step = PLACE["step"]
    before, after = (
        this.resumed(record, lambda t: [p[step].detach().clone() for p in t.model.parameters()])
        for record in (0, 20)
    )
    assert not this.until(20)["gradients"][:, step, :-1].any()
    assert all(torch.equal(a, b) for a, b in zip(before[:-2], after[:-2], strict=True))
    assert not torch.equal(before[-2], after[-2])


def test_gradients_vanish_through_deep_sigmoids_and_not_through_shallow_ones() -> None:
    deep, shallow = (run(n_layers=n).at(0)["gradients"][PLACE["sigmoid"]] for n in (8, 1))
    assert deep[0] < 1e-4 * deep[-1]
    assert shallow[0] > 0.1 * shallow[-1]


def test_deep_relu_and_tanh_learn_what_the_deep_sigmoid_cannot() -> None:
    right = run().at(80)["accuracies"]
    assert right[PLACE["relu"]] > 0.95
    assert right[PLACE["tanh"]] > 0.95
    assert right[PLACE["sigmoid"]] < 0.7


def test_steps_too_long_kill_relus_for_good() -> None:
    records = run(learning_rate=1.0, init="he", n_epochs=120).until(60)
    relu = PLACE["relu"]
    assert records["dead"][0, relu].mean() < 0.25
    assert records["dead"][-1, relu].mean() >= 0.4
    assert not records["dead"][:, PLACE["leaky_relu"]].any()
    assert findings.findings(Config(learning_rate=1.0, init="he"), records)[0].kind == "dead"


def test_dead_units_are_those_without_slope_for_every_example() -> None:
    model = topic.DeepNetworks((2, 2, 1), "xavier", [FUNCTIONS["relu"]])
    with torch.no_grad():
        model.weight0.copy_(torch.tensor([[[1.0, 0.0], [0.0, 0.0]]]))
        model.bias0.copy_(torch.tensor([[[0.0, -1.0]]]))
    x, y = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), torch.tensor([1.0, -1.0])
    assert topic.measured(model, x, y)["dead"].tolist() == [[0.5]]


def test_each_network_learns_as_it_would_alone() -> None:
    torch.manual_seed(0)
    together = topic.DeepNetworks((2, 5, 5, 1), "he", list(FUNCTIONS.values()))
    x = torch.randn(7, 2)
    values = x
    for depth, (weight, bias) in enumerate(together.affine):
        values = values @ weight[PLACE["gelu"]] + bias[PLACE["gelu"]]
        values = values if depth == 2 else torch.nn.functional.gelu(values)
    torch.testing.assert_close(together(x)[PLACE["gelu"]], values[:, 0])


def test_all_networks_start_from_the_same_weights() -> None:
    first = run().resumed(0, lambda t: [p.detach() for p in t.model.parameters()])
    assert all(torch.equal(p[0], p[m]) for p in first for m in range(len(FUNCTIONS)))


def test_a_network_that_diverged_does_not_stop_the_others() -> None:
    records = run(learning_rate=3.0).until(40)
    lost = ~np.isfinite(records["losses"][-1])
    assert lost[PLACE["identity"]]
    assert np.isfinite(records["losses"][-1, PLACE["tanh"]])
    assert np.isfinite(records["loss"]).all()


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="n_layers must be between 1 and 10, got 11"):
        Config(n_layers=11)
    with pytest.raises(ValueError, match="init must be one of torch, xavier, he, small"):
        Config(init="zeros")


@pytest.mark.parametrize(
    "config",
    [Config(), Config(init="he", optimizer="adam", learning_rate=0.01, batch_size=20, n_layers=2)],
    ids=["default", "adam"],
)
def test_the_script_taken_home_reproduces_the_losses(config: Config, tmp_path: Path) -> None:
    code = script.script(config, 5)
    losses = [float(line.split()[-1]) for line in told(code, tmp_path).splitlines()]
    expected = Run(topic.training, config).at(5)["losses"]
    assert losses == pytest.approx(expected.tolist(), rel=2e-3)


def test_a_tile_shows_what_its_network_answers_over_the_plane() -> None:
    run = Run(topic.training, Config(n_layers=2, n_epochs=50))
    maps = run.at(2)["maps"].reshape(len(FUNCTIONS), topic.N_MAP, topic.N_MAP)
    corners = torch.tensor([[-2.0, 2.0], [2.0, 2.0], [-2.0, -2.0]])
    output = run.resumed(2, lambda training: training.model(corners).detach())
    expected = (127 * torch.tanh(output / 2)).round().int().numpy()
    assert np.abs(maps[:, [0, 0, -1], [0, -1, 0]] - expected).max() <= 1
    assert np.abs(np.diff(maps[PLACE["identity"]].astype(int), 2)).max() < 40  # one straight slope
