"""What the moving picture of the four methods is told: its scene, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.digits import mnist
from core.learning.semi_supervised.data import GRID, N_DIGITS, examples
from core.learning.semi_supervised.model import (
    MEAN_TEACHER,
    METHODS,
    PROPAGATION,
    PSEUDO_LABELS,
    RECORDING,
    UPDATES_PER_RECORD,
    Config,
    training,
)
from core.runs import Run
from core.store import remembered

Arrays = Mapping[str, NDArray[Any]]
SHORT = ("labels", "pseudo", "teacher", "graph")
CROP = 2  # pixels of a digit's margin that the picture leaves out
SIDE = 28 - 2 * CROP
_SPREADING = (PSEUDO_LABELS, MEAN_TEACHER, PROPAGATION)


def run_of(config: Config) -> Run:
    """The run of a configuration, from its recording where there is one."""
    return Run(training, config, RECORDING)


def updates_per_record(config: Config) -> int:
    """How many optimisation steps lie between two records."""
    return UPDATES_PER_RECORD[config.data]


def _series(array: str, methods: Sequence[int]) -> list[dict[str, Any]]:
    return [{"array": array, "index": m, "label": SHORT[m]} for m in methods]


CURVES = [
    {"title": "Test accuracy", "unit": "%", "series": _series("accuracy", range(len(METHODS)))},
    {"title": "Labels given", "unit": "examples", "series": _series("given", _SPREADING)},
    {"title": "Wrong labels", "unit": "examples", "series": _series("wrong", _SPREADING)},
]


def scene(config: Config, probe: tuple[float, float] | None) -> dict[str, Any]:
    """Methods, classes, and how the square is divided."""
    is_digits = config.data == "digits"
    return {
        "methods": list(METHODS),
        "classes": list(examples(config.kind).classes),
        "extent": list(examples(config.kind).extent),
        "tall": 0.72,
        "grid": 0 if is_digits else GRID,
        "side": SIDE if is_digits else 0,
        "probe": None if probe is None or is_digits else list(probe),
    }


def scene_arrays(config: Config) -> dict[str, NDArray[Any]]:
    """Where the examples lie, their true classes, and who of them has a label."""
    data = examples(config.kind)
    known = np.zeros(len(data.shown), dtype=np.uint8)
    known[[row for row in config.rows if row < len(known)]] = 1
    found: dict[str, NDArray[Any]] = {
        "xy": data.xy[: len(known)],
        "truth": data.truth[data.shown].numpy().astype(np.uint8),
        "known": known,
    }
    return found | ({"pictures": _pictures(config.seed)} if config.data == "digits" else {})


@remembered
def _pictures(seed: int) -> NDArray[np.uint8]:
    """The digits in the picture (N, SIDE²), as `examples` orders them."""
    source = mnist().x_train
    n_shown = len(examples(("digits", 0, seed)).shown)
    rows = np.random.default_rng(seed).permutation(len(source))[:N_DIGITS][:n_shown]
    return source[rows, CROP:-CROP, CROP:-CROP].reshape(n_shown, -1)


def arrays(run: Run, first: int, stop: int) -> Arrays:
    """What the picture needs of the records `first` to `stop - 1`, each (S, …)."""
    records = run.until(stop - 1)
    names = [name for name in records if name != "losses"]
    sent = {name: records[name][first:] for name in names}
    # Counts are drawn as numbers; the browser has no 16-bit integers to interpolate.
    return {**sent, **{name: sent[name].astype(np.float32) for name in ("given", "wrong")}}


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Said once each: the first wrong pseudo-label, and when a method passes labels only."""
    chunk = run.chunk(k)
    if not len(chunk.records["loss"]):
        return []
    said = []
    wrong = run.until(chunk.stop - 1)["wrong"][:, PSEUDO_LABELS]
    first = int((wrong > 0).argmax())
    if wrong.any() and first >= chunk.first:
        said.append((first, "the first pseudo-labels are wrong: from now on they are taught too."))
    most = int(wrong.argmax())
    if most >= chunk.first and k == run.n_chunks - 1 and wrong[most] > 0:
        said.append((most, f"{wrong[most]} pseudo-labels are wrong now, the most of this run."))
    return said
