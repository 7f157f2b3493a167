"""Readings of a space shuttle's radiator: nine sensors, most rows normal, some not."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.data.sources import FILES
from core.store import remembered

# The source names none; it says that the first is a time.
SENSORS = ("time", *(f"sensor {number}" for number in range(2, 10)))


class Readings(NamedTuple):
    """Rows of readings (N, 9), in random order, and which are anomalous (N,); read-only."""

    rows: NDArray[np.int16]
    is_anomalous: NDArray[np.bool_]


@remembered
def shuttle() -> Readings:
    """49,097 rows, 7.15 % anomalous (Statlog, UCI; two classes after ODDS)."""
    with np.load(FILES / "shuttle.npz", allow_pickle=False) as file:
        found = Readings(file["X"], file["y"].astype(bool))
    for array in found:
        array.setflags(write=False)
    return found
