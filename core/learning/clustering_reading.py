"""What can be read off the clusters at one record: filters, centroids, examples, your digit."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from pandas.io.formats.style import Styler
from torch import Tensor

from core import diagnosis
from core.diagnosis import Finding
from core.learning.autoencoder import Autoencoder
from core.learning.clustering import Assignments, Config, examples, pixel_clusters
from core.learning.k_means import cluster_names, composition, nearest
from core.recordings import Records
from core.training import Run, Training

Rows = NDArray[np.intp]  # of the examples

GOAL_NMI = 0.58
MAX_FILTERS = 32


def autoencoder(run: Run, record: int) -> Autoencoder:
    """The autoencoder as it stood at a record."""
    return run.resumed(min(record, run.n_records - 1), _model)


def _model(training: Training) -> Autoencoder:
    assert isinstance(training.model, Autoencoder)
    return training.model


def filters(run: Run, record: int) -> NDArray[np.float32]:
    """What the units of the encoder's first layer weigh, as pictures, the strongest first.

    Shape (at most MAX_FILTERS, side, side).
    """
    weight = autoencoder(run, record).encoder.weights[0].detach().numpy()
    strongest = np.argsort(-np.linalg.norm(weight, axis=1), kind="stable")[:MAX_FILTERS]
    side = round(weight.shape[1] ** 0.5)
    return weight[strongest].reshape(-1, side, side)


def latent(config: Config, run: Run, record: int) -> NDArray[np.float32]:
    """The latent numbers of every example (N, L)."""
    z = autoencoder(run, record).encoder(examples(config).x)
    return np.asarray(z.detach().numpy())


def decoded_centroids(run: Run, record: int) -> NDArray[np.uint8]:
    """The picture that every centroid stands for (K, side, side)."""
    centroids = torch.from_numpy(np.array(run.at(record)["centroids"]))
    return _pictures(autoencoder(run, record).decoded(centroids).detach())


def _pictures(grey: Tensor) -> NDArray[np.uint8]:  # (B, D) from 0 to 1 -> (B, side, side)
    side = round(grey.shape[1] ** 0.5)
    return (grey * 255).round().to(torch.uint8).numpy().reshape(len(grey), side, side)


@dataclass(frozen=True)
class Placed:
    """Where a picture lands on the map, in which cluster, and what is restored of it."""

    xy: NDArray[np.float32]  # (2,)
    cluster: int
    distances: NDArray[np.float32]  # to every centroid (K,)
    shown: NDArray[np.uint8]  # the picture and what is restored of it (2, side, side)


def placed(run: Run, record: int, picture: NDArray[np.floating[Any]]) -> Placed:
    """A picture of grey levels from 0 to 1 in the latent space of a record, untrained on it."""
    model, known = autoencoder(run, record), run.at(record)
    x = torch.from_numpy(picture.astype(np.float32).reshape(1, -1))
    z = model.encoder(x).detach()
    centroids = torch.from_numpy(np.array(known["centroids"]))
    distances = torch.linalg.vector_norm(centroids - z, dim=1)
    return Placed(
        xy=(z.numpy()[0] - known["origin"]) @ known["axes"] / known["spread"],
        cluster=int(nearest(z, centroids)[0][0]),
        distances=distances.numpy(),
        shown=_pictures(torch.cat([x, model.decoded(z).detach()])),
    )


class Members(NamedTuple):
    """Rows of examples of one cluster: the nearest to its centroid, and the farthest."""

    nearest: Rows
    farthest: Rows


def members(known: Records, cluster: int, n_shown: int = 10) -> Members:
    """The most and the least typical examples of a cluster at a record."""
    rows = np.flatnonzero(known["assignments"] == cluster)
    rows = rows[np.argsort(known["distances"][rows], kind="stable")]
    return Members(rows[:n_shown], rows[::-1][:n_shown])


def counts(config: Config, assignments: Assignments) -> NDArray[np.int64]:
    """How many examples of every class each cluster holds (K, C)."""
    chosen = examples(config)
    return composition(assignments, chosen.labels, config.k, len(chosen.classes))


def cell(config: Config, assignments: Assignments, cluster: int, label: int) -> Rows:
    """Rows of the examples of one class in one cluster."""
    return np.flatnonzero((assignments == cluster) & (examples(config).labels == label))


def counts_table(config: Config, assignments: Assignments) -> Styler:
    """The counts of clusters and classes as a table, shaded like a heat map."""
    found = counts(config, assignments)
    frame = pd.DataFrame(
        found, index=cluster_names(config.k), columns=list(examples(config).classes)
    )
    most = max(int(found.max()), 1)
    return frame.style.map(lambda n: f"background-color: rgba(67, 138, 199, {0.8 * n / most:.2f})")


def enlarged(pictures: NDArray[np.uint8], side: int = 56) -> list[NDArray[np.uint8]]:
    """Pictures with every pixel drawn as a square, so that none is smoothed away."""
    factor = side // pictures.shape[-1]
    return list(pictures.repeat(factor, axis=-1).repeat(factor, axis=-2))


def table(config: Config, records: Records) -> pd.DataFrame:
    """Every example's class, cluster and place on the map at the last of `records`."""
    chosen = examples(config)
    return pd.DataFrame(
        {
            "class": [chosen.classes[label] for label in chosen.labels],
            "cluster": records["assignments"][-1],
            "pixel_cluster": pixel_clusters(config).assignments,
            "x": records["xy"][-1][:, 0].astype(np.float32),
            "y": records["xy"][-1][:, 1].astype(np.float32),
        }
    )


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    curves = {name: values for name, values in records.items() if values.ndim == 1}
    updates = np.arange(len(records["loss"])) * config.updates_per_record
    return pd.DataFrame({"update": updates, **curves})


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    found = diagnosis.from_curves(records, end, config.learning_rate, unit="record")
    if found and found[0].kind == "diverged":
        return found
    few = _too_few(config)
    said = [*([few] if few else []), *_compared(config, records, end), *found]
    return sorted(said, key=lambda finding: finding.tone != "bad")


def _too_few(config: Config) -> Finding | None:
    n_classes = len(examples(config).classes)
    if config.k >= n_classes:
        return None
    return Finding(
        "too_few",
        "bad",
        f"{config.k} clusters cannot hold {n_classes} classes apart: purity stays below "
        f"{_best_purity(config):.0%} however good the map is. k is chosen, not learned.",
        f"Use {n_classes} clusters",
        {"k": n_classes},
    )


def _best_purity(config: Config) -> float:
    """The share of the k commonest classes: no clustering with k clusters is purer."""
    sizes = np.sort(np.bincount(examples(config).labels))[::-1]
    return float(sizes[: config.k].sum() / sizes.sum())


def _compared(config: Config, records: Records, end: str) -> list[Finding]:
    """How the latent clusters do beside those of the pixels."""
    if len(records["loss"]) < 2:
        return []
    now, pixels = float(records["nmi"][-1]), pixel_clusters(config).nmi
    if now > pixels + 0.01:
        sentence = (
            f"With {config.n_latent} numbers a picture the clusters agree better with the hidden "
            f"classes (NMI {now:.2f}) than those of the pixels do (NMI {pixels:.2f})."
        )
        return [Finding("better", "good", sentence)]
    if not end:
        return []
    sentence = (
        f"The latent clusters agree with the hidden classes to NMI {now:.2f}, those of the pixels "
        f"to {pixels:.2f}. The autoencoder learns to restore pictures, not to part classes: "
        "nothing in its loss asks for clusters."
    )
    if config.n_latent >= 10 or config.data == "blobs":
        return [Finding("no_better", "note", sentence)]
    return [Finding("no_better", "note", sentence, "Keep ten numbers", {"n_latent": 10})]


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether the clusters of digits reach the goal, and how far the run is from it."""
    if config.data != "digits":
        return False, "the goal is for the digits."
    now = float(records["nmi"][-1])
    return now >= GOAL_NMI, f"NMI {now:.2f} with k = {config.k}."
