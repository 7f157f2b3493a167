"""What classical methods reach, which a network has to beat: ridge regression, neighbours."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.learning.regression.model import Config, prepared, training_set
from core.store import remembered


class Baseline(NamedTuple):
    """What scikit-learn's ridge regression reaches with the same rows and inputs."""

    r2: float  # on the test rows
    predicted: NDArray[np.float64]  # standardised


def baseline(config: Config) -> Baseline:
    """Ridge regression (α = 10) on the same split."""
    return _baseline(replace(Config(), **{name: getattr(config, name) for name in _OF_TABLE}))


_OF_TABLE = ("data", "upload", "target", "columns", "train_share", "seed")


@remembered
def _baseline(config: Config) -> Baseline:
    from sklearn.linear_model import Ridge
    from sklearn.metrics import r2_score
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    data = prepared(config)
    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        fitted = Ridge(alpha=10.0).fit(data.x_train.astype(float), data.y_train)
        predicted = fitted.predict(data.x_test.astype(float))
    return Baseline(float(r2_score(data.y_test, predicted)), predicted)


NEAREST = 5


def neighbours(config: Config, record: int, x: NDArray[np.floating]) -> NDArray[np.float64]:
    """The median of the five points nearest to each place (N,); outliers hardly move it."""
    known_x, known_y, _ = training_set(config, record)
    apart = np.abs(x[:, None] - known_x[:, 0].numpy())
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    return np.asarray(np.median(known_y[:, 0].numpy()[nearest], axis=1), dtype=float)
