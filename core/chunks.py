"""A piece of a run: its records, and all that is needed to go on after them."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.recordings import Records
from core.training import Training


@dataclass(frozen=True)
class Checkpoint:
    """All that a training needs to go on from a record as if it had never paused."""

    record: int
    model: dict[str, Tensor]
    optimizer: dict[str, Any]
    order: Tensor
    position: int
    generator: Tensor


@dataclass(frozen=True)
class Chunk:
    """Records `first` to `first + S - 1` of a run, each array stacked as (S, …)."""

    first: int
    records: Records
    end: str  # "" goes on · "finished" · "diverged": the next loss was not finite
    checkpoint: Checkpoint | None = None

    @property
    def stop(self) -> int:
        """The record after the last one held here."""
        return self.first + len(self.records["loss"])


def made(training: Training, first: int) -> Chunk:
    """Make the chunk that begins at `first`; stop where the loss is no longer finite."""
    rows, end = [], ""
    stop = min(first + training.records_per_chunk, training.n_records)
    for record in range(first, stop):
        while training.record < record:
            training.advance()
        rows.append({name: np.asarray(value) for name, value in training.measure().items()})
        if not np.isfinite(rows[-1]["loss"]).all():
            end = "diverged"
            break
    records = _stacked(rows, len(rows) - (end == "diverged"))
    return Chunk(
        first,
        records,
        end or ("finished" if stop == training.n_records else ""),
        None if end else paused(training),
    )


def restore(training: Training, checkpoint: Checkpoint) -> None:
    """Take a fresh training to where the checkpoint was taken, the generator included."""
    training.model.load_state_dict(checkpoint.model)
    if training.optimizer:
        training.optimizer.load_state_dict(copy.deepcopy(checkpoint.optimizer))
    training.record, training.position = checkpoint.record, checkpoint.position
    training.order = checkpoint.order
    torch.set_rng_state(checkpoint.generator)


def paused(training: Training) -> Checkpoint:
    """All that is needed to go on from here."""
    return Checkpoint(
        record=training.record,
        model={name: value.clone() for name, value in training.model.state_dict().items()},
        optimizer=copy.deepcopy(training.optimizer.state_dict()) if training.optimizer else {},
        order=training.order,
        position=training.position,
        generator=torch.get_rng_state(),
    )


def _stacked(rows: list[Records], n_records: int) -> Records:
    """The first `n_records` rows as one array a name; shared by sessions, so read-only."""
    stacked = {name: np.stack([row[name] for row in rows])[:n_records] for name in rows[0]}
    for array in stacked.values():
        array.setflags(write=False)
    return stacked
