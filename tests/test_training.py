"""The engine on a model whose every step is known in closed form."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core import recordings, runs, training
from core.runs import Run
from core.training import Training


@dataclass(frozen=True)
class Config:
    """A single weight w that follows the gradient of w²/2 from w = 1."""

    learning_rate: float = 0.1
    seed: int = 0
    n_records: int = 11


def shrinking(config: Config) -> Training:
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=config.learning_rate)
    return Training(
        model=model,
        examples=(torch.zeros(1, 1),),
        batch_size=1,
        update=training.gradient_update(
            model, optimizer, lambda _: model.weight.square().sum() / 2
        ),
        measure=lambda: {
            "loss": model.weight.detach().square().sum() / 2,
            "weight": model.weight.item(),
        },
        n_records=config.n_records,
        records_per_chunk=3,
        optimizer=optimizer,
    )


def one_record_a_chunk(config: Config) -> Training:
    return dataclasses.replace(shrinking(config), records_per_chunk=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    runs.forget()


def test_a_run_follows_the_closed_form() -> None:
    weights = Run(shrinking, Config()).until(10)["weight"]
    assert np.allclose(weights, 0.9 ** np.arange(11))


def test_one_record_is_the_same_however_it_is_asked_for() -> None:
    run = Run(shrinking, Config())
    assert run.at(7)["weight"] == run.until(10)["weight"][7]
    assert run.at(99)["weight"] == run.at(10)["weight"]


def test_the_last_chunk_says_that_the_run_is_finished() -> None:
    run = Run(shrinking, Config())
    assert [chunk.end for chunk in run.chunks()] == ["", "", "", "finished"]
    assert (run.ending(9), run.ending(10)) == ("", "finished")


def test_divergence_ends_the_run_at_the_last_finite_record() -> None:
    run = Run(shrinking, Config(learning_rate=1e12, n_records=60))
    chunks = list(run.chunks())
    assert chunks[-1].end == "diverged"
    assert np.isfinite(run.until(59)["loss"]).all()
    assert run.chunk(run.n_chunks - 1) is chunks[-1]
    assert run.at(59)["weight"] == run.until(59)["weight"][-1]


def test_divergence_right_behind_a_chunk_is_known_once_the_next_was_asked_for() -> None:
    run = Run(one_record_a_chunk, Config(learning_rate=1e12))
    assert run.ending(1) == ""
    assert len(run.until(10)["loss"]) == 2
    assert run.ending(1) == "diverged"


def test_a_resumed_training_stands_at_the_record_asked_for() -> None:
    weight = Run(shrinking, Config()).resumed(7, lambda t: float(t.model.weight.detach()))
    assert weight == pytest.approx(0.9**7)


def test_a_chunk_out_of_range_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="chunk must be between 0 and 3, got 4"):
        Run(shrinking, Config()).chunk(4)


def test_a_recording_serves_its_own_configuration_only(tmp_path: Path) -> None:
    path = tmp_path / "shrinking.npz"
    records = Run(shrinking, Config()).until(10)
    recordings.write(path, Config(), records)
    recorded = Run(shrinking, Config(), path)
    assert recorded.recording is not None
    assert np.array_equal(recorded.until(10)["weight"], records["weight"])
    assert Run(shrinking, dataclasses.replace(Config(), seed=1), path).recording is None
