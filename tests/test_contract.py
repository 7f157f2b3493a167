"""What every topic promises: a new one is tested here without a new line."""

import dataclasses
import pickle
import threading
from types import ModuleType

import numpy as np
import pytest
import torch

from core import runs
from core.recordings import Records
from core.runs import Run
from core.training import Training


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Every test trains for itself."""
    runs.forget()


def records(topic: ModuleType, n_chunks: int = 2, **settings: object) -> Records:
    run = Run(topic.training, dataclasses.replace(topic.Config(), **settings))
    last = min(n_chunks * run.records_per_chunk, run.n_records) - 1
    return run.until(last)


def same(a: Records, b: Records) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[n], b[n], equal_nan=True) for n in a)


def test_a_configuration_is_frozen_and_hashable(topic: ModuleType) -> None:
    config = topic.Config()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 1
    assert hash(config) == hash(topic.Config())


def test_chunks_equal_one_long_run_bit_for_bit(topic: ModuleType) -> None:
    config = topic.Config()
    chunked = records(topic)

    def in_one_go(setup: object) -> Training:
        long = topic.training(setup)
        long.records_per_chunk = len(chunked["loss"])
        return long

    assert same(Run(in_one_go, config).until(len(chunked["loss"]) - 1), chunked)


def test_an_evicted_chunk_comes_back_bit_for_bit(topic: ModuleType) -> None:
    run = Run(topic.training, topic.Config())
    last = min(1, run.n_chunks - 1)
    first = run.chunk(last).records
    runs.forget()
    assert same(run.chunk(last).records, first)


def test_the_seed_matters_and_nothing_else_does(topic: ModuleType) -> None:
    first = records(topic, 1)
    runs.forget()
    assert same(first, records(topic, 1))
    assert not same(first, records(topic, 1, seed=topic.Config().seed + 1))


def test_the_global_generator_is_left_untouched(topic: ModuleType) -> None:
    torch.manual_seed(42)
    before = torch.get_rng_state()
    records(topic, 1)
    assert torch.equal(before, torch.get_rng_state())


def test_two_sessions_at_once_equal_two_alone(topic: ModuleType) -> None:
    alone = [records(topic, seed=seed) for seed in (0, 1)]
    runs.forget()
    together: dict[int, Records] = {}
    threads = [
        threading.Thread(target=lambda s=seed: together.update({s: records(topic, seed=s)}))
        for seed in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(alone[seed], together[seed]) for seed in (0, 1))


def test_it_learns_and_stays_finite(topic: ModuleType) -> None:
    run = Run(topic.training, topic.Config(), getattr(topic, "RECORDING", None))
    # A recorded run is at hand whole; a live one shows in a few chunks whether it falls.
    found = run.until(run.n_records - 1 if run.recording else 12 * run.records_per_chunk)
    assert np.isfinite(found["loss"]).all()
    assert found["loss"][-1] < 0.8 * found["loss"][0]


def test_records_are_plain_read_only_arrays(topic: ModuleType) -> None:
    for array in records(topic, 1).values():
        assert array.dtype != object
        assert not array.flags.writeable


def test_a_configuration_survives_pickling(topic: ModuleType) -> None:
    config = topic.Config()
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301
