"""What can be read off the three learners at one record: answers, features, kernels."""

from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import downloads
from core.data.exports import to_csv
from core.learning.transfer.model import LEARNERS, TUNED, Config, networks, tested
from core.learning.transfer.source import N_RECORDS, as_input, source_network
from core.recordings import Records
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]  # (28, 28), 255 is ink
HEAD_PLACE = 7  # of the head in the script's `nn.Sequential`, after activations and flattening
GOAL_ACCURACY, GOAL_LABELS = 0.9, 10


@remembered
@torch.no_grad()
def answers(config: Config, known: Records, picture: Picture) -> Floats:
    """How likely each of the three learners takes each new digit to be (3, 5)."""
    x = as_input(torch.from_numpy(np.array(picture, dtype=np.uint8))[None])
    z = torch.cat([network(x) for network in networks(config, known)])
    return np.asarray(torch.softmax(z, 1).numpy())


@remembered
@torch.no_grad()
def kernels(config: Config, known: Records) -> Floats:
    """First-layer kernels (4, 8, 5, 5): the source's, fine-tuned, from scratch, the change."""
    scratch, _, tuned = networks(config, known)
    source = source_network(config.source, config.source_record)
    before, after, own = (net.body.conv1.weight[:, 0] for net in (source, tuned, scratch))
    return np.asarray(torch.stack([before, after, own, after - before]).numpy())


@remembered
def changed(config: Config, known: Records) -> list[tuple[str, float]]:
    """How far fine-tuning has moved every layer, as a share of its weights' length."""
    source = source_network(config.source, config.source_record).body
    tuned = networks(config, known)[TUNED].body
    return [
        (name, float((getattr(tuned, name).weight - before).detach().norm() / before.norm()))
        for name, before in ((each, getattr(source, each).weight) for each in _LAYERS)
    ]


_LAYERS = ("conv1", "conv2", "conv3")


@remembered
@torch.no_grad()
def maps(config: Config, known: Records, picture: Picture) -> Floats:
    """What the first convolution of each learner makes of a picture (3, 8, 12, 12)."""
    x = as_input(torch.from_numpy(np.array(picture, dtype=np.uint8))[None])
    found = [network.body.maps(x)[0][0] for network in networks(config, known)]
    return np.asarray(torch.stack(found).numpy())


@remembered
@torch.no_grad()
def feature_maps(config: Config, known: Records) -> Floats:
    """Test digits on the two main axes of each learner's features (3, N, 2), in -1 … 1."""
    x, features, y = tested(config.source, config.source_record)
    scratch, _, tuned = networks(config, known)
    found = [scratch.body(x), features, tuned.body(x)]
    return np.stack([_plane(each, y) for each in found])


def _plane(features: Tensor, y: Tensor) -> Floats:
    centred = features - features.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    xy = centred @ vectors[:, -2:].flip(1)
    # Axes have no sign of their own: the first class is put up and to the right.
    sign = torch.where(xy[y == 0].mean(0) < 0, -1.0, 1.0)
    xy = xy * sign
    # A few far points would leave no room for all others.
    return np.asarray((xy / xy.abs().quantile(0.99).clamp(min=1e-6)).clamp(-1, 1).numpy())


@remembered
def separation(config: Config, known: Records) -> Floats:
    """The share of test digits whose nearest neighbour by features is of their class (3,)."""
    x, features, y = tested(config.source, config.source_record)
    scratch, _, tuned = networks(config, known)
    with torch.no_grad():
        found = [scratch.body(x), features, tuned.body(x)]
    shares = []
    for each in found:
        distances = torch.cdist(each, each).fill_diagonal_(float("inf"))
        shares.append(float((y[distances.argmin(1)] == y).float().mean()))
    return np.array(shares, dtype=np.float32)


def counts(config: Config, known: Records, learner: int) -> NDArray[np.int64]:
    """Test digits by what they are and what a learner takes them for (5, 5)."""
    y = tested(config.source, config.source_record)[2].numpy()
    found = np.bincount(y * 5 + known["answers"][learner], minlength=25)
    return found.reshape(5, 5)


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a learner ends at nine in ten new digits after at most ten labels of each.

    Only the end counts: the luckiest of many records would be chosen by the test digits.
    """
    last, at_end = records["accuracy"][-1], len(records["loss"]) == config.n_records
    best = int(last.argmax())
    labels = f"{config.n_labels} label{'s' * (config.n_labels != 1)}"
    told = f"{per_cent(last[best], 1)} ({LEARNERS[best].lower()}) with {labels} a digit."
    good = bool(last[best] >= GOAL_ACCURACY and config.n_labels <= GOAL_LABELS)
    return good and at_end, told if at_end or not good else f"{told} Only the end counts."


def curves_file(config: Config, records: Records) -> bytes:
    """Accuracies and losses of the three learners as CSV, one row a record."""
    steps = config.updates_per_record * np.arange(len(records["loss"]))
    columns: dict[str, Any] = {"step": steps}
    for place, name in enumerate(("scratch", "frozen", "tuned")):
        for each in ("accuracy", "losses", "test_losses"):
            columns[f"{name}_{each}"] = records[each][:, place]
    return to_csv(pd.DataFrame(columns))


def weights_file(config: Config, known: Records) -> bytes:
    """The parameters of all three learners as safetensors, named as in the script's networks.

    The frozen learner is its head alone: its body is the source's.
    """
    scratch, frozen, tuned = networks(config, known)
    named = {f"head.{part}": values for part, values in frozen.head.state_dict().items()}
    for name, network in (("scratch", scratch), ("tuned", tuned)):
        body = network.body
        layers = enumerate((body.conv1, body.conv2, body.conv3))
        found = [(2 * place, layer) for place, layer in layers] + [(HEAD_PLACE, network.head)]
        named |= {
            f"{name}.{place}.{part}": values
            for place, layer in found
            for part, values in layer.state_dict().items()
        }
    return downloads.tensors(named)


def source_file(config: Config) -> bytes:
    """The parameters of the source network's body as safetensors."""
    body = source_network(config.source, config.source_record).body
    return downloads.tensors(body.state_dict())


def source_told(config: Config, accuracy: float) -> str:
    """How well the source network answers its own question."""
    share = per_cent(config.source_record / (N_RECORDS - 1))
    told = f"After {share} of its training it gets {per_cent(accuracy, 1)} of its own test right."
    return f"{told} {_ALIKE[config.source]}".strip()


# Which turned digits cannot be told apart, whoever looks.
_ALIKE = {
    "turned": "A 0 or a 1 upside down looks like itself: of those turns it can only guess.",
    "swapped": "A 6 upside down looks like a 9, and an 8 like itself: of those it can only guess.",
    "upright": "",
    "random": "",
}
