"""Pictures to cluster, and what k-means makes of their pixels."""

import warnings
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.data.digits import fashion_mnist, mnist
from core.learning.clustering.k_means import agreement, composition, purity
from core.store import remembered

Assignments = NDArray[np.uint8]  # the cluster of every example (N,)

DATA = ("digits", "fashion", "blobs")
N_MEASURED = 1000  # the first examples: those on the map, whose clusters are judged
N_STARTS = 4  # of k-means on pixels; the best is taken
N_NEIGHBOURS = 10  # of a picture in the graph that spectral clustering parts
N_COMPONENTS = 50  # principal ones, on which those starts are compared
N_BLOBS, BLOB_SIDE = 10, 4


class Examples(NamedTuple):
    """Pictures (N, H, W) of grey levels 0 … 255 and the classes (N,) kept from k-means."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    classes: tuple[str, ...]

    @property
    def x(self) -> Tensor:
        """Grey levels from 0 to 1 (N, D)."""
        return torch.from_numpy(self.pictures.reshape(len(self.pictures), -1) / np.float32(255))


@remembered
def examples(data: str, n_examples: int, seed: int) -> Examples:
    """Pictures drawn from a data set, or made up."""
    rng = np.random.default_rng(seed)
    if data == "blobs":
        return _blobs(rng, n_examples)
    source = mnist() if data == "digits" else fashion_mnist()
    rows = rng.permutation(len(source.x_train))[:n_examples]
    return Examples(source.x_train[rows], source.y_train[rows], source.classes)


def _blobs(rng: np.random.Generator, n_examples: int) -> Examples:
    """Made up: ten normal clouds in 16 dimensions, each point shown as a 4 x 4 picture."""
    centres = rng.uniform(40, 215, (N_BLOBS, BLOB_SIDE, BLOB_SIDE))
    labels = np.arange(n_examples) % N_BLOBS
    grey = centres[labels] + rng.normal(0, 25, (n_examples, BLOB_SIDE, BLOB_SIDE))
    names = tuple(f"blob {blob}" for blob in range(N_BLOBS))
    return Examples(grey.clip(0, 255).astype(np.uint8), labels.astype(np.uint8), names)


class Clusters(NamedTuple):
    """The measured examples' clusters (N,), and how well they agree with the hidden classes."""

    assignments: Assignments
    nmi: float
    purity: float


@remembered
def pixel_clusters(data: str, n_examples: int, seed: int, k: int) -> Clusters:
    """k-means on the pixels themselves: scikit-learn's, the best of four starts."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    chosen = examples(data, n_examples, seed)
    x = chosen.x.numpy()
    mean, axes = x.mean(axis=0), _axes(x)
    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        # Starts are compared where distances cost a fifteenth; the best goes on with pixels.
        begun = KMeans(k, n_init=N_STARTS, random_state=seed).fit((x - mean) @ axes)
        start = mean + begun.cluster_centers_ @ axes.T
        found = KMeans(k, init=start, n_init=1).fit_predict(x)
    found = found[:N_MEASURED].astype(np.uint8)
    labels = chosen.labels[:N_MEASURED]
    counts = composition(found, labels, k, len(chosen.classes))
    return Clusters(found, agreement(found, labels), purity(counts))


@remembered
def spectral_nmi(data: str, n_examples: int, seed: int, k: int) -> float:
    """The agreement of spectral clustering (Ng et al., 2001), scikit-learn's, on the pixels.

    It parts the graph in which every picture is tied to its ten nearest.
    """
    from sklearn.cluster import SpectralClustering
    from threadpoolctl import threadpool_limits

    chosen = examples(data, n_examples, seed)
    method = SpectralClustering(
        k,
        affinity="nearest_neighbors",
        n_neighbors=N_NEIGHBOURS,
        assign_labels="cluster_qr",
        random_state=seed,
    )
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a graph in several parts is a finding, not a fault
        found = method.fit_predict(chosen.x.numpy())
    return agreement(found[:N_MEASURED], chosen.labels[:N_MEASURED])


def _axes(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """The principal axes of pictures, as many as hold nearly all distances (D, 50)."""
    # In double precision: pixels that are always blank make single precision give up.
    covariance = np.cov(x.astype(float), rowvar=False)
    return np.linalg.eigh(covariance)[1][:, -N_COMPONENTS:].astype(np.float32)
