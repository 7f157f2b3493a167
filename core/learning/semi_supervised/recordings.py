"""What is recorded of the digits: the run, its weights at the end, answers of five seeds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core import recordings
from core.data.digits import mnist
from core.learning.semi_supervised import model as topic
from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.model import RECORDING, Config, Methods
from core.recordings import Recorded
from core.store import remembered
from core.training import Training

WEIGHTS: Path = RECORDING.with_name("semi_supervised_weights.npz")
ANSWERS = tuple(RECORDING.with_name(f"semi_supervised_seed_{seed}.npz") for seed in range(5))
DIGITS: dict[str, Any] = {
    "data": "digits",
    "n_labels": 50,
    "threshold": 90.0,
    "ramp_up": 40,
    "ema": 0.95,
    "augmentation": 0.4,
    "n_hidden": 64,
    "learning_rate": 0.003,
    "n_epochs": 25,
}


def digits(seed: int = 0) -> Config:
    """The configuration that is recorded: 50 labels."""
    return Config(**DIGITS, seed=seed)


def weights_training(config: Config) -> Training:
    """The same training with one record after its beginning: all weights at its end."""

    def measure(model: Methods) -> dict[str, Any]:
        flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
        # The beginning needs no recording: the seed makes it again.
        at_end = float(model.step > 0)
        return {
            "parameters": (at_end * flat).astype(np.float16),
            "beliefs": (at_end * model.beliefs.numpy()).astype(np.float16),
            "loss": np.float32(0),
        }

    return _to_its_end(config, measure)


def answers_training(config: Config) -> Training:
    """The same training with one record after its beginning: all answers to test examples."""

    def measure(model: Methods) -> dict[str, Any]:
        answers = topic.test_beliefs(model, examples(config.kind)).argmax(-1)
        return {"answers": answers.numpy().astype(np.uint8), "loss": np.float32(0)}

    return _to_its_end(config, measure)


def _to_its_end(config: Config, measure: Callable[[Methods], dict[str, Any]]) -> Training:
    fine = topic.training(config)
    model, n_passed, propagate = fine.model, fine.n_records - 1, fine.before
    assert isinstance(model, Methods)

    def before(record: int) -> None:
        for _ in range(n_passed):
            if propagate:
                propagate(record)

    fine.measure, fine.n_records, fine.records_per_chunk = lambda: measure(model), 2, 1
    fine.updates_per_record, fine.before = (fine.updates_per_record or 1) * n_passed, before
    return fine


@remembered
def seeds() -> NDArray[np.float64]:
    """Test accuracy of every method in per cent, one row a recorded seed (5, 4)."""
    found = []
    for seed, path in enumerate(ANSWERS):
        records = recordings.read(path, digits(seed))
        assert records is not None
        found.append(100 * (records["answers"][1] == mnist().y_test).mean(axis=1))
    return np.array(found)


RECORDINGS = (
    Recorded(digits, topic.training, RECORDING),
    Recorded(digits, weights_training, WEIGHTS),
    *(Recorded(partial(digits, s), answers_training, path) for s, path in enumerate(ANSWERS)),
)
