"""What the moving pictures of clusters are told: their scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.clustering import k_means, model
from core.learning.clustering.k_means import cluster_names
from core.learning.clustering.k_means_reading import converged_at
from core.learning.clustering.reading import decoded_centroids
from core.learning.clustering.recordings import model_at
from core.runs import Run

Arrays = Mapping[str, NDArray[Any]]

N_PICTURES = 500  # of the examples on the map, shown as pictures where there is room
REACH = 3.2  # spreads; nearly all points of a cloud lie within

_CURVES: list[dict[str, Any]] = [
    {
        "title": "Agreement",
        "unit": "NMI with the hidden classes",
        "series": [
            {"array": "nmi", "label": "latent"},
            {"array": "pixel_nmi", "label": "k-means on pixels"},
            {"array": "spectral_nmi", "label": "spectral on pixels"},
        ],
    },
    {
        "title": "Purity",
        "unit": "share",
        "series": [
            {"array": "purity", "label": "latent"},
            {"array": "pixel_purity", "label": "pixels"},
        ],
    },
    {
        "title": "Reconstruction loss",
        "unit": "nats per pixel",
        "series": [{"array": "loss", "label": "training"}],
    },
]
_DEEP_CURVE = {
    "title": "Clustering loss",
    "unit": "KL(p‖q), nats",
    "series": [{"array": "kl", "label": "training"}],
}
K_MEANS_CURVES: list[dict[str, Any]] = [
    {
        "title": "Inertia",
        "unit": "sum of squared distances",
        "series": [{"array": "inertia", "label": "k-means"}],
    },
    {
        "title": "Agreement with the hidden groups",
        "unit": "NMI",
        "series": [{"array": "nmi", "label": "k-means"}],
    },
]


def curves(config: model.Config) -> list[dict[str, Any]]:
    """Agreement and purity beside those of the pixels, and the losses of the phases."""
    return [*_CURVES, *([_DEEP_CURVE] if config.is_deep else [])]


def k_means_curves(config: k_means.Config) -> list[dict[str, Any]]:
    """Inertia always; agreement only where there are groups to agree with."""
    return K_MEANS_CURVES[:1] if config.data == "own" else K_MEANS_CURVES


def scene(config: model.Config, by_class: bool, standing: int | None = None) -> dict[str, Any]:
    """The latent plane, its points coloured by their hidden class or by their cluster.

    At the record where the picture stands every centroid is shown as what it decodes to.
    """
    chosen = model.shown(config)
    kind = {"digits": "digit ", "fashion": "", "blobs": ""}[config.data]
    names = [f"{kind}{chosen.classes[label]}" for label in chosen.labels]
    classes = list(chosen.classes) if by_class else cluster_names(config.k)
    domain = [-REACH, REACH, -0.8 * REACH, 0.8 * REACH]
    told = {"classes": classes, "names": names, "domain": domain, **axis_titles(config)}
    return told if standing is None else {**told, "decoded_at": standing}


def scene_arrays(config: model.Config, run: Run, standing: int | None = None) -> Arrays:
    """Hidden classes, the first pictures at half size, and what the centroids decode to."""
    chosen = model.shown(config)
    arrays: dict[str, NDArray[Any]] = {"labels": chosen.labels}
    if config.data != "blobs":
        arrays["pictures"] = _halved(chosen.pictures[:N_PICTURES])
        if standing is not None:
            decoded = decoded_centroids(model_at(run, standing), run.at(standing))
            arrays["centre_pictures"] = _halved(decoded)
    return arrays


def _halved(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:  # (N, H, W) -> (N, H/2, W/2)
    n, height, width = pictures.shape
    cut = pictures.reshape(n, height // 2, 2, width // 2, 2)
    return np.asarray(cut.mean(axis=(2, 4)), dtype=np.uint8)


def axis_titles(config: model.Config) -> dict[str, str]:
    """What both axes of the map show."""
    word = "latent number" if config.n_latent == 2 else "principal axis"
    return {"x": f"{word} 1 (in spreads)", "y": f"{word} 2 (in spreads)"}


def arrays(run: Run, by_class: bool, first: int, stop: int) -> Arrays:
    """What the picture needs of the records `first` to `stop - 1`, each (S, …)."""
    names = ["xy", "loss", "kl", "nmi", "purity", "pixel_nmi", "pixel_purity"]
    records, config = run.until(stop - 1), run.config
    assert isinstance(config, model.Config)
    sent = {name: records[name][first:] for name in names}
    sent["spectral_nmi"] = np.full(stop - first, model.spectral_nmi(config), np.float32)
    if by_class:
        return sent  # centroids in the colours of clusters would be taken for classes
    return {**sent, "labels": records["assignments"][first:], "centres": records["centres"][first:]}


def notes(run: Run, k: int) -> Sequence[tuple[int, str]]:
    """What is said of chunk k: where the phase changes, where pixels are first outdone."""
    return [*_phases(run, k), *_ahead(run, k)]


def _phases(run: Run, k: int) -> Sequence[tuple[int, str]]:
    config, chunk = run.config, run.chunk(k)
    assert isinstance(config, model.Config)
    begins = config.first_deep
    if not config.is_deep or not chunk.first <= begins < chunk.stop:
        return []
    said = "deep clustering begins: watch the clouds pull together. The loss is now KL(p‖q)."
    return [(begins, said)]


def _ahead(run: Run, k: int) -> Sequence[tuple[int, str]]:
    chunk = run.chunk(k)
    ahead = chunk.records["nmi"] > chunk.records["pixel_nmi"]
    earlier = (run.chunk(j).records for j in range(k))
    if not ahead.any() or any((r["nmi"] > r["pixel_nmi"]).any() for r in earlier):
        return []
    said = "the latent clusters now agree better with the hidden classes than those of the pixels"
    return [(chunk.first + int(ahead.argmax()), f"{said}.")]


def k_means_scene(config: k_means.Config, by_class: bool) -> dict[str, Any]:
    """The plane of k-means, coloured by hidden group or by cluster."""
    chosen = k_means.examples(config)
    edge = float(max(6, np.abs(chosen.x).max()))
    return {
        "classes": list(chosen.classes) if by_class else cluster_names(config.k),
        "names": [chosen.classes[label] for label in chosen.labels],
        "draggable": not by_class,
        "x": "x₁",
        "y": "x₂",
        "domain": [-edge, edge, -edge, edge],
    }


def k_means_arrays(run: Run, by_class: bool, first: int, stop: int) -> Arrays:
    """The points stand still and travel with every record all the same: it is 2 KB."""
    records = {name: array[first:] for name, array in run.until(stop - 1).items()}
    assert isinstance(run.config, k_means.Config)
    xy = k_means.examples(run.config).x.astype(np.float32)
    sent = {
        "xy": np.broadcast_to(xy, (stop - first, *xy.shape)),
        **{name: records[name].astype(np.float32) for name in ("loss", "inertia", "nmi")},
    }
    if by_class:
        return sent
    return {**sent, "labels": records["assignments"], "centres": records["centroids"]}


def k_means_notes(run: Run, k: int) -> Sequence[tuple[int, str]]:
    """What every half step does, and where the last one moves nothing."""
    chunk = run.chunk(k)
    said = ["every point goes to its nearest centroid", "every centroid moves to its points' mean"]
    ended = converged_at(chunk.records)
    notes = [(0, "the centroids have been put down; no point belongs to one yet.")]
    last = ended or chunk.stop - 1
    notes += [(record, f"{said[(record - 1) % 2]}.") for record in range(1, last)]
    if ended:
        notes.append((ended, "nothing moves any more: converged."))
    return notes
