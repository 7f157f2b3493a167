"""What ridge regression reaches, which a network of a table has to beat."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.learning.regression.model import Config, prepared
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
