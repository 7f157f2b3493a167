"""Facts about autoencoders, their latent plane, and PCA and t-SNE beside them."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl

from core.data import sources
from core.learning.dimensionality_reduction import (
    bottlenecks,
    findings,
    picture,
    reading,
)
from core.learning.dimensionality_reduction import model as topic
from core.learning.dimensionality_reduction.model import Config
from core.learning.dimensionality_reduction.principal_components import (
    held_out_error,
    principal_components,
)
from core.learning.dimensionality_reduction.recordings import kept, model_at, run_of, sweep_of
from core.learning.dimensionality_reduction.script import FILES, script
from core.learning.dimensionality_reduction.t_sne import t_sne_map
from core.learning.dimensionality_reduction.variational_autoencoder import (
    Bottleneck,
    kl_divergence,
    reparametrised,
)
from core.runs import Run
from core.training import Training
from pages.elements.player.packing import pack
from tests.scripts import told

BOTH = [Config(model=model) for model in topic.MODELS]
# All its pictures in one minibatch: steps without noise end where they should.
LINEAR = Config(model="autoencoder", hidden=(), n_examples=500, batch_size=500, learning_rate=0.05)
SMALL = Config(n_examples=500, n_epochs=4, hidden=(16,), n_latent=3)


def trained(config: Config, n_updates: int) -> Bottleneck:
    """The model after some updates, with nothing measured on the way."""

    def coarse(config: Config) -> Training:
        fine = topic.training(config)
        fine.n_records, fine.updates_per_record = 2, n_updates
        return fine

    def model(training: Training) -> Bottleneck:
        assert isinstance(training.model, Bottleneck)
        return training.model

    return Run(coarse, config).resumed(1, model)


@cache
def pca() -> PCA:
    """scikit-learn's PCA of the training digits."""
    with threadpool_limits(1):
        return PCA(32, svd_solver="covariance_eigh").fit(topic.examples("digits", 6000).x.numpy())


def pca_error(n_latent: int) -> float:
    """What scikit-learn's components leave over of the held-out digits."""
    held_out, first = topic.examples("digits", 6000).held_out.numpy(), pca().components_[:n_latent]
    restored = (held_out - pca().mean_) @ first.T @ first + pca().mean_
    return float(((restored - held_out) ** 2).mean())


@torch.no_grad()
def error(model: Bottleneck, held_out: torch.Tensor) -> float:
    return float((model.decoded(model.code(held_out)[0]) - held_out).square().mean())


@pytest.mark.parametrize("config", BOTH, ids=topic.MODELS)
def test_recorded_weights_restore_held_out_digits_better_than_scikit_learns_pca(
    config: Config,
) -> None:
    run = run_of(config)
    assert run.recording
    mine = error(model_at(run, run.n_records - 1), topic.examples("digits", 6000).held_out)
    assert mine < 0.8 * pca_error(2)
    assert run.at(run.n_records - 1)["mse"] == pytest.approx(mine, rel=1e-3)


def test_autoencoders_beat_pca_from_few_numbers_and_lose_to_it_from_many() -> None:
    sweep = sweep_of(Config())
    errors = sweep.at(sweep.n_records - 1)
    theirs = np.array([pca_error(size) for size in bottlenecks.SIZES])
    assert sweep.recording
    assert (errors["autoencoder"] < theirs).tolist() == [True] * 5 + [False]
    assert (errors["variational"] < theirs).tolist() == [True] * 4 + [False] * 2


def test_principal_components_are_those_of_scikit_learn() -> None:
    mine = principal_components("digits", 6000)
    cosines = (mine.components[:8].numpy() * pca().components_[:8]).sum(axis=1)
    np.testing.assert_allclose(np.abs(cosines), 1, atol=1e-4)
    assert held_out_error("digits", 6000, 8) == pytest.approx(pca_error(8), rel=1e-4)


def test_a_linear_autoencoder_spans_the_subspace_of_pca() -> None:
    model = trained(LINEAR, n_updates=400)
    fitted = PCA(2).fit(topic.examples("digits", 500).x.numpy())
    decoder = model.decoder.weights[0].detach().numpy().T
    angle = subspace_angles(decoder, fitted.components_.T).max()
    assert angle <= 0.1
    assert findings.largest_angle(LINEAR, model) == pytest.approx(angle, abs=1e-3)


def test_the_kl_term_is_that_of_torch_distributions() -> None:
    mean, log_variance = torch.randn(50, 3), torch.randn(50, 3)
    theirs = torch_kl(Normal(mean, torch.exp(log_variance / 2)), Normal(0, 1))
    torch.testing.assert_close(kl_divergence(mean, log_variance), theirs)


def test_a_reparametrised_draw_has_its_distribution_and_passes_gradients() -> None:
    torch.manual_seed(0)
    mean = torch.full((200_000, 1), 1.5, requires_grad=True)
    log_variance = torch.full((200_000, 1), -1.0, requires_grad=True)
    z = reparametrised(mean, log_variance)
    z.sum().backward()
    assert z.mean().item() == pytest.approx(1.5, abs=0.01)
    assert z.var().item() == pytest.approx(np.exp(-1), abs=0.01)
    # dz/dmean = 1, and dz/dlog_variance is half the noise that was added.
    torch.testing.assert_close(mean.grad, torch.ones_like(mean))
    torch.testing.assert_close(log_variance.grad, ((z - mean) / 2).detach())


def test_too_large_a_beta_collapses_the_posterior_and_is_named() -> None:
    config = Config(beta=100.0, n_examples=1000, n_epochs=5)
    run = run_of(config)
    records = run.until(run.n_records - 1)
    found = findings.findings(config, records, "finished", None)
    assert records["kl_each"][-1].max() < findings.USED
    assert np.abs(records["xy"][-1].astype(float)).max() < 0.2
    assert (found[0].kind, found[0].remedies[0].settings) == ("collapsed", {"beta": 1.0})


def test_steps_too_long_leave_only_the_mean_picture_and_is_named() -> None:
    config = Config(model="autoencoder", learning_rate=0.3, n_examples=2000, n_epochs=4)
    records = run_of(config).until(config.n_records - 1)
    found = findings.findings(config, records, "finished", None)
    assert records["mse"][-1] == pytest.approx(held_out_error("digits", 2000, 0), rel=0.03)
    assert (found[0].kind, found[0].remedies[0].settings) == ("lost", {"learning_rate": 0.005})


def test_a_rate_of_one_diverges_at_once_and_is_named() -> None:
    config = Config(learning_rate=1.0, n_examples=1000, n_epochs=5)
    run = run_of(config)
    records = run.until(run.n_records - 1)
    last = len(records["loss"]) - 1
    end = run.ending(last)
    assert end == "diverged"
    assert findings.findings(config, records, end, None)[0].kind == "diverged"


@pytest.mark.parametrize("config", BOTH, ids=topic.MODELS)
def test_weights_kept_of_a_recording_give_the_places_that_it_shows(config: Config) -> None:
    run = run_of(config)
    middle = kept(run, 29)
    known, model = run.at(middle), model_at(run, middle)
    with torch.no_grad():
        z = model.code(topic.examples("digits", 6000).held_out)[0].numpy()
    xy = (z - known["origin"]) @ known["axes"] / known["spread"]
    assert middle == 30
    np.testing.assert_allclose(xy, known["xy"].astype(float), atol=0.03)


def test_a_recording_begins_as_a_live_training_does() -> None:
    recorded = run_of(Config()).until(1)
    live = Run(topic.training, Config()).until(1)
    np.testing.assert_allclose(live["mse"], recorded["mse"], rtol=1e-3)
    np.testing.assert_allclose(live["kl_each"], recorded["kl_each"], rtol=0.02, atol=1e-4)


def test_every_network_of_the_sweep_begins_as_one_of_its_size() -> None:
    torch.manual_seed(0)
    model = bottlenecks.Bottlenecks(SMALL)
    x = topic.examples("digits", 500).x[:20]
    mean, log_variance = model.code(x)
    used = [int((row != 0).any(dim=0).sum()) for row in mean]
    assert used == [*bottlenecks.SIZES, *bottlenecks.SIZES]
    assert (log_variance[0, :, 1:] == 0).all()


def test_the_decoder_sent_to_the_browser_draws_what_the_model_does() -> None:
    run = run_of(SMALL)
    known, model = run.at(3), model_at(run, 3)
    scene = picture.scene(SMALL, run, 3)["decoder"]
    arrays = picture.scene_arrays(SMALL, run, 3)
    place = np.array([0.7, -1.2], np.float32)
    x = torch.from_numpy(place)[None]
    for depth in range(2):
        weight, bias = (
            torch.from_numpy(arrays[f"{kind}{depth}"] * np.float32(scene["scales"][2 * depth + i]))
            for i, kind in enumerate(("weight", "bias"))
        )
        x = x @ weight + bias
        x = torch.nn.functional.gelu(x) if depth == 0 else torch.sigmoid(x)
    z = torch.from_numpy(known["origin"] + known["spread"] * known["axes"] @ place)[None]
    torch.testing.assert_close(x, model.decoded(z).detach(), atol=1e-3, rtol=0)


def test_a_held_out_digit_drawn_again_lands_where_it_is_and_is_its_own_neighbour() -> None:
    run = run_of(SMALL)
    chosen = topic.examples("digits", 500)
    placed = reading.placed(SMALL, run, 3, chosen.held_out[7].numpy().reshape(28, 28))
    np.testing.assert_allclose(placed.xy, run.at(3)["xy"][7].astype(float), atol=0.02)
    assert placed.names[0] == chosen.classes[chosen.labels[7]]
    assert placed.errors["restored"] > 0


def test_t_sne_keeps_neighbours_of_a_class_together_better_than_two_components() -> None:
    chosen = topic.examples("digits", 6000)
    maps = [t_sne_map("digits"), picture.place_on_map("digits", 6000)]
    scores = [KNeighborsClassifier(5).fit(m[:500], chosen.labels[:500]) for m in maps]
    t_sne, two = (k.score(m[500:], chosen.labels[500:]) for k, m in zip(scores, maps, strict=True))
    assert t_sne > 0.8 > two + 0.2


def test_a_record_that_plays_weighs_little() -> None:
    sent = picture.arrays(Config(), run_of(Config()), 0, 4)
    assert len(pack({}, sent)) / 4 < 33_000


@pytest.mark.parametrize("field", ["learning_rate", "beta", "n_latent"])
@pytest.mark.parametrize("value", [float("nan"), -1, 1e9], ids=["nan", "low", "high"])
def test_impossible_settings_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{field} must be between"):
        Config(**{field: value})


@pytest.mark.parametrize(
    "config",
    [SMALL, replace(SMALL, model="autoencoder", hidden=(), data="fashion", seed=3)],
    ids=["variational", "linear"],
)
def test_the_script_taken_home_reproduces_the_errors(config: Config, tmp_path: Path) -> None:
    run = run_of(config)
    last = run.at(run.n_records - 1)
    data = (sources.FILES / FILES[config.data]).read_bytes()
    name = FILES[config.data].replace(".", "_")
    printed = told(script(config, run.n_records - 1), tmp_path, **{name: data})
    numbers = dict(line.split(": ") for line in printed.splitlines())
    assert float(numbers["loss"]) == pytest.approx(last["loss"], rel=1e-3)
    assert float(numbers["held-out error"]) == pytest.approx(last["mse"], rel=1e-3)
    mine = held_out_error(config.data, config.n_examples, config.n_latent)
    assert float(numbers["PCA error"]) == pytest.approx(mine, rel=1e-3)


def test_weights_taken_home_load_into_the_scripts_networks() -> None:
    model = model_at(run_of(SMALL), 2)
    tensors = load(reading.weights_file(model))
    encoder = torch.nn.Sequential(torch.nn.Linear(784, 16), torch.nn.GELU(), torch.nn.Linear(16, 6))
    state = {
        k.removeprefix("encoder."): torch.from_numpy(v) for k, v in tensors.items() if "enc" in k
    }
    encoder.load_state_dict(state)
    x = topic.examples("digits", 500).x[:5]
    torch.testing.assert_close(encoder(x), model.encoder(x))
