"""What can be read off every layer: maps for a picture, and how much a linear probe finds."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import downloads
from core.data.exports import to_csv
from core.foundations.layers.model import (
    N_LEARNED,
    N_MAPPED,
    N_MEASURED,
    Config,
    DeepNetwork,
    answers,
    as_input,
    examples,
    fields,
    pixel_map,
    restore,
)
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from core.store import STORE, remembered

Floats = NDArray[np.float32]
Parameters = NDArray[np.float16]
Picture = NDArray[np.uint8]  # (28, 28), 255 is ink
# Fitted to values and labels, scored on others: (N, D), (N,), (M, D), (M,) -> the share right.
Probe = Callable[[Floats, NDArray[np.int64], Floats, NDArray[np.int64]], float]
N_PROBED = 1000  # pictures that a probe learns from; the network never saw them
N_COMPONENTS = 40  # of a layer's outputs, the same number for every probe
# Four convolutions of 12 maps, 5,134 parameters, gain 5.3 points in 12 epochs and 4.2 in 8.
CHALLENGE_GAIN = 0.05
CHALLENGE_PARAMETERS = 6000


def probes(config: Config, run: Run, record: int) -> Floats:
    """The accuracy of a linear probe on every layer (L,), pixels first, at one record.

    Asking takes about a second; a recorded run was asked when it was recorded.
    """
    recorded = run.at(record).get("probes")
    if recorded is not None:
        return recorded
    key = ("probes of layers", run.id, record)
    found: Floats = STORE.value(key, lambda: probed(config, run.at(record)["parameters"]))
    return found


def also_recorded(config: Config, run: Run) -> Records:
    """What a recording of `run` holds beside its records: the probes (S, L) of each."""
    return {"probes": np.stack([probes(config, run, r) for r in range(run.n_records)])}


def probed(config: Config, parameters: Parameters) -> Floats:
    """The probes on every layer of the network with these parameters (L,), asked anew."""
    return _ladder(config, parameters, probe_accuracy, _of_pixels())


@torch.no_grad()
def _ladder(config: Config, parameters: Parameters, probe: Probe, of_pixels: float) -> Floats:
    """What a probe finds in the pixels and in every layer (L,), the pixels' being known."""
    model = restore(config, parameters)
    x, y, x_test, y_test = _probed_on()
    pairs = zip(_all_outputs(model, x)[1:], _all_outputs(model, x_test)[1:], strict=True)
    found = [probe(a, y.numpy(), b, y_test.numpy()) for a, b in pairs]
    accuracies = np.array([of_pixels, *found], dtype=np.float32)
    accuracies.setflags(write=False)
    return accuracies


def _probed_on() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What a probe learns from, never seen by the network, and what it is tested on."""
    x, y, x_test, y_test = examples()
    rows = slice(N_LEARNED, N_LEARNED + N_PROBED)
    return x[rows], y[rows], x_test, y_test


@remembered
def _of_pixels() -> float:
    """The probe on the pictures themselves, which no network changes."""
    x, y, x_test, y_test = _probed_on()
    grey, grey_test = (as_input(each).flatten(1).numpy() for each in (x, x_test))
    return probe_accuracy(grey, y.numpy(), grey_test, y_test.numpy())


def _all_outputs(model: DeepNetwork, pictures: Tensor) -> list[Floats]:
    """The pixels and what every layer makes of them, each (N, D)."""
    x = as_input(pictures)
    found = [x, *model.outputs(x)]
    return [
        np.nan_to_num(np.asarray(each.flatten(1).numpy()), posinf=0, neginf=0) for each in found
    ]


def probe_accuracy(
    x: Floats, y: NDArray[np.int64], x_test: Floats, y_test: NDArray[np.int64]
) -> float:
    """The share of test examples that a linear classifier on these values classifies correctly.

    Standardised, reduced to 40 principal components of equal spread and read by a
    logistic regression (Alain and Bengio, 2016).
    """
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    n_components = min(N_COMPONENTS, x.shape[1])
    reduce = PCA(
        n_components, svd_solver="randomized", whiten=True, iterated_power=2, random_state=0
    )
    probe = make_pipeline(StandardScaler(), reduce, LogisticRegression(C=0.1, tol=1e-3))
    # Its threads wait for each other where cores are shared. Dead layers have no variance.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        probe.fit(x, y)
        return float(probe.score(x_test, y_test))


@remembered
@torch.no_grad()
def feature_maps(config: Config, parameters: Parameters, picture: Picture) -> list[Floats]:
    """The maps of every convolution for one picture, each (C, H, W)."""
    found = restore(config, parameters).outputs(_single(picture))[:-1]
    return [np.asarray(maps[0].numpy()) for maps in found]


@remembered
@torch.no_grad()
def probabilities(config: Config, parameters: Parameters, picture: Picture) -> Floats:
    """How likely the network of one record takes each class to be (10,)."""
    z = restore(config, parameters)(_single(picture))
    return np.asarray(torch.softmax(z[0], 0).numpy())


def _single(picture: Picture) -> Tensor:
    return as_input(torch.from_numpy(np.array(picture, dtype=np.uint8))[None])


def neighbours(config: Config, run: Run, record: int, layer: str) -> Floats:
    """Where t-SNE puts the 400 mapped pictures by a layer's outputs (N, 2).

    It keeps near ones near and nothing else (van der Maaten and Hinton, 2008).
    """
    key = ("t-SNE of a layer", run.id, record, layer)
    found: Floats = STORE.value(key, lambda: _t_sne(config, run.at(record)["parameters"], layer))
    return found


@torch.no_grad()
def _t_sne(config: Config, parameters: Parameters, layer: str) -> Floats:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    chosen = examples()[2][:N_MAPPED]
    outputs = _all_outputs(restore(config, parameters), chosen)[config.layers.index(layer)]
    # A dead layer puts every picture in one place, which has no neighbourhoods.
    moved = outputs + np.random.default_rng(0).normal(0, 1e-6, outputs.shape)
    with threadpool_limits(1):
        xy = TSNE(perplexity=30, init="random", max_iter=400, random_state=0).fit_transform(moved)
    found = np.asarray(xy, dtype=np.float32)
    found.setflags(write=False)
    return found


def all_maps(now: Records) -> Floats:
    """The class maps of all layers (L, 400, 2) at one record, in -1 … 1, pixels first."""
    return np.asarray(np.concatenate([pixel_map()[None], now["maps"]]) / np.float32(127))


def seen_by(config: Config) -> list[str]:
    """Every convolution with the part of the picture that one of its values looks at."""
    names = config.layers[1:-1]
    widths = fields(config.n_layers)
    return [f"{name}: a value sees {w} × {w} pixels" for name, w in zip(names, widths, strict=True)]


def probes_of_all(config: Config, run: Run, record: int) -> Floats:
    """The accuracy of a probe on all values of every layer (L,), as Alain and Bengio asked.

    A ridge regression whose penalty is chosen by leaving out one picture at a time.
    """
    key = ("probes of all values", run.id, record)
    found: Floats = STORE.value(
        key,
        lambda: _ladder(config, run.at(record)["parameters"], full_accuracy, _of_all_pixels()),
    )
    return found


@remembered
def _of_all_pixels() -> float:
    x, y, x_test, y_test = _probed_on()
    grey, grey_test = (as_input(each).flatten(1).numpy() for each in (x, x_test))
    return full_accuracy(grey, y.numpy(), grey_test, y_test.numpy())


def full_accuracy(
    x: Floats, y: NDArray[np.int64], x_test: Floats, y_test: NDArray[np.int64]
) -> float:
    """The share of test images that a ridge regression on all these values gets right."""
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        scale = StandardScaler().fit(x)
        probe = RidgeClassifierCV(alphas=10.0 ** np.arange(0, 6)).fit(scale.transform(x), y)
        return float(probe.score(scale.transform(x_test), y_test))


def ends_of_all(config: Config, run: Run, record: int) -> tuple[float, float]:
    """The full probe on the pixels and on the answer: what the whole network gains."""
    key = ("the full probe on the answer", run.id, record)
    answer: float = STORE.value(key, lambda: _of_answer(config, run.at(record)["parameters"]))
    return _of_all_pixels(), answer


@torch.no_grad()
def _of_answer(config: Config, parameters: Parameters) -> float:
    model = restore(config, parameters)
    x, y, x_test, y_test = _probed_on()
    z, z_test = (np.nan_to_num(answers(model, each).numpy()) for each in (x, x_test))
    return full_accuracy(z, y.numpy(), z_test, y_test.numpy())


@remembered
@torch.no_grad()
def n_dead(config: Config, parameters: Parameters) -> list[int]:
    """How many maps of each convolution are zero all over for 200 test images."""
    found = restore(config, parameters).outputs(as_input(examples()[2][:200]))[:-1]
    return [int((maps.amax((0, 2, 3)) <= 0).sum()) for maps in found]


@remembered
@torch.no_grad()
def true_right(config: Config, parameters: Parameters) -> float:
    """The share of training images whose true class is answered, whatever it was told."""
    x, y, _, _ = (each[: min(N_MEASURED, config.n_train)] for each in examples())
    return float((answers(restore(config, parameters), x).argmax(1) == y).float().mean())


def kernels(config: Config, parameters: Parameters) -> list[Floats]:
    """The kernels (F, 3, 3) of every convolution; of a later one those that read map 1."""
    model = restore(config, parameters)
    return [
        np.asarray(parameter.detach().numpy()[:, 0])
        for parameter in model.convolutions.parameters()
        if parameter.ndim == 4
    ]


def result(run: Run) -> str:
    """What a finished run reached."""
    share = float(run.at(run.n_records - 1)["test_accuracy"])
    return f"{per_cent(share, 1)} of the test images are classified correctly."


def challenge(config: Config, pixels: float, answer: float) -> tuple[bool, str]:
    """Whether a small network makes its answer far easier to read than the pixels."""
    gain = round(answer - pixels, 4)
    told = f"{100 * gain:+.1f} points with {config.n_parameters:,} parameters."
    return gain >= CHALLENGE_GAIN and config.n_parameters <= CHALLENGE_PARAMETERS, told


def curves_file(config: Config, records: Records) -> bytes:
    """The curves of the run as CSV, one row a record."""
    return downloads.curves(records, "update", config.updates_per_record)


def probes_file(config: Config, run: Run, record: int) -> bytes:
    """The probe's accuracy on every layer as CSV, one row a layer."""
    accuracies = probes(config, run, record)
    return to_csv(pd.DataFrame({"layer": config.layers, "probe_accuracy": accuracies}))


def weights_file(config: Config, parameters: Parameters) -> bytes:
    """The network's parameters as safetensors, named as in the script to take home."""
    network = restore(config, parameters)
    last = config.n_layers + 1
    named = {f"{last}.{name}": v for name, v in network.dense.named_parameters()}
    for depth, layer in enumerate(network.convolutions):
        named |= downloads.stacked([(layer.weight, layer.bias)], f"{depth}.")
    return downloads.tensors(named)
