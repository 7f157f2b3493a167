"""An autoencoder learns what is usual; what it cannot restore is flagged as an anomaly."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.learning.anomaly_detection import heartbeats
from core.learning.anomaly_detection.shuttle import SENSORS, shuttle
from core.networks.dense import MLP
from core.optimizers import Adam
from core.store import remembered
from core.training import Training
from core.validation import between, one_of

Floats = NDArray[np.float32]

DATA = ("heartbeats", "shuttle")
N_TEST = 1000  # held-out rows of the shuttle that the picture shows
MAX_RECORDS = 200
# How far a restored value can be told, in the unit of the data: the picture shows no more.
REACH = {"heartbeats": 3.0, "shuttle": 6.0}


@dataclass(frozen=True)
class Config:
    """All that a run of the autoencoder depends on; the threshold changes nothing in it."""

    data: str = "heartbeats"  # or "shuttle"
    simulated: int = 0  # of the watched beats, anomalies made of normal ones
    window: str = "interval"  # heartbeats are cut by the heart's own pace, or in "seconds"
    n_examples: int = 2000  # rows of the shuttle to train on; heartbeats are all used
    contamination: int = 0  # per cent of those rows that are anomalies
    left_out: int = 0  # per cent of each minibatch, the worst restored, not learned from
    n_latent: int = 4
    hidden: int = 32
    activation: str = "tanh"
    learning_rate: float = 0.003
    batch_size: int = 32
    n_epochs: int = 40
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        one_of("window", self.window, heartbeats.WINDOWS)
        one_of("activation", self.activation, ("tanh", "relu"))
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)

    @property
    def n_train(self) -> int:
        """How many examples are trained on."""
        return len(examples(self).x_train)

    @property
    def n_updates(self) -> int:
        """How many optimisation steps the whole run takes."""
        return self.n_epochs * -(-self.n_train // self.batch_size)

    @property
    def updates_per_record(self) -> int:
        """Four updates, or more where a run would have too many records."""
        return max(4, -(-self.n_updates // MAX_RECORDS))


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("n_examples", 500, 5000),
    ("simulated", 0, heartbeats.MAX_SIMULATED),
    ("contamination", 0, 20),
    ("left_out", 0, 50),
    ("n_latent", 1, 64),
    ("hidden", 4, 256),
    ("learning_rate", 1e-5, 10),
    ("batch_size", 8, 256),
    ("n_epochs", 1, 200),
    ("seed", 0, 9999),
)


class Examples(NamedTuple):
    """What is trained on (N, D), and what is watched (M, D) with its hidden labels (M,)."""

    x_train: Floats
    x_shown: Floats
    is_anomaly: NDArray[np.bool_]


def examples(config: Config) -> Examples:
    """The examples that `config` asks for."""
    if config.data == "heartbeats":
        return _beats(config.window, config.simulated)
    return _rows(config.n_examples, config.contamination, config.seed)


@remembered
def _beats(window: str, simulated: int) -> Examples:
    watched = heartbeats.watched(window, simulated)
    return Examples(heartbeats.unlabelled_beats(window).shapes, watched.shapes, watched.is_anomaly)


@remembered
def _rows(n_examples: int, contamination: int, seed: int) -> Examples:
    """Rows to train on, with that share of anomalies, and held-out rows as they come.

    Every sensor is centred and scaled by the rows that are trained on.
    """
    readings = shuttle()
    order = np.random.default_rng(seed).permutation(len(readings.rows))
    test, pool = order[:N_TEST], order[N_TEST:]
    n_anomalies = round(n_examples * contamination / 100)
    anomalous = pool[readings.is_anomalous[pool]][:n_anomalies]
    normal = pool[~readings.is_anomalous[pool]][: n_examples - n_anomalies]
    known = readings.rows[np.concatenate([normal, anomalous])].astype(np.float32)
    centre, scale = known.mean(axis=0), known.std(axis=0) + 1e-6
    found = Examples(
        (known - centre) / scale,
        (readings.rows[test].astype(np.float32) - centre) / scale,
        readings.is_anomalous[test],
    )
    for array in found:
        array.setflags(write=False)
    return found


class Autoencoder(nn.Module):
    """An encoder that squeezes an example into few numbers and a decoder that restores it."""

    def __init__(self, n_inputs: int, hidden: int, n_latent: int, activation: str) -> None:
        super().__init__()
        self.encoder = MLP((n_inputs, hidden, n_latent), activation)
        self.decoder = MLP((n_latent, hidden, n_inputs), activation)

    def forward(self, x: Tensor) -> Tensor:  # (B, D) -> (B, D)
        """What is restored of every example."""
        restored: Tensor = self.decoder(self.encoder(x))
        return restored


def training(config: Config) -> Training:
    """The autoencoder of `config`, trained on examples whose labels nobody looks at."""
    chosen = examples(config)
    x, shown = torch.tensor(chosen.x_train), torch.tensor(chosen.x_shown)
    model = Autoencoder(x.shape[1], config.hidden, config.n_latent, config.activation)
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)

    def update(minibatch: Tensor) -> None:
        value = objective(model, minibatch, config.left_out)
        optimizer.step(torch.autograd.grad(value, parameters))

    return Training(
        model=model,
        examples=(x,),
        batch_size=config.batch_size,
        update=update,
        measure=lambda: measured(config, model, x, shown, chosen.is_anomaly),
        n_records=-(-config.n_updates // config.updates_per_record) + 1,
        records_per_chunk=_records_per_chunk(config, sum(p.numel() for p in parameters)),
        updates_per_record=config.updates_per_record,
        optimizer=optimizer,
    )


def objective(model: Autoencoder, x: Tensor, left_out: int) -> Tensor:
    """What an update lessens: the mean squared error of the minibatch's better part."""
    squares = (model(x) - x).square().mean(dim=1)
    if left_out:
        n_kept = max(1, round(len(squares) * (1 - left_out / 100)))
        squares = squares.topk(n_kept, largest=False).values
    value: Tensor = squares.mean()
    return value


def _records_per_chunk(config: Config, n_parameters: int) -> int:
    """About 50 ms a chunk, so that sessions take fair turns; the same for every one."""
    n_rows = 3 * config.updates_per_record * config.batch_size + config.n_train + N_TEST
    seconds = 3.5e-4 * config.updates_per_record + 1e-3 + n_rows * n_parameters * 1.2e-10
    return int(np.clip(0.05 / seconds, 1, 16))


@torch.no_grad()
def measured(
    config: Config, model: Autoencoder, x: Tensor, shown: Tensor, is_anomaly: NDArray[np.bool_]
) -> dict[str, Any]:
    """How well every example is restored: one record.

    An error is the root mean square over the points of a beat, or over the sensors.
    """
    squares = (model(x) - x).square().mean(dim=1)
    restored = model(shown)
    errors = (restored - shown).square().mean(dim=1).sqrt().numpy()
    normal, anomalous = errors[~is_anomaly], errors[is_anomaly]
    return {
        "loss": np.float32(squares.mean()),
        "errors": errors,
        "train_errors": squares.sqrt().clamp(max=6e4).numpy().astype(np.float16),
        "restored": quantised(restored.numpy(), config.data),
        "auc": np.float32(auc(errors, is_anomaly)),
        "normal_error": np.float32(np.median(normal)),
        "high_error": np.float32(np.quantile(normal, 0.95)),
        "anomaly_error": np.float32(np.median(anomalous)),
    }


def quantised(restored: Floats, data: str) -> NDArray[Any]:
    """Restored values as whole numbers for the picture: 16 bits of beats, 8 of readings."""
    dtype = np.int16 if data == "heartbeats" else np.int8
    most = np.iinfo(dtype).max
    scaled = np.nan_to_num(restored) / REACH[data] * most
    return np.asarray(np.round(np.clip(scaled, -most, most)), dtype=dtype)


def auc(errors: NDArray[np.floating[Any]], is_anomaly: NDArray[np.bool_]) -> float:
    """The share of pairs, an anomaly and a normal one, in which the anomaly errs more.

    That is the area under the curve of hits over false alarms; ties count half.
    """
    ordered = np.sort(errors[~is_anomaly])
    below = np.searchsorted(ordered, errors[is_anomaly], "left")
    upto = np.searchsorted(ordered, errors[is_anomaly], "right")
    return float((below + upto).mean() / 2 / len(ordered))


def names(config: Config) -> tuple[str, ...]:
    """What every number of an example is called."""
    if config.data == "shuttle":
        return SENSORS
    unit = "intervals" if config.window == "interval" else "s"
    places = heartbeats.excerpt_beats(config.window).places
    return tuple(f"{place:+.2f} {unit}" for place in places)
