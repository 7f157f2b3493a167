"""Facts about deep embedded clustering: its formulas, its recorded run, its failures."""

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.learning.clustering import findings, picture, reading
from core.learning.clustering import model as clustering
from core.learning.clustering.deep_clustering import (
    divergence,
    k_means_of,
    moved,
    same_names,
    soft_assignment,
    target_distribution,
)
from core.learning.clustering.recordings import kept, model_at, packed, run_of, unpacked
from core.runs import Run

DEFAULT = clustering.Config()
SMALL = clustering.Config(n_examples=300, n_epochs=20, n_deep_epochs=8, hidden=(64,), batch_size=50)


def codes_and_centroids() -> tuple[torch.Tensor, torch.Tensor]:
    """Codes (12, 3) and centroids (4, 3), drawn in double precision."""
    drawn = torch.randn(16, 3, dtype=torch.double, generator=torch.Generator().manual_seed(0))
    return drawn[:12], drawn[12:]


def test_soft_assignment_is_the_normalised_kernel_of_student() -> None:
    q = soft_assignment(torch.tensor([[0.0], [2.0]]), torch.tensor([[0.0], [1.0]]))
    # 1 / (1 + d²): 1 and 1/2 for the first point, 1/5 and 1/2 for the second.
    np.testing.assert_allclose(q, [[2 / 3, 1 / 3], [2 / 7, 5 / 7]], rtol=1e-6)


def test_the_target_is_a_distribution_and_sharper_than_what_it_is_made_of() -> None:
    q = soft_assignment(*codes_and_centroids())
    p = target_distribution(q)
    balanced = torch.tensor([[0.8, 0.2], [0.2, 0.8]])
    np.testing.assert_allclose(p.sum(dim=1), 1, rtol=1e-12)
    np.testing.assert_allclose(target_distribution(balanced)[0], [0.64 / 0.68, 0.04 / 0.68])
    assert (-(p * p.log()).sum(1)).mean() < (-(q * q.log()).sum(1)).mean()


def test_gradients_are_those_of_the_paper() -> None:
    """Equations 4 and 5 of Xie et al. (2016) for one degree of freedom, of the summed KL."""
    z, centroids = (each.clone().requires_grad_() for each in codes_and_centroids())
    q = soft_assignment(z, centroids)
    p = target_distribution(q).detach()
    of_z, of_centroids = torch.autograd.grad(len(z) * divergence(p, q), (z, centroids))
    apart = (z[:, None] - centroids).detach()  # (N, K, L)
    pulls = 2 * ((p - q) / (1 + apart.square().sum(2)))[:, :, None].detach() * apart
    np.testing.assert_allclose(of_z, pulls.sum(1), atol=1e-12)
    np.testing.assert_allclose(of_centroids, -pulls.sum(0), atol=1e-12)


def test_gradients_are_those_of_finite_differences() -> None:
    z, centroids = (each.clone().requires_grad_() for each in codes_and_centroids())
    p = target_distribution(soft_assignment(z, centroids)).detach()
    assert torch.autograd.gradcheck(lambda *to: divergence(p, soft_assignment(*to)), (z, centroids))


def test_the_decoder_does_not_pull_at_the_codes() -> None:
    model = model_at(Run(clustering.training, SMALL), 0)
    x = clustering.shown(SMALL).x[:20]
    p = target_distribution(soft_assignment(model.encoder(x), model.centroids)).detach()
    alone = divergence(p, soft_assignment(model.encoder(x), model.centroids))
    expected = torch.autograd.grad(alone, list(model.encoder.parameters()))
    for found, wanted in zip(model.clustering_gradients(x, p), expected, strict=False):
        np.testing.assert_allclose(found, wanted, atol=1e-8)


def test_clusters_keep_their_names_when_k_means_puts_them_in_another_order() -> None:
    _, before = codes_and_centroids()
    order = torch.tensor([2, 0, 3, 1])
    assert torch.equal(same_names(before[order] + 0.01, before), order)


def test_a_moved_copy_keeps_most_of_its_ink_and_is_another_each_time() -> None:
    x = clustering.shown(DEFAULT).x[:50]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        first, second = moved(x, 28), moved(x, 28)
    assert (first.sum(1) / x.sum(1)).mean() == pytest.approx(1, abs=0.1)
    assert not torch.equal(first, second)


def test_deep_clustering_of_digits_beats_k_means_on_pixels_by_a_tenth() -> None:
    """Seeds 0 to 4: 0.75 to 0.78, mean 0.77; pixels 0.46 to 0.52, mean 0.48."""
    labels = clustering.shown(DEFAULT).labels
    stored = run_of(DEFAULT).at(DEFAULT.n_records - 1)
    found = normalized_mutual_info_score(labels, stored["assignments"])
    pixels = clustering.examples(DEFAULT).x.numpy()
    with threadpool_limits(1):
        fitted = KMeans(DEFAULT.k, n_init=4, random_state=1).fit_predict(pixels)
    baseline = normalized_mutual_info_score(labels, fitted[: len(labels)])
    assert found == pytest.approx(stored["nmi"], abs=1e-6)
    assert baseline == pytest.approx(stored["pixel_nmi"], abs=0.04)
    assert found > baseline + 0.2


def test_the_recorded_weights_put_the_digits_where_the_recording_has_them() -> None:
    run = run_of(DEFAULT)
    last = run.n_records - 1
    assert [kept(run, record) for record in (0, DEFAULT.first_deep + 3, last)] == [0, 40, 80]
    for record in (0, 40, 80):
        known, model = run.at(record), model_at(run, record)
        z = reading.latent(DEFAULT, model)
        xy = (z - known["origin"]) @ known["axes"] / known["spread"]
        assert np.median(np.abs(xy - known["xy"])) < 0.05


def test_packed_weights_are_right_to_half_a_step() -> None:
    values = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    stored = packed(values)
    again = unpacked(stored["weights"], stored["scales"], len(values))
    assert np.abs(again - values).max() <= stored["scales"].max() / 2 + 1e-6


def test_the_second_phase_begins_where_its_note_says() -> None:
    run = run_of(DEFAULT)
    kl = run.until(run.n_records - 1)["kl"]
    said = [note for k in range(run.n_chunks) for note in picture.notes(run, k)]
    begins = [record for record, text in said if "deep clustering begins" in text]
    assert begins == [DEFAULT.first_deep]
    assert np.isnan(kl[: begins[0] + 1]).all()
    assert np.isfinite(kl[begins[0] + 1 :]).all()


def test_what_happened_names_both_classical_methods_and_who_has_no_cluster() -> None:
    run = run_of(DEFAULT)
    records = run.until(run.n_records - 1)
    first = findings.findings(DEFAULT, records, "finished")[0]
    assert first.kind == "better"
    assert f"k-means reaches {records['pixel_nmi'][-1]:.2f}" in first.sentence
    assert f"spectral clustering {records['spectral_nmi'][-1]:.2f}" in first.sentence
    counts = reading.counts(DEFAULT, records["assignments"][-1])
    alone = set(range(10)) - set(counts.argmax(axis=1).tolist())
    assert all(f"igit {label} has no cluster of its own" in first.sentence for label in alone)


def test_the_recorded_strong_baseline_is_what_scikit_learn_finds() -> None:
    pixels = (DEFAULT.data, 1000, DEFAULT.seed, DEFAULT.k)
    fresh = clustering.pictures.spectral_nmi(*pixels)
    assert 0.55 < fresh < clustering.spectral_nmi(DEFAULT) < 0.72


def test_a_network_that_died_is_clustered_all_the_same() -> None:
    assert torch.equal(k_means_of(torch.ones(9, 2), 3, 0), torch.ones(3, 2))
    assert k_means_of(torch.full((9, 2), torch.inf), 3, 0).isnan().all()
