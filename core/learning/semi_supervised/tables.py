"""The run as tables to take home: every example with its labels, and all curves."""

import numpy as np
import pandas as pd

from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.model import METHODS, UPDATES_PER_RECORD, Config
from core.recordings import Records


def examples_table(config: Config, records: Records) -> pd.DataFrame:
    """The examples in the picture: place, true class, and the label of every method, if any."""
    data = examples(config.kind)
    n = len(data.shown)
    known = np.zeros(n, dtype=bool)
    known[[row for row in config.rows if row < n]] = True
    frame = pd.DataFrame(data.xy[:n], columns=["x1", "x2"])
    frame["class"] = [data.classes[c] for c in data.truth[data.shown].tolist()]
    frame["labelled"] = known
    for method, name in enumerate(METHODS[1:], start=1):
        given = records["answers"][-1][method].tolist()
        frame[name] = [data.classes[c] if c < 10 else "" for c in given]
    return frame


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """Accuracy, labels given and wrong ones of every method, one row a record."""
    n = len(records["loss"])
    frame = pd.DataFrame({"update": np.arange(n) * UPDATES_PER_RECORD[config.data]})
    for array in ("accuracy", "given", "wrong"):
        for method, name in enumerate(METHODS):
            frame[f"{array} {name}"] = records[array][:, method]
    return frame
