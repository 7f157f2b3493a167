"""What is recorded for transfer learning: source networks, label counts, ready-made features."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from core.learning import own_classes_pictures, transfer_source, transfer_sweep
from core.training import Training


class Recorded(NamedTuple):
    """One file: the configuration it is for, how it is made, where it lies."""

    Config: Callable[[], Any]
    training: Callable[[Any], Training]
    path: Path


_SOURCES = tuple(
    Recorded(
        partial(transfer_source.SourceConfig, kind),
        transfer_source.source_training,
        transfer_source.recording(kind),
    )
    for kind in transfer_source.KINDS
)
# The runs over all numbers of labels begin from the source networks, so they come after them.
ALL = (
    *_SOURCES,
    Recorded(transfer_sweep.SweepConfig, transfer_sweep.sweep_training, transfer_sweep.FILE),
    Recorded(
        own_classes_pictures.FeaturesConfig,
        own_classes_pictures.features_training,
        own_classes_pictures.RECORDING,
    ),
)
