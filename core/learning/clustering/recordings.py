"""What is recorded of deep clustering: the default run, and its weights at three records."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.clustering import examples
from core.learning.clustering import model as topic
from core.learning.clustering.deep_clustering import DeepClustering
from core.learning.clustering.model import Config
from core.networks.dense import flat_parameters, load_flat_parameters
from core.recordings import Recorded, Records
from core.runs import Run
from core.store import remembered
from core.training import Training

WEIGHTS = topic.RECORDING.with_name("clustering_weights.npz")
BLOCK = 64  # weights that share a scale
STEPS = 31  # from none to the largest of a block: nothing that is drawn shows more


def weights_training(config: Config) -> Training:
    """The same training with few records, each of all weights: noise and order agree."""
    fine = topic.training(config)
    model = fine.model

    def measure() -> dict[str, Any]:
        # The first weights come from the seed: kept are those of later.
        values = flat_parameters(model) * bool(fine.record)
        return {**packed(values), "loss": np.float32(0)}

    fine.measure, fine.n_records, fine.records_per_chunk = measure, 3, 1
    fine.updates_per_record = config.n_updates // 2
    return fine


def packed(values: NDArray[np.float32]) -> dict[str, Any]:
    """Weights (P,) as whole numbers up to STEPS in blocks, each with its own scale."""
    blocks = np.pad(values, (0, -len(values) % BLOCK)).reshape(-1, BLOCK)
    scales = (np.abs(blocks).max(axis=1) / STEPS).clip(1e-12).astype(np.float32)
    return {"weights": (blocks / scales[:, None]).round().astype(np.int8), "scales": scales}


def unpacked(blocks: NDArray[np.int8], scales: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """The first `n` weights that `packed` was given, each right to half a step."""
    return (blocks * scales[:, None]).ravel()[:n]


def _spectral(config: Config, run: Run) -> Records:
    """The strong baseline, as a record has it: computing it takes longer than a page may."""
    pixels = (config.data, config.n_examples, config.seed, config.k)
    return {"spectral_nmi": np.full(run.n_records, examples.spectral_nmi(*pixels), np.float32)}


RECORDINGS = (
    Recorded(Config, topic.training, topic.RECORDING, _spectral),
    Recorded(Config, weights_training, WEIGHTS),
)


def run_of(config: Config) -> Run:
    """The run of a configuration, from its recording where there is one."""
    return Run(topic.training, config, topic.RECORDING)


def kept(run: Run, record: int) -> int:
    """The record nearest to `record` whose weights are at hand: in a live run itself."""
    last = run.n_records - 1
    if not run.recording:
        return min(record, last)
    # The first weights, those of the trained autoencoder, and the last.
    return min((0, last // 2, last), key=lambda at: abs(at - record))


@remembered
def model_at(run: Run, record: int) -> DeepClustering:
    """The network as it stood at a record where `kept` has its weights."""
    if not run.recording:
        return run.resumed(record, _model)
    model = run.resumed(0, _model)
    if record == 0:
        return model
    stored = Run(weights_training, run.config, WEIGHTS).at(2 * record // (run.n_records - 1))
    n_weights = sum(parameter.numel() for parameter in model.parameters())
    load_flat_parameters(model, unpacked(stored["weights"], stored["scales"], n_weights))
    return model


def _model(training: Training) -> DeepClustering:
    assert isinstance(training.model, DeepClustering)
    return training.model
