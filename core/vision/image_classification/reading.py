"""What can be read off the convolutional network at one record of its training."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import downloads, inspection
from core.data.digits import DATA
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from core.store import STORE, remembered
from core.vision.image_classification.model import (
    N_MEASURED,
    Config,
    ConvolutionalNetwork,
    as_input,
    examples,
    restore,
)

Floats = NDArray[np.float32]
Parameters = NDArray[np.float16]
Picture = NDArray[np.uint8]  # (28, 28), 255 is ink
LAYERS = {
    "conv1": "Convolution 1, before anything is cut off",
    "relu1": "Convolution 1, pooled and rectified",
    "conv2": "Convolution 2, before anything is cut off",
    "relu2": "Convolution 2, pooled and rectified",
}
METHODS = {
    "Saliency": "How fast the class's logit changes with each pixel (Simonyan et al., 2014).",
    "Integrated gradients": "Each pixel's share in the logit, for or against, counted from "
    "an empty image on; the shares add up (Sundararajan et al., 2017).",
    "Grad-CAM": "Which places of the second convolution's maps speak for the class, "
    "enlarged (Selvaraju et al., 2017).",
}
CHALLENGE_PARAMETERS = 2000
CHALLENGE_ACCURACY = 0.96


@remembered
@torch.no_grad()
def probabilities(config: Config, parameters: Parameters, picture: Picture) -> Floats:
    """How likely the network of one record takes each class to be (10,)."""
    z = restore(config, parameters)(_single(picture))
    return np.asarray(torch.softmax(z[0], 0).numpy())


def _single(picture: Picture) -> Tensor:
    return as_input(torch.from_numpy(np.array(picture, dtype=np.uint8))[None])


def answer(classes: tuple[str, ...], p: Floats, truth: int | None = None) -> str:
    """The two likeliest classes in words and, where it is known, which one is right."""
    first, second = np.argsort(-p)[:2]
    rival = f", then {classes[second]} ({per_cent(p[second])})" if p[second] >= 0.005 else ""
    told = f"the network reads **{classes[first]}** ({per_cent(p[first])}){rival}"
    if truth is None:
        return f"{told}."
    return f"{told}: right." if first == truth else f"{told}; it is **{classes[truth]}**."


@remembered
def kernels(config: Config, parameters: Parameters) -> tuple[Floats, Floats]:
    """The kernels of both convolutions, (F1, 1, k, k) and (F2, F1, k, k)."""
    model = restore(config, parameters)
    return model.conv1.weight.detach().numpy(), model.conv2.weight.detach().numpy()


@remembered
def feature_maps(config: Config, parameters: Parameters, picture: Picture) -> dict[str, Floats]:
    """The maps of every layer for one picture, (F, H, W) by the layer's name."""
    found = inspection.activations(restore(config, parameters), _single(picture), tuple(LAYERS))
    return {name: values[0] for name, values in found.items()}


@remembered
def attribution(
    config: Config, parameters: Parameters, picture: Picture, target: int, method: str
) -> Floats:
    """What in a picture speaks for a class (28, 28), by one of METHODS."""
    model, x = restore(config, parameters), _single(picture)
    if method == "Grad-CAM":
        return np.asarray(inspection.grad_cam(model, "conv2", x, target)[0])
    how = inspection.saliency if method == "Saliency" else inspection.integrated_gradients
    return np.asarray(how(model, x, target)[0, 0])


def predictions(config: Config, run: Run, record: int) -> Floats:
    """Class probabilities of all test pictures (1000, 10) at one record of a run."""
    # They are asked for again whenever the page reruns.
    key = ("predictions of image classification", run.id, record)
    found: Floats = STORE.value(
        key, lambda: _read_all(restore(config, run.at(record)["parameters"]), config.data)
    )
    return found


@torch.no_grad()
def _read_all(model: ConvolutionalNetwork, data: str) -> Floats:
    p = np.asarray(torch.softmax(model(as_input(examples(data)[2])), 1).numpy())
    p.setflags(write=False)
    return p


@dataclass(frozen=True)
class Opened:
    """Test pictures behind a number, the most confident answer first; each field is (N,)."""

    rows: NDArray[np.intp]  # of the test set
    true: NDArray[np.intp]
    predicted: NDArray[np.intp]
    confidence: Floats

    def titles(self, classes: tuple[str, ...]) -> list[str]:
        """What each picture is, what it was taken for and how surely, in short lines."""
        parted = "<br>" if max(map(len, classes)) > 2 else " "
        answers = zip(self.true, self.predicted, self.confidence, strict=True)
        return [f"{classes[t]}{parted}→ {classes[p]}<br>{per_cent(c)}" for t, p, c in answers]

    def labels(self, classes: tuple[str, ...]) -> list[str]:
        """The same on one line, with the row of the test set."""
        answers = zip(self.rows, self.true, self.predicted, self.confidence, strict=True)
        return [f"{row}: {classes[t]} → {classes[p]}, {per_cent(c)}" for row, t, p, c in answers]


def opened(config: Config, run: Run, record: int, cell: tuple[int, int] | None = None) -> Opened:
    """The pictures of a cell (true, predicted) of the confusion matrix, or all wrong ones."""
    p = predictions(config, run, record)
    y, guess = DATA[config.data]().y_test.astype(np.intp), p.argmax(1)
    chosen = guess != y if cell is None else (y == cell[0]) & (guess == cell[1])
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(-p[rows, guess[rows]], kind="stable")]
    return Opened(rows, y[rows], guess[rows], p[rows, guess[rows]])


def confused(confusion: NDArray[np.uint16]) -> list[tuple[int, int]]:
    """The cells (true, predicted) with wrong answers, the fullest first."""
    wrong = confusion.astype(int) * (1 - np.eye(len(confusion), dtype=int))
    order = np.argsort(-wrong, axis=None, kind="stable")
    places = (divmod(int(place), len(wrong)) for place in order)
    return [(true, predicted) for true, predicted in places if wrong[true, predicted]]


@remembered
def n_dead(config: Config, parameters: Parameters) -> tuple[int, int]:
    """How many maps of each convolution are zero all over for 200 test pictures."""
    x = as_input(examples(config.data)[2][:200])
    found = inspection.activations(restore(config, parameters), x, ("relu1", "relu2"))
    first, second = (int((maps.max(axis=(0, 2, 3)) <= 0).sum()) for maps in found.values())
    return first, second


@remembered
def right_with_dropout(config: Config, parameters: Parameters) -> float:
    """The share of its training images that is classified correctly while dropout silences."""
    if not config.p_drop:
        return 1.0
    x, y, _, _ = examples(config.data)
    n = min(N_MEASURED, config.n_train)
    model = restore(config, parameters)
    pooled = inspection.activations(model, as_input(x[:n]), ("relu2",))["relu2"].reshape(n, -1)
    # Drawn here, as PyTorch's own generator belongs to the runs.
    kept = np.random.default_rng(0).random(pooled.shape) >= config.p_drop
    weight, bias = (each.detach().numpy() for each in model.dense.parameters())
    z = (pooled * kept / (1 - config.p_drop)) @ weight.T + bias
    return float((z.argmax(1) == y[:n].numpy()).mean())


def result(run: Run) -> str:
    """What a finished run reached."""
    share = float(run.at(run.n_records - 1)["test_accuracy"])
    return f"{per_cent(share, 1)} of the test images are classified correctly."


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a small network reads digits well, and how far the run is from that."""
    # Single precision would make 0.96 a little less than 0.96.
    accuracy = round(float(records["test_accuracy"][-1]), 4)
    n_parameters = config.n_parameters
    reached = (
        config.data == "mnist"
        and accuracy >= CHALLENGE_ACCURACY
        and n_parameters <= CHALLENGE_PARAMETERS
    )
    told = f"{per_cent(accuracy, 1)} with {n_parameters:,} parameters"
    return reached, f"{told}." if config.data == "mnist" else f"{told}, but not on MNIST."


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    shown = {name: values for name, values in records.items() if values.ndim == 1}
    n_updates = config.updates_per_record * np.arange(len(records["loss"]))
    return pd.DataFrame({"update": n_updates, **shown})


def weights_file(config: Config, parameters: Parameters) -> bytes:
    """The network's parameters as safetensors, named as `ConvolutionalNetwork` names them."""
    return downloads.tensors(restore(config, parameters).state_dict())
