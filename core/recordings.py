"""Runs that take too long to wait for, shipped as files that a command makes again.

`python -m core.recordings` trains them all anew; `python -m core.recordings --check` says
how far a fresh training is from each file.
"""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Records = dict[str, Array]


def read(path: Path, config: Any) -> Records | None:
    """The recorded run in `path` if it is the run of `config`, else None."""
    described, records = _load(path)
    return records if described == _described(config) else None


def write(path: Path, config: Any, records: Records) -> None:
    """Write a run: its arrays, and its configuration as JSON."""
    arrays: dict[str, Any] = {**records, "config": np.array(_described(config))}
    np.savez_compressed(path, **arrays)


def _described(config: Any) -> str:
    return json.dumps(asdict(config), sort_keys=True)


@lru_cache(maxsize=16)
def _load(path: Path) -> tuple[str, Records]:
    with np.load(path, allow_pickle=False) as stored:
        records = {name: stored[name] for name in stored.files if name != "config"}
        described = str(stored["config"])
    for array in records.values():
        array.setflags(write=False)
    return described, records


def _all() -> list[tuple[Any, Path]]:
    """Every topic that ships a recording, with its file."""
    import core.foundations.activation_functions as activation_functions
    import core.foundations.layers as layers
    import core.learning.cart_pole_training as cart_pole
    import core.learning.clustering_recordings as clustering
    import core.learning.latent_recordings as latent
    import core.learning.semi_supervised_recordings as semi_supervised
    import core.learning.transfer_recordings as transfer
    import core.vision.image_classification as image_classification

    topics = (activation_functions, image_classification, layers, cart_pole)
    whole = [(topic, topic.RECORDING) for topic in topics]
    several: tuple[Any, ...] = (*latent.ALL, *clustering.ALL, *semi_supervised.ALL, *transfer.ALL)
    return [*whole, *((each, each.path) for each in several)]


def _trained(topic: Any) -> Records:
    """The whole run of a topic's default, and what else its recording holds."""
    from core.foundations import layers, layers_reading
    from core.training import Run

    config = topic.Config()
    run = Run(topic.training, config)
    records = run.until(run.n_records - 1)
    return {**records, **(layers_reading.also_recorded(config, run) if topic is layers else {})}


def _main() -> None:
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    for topic, path in _all():
        config, records = topic.Config(), _trained(topic)
        if check:
            stored = read(path, config) or {}
            apart = max(
                float(np.abs(stored[n].astype(float) - a).max()) for n, a in records.items()
            )
            print(f"{path.name}: largest difference {apart:.2g}")
        else:
            write(path, config, records)
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    _main()
