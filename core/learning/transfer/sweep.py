"""Accuracy against the number of labels, over several seeds: whole runs, one a record."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from core import runs
from core.learning.transfer import model
from core.learning.transfer.pixels import by_pixels
from core.learning.transfer.source import N_CLASSES, RECORDED
from core.runs import Run
from core.training import Training

Floats = NDArray[np.float32]
LABELS = (1, 2, 5, 10, 20, 50, 100)
N_SEEDS = 5
N_STEPS = 400  # of every run: with 100 labels a picture is seen twenty times
FILE = RECORDED / "transfer_labels.npz"


@dataclass(frozen=True)
class SweepConfig:
    """The settings that all runs share; number of labels and seed are those of each run."""

    shared: model.Config = field(default_factory=model.Config)
    n_seeds: int = N_SEEDS
    seed: int = 0

    @property
    def runs(self) -> list[model.Config]:
        """All runs, one seed after the other."""
        return [
            replace(self.shared, n_labels=n_labels, seed=seed, n_steps=N_STEPS)
            for seed in range(self.n_seeds)
            for n_labels in LABELS
        ]


def sweep_training(config: SweepConfig) -> Training:
    """Record after record holds what the next of the runs has reached in the end."""
    runs = config.runs

    def measure() -> dict[str, Any]:
        if begun.record == 0:
            reached, known = np.full(len(model.LEARNERS), 1 / N_CLASSES, np.float32), 1 / N_CLASSES
        else:
            config = runs[begun.record - 1]
            reached, known = accuracies(config), by_pixels(config)
        return {
            "accuracy": reached,
            "pixels": np.float32(known),
            "loss": np.float32(1 - reached.mean()),
        }

    begun = Training(
        model=nn.Module(),
        examples=(torch.arange(1),),
        batch_size=1,
        update=lambda _: None,
        measure=measure,
        n_records=1 + len(runs),
        updates_per_record=1,
        records_per_chunk=1,
    )
    return begun


def accuracies(config: model.Config) -> Floats:
    """What the three learners (3,) reach at the end of a run on the new digits."""
    begun = runs.begin(model.training, config)
    for _ in range(config.n_records - 1):
        begun.advance()
    return np.asarray(begun.measure()["accuracy"])


def sweep_run(config: model.Config, n_seeds: int = N_SEEDS) -> Run:
    """The runs over all numbers of labels with the settings of `config`."""
    shared = replace(config, n_labels=model.Config.n_labels, seed=0)
    return Run(sweep_training, SweepConfig(shared, n_seeds), FILE)


def by_labels(records: Any) -> Floats:
    """Final accuracies (seed, number of labels, learner) of a finished sweep."""
    found = np.asarray(records["accuracy"][1:], np.float32)
    return found.reshape(-1, len(LABELS), len(model.LEARNERS))


def by_pixels_and_labels(records: Any) -> Floats:
    """What a support vector machine on pixels reaches (seed, number of labels)."""
    return np.asarray(records["pixels"][1:], np.float32).reshape(-1, len(LABELS))
