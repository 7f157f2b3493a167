"""Facts about k-means and about clusters in an autoencoder's latent space."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import normalized_mutual_info_score

from core.data.exports import to_csv
from core.learning.clustering import findings, k_means, model, script
from core.learning.clustering import k_means_reading as reading
from core.learning.clustering import picture as clustering_picture
from core.learning.clustering import reading as clustering_reading
from core.learning.clustering.recordings import model_at, run_of
from core.networks.autoencoder import principal_axes
from core.runs import Run
from pages.elements.player.packing import pack
from tests.scripts import told

SMALL = model.Config(n_examples=300, n_epochs=20, n_deep_epochs=8, hidden=(64,), batch_size=50)
ALONE = model.Config(method="k_means", n_examples=1000, hidden=(64,), is_moved=False, batch_size=50)


def k_means_run(**settings: object) -> Run:
    return Run(k_means.lloyd_training, k_means.Config(**settings))  # type: ignore[arg-type]


def last(run: Run) -> dict[str, np.ndarray]:
    return run.until(run.n_records - 1)


@pytest.mark.parametrize("start", k_means.STARTS)
@pytest.mark.parametrize("data", ["blobs", "moons", "circle", "digits"])
def test_inertia_never_rises(data: str, start: str) -> None:
    inertia = last(k_means_run(data=data, start=start, k=7))["inertia"]
    assert (np.diff(inertia) <= 0).all()
    assert inertia[-1] < inertia[0]


@pytest.mark.parametrize("n_iterations", [1, 3, 20])
def test_inertia_equals_that_of_scikit_learn_from_the_same_start(n_iterations: int) -> None:
    config = k_means.Config(spread=2.5, k=6, n_iterations=n_iterations)
    x, start = k_means.examples(config).x, k_means.first_centroids(config).numpy()
    fitted = KMeans(6, init=start, n_init=1, max_iter=n_iterations, tol=0).fit(x)
    records = last(k_means_run(spread=2.5, k=6, n_iterations=n_iterations))
    np.testing.assert_allclose(records["inertia"][-1], fitted.inertia_, rtol=1e-9)
    np.testing.assert_allclose(records["centroids"][-1], fitted.cluster_centers_, atol=1e-5)


def test_two_well_separated_blobs_are_found() -> None:
    config = k_means.Config(n_blobs=2, k=2, spread=0.5)
    records = last(k_means_run(n_blobs=2, k=2, spread=0.5))
    groups = [k_means.examples(config).x[k_means.examples(config).labels == g] for g in (0, 1)]
    means = np.array([group.mean(axis=0) for group in groups])
    apart = np.linalg.norm(records["centroids"][-1][:, None] - means, axis=2).min(axis=0)
    assert records["nmi"][-1] == pytest.approx(1)
    assert apart.max() < 1e-4


def test_agreement_does_not_mind_names_and_equals_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels, clusters = rng.integers(0, 5, 400), rng.integers(0, 7, 400)
    clusters[:250] = labels[:250]
    permuted = k_means.composition((labels + 2) % 5, labels, 5, 5)
    assert k_means.agreement((labels + 2) % 5, labels) == pytest.approx(1)
    assert k_means.purity(permuted) == 1
    expected = normalized_mutual_info_score(labels, clusters)
    assert k_means.agreement(clusters, labels) == pytest.approx(expected, abs=1e-12)


def test_the_default_of_k_means_ends_where_nothing_moves_any_more() -> None:
    records = last(k_means_run())
    ended = reading.converged_at(records)
    assert ended is not None
    assert 12 < ended / 2 < k_means.Config.n_iterations


def test_crowded_centroids_stay_stuck_where_far_apart_ones_do_not() -> None:
    bad, good = ({"n_blobs": 6, "k": 6, "spread": 0.4, "start": s} for s in ("crowded", "spread"))
    stuck, found = last(k_means_run(**bad)), last(k_means_run(**good))
    kinds = [finding.kind for finding in reading.findings(k_means.Config(**bad), stuck)]
    assert stuck["inertia"][-1] > 2 * found["inertia"][-1]
    assert kinds == ["stuck", "converged"]
    assert reading.converged_at(found) is not None


def test_centroids_start_where_they_were_dragged_and_the_rest_where_points_are() -> None:
    config = k_means.Config(start="placed", placed=((1.5, -2.0), (0.0, 3.25)), k=3)
    start = k_means.first_centroids(config).numpy()
    np.testing.assert_allclose(start[:2], [[1.5, -2.0], [0.0, 3.25]])
    assert (k_means.examples(config).x == start[2]).all(axis=1).any()
    fewer = k_means.first_centroids(replace(config, k=1))
    np.testing.assert_allclose(fewer.numpy(), [[1.5, -2.0]])


def test_an_empty_cluster_takes_the_point_farthest_from_its_own() -> None:
    x = torch.tensor([[0.0], [1.0], [5.0]])
    moved = k_means.means(x, torch.tensor([0, 0, 0]), torch.tensor([[0.0], [9.0]]))
    assert moved.tolist() == [[2.0], [5.0]]


def test_k_means_without_gradient_or_optimiser_is_cut_into_chunks_as_any_training() -> None:
    config = k_means.Config(seed=3, spread=2.0)

    def finely(config: k_means.Config) -> object:
        training = k_means.lloyd_training(config)
        training.records_per_chunk = 3
        return training

    whole, cut = last(Run(k_means.lloyd_training, config)), last(Run(finely, config))
    assert whole["assignments"][0].min() == k_means.UNASSIGNED
    for name, array in whole.items():
        np.testing.assert_array_equal(array, cut[name])


def test_own_points_are_clustered_and_too_few_are_refused() -> None:
    points = ((0.0, 0.0), (0.1, 0.0), (5.0, 5.0), (5.0, 5.1))
    records = last(k_means_run(data="own", points=points, k=2))
    assert sorted(np.bincount(records["assignments"][-1])) == [2, 2]
    with pytest.raises(ValueError, match="points must be at least k = 5, got 4"):
        k_means.Config(data="own", points=points, k=5)


def test_k_means_on_latent_numbers_agrees_with_digits_better_than_on_pixels() -> None:
    """Seeds 0 to 4: 0.52 to 0.57 before deep clustering begins, pixels 0.46 to 0.52."""
    config = model.Config()
    known = run_of(config).at(config.first_deep)
    found = normalized_mutual_info_score(model.shown(config).labels, known["assignments"])
    assert known["loss"] < 0.16
    assert found > known["pixel_nmi"] + 0.05


def test_made_up_blobs_are_found_by_both() -> None:
    config = replace(SMALL, data="blobs", hidden=(32,), n_epochs=30, n_deep_epochs=10)
    records = last(Run(model.training, config))
    assert records["nmi"][-1] > 0.95
    assert records["pixel_nmi"][-1] > 0.95
    kinds = [f.kind for f in findings.findings(config, records, "finished")]
    assert "as_well" in kinds


def test_latent_k_means_ends_as_deep_as_scikit_learn_from_its_last_centroids() -> None:
    config = replace(ALONE, n_examples=300, n_epochs=30)
    run = Run(model.training, config)
    known = run.at(run.n_records - 1)
    z = clustering_reading.latent(config, model_at(run, run.n_records - 1))
    fitted = KMeans(10, init=np.array(known["centroids"]), n_init=1).fit(z)
    assert known["inertia"] == pytest.approx(fitted.inertia_ / len(z), rel=0.01)


def test_the_map_of_many_latent_numbers_is_their_principal_plane() -> None:
    torch.manual_seed(0)
    z = torch.randn(200, 6) * torch.tensor([3.0, 2.0, 1.0, 0.5, 0.2, 0.1])
    axes = principal_axes(z, torch.eye(6)[:, 1:3])
    found = PCA(2).fit(z.numpy()).components_.T
    overlap = np.linalg.svd(axes.numpy().T @ found)[1]
    np.testing.assert_allclose(overlap, 1, atol=1e-5)
    np.testing.assert_allclose((axes.T @ axes).numpy(), np.eye(2), atol=1e-5)


def test_the_map_keeps_its_axes_while_a_run_diverges() -> None:
    axes = principal_axes(1e30 * torch.randn(50, 4), torch.eye(4)[:, :2])
    assert torch.isfinite(axes).all()


def test_a_record_that_plays_weighs_less_than_ten_kilobytes() -> None:
    sent = clustering_picture.arrays(run_of(model.Config()), False, 0, 4)
    blob = pack({}, sent)
    assert len(sent["labels"]) == 4
    assert len(blob) / 4 < 10_000


@pytest.mark.parametrize("record", [5, SMALL.n_records - 1], ids=["first phase", "second phase"])
def test_an_example_drawn_again_lands_where_it_is_on_the_map(record: int) -> None:
    run = Run(model.training, SMALL)
    known, picture = run.at(record), model.shown(SMALL).pictures[7] / 255
    placed = clustering_reading.placed(model_at(run, record), known, picture)
    np.testing.assert_allclose(placed.xy, known["xy"][7], atol=0.01)
    assert placed.cluster == known["assignments"][7] == placed.shares.argmax()
    assert placed.shares.max() == pytest.approx(known["sure"][7] / 255, abs=0.01)


def test_typical_and_odd_examples_belong_to_the_cluster_asked_for() -> None:
    known = Run(model.training, SMALL).at(5)
    near, far = clustering_reading.members(known, 2, n_shown=3)
    assert set(known["assignments"][np.append(near, far)]) == {2}
    assert known["distances"][near].max() <= known["distances"][far].min()


def test_two_clusters_for_ten_digits_are_said_to_be_too_few() -> None:
    config = replace(ALONE, n_examples=300, n_epochs=3, k=2)
    records = last(Run(model.training, config))
    first = findings.findings(config, records, "finished")[0]
    assert first.kind == "too_few"
    assert records["purity"].max() <= findings.best_purity(config)


@pytest.mark.parametrize("field", ["learning_rate", "k", "n_latent"])
@pytest.mark.parametrize("value", [float("nan"), -1, 1e9])
def test_impossible_settings_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{field} must be between"):
        model.Config(**{field: value})


def printed(text: str) -> dict[str, float]:
    """The numbers that a script prints, by name."""
    pairs = (line.split(": ") for line in text.splitlines())
    return {name: float(value) for name, value in pairs}


@pytest.mark.parametrize("method", model.METHODS)
def test_the_script_taken_home_reproduces_the_loss(method: str, tmp_path: Path) -> None:
    config = replace(SMALL, method=method, data="fashion", hidden=(20,), seed=4)
    records = last(Run(model.training, config))
    code = script.script(config, config.n_records - 1)
    numbers = printed(told(code, tmp_path, pictures_npz=script.pictures_file(config)))
    assert numbers["reconstruction loss"] == pytest.approx(records["loss"][-1], rel=1e-4)
    assert numbers["latent NMI"] == pytest.approx(records["nmi"][-1], abs=0.08)
    assert numbers["pixels NMI"] == pytest.approx(records["pixel_nmi"][-1], abs=0.05)


def test_the_script_of_k_means_reproduces_the_inertia(tmp_path: Path) -> None:
    config = k_means.Config(k=5, spread=1.5)
    records = last(Run(k_means.lloyd_training, config))
    points = to_csv(reading.table(config, records))
    code = script.k_means_script(config, 9)
    numbers = printed(told(code, tmp_path, points_csv=points))
    assert numbers["inertia"] == pytest.approx(records["inertia"][9], rel=1e-6)
