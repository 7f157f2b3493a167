"""A model in training: what a topic sets up and the engine runs, step by step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor, nn


class Config(Protocol):
    """What a run depends on, all of it: a frozen dataclass of a topic."""

    @property
    def seed(self) -> int: ...

    def __hash__(self) -> int: ...


class Optimizer(Protocol):
    """What the engine needs of an optimiser: a state that can be kept and restored."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> None: ...


@dataclass
class Training:
    """A model in training, as a topic sets it up and the engine runs it.

    `examples` are tensors with the same first axis N; every epoch shuffles their rows and
    cuts them into minibatches, each handed to `update(*minibatch)`. `measure` returns one
    record: float or array per name, the float "loss" among them. Record 0 is untrained.
    `before(record)` is called before the updates that lead from that record to the next:
    it sets what has changed by then and returns the examples in force, or None.
    """

    model: nn.Module
    examples: tuple[Tensor, ...]
    batch_size: int
    update: Callable[..., None]
    measure: Callable[[], Mapping[str, Any]]
    n_records: int
    records_per_chunk: int
    updates_per_record: int | None = None  # None: one epoch
    optimizer: Optimizer | None = None
    before: Callable[[int], tuple[Tensor, ...] | None] | None = None
    record: int = 0
    order: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))
    position: int = 0

    def advance(self) -> None:
        """Train from this record to the next."""
        changed = self.before(self.record) if self.before else None
        self.examples = changed or self.examples
        n_examples = len(self.examples[0])
        if len(self.order) != n_examples:
            self.order, self.position = torch.empty(n_examples, dtype=torch.long), n_examples
        for minibatch in self.minibatches(
            self.updates_per_record or -(-n_examples // self.batch_size)
        ):
            self.update(*minibatch)
        self.record += 1

    def minibatches(self, n_updates: int) -> Iterator[tuple[Tensor, ...]]:
        """The next minibatches, an epoch's rows in a new order when one is used up."""
        n_examples = len(self.examples[0])
        while n_updates > 0:
            if self.position >= n_examples:
                self.order, self.position = torch.randperm(n_examples), 0
            rows = self.order[self.position : self.position + n_updates * self.batch_size]
            # Gathering the rows once and splitting them is cheaper than once a minibatch.
            columns = [example[rows].split(self.batch_size) for example in self.examples]
            for minibatch in zip(*columns, strict=True):
                self.position += len(minibatch[0])
                yield minibatch
            n_updates -= len(columns[0])


def gradient_update(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Callable[..., Tensor]
) -> Callable[..., None]:
    """One optimisation step on a minibatch: forward, loss, backward, update."""

    def update(*minibatch: Tensor) -> None:
        model.train()
        optimizer.zero_grad()
        loss(*minibatch).backward()
        optimizer.step()

    return update
