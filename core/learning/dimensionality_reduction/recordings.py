"""What is recorded of the autoencoders: default runs, and their weights at a few records."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from core.learning.dimensionality_reduction import bottlenecks
from core.learning.dimensionality_reduction import model as topic
from core.learning.dimensionality_reduction.model import RECORDED, Config
from core.learning.dimensionality_reduction.variational_autoencoder import Bottleneck
from core.networks.dense import flat_parameters, load_flat_parameters
from core.recordings import Recorded
from core.runs import Run
from core.store import remembered
from core.training import Training

N_KEPT = 4  # times that weights are kept in a run, besides its beginning


def weights_training(config: Config) -> Training:
    """The same training with fewer records, each of all weights: noise and order agree."""
    fine = topic.training(config)
    model = fine.model

    def measure() -> dict[str, Any]:
        return {"parameters": flat_parameters(model).astype(np.float16), "loss": np.float32(0)}

    fine.measure, fine.n_records, fine.records_per_chunk = measure, N_KEPT + 1, 1
    fine.updates_per_record = config.updates_per_record * kept_every(config)
    return fine


def kept_every(config: Config) -> int:
    """Records of the run from one where weights are kept to the next."""
    return (config.n_records - 1) // N_KEPT


_PLAIN = partial(Config, model="autoencoder")
_WEIGHTS = {model: RECORDED / f"weights_{model}.npz" for model in topic.MODELS}
_RUNS = {"variational": topic.RECORDING, "autoencoder": RECORDED / "autoencoder.npz"}
RECORDINGS = (
    Recorded(Config, topic.training, _RUNS["variational"]),
    Recorded(_PLAIN, topic.training, _RUNS["autoencoder"]),
    Recorded(Config, weights_training, _WEIGHTS["variational"]),
    Recorded(_PLAIN, weights_training, _WEIGHTS["autoencoder"]),
    Recorded(Config, bottlenecks.training, bottlenecks.RECORDING),
)


def run_of(config: Config) -> Run:
    """The run of a configuration, from its recording where there is one."""
    return Run(topic.training, config, _RUNS[config.model])


def sweep_of(config: Config) -> Run:
    """The run of all bottleneck sizes with the other settings of `config`."""
    same = replace(config, model=Config.model, n_latent=Config.n_latent)
    return Run(bottlenecks.training, same, bottlenecks.RECORDING)


def kept(run: Run, record: int) -> int:
    """The record nearest to `record` whose weights are at hand: in a live run itself."""
    if not run.recording:
        return min(record, run.n_records - 1)
    every = kept_every(_config(run))
    return every * min(round(record / every), N_KEPT)


@remembered
def model_at(run: Run, record: int) -> Bottleneck:
    """The autoencoder as it stood at a record where `kept` has its weights."""
    if not run.recording:
        return run.resumed(record, _model)
    config = _config(run)
    weights = Run(weights_training, config, _WEIGHTS[config.model])
    model = run.resumed(0, _model)
    load_flat_parameters(
        model, weights.at(record // kept_every(config))["parameters"].astype(np.float32)
    )
    return model


def _model(training: Training) -> Bottleneck:
    assert isinstance(training.model, Bottleneck)
    return training.model


def _config(run: Run) -> Config:
    assert isinstance(run.config, Config)
    return run.config
