"""What is recorded for transfer learning: source networks, label counts, ready-made features."""

from functools import partial

from core.learning.transfer import own_classes_pictures, source, sweep
from core.recordings import Recorded

_SOURCES = tuple(
    Recorded(
        partial(source.SourceConfig, kind),
        source.source_training,
        source.recording(kind),
    )
    for kind in source.KINDS
)
# The runs over all numbers of labels begin from the source networks, so they come after them.
RECORDINGS = (
    *_SOURCES,
    Recorded(sweep.SweepConfig, sweep.sweep_training, sweep.FILE),
    Recorded(
        own_classes_pictures.FeaturesConfig,
        own_classes_pictures.features_training,
        own_classes_pictures.RECORDING,
    ),
)
