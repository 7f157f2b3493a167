"""What can be read off the autoencoder at one record: alarms, filters, a beat of your own."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import downloads
from core.learning.anomaly_detection import heartbeats
from core.learning.anomaly_detection.model import Autoencoder, Config, Floats, auc, examples, names
from core.recordings import Records
from core.runs import Run
from core.store import remembered
from core.training import Training

# Errors grow by factors: 20 thresholds to a power of ten.
THRESHOLDS = {
    "heartbeats": tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-40, 11)),
    "shuttle": tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-40, 31)),
}
UNITS = {"heartbeats": "R-peak heights", "shuttle": "standard deviations"}


def autoencoder(run: Run, record: int) -> Autoencoder:
    """The autoencoder as it stood at a record; nobody changes it."""
    assert isinstance(run.config, Config)
    return _kept(run.training, run.config, min(record, run.n_records - 1))


@remembered
def _kept(training: Any, config: Config, record: int) -> Autoencoder:
    return Run(training, config).resumed(record, _model)


def _model(training: Training) -> Autoencoder:
    assert isinstance(training.model, Autoencoder)
    return training.model


class Verdict(NamedTuple):
    """What a threshold makes of errors: alarms, right and false ones, and misses."""

    n_alarms: int
    n_hits: int
    n_missed: int

    @property
    def n_false(self) -> int:
        """Alarms for normal examples."""
        return self.n_alarms - self.n_hits

    @property
    def precision(self) -> float:
        """The share of alarms that are right; no number without alarms."""
        return self.n_hits / self.n_alarms if self.n_alarms else float("nan")

    @property
    def recall(self) -> float:
        """The share of anomalies that raise an alarm."""
        return self.n_hits / (self.n_hits + self.n_missed)


def verdict(errors: Floats, is_anomaly: NDArray[np.bool_], threshold: float) -> Verdict:
    """What one threshold makes of the errors (M,)."""
    alarms = errors > threshold
    n_hits = int((alarms & is_anomaly).sum())
    return Verdict(int(alarms.sum()), n_hits, int(is_anomaly.sum()) - n_hits)


def sweep(config: Config, errors: Floats) -> dict[str, NDArray[np.float64]]:
    """Precision, recall and the share of alarms at every threshold the slider has."""
    labels = examples(config).is_anomaly
    found = [verdict(errors, labels, threshold) for threshold in THRESHOLDS[config.data]]
    return {
        "precision": np.array([each.precision for each in found]),
        "recall": np.array([each.recall for each in found]),
        "share of alarms": np.array([each.n_alarms for each in found]) / len(errors),
    }


def forest(config: Config) -> float:
    """The AUC of scikit-learn's IsolationForest on the same rows (Liu et al., 2008)."""
    of_data = ("data", "n_examples", "contamination", "seed")
    return _forest(Config(**{name: getattr(config, name) for name in of_data}))


@remembered
def _forest(config: Config) -> float:
    from sklearn.ensemble import IsolationForest

    chosen = examples(config)
    fitted = IsolationForest(random_state=config.seed).fit(chosen.x_train)
    return auc(-fitted.score_samples(chosen.x_shown), chosen.is_anomaly)


class FirstLayer(NamedTuple):
    """The units of the first layer that training has moved most, the most moved first."""

    weight: Floats  # (H, D)
    bias: Floats  # (H,)
    change: Floats  # (H, D), since the untrained network


@remembered
def first_layer(run: Run, record: int, n_shown: int) -> FirstLayer:
    """What at most `n_shown` units of the first layer weigh, and what training did to them.

    The untrained weights are noise, and much of it stays: what was learned is the change.
    """
    weight, bias = (part.detach().numpy() for part in autoencoder(run, record).encoder.affine[0])
    change = weight - autoencoder(run, 0).encoder.affine[0][0].detach().numpy()
    most = np.argsort(-np.linalg.norm(change, axis=1), kind="stable")[:n_shown]
    return FirstLayer(weight[most], bias[most], change[most])


@remembered
def meanings(config: Config, run: Run, record: int, n_shown: int) -> Floats:
    """What the decoder adds where one latent number is a spread above its mean (L, D)."""
    model = autoencoder(run, record)
    z = model.encoder(torch.tensor(examples(config).x_train)).detach()
    steps = torch.diag(z.std(dim=0))[:n_shown]
    usual = z.mean(dim=0, keepdim=True)
    return np.asarray((model.decoder(usual + steps) - model.decoder(usual)).detach().numpy())


@remembered
def latent(config: Config, run: Run, record: int) -> Floats:
    """The latent numbers of all that is watched (M, L)."""
    x = torch.tensor(examples(config).x_shown)
    return np.asarray(autoencoder(run, record).encoder(x).detach().numpy())


@dataclass(frozen=True)
class Answer:
    """What the autoencoder makes of one beat that it was not trained on."""

    restored: Floats  # (N_POINTS,)
    error: float
    share_below: float  # of the training beats, with a smaller error
    n_above: int  # of the excerpt's beats, with a larger error


@remembered
def answered(run: Run, record: int, shape: Floats) -> Answer:
    """Restore a beat with the model of a record and place its error among the others."""
    known = run.at(record)
    restored = autoencoder(run, record)(torch.from_numpy(shape[None].astype(np.float32)))
    curve = restored.detach().numpy()[0]
    error = float(np.sqrt(np.mean((curve - shape) ** 2)))
    share = float((known["train_errors"] < error).mean())
    return Answer(curve, error, share, int((known["errors"] > error).sum()))


def table(config: Config, errors: Floats, threshold: float) -> pd.DataFrame:
    """Everything watched with its error, the alarm and the hidden label, worst first."""
    chosen = examples(config)
    frame = pd.DataFrame(
        {"error": errors, "alarm": errors > threshold, "anomalous": chosen.is_anomaly}
    )
    if config.data == "heartbeats":
        frame.insert(0, "second", heartbeats.excerpt_beats(config.window).seconds.round(2))
        if config.simulated:
            of_beats = heartbeats.watched(config.window, config.simulated)
            frame["simulated"] = of_beats.is_simulated
    else:
        for place, name in enumerate(names(config)):
            frame[name] = chosen.x_shown[:, place]
    frame.index.name = "beat" if config.data == "heartbeats" else "row"
    return frame.sort_values("error", ascending=False)


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    curves = {name: values for name, values in records.items() if values.ndim == 1}
    updates = np.arange(len(records["loss"])) * config.updates_per_record
    return pd.DataFrame({"update": updates, **curves})


def weights_file(run: Run, record: int) -> bytes:
    """The parameters as safetensors, named as in the script to take home."""
    model = autoencoder(run, record)
    parts = {"encoder.": model.encoder, "decoder.": model.decoder}
    named = [downloads.stacked(network.affine, part) for part, network in parts.items()]
    return downloads.tensors(named[0] | named[1])
