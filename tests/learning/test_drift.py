"""How far a run trained here ends from its recording: no farther than pages and README say.

On the processor that recorded them the differences are nought; on another one long runs
drift apart. Differences in CONTRIBUTING.md were measured on one such.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from core.learning.clustering import model as clustering
from core.learning.clustering.recordings import run_of as clusters
from core.learning.dimensionality_reduction import model as reduction
from core.learning.dimensionality_reduction.recordings import run_of as reduced
from core.learning.semi_supervised import model as semi_supervised
from core.learning.semi_supervised.picture import run_of as spread
from core.learning.semi_supervised.recordings import digits
from core.learning.transfer import source
from core.runs import Run

pytestmark = pytest.mark.claims
# How the recording comes, how the same run is trained here, what is compared, and how far
# the two may be apart at the end and at any record.
RUNS: dict[str, tuple[Callable[[], Run], Callable[[], Run], str, float, float]] = {
    "deep clustering": (
        partial(clusters, clustering.Config()),
        partial(Run, clustering.training, clustering.Config()),
        "nmi",
        0.03,
        0.05,
    ),
    "variational autoencoder": (
        partial(reduced, reduction.Config()),
        partial(Run, reduction.training, reduction.Config()),
        "mse",
        0.0009,
        0.002,
    ),
    "semi-supervised digits": (
        partial(spread, digits()),
        partial(Run, semi_supervised.training, digits()),
        "accuracy",
        1.0,
        2.5,
    ),
    **{
        f"source of transfer, {kind}": (
            partial(source.source_run, kind),
            partial(source.fresh_run, kind),
            "test_accuracy",
            0.006,
            0.02,
        )
        for kind in ("turned", "upright")
    },
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_trained_here_ends_as_near_to_its_recording_as_is_said(name: str) -> None:
    stored, live, measured, at_end, on_the_way = RUNS[name]
    kept, fresh = stored(), live()
    assert kept.recording
    assert not fresh.recording
    apart = np.abs(_whole(kept)[measured].astype(float) - _whole(fresh)[measured].astype(float))
    assert apart[-1].max() <= at_end
    assert apart.max() <= on_the_way


def _whole(run: Run) -> dict[str, Any]:
    return run.until(run.n_records - 1)
