"""Facts about gradient descent on the loss surfaces of real models."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import nn

from core.foundations.gradient_descent import model, reading, script, surfaces
from core.foundations.gradient_descent import step as gradient_descent_step
from core.foundations.gradient_descent.model import Config
from core.runs import Run
from pages.foundations.gradient_descent.controls import start_here
from tests import scripts
from tests.conftest import ROOT
from tests.test_pages import opened

PAGES = ROOT / "pages"


def race(**settings: object) -> tuple[Config, dict[str, np.ndarray]]:
    config = Config(**settings)  # type: ignore[arg-type]
    return config, Run(model.training, config).until(config.n_steps)


def columns(config: Config) -> np.ndarray:
    """The line's inputs beside ones (N, 2), in double precision."""
    x = config.landscape.x.double().numpy()
    return np.stack([x, np.ones_like(x)], axis=1)


@pytest.mark.parametrize("surface", surfaces.SURFACES)
@pytest.mark.parametrize("batch_size", [7, 40])
def test_momentum_and_nesterov_with_coefficient_zero_are_sgd_bit_for_bit(
    surface: str, batch_size: int
) -> None:
    _, records = race(surface=surface, momentum=0.0, batch_size=batch_size, n_steps=60)
    sgd, momentum, nesterov = records["parameters"].swapaxes(0, 1)[:3]
    assert np.array_equal(sgd, momentum)
    assert np.array_equal(sgd, nesterov)
    assert not np.array_equal(sgd[0], sgd[-1])


@pytest.mark.parametrize("surface", surfaces.SURFACES)
def test_gradients_equal_finite_differences(surface: str) -> None:
    ground = surfaces.landscape(surface, False, 0)
    x, y = ground.x.double(), ground.y.double()
    start = ground.parameters(torch.tensor([[0.7, -1.3]])).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda p: ground.loss(p, x, y), start)


def test_the_lines_gradient_is_the_closed_form_and_the_mean_of_the_examples() -> None:
    config = Config(optimizers=("sgd",))
    step = gradient_descent_step.next_step(config, Run(model.training, config), 5, "sgd")
    assert step is not None
    matrix, y = columns(config), config.landscape.y.double().numpy()
    residual = matrix @ step.update["before"].to_numpy() - y
    expected = 2 * matrix.T @ residual / len(y)
    np.testing.assert_allclose(step.update["gradient"], expected, rtol=1e-4)
    np.testing.assert_allclose(step.forward.filter(like="∂").mean(), expected, rtol=1e-4)
    np.testing.assert_allclose(step.update["change"], -0.05 * expected, rtol=1e-3)


@pytest.mark.parametrize("scaled", [False, True])
def test_the_largest_stable_rate_on_a_quadratic_is_two_over_the_largest_curvature(
    scaled: bool,
) -> None:
    matrix = columns(Config(scaled=scaled))
    limit = 2 / np.linalg.eigvalsh(2 * matrix.T @ matrix / len(matrix)).max()
    ends = []
    for share in (0.99, 1.01):
        settings = {"learning_rate": float(share * limit), "n_steps": 500}
        _, records = race(scaled=scaled, optimizers=("sgd",), **settings)
        ends.append(records["losses"][[0, -1], 0])
    (first, stable), (_, unstable) = ends
    assert stable < first < unstable or np.isnan(unstable)
    assert reading.stable_rate(Config(scaled=scaled)) == pytest.approx(limit, rel=1e-4)


def test_sgd_ends_where_the_normal_equations_say() -> None:
    config, records = race(learning_rate=0.1, n_steps=500)
    solved = np.linalg.lstsq(columns(config), config.landscape.y.double().numpy())[0]
    np.testing.assert_allclose(records["parameters"][-1, 0], solved, atol=1e-3)
    assert records["losses"][-1, 0] == pytest.approx(reading.least_loss(config), rel=1e-3)


@pytest.mark.parametrize("optimizer", model.OPTIMIZERS)
def test_every_rate_of_a_sweep_does_as_it_would_alone(optimizer: str) -> None:
    config = Config(surface="pca", n_steps=30, weight_decay=0.1, batch_size=9)
    swept = Run(model.sweep_training, model.sweep(config, optimizer)).until(30)
    for place in (4, 12, 16):
        rate = {"learning_rate": model.SWEPT[place], "adaptive_rate": model.SWEPT[place]}
        settings = {"surface": "pca", "n_steps": 30, "weight_decay": 0.1, "batch_size": 9}
        _, alone = race(**settings, **rate, optimizers=(optimizer,))
        np.testing.assert_allclose(
            swept["parameters"][-1, place], alone["parameters"][-1, 0], rtol=0.01, atol=0.002
        )
    assert len(model.SWEPT) >= 16


def test_the_networks_function_is_that_of_pytorchs_layers() -> None:
    ground = surfaces.landscape("random", False, 3)
    layers = [nn.Linear(1, 6), nn.Tanh(), nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 1)]
    network = nn.Sequential(*layers)
    nn.utils.vector_to_parameters(ground.origin, network.parameters())
    with torch.no_grad():
        expected = network(ground.x[:, None])[:, 0]
    torch.testing.assert_close(ground.predict(ground.origin[None], ground.x)[0], expected)


def test_the_plane_of_a_networks_path_is_its_principal_plane() -> None:
    rng = np.random.default_rng(0)
    x, y = map(surfaces._tensor, surfaces._examples("pca", rng))
    path = surfaces._reference(x, y, rng)
    # About the last place, not the mean: mirrored, the path has its mean there.
    moved = (path - path[-1]).numpy()
    found = PCA(2).fit(np.concatenate([moved, -moved])).components_
    directions = surfaces.landscape("pca", False, 0).directions.numpy()
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    np.testing.assert_allclose(np.abs(unit @ found.T), np.eye(2), atol=1e-3)


@pytest.mark.parametrize("surface", surfaces.SURFACES)
def test_a_place_of_the_picture_survives_the_way_through_the_parameters(surface: str) -> None:
    ground = surfaces.landscape(surface, False, 1)
    places = torch.tensor([[0.0, 0.0], [-3.0, 2.0], [1.5, 4.0]])
    torch.testing.assert_close(
        ground.places(ground.parameters(places)), places, atol=1e-4, rtol=1e-4
    )
    losses = surfaces.surface_losses(surface, False, 1)
    here = ground.loss(ground.parameters(torch.tensor([[-4.0, 4.0]])), ground.x, ground.y)
    assert losses[-1, 0] == pytest.approx(float(here), rel=1e-5)


def test_one_that_leaves_does_not_take_the_others_with_it() -> None:
    config, records = race(learning_rate=1.0)
    alone = race(learning_rate=1.0, optimizers=("adam",))[1]
    ended = reading.outcome(config, records)
    assert [step is None for step in ended.gone] == [False] * 3 + [True] * 4
    np.testing.assert_allclose(records["losses"][:, 5], alone["losses"][:, 0], rtol=1e-3)
    first = reading.findings(config, records)[0]
    assert first.kind == "left"
    assert first.remedies[0].settings["learning_rate"] < reading.stable_rate(config)


def test_a_race_that_all_lose_ends_as_diverged() -> None:
    config = Config(optimizers=("sgd", "momentum"), learning_rate=10.0)
    run = Run(model.training, config)
    records = run.until(config.n_steps)
    assert run.ending(config.n_steps) == "diverged"
    assert np.isfinite(records["loss"]).all()
    found = reading.findings(config, records, "diverged")
    assert [finding.kind for finding in found] == ["left"]


def test_a_start_on_the_saddle_is_called_that() -> None:
    config, records = race(surface="saddle", start=(0.0, 0.0), optimizers=("sgd",))
    assert reading.findings(config, records)[0].kind == "saddle"


def test_nesterov_is_at_the_bottom_of_the_narrow_valley_before_sgd() -> None:
    config, records = race()
    arrived = dict(zip(config.optimizers, reading.outcome(config, records).arrived, strict=True))
    assert (arrived["nesterov"], arrived["rmsprop"], arrived["momentum"]) == (53, 70, 98)
    assert arrived["sgd"] is arrived["adam"] is arrived["adagrad"] is None


def test_scaling_the_input_reaches_the_challenge_and_a_start_at_the_goal_does_not() -> None:
    settings = {"scaled": True, "learning_rate": 0.5}
    assert reading.challenge(*race(**settings))[0]
    assert not reading.challenge(*race())[0]
    assert not reading.challenge(*race(**settings, start=(1.3, 1.4)))[0]


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="learning_rate must be between 1e-05 and 10, got nan"):
        Config(learning_rate=float("nan"))
    with pytest.raises(ValueError, match="start must be between -4 and 4, got 9"):
        Config(start=(0.0, 9))
    with pytest.raises(ValueError, match="number of optimizers must be between 1 and 7, got 0"):
        Config(optimizers=())


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(scaled=True, seed=3),
        Config(surface="saddle", start=(0.1, -2.5), momentum=0.0),
        Config(surface="wave", start=(3.0, -2.0), batch_size=6),
        Config(surface="pca", batch_size=7, learning_rate=0.1, adaptive_rate=0.02),
    ],
    ids=["line", "scaled", "saddle", "wave", "network"],
)
def test_the_script_taken_home_reproduces_every_loss(config: Config, tmp_path: Path) -> None:
    told = scripts.told(script.script(config, 30), tmp_path)
    printed = [float(line.split(": ")[1]) for line in told.splitlines()]
    expected = Run(model.training, config).at(30)["losses"]
    np.testing.assert_allclose(printed, expected, rtol=2e-3)


EXTREMES: list[dict[str, object]] = [
    {"u": -4.0, "v": -4.0, "learning_rate": 10.0, "adaptive_rate": 10.0, "momentum": 0.99},
    {"u": 4.0, "v": 4.0, "learning_rate": 0.0001, "adaptive_rate": 0.0001, "momentum": 0.0},
    {"surface": "random", "batch_size": 1, "n_steps": 10, "weight_decay": 1.0, "seed": 9999},
    {"surface": "saddle", "u": 0.0, "v": 0.0, "optimizers": [], "n_steps": 500},
    {"surface": "pca", "learning_rate": 10.0, "optimizers": ["sgd"], "view": "Weights"},
    {"surface": "wave", "view": "In relief", "swept": "adamw", "batch_size": 1},
]


@pytest.mark.parametrize("chosen", EXTREMES, ids=range(len(EXTREMES)))
def test_the_page_runs_at_the_extremes_of_every_control(chosen: dict[str, object]) -> None:
    page = opened(PAGES / "foundations/gradient_descent/page.py")
    for name, value in chosen.items():
        page.session_state[f"gradient_descent_{name}"] = value
    page.run(timeout=60)
    assert not page.exception
    assert "What happened" in [header.value for header in page.header]


def test_a_click_on_the_surface_moves_the_start_and_nonsense_does_not() -> None:
    page = opened(PAGES / "foundations/gradient_descent/page.py")
    state = page.session_state
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.session_state", state)
        start_here({"kind": "start", "u": 1.25, "v": -3.5})
        start_here({"kind": "start", "u": 9.0, "v": float("nan")})
    page.run(timeout=60)
    assert page.slider(key="gradient_descent_u").value == 1.25
    assert page.slider(key="gradient_descent_v").value == -3.5
