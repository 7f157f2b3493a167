"""What can be read off the clusters at one record: filters, centroids, examples, your digit."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import downloads
from core.learning.clustering.deep_clustering import soft_assignment
from core.learning.clustering.examples import Assignments
from core.learning.clustering.k_means import cluster_names, composition, nearest
from core.learning.clustering.model import Config, pixel_clusters, shown
from core.networks.autoencoder import Autoencoder
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent

Rows = NDArray[np.intp]  # of the examples

MAX_FILTERS = 32


def filters(model: Autoencoder) -> NDArray[np.float32]:
    """What the units of the encoder's first layer weigh, as pictures, the strongest first.

    Shape (at most MAX_FILTERS, side, side).
    """
    weight = model.encoder.affine[0][0].detach().numpy()
    strongest = np.argsort(-np.linalg.norm(weight, axis=1), kind="stable")[:MAX_FILTERS]
    side = round(weight.shape[1] ** 0.5)
    return weight[strongest].reshape(-1, side, side)


def latent(config: Config, model: Autoencoder) -> NDArray[np.float32]:
    """The latent numbers of the examples on the map (N, L)."""
    return np.asarray(model.encoder(shown(config).x).detach().numpy())


def decoded_centroids(model: Autoencoder, known: Records) -> NDArray[np.uint8]:
    """The picture that every centroid stands for (K, side, side)."""
    return _pictures(model.decoded(torch.from_numpy(np.array(known["centroids"]))).detach())


def _pictures(grey: Tensor) -> NDArray[np.uint8]:  # (B, D) from 0 to 1 -> (B, side, side)
    side = round(grey.shape[1] ** 0.5)
    return (grey * 255).round().to(torch.uint8).numpy().reshape(len(grey), side, side)


@dataclass(frozen=True)
class Placed:
    """Where a picture lands on the map, in which cluster, and what is restored of it."""

    xy: NDArray[np.float32]  # (2,)
    cluster: int
    distances: NDArray[np.float32]  # to every centroid (K,)
    shares: NDArray[np.float32]  # how much it belongs to every cluster, q (K,)
    shown: NDArray[np.uint8]  # the picture and what is restored of it (2, side, side)


def placed(model: Autoencoder, known: Records, picture: NDArray[np.floating[Any]]) -> Placed:
    """A picture of grey levels from 0 to 1 among the codes of a record, untrained on it."""
    x = torch.from_numpy(picture.astype(np.float32).reshape(1, -1))
    z = model.encoder(x).detach()
    centroids = torch.from_numpy(np.array(known["centroids"]))
    return Placed(
        xy=(z.numpy()[0] - known["origin"]) @ known["axes"] / known["spread"],
        cluster=int(nearest(z, centroids)[0][0]),
        distances=torch.linalg.vector_norm(centroids - z, dim=1).numpy(),
        shares=soft_assignment(z, centroids)[0].numpy(),
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


def least_sure(known: Records, cluster: int, n_shown: int = 10) -> Rows:
    """Rows of the examples of one cluster that belong almost as much to another."""
    rows = np.flatnonzero(known["assignments"] == cluster)
    return rows[np.argsort(known["sure"][rows], kind="stable")][:n_shown]


def counts(config: Config, assignments: Assignments) -> NDArray[np.int64]:
    """How many examples of every class each cluster holds (K, C)."""
    chosen = shown(config)
    return composition(assignments, chosen.labels, config.k, len(chosen.classes))


def cell(config: Config, assignments: Assignments, cluster: int, label: int) -> Rows:
    """Rows of the examples of one class in one cluster."""
    return np.flatnonzero((assignments == cluster) & (shown(config).labels == label))


def counts_table(config: Config, assignments: Assignments) -> pd.DataFrame:
    """The counts of clusters and classes as a table."""
    found = counts(config, assignments)
    return pd.DataFrame(found, index=cluster_names(config.k), columns=list(shown(config).classes))


def enlarged(pictures: NDArray[np.uint8], side: int = 56) -> list[NDArray[np.uint8]]:
    """Pictures with every pixel drawn as a square, so that none is smoothed away."""
    factor = side // pictures.shape[-1]
    return list(pictures.repeat(factor, axis=-1).repeat(factor, axis=-2))


def table(config: Config, records: Records) -> pd.DataFrame:
    """Every example's class, cluster and place on the map at the last of `records`."""
    chosen = shown(config)
    return pd.DataFrame(
        {
            "class": [chosen.classes[label] for label in chosen.labels],
            "cluster": records["assignments"][-1],
            "confidence": (records["sure"][-1] / 255).round(2),
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


def weights_file(model: Autoencoder, known: Records) -> bytes:
    """Encoder, decoder and centroids as safetensors."""
    parts = {"encoder.": model.encoder, "decoder.": model.decoder}
    named = [downloads.stacked(network.affine, part) for part, network in parts.items()]
    return downloads.tensors(named[0] | named[1] | {"centroids": known["centroids"]})


def result(run: Run) -> str:
    """What a finished run reached, in a sentence."""
    known = run.at(run.n_records - 1)
    return (
        f"NMI {known['nmi']:.2f} and purity {per_cent(float(known['purity']))}, "
        f"against {known['pixel_nmi']:.2f} and {per_cent(float(known['pixel_purity']))} on pixels."
    )
