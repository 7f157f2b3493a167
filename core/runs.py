"""How every model is trained: a run is its chunks, each resumed from the one before.

A topic says in `training(config)` what is trained and what is measured; the engine here
alone runs it. The records of chunk k depend on nothing but the topic, the configuration
and k, so scrubbing, sharing a link and thirty learners with one setting cost one run.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from core import chunks, recordings
from core.chunks import Checkpoint, Chunk
from core.recordings import Records
from core.slot import AHEAD, FIRST, WAITED_FOR, Slot
from core.store import STORE, Key
from core.training import Config, Training

Result = TypeVar("Result")

# Streamlit's sessions are threads that share PyTorch's generator and two cores: one
# chunk computes at a time, with the generator state of its own run.
_slot = Slot()

_CHUNK = "chunk"  # the kind under which they are kept


class Run:
    """One training of one configuration, computed chunk by chunk as it is asked for."""

    def __init__(
        self, training: Callable[[Any], Training], config: Config, recording: Path | None = None
    ) -> None:
        """`recording` is a file that may already hold the run of this configuration."""
        self.training = training
        self.config = config
        self.recording = recordings.read(recording, config) if recording else None
        self.id = _digest(training, config)
        self.n_records, self.records_per_chunk = _plan(training, config)

    @property
    def as_key(self) -> tuple[str, bool]:
        """What stands for the run where something about it is remembered."""
        return self.id, bool(self.recording)

    @property
    def n_chunks(self) -> int:
        """How many chunks the whole run has, unless it diverges."""
        return -(-self.n_records // self.records_per_chunk)

    def chunk(self, k: int, ahead: bool = False) -> Chunk:
        """Chunk `k`, or the one in which the run diverged before it.

        `ahead`: nobody waits for it yet, so that others may go first.
        """
        if not 0 <= k < self.n_chunks:
            raise ValueError(f"chunk must be between 0 and {self.n_chunks - 1}, got {k}")
        if self.recording:
            return self._recorded(self.recording, k)
        return self._live(k, AHEAD if ahead else WAITED_FOR)

    def chunks(self) -> Iterator[Chunk]:
        """All chunks in order, up to the end of the run or its divergence."""
        for k in range(self.n_chunks):
            chunk = self.chunk(k)
            yield chunk
            if chunk.end == "diverged":
                return

    def until(self, record: int) -> Records:
        """Records 0 … `record`, or up to where the run ended, stacked as (S, …)."""
        parts = []
        for chunk in self.chunks():
            parts.append(chunk.records)
            if chunk.stop > record:
                break
        joined = {name: np.concatenate([p[name] for p in parts])[: record + 1] for name in parts[0]}
        for array in joined.values():
            array.setflags(write=False)
        return joined

    def at(self, record: int) -> Records:
        """The arrays of one record, or of the last one before the run diverged."""
        record = min(max(record, 0), self.n_records - 1)
        chunk = self.chunk(record // self.records_per_chunk)
        if not len(chunk.records["loss"]):
            return self.at(chunk.first - 1)
        row = min(record, chunk.stop - 1) - chunk.first
        return {name: array[row] for name, array in chunk.records.items()}

    def ending(self, record: int) -> str:
        """How the run ends at `record`: "finished", "diverged", or "" if it goes on."""
        k = min(record, self.n_records - 1) // self.records_per_chunk
        chunk = self.chunk(k)
        if record < chunk.stop - 1:
            return ""
        # Whoever stands at a chunk's end has asked for the next, which may hold no record.
        after = None if chunk.end or self.recording else STORE.get(self._key(k + 1))
        return after.end if after and not len(after.records["loss"]) else chunk.end

    def resumed(self, record: int, use: Callable[[Training], Result]) -> Result:
        """What `use` makes of the training as it stood at `record`, about to go on."""
        k = record // self.records_per_chunk
        checkpoint = self._live(k - 1).checkpoint if k else None
        with _reserved():
            training = begin(self.training, self.config, checkpoint)
            while training.record < record:
                training.advance()
            return use(training)

    def _key(self, k: int) -> Key:
        """A branch shares every chunk that ends before it leaves the run it left."""
        until = getattr(self.config, "until", None)
        last = (k + 1) * self.records_per_chunk - 1
        return _CHUNK, _digest(self.training, until(last)) if until else self.id, k

    def _recorded(self, recording: Records, k: int) -> Chunk:
        first = k * self.records_per_chunk
        rows = slice(first, first + self.records_per_chunk)
        end = "finished" if k == self.n_chunks - 1 else ""
        return Chunk(first, {name: array[rows] for name, array in recording.items()}, end)

    def _live(self, k: int, patience: float = WAITED_FOR) -> Chunk:
        """Chunk `k`, trained on from the nearest chunk before it that is still kept."""
        start = next((j for j in range(k, 0, -1) if self._key(j) in STORE), 0)
        chunk: Chunk | None = STORE.get(self._key(start))
        if chunk is None:
            start, chunk = 0, self._train(0, None, FIRST)
        for j in range(start + 1, k + 1):
            if chunk.end == "diverged":
                break
            chunk = self._train(j, chunk.checkpoint, patience)
        return chunk

    def _train(self, k: int, checkpoint: Checkpoint | None, patience: float) -> Chunk:
        """Chunk `k` from the store or, in the slot, from the checkpoint before it."""
        kept: Chunk | None = STORE.get(self._key(k))
        if kept is None:
            with _reserved(patience):
                kept = STORE.get(self._key(k))  # another session may have come first
                if kept is None:
                    begun = begin(self.training, self.config, checkpoint)
                    kept = chunks.made(begun, k * self.records_per_chunk)
                    STORE.put(self._key(k), kept)
        return kept


@contextmanager
def _reserved(patience: float = WAITED_FOR) -> Iterator[None]:
    """Hold the slot; the generator that the process shares is given back as it was."""
    with _slot.held(patience), STORE.waiting_for_nobody():
        outside = torch.get_rng_state()
        try:
            yield
        finally:
            torch.set_rng_state(outside)


def forget() -> None:
    """Let all chunks go, so that every run is trained anew."""
    STORE.clear(_CHUNK)


def _digest(training: Callable[[Any], Training], config: Config) -> str:
    name = f"{training.__module__}.{training.__qualname__} {config!r}"
    return hashlib.sha256(name.encode()).hexdigest()[:16]


@lru_cache(maxsize=512)
def _plan(training: Callable[[Any], Training], config: Config) -> tuple[int, int]:
    """How many records a run has, and how many of them a chunk holds."""
    with _reserved(FIRST):
        fresh = begin(training, config)
    return fresh.n_records, fresh.records_per_chunk


def begin(
    training: Callable[[Any], Training], config: Config, checkpoint: Checkpoint | None = None
) -> Training:
    """Set a training up from its seed and, given a checkpoint, take it there.

    Only for what already runs in the slot: it moves the generator that all runs share.
    """
    # Not `torch.manual_seed`, which looks for accelerators each time: 150 µs.
    torch.default_generator.manual_seed(config.seed)
    begun = training(config)
    if checkpoint:
        chunks.restore(begun, checkpoint)
    return begun
