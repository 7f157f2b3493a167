"""Every file that ships with a topic is that topic's own run, and small."""

import pytest

from core.record import recordings
from core.recordings import Recorded
from core.runs import Run

ALL = list(recordings([]))
MAX_BYTES = 2_000_000


@pytest.mark.parametrize("recorded", ALL, ids=lambda recorded: recorded.path.stem)
def test_a_recording_is_small_and_of_its_configuration(recorded: Recorded) -> None:
    assert Run(recorded.training, recorded.config(), recorded.path).recording
    assert recorded.path.stat().st_size < MAX_BYTES


def test_no_file_is_left_that_no_topic_ships() -> None:
    folders = {recorded.path.parent for recorded in ALL}
    left = {path for folder in folders for path in folder.glob("*.npz")}
    assert left - {recorded.path for recorded in ALL} <= {
        path for path in left if path.stem == "t_sne"
    }
