"""Runs that take too long to wait for, shipped as files: how they are written and read.

A topic says which it ships in `RECORDINGS`, in its `recordings.py` or its `model.py`;
`python -m core.record` finds them there and makes every file again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.store import remembered

Array = np.ndarray[Any, np.dtype[Any]]
Records = dict[str, Array]


class Recorded(NamedTuple):
    """One file: the configuration it is for, how it is trained, where it lies.

    `also(config, run)` gives what the file holds beside the records of the run.
    """

    config: Callable[[], Any]
    training: Callable[[Any], Any]
    path: Path
    also: Callable[[Any, Any], Records] | None = None


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


@remembered
def _load(path: Path) -> tuple[str, Records]:
    with np.load(path, allow_pickle=False) as stored:
        records = {name: stored[name] for name in stored.files if name != "config"}
        described = str(stored["config"])
    for array in records.values():
        array.setflags(write=False)
    return described, records
