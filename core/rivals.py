"""Classical classifiers on the same examples: what a network should not fall short of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Rival(NamedTuple):
    """What the better of some classical methods puts right, as shares."""

    name: str
    training: float  # of the training examples, each judged without having been seen
    test: float


class Split(NamedTuple):
    """Inputs (N, D) and classes (N,) to train with and to test on."""

    x_train: NDArray[Any]
    y_train: NDArray[np.int_]
    x_test: NDArray[Any]
    y_test: NDArray[np.int_]


def better(methods: Mapping[str, Any], split: Split, most_folds: int) -> Rival | None:
    """Whichever method is better on the training examples, by cross-validation.

    None where some class has fewer than two examples to train with.
    """
    from sklearn.model_selection import cross_val_score
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    x, y = split.x_train, split.y_train
    n_folds = int(min(most_folds, *np.bincount(y, minlength=2)))
    if n_folds < 2:
        return None
    with threadpool_limits(1):  # its threads wait for each other where cores are shared
        shares = {n: cross_val_score(m, x, y, cv=n_folds).mean() for n, m in methods.items()}
        name = max(shares, key=lambda each: float(shares[each]))
        test = methods[name].fit(x, y).score(split.x_test, split.y_test)
    return Rival(name, float(shares[name]), float(test))


def commonest(y_train: NDArray[np.int_], y_test: NDArray[np.int_]) -> float:
    """The share of the test that always answering the training's commonest class puts right."""
    return float((y_test == np.bincount(y_train).argmax()).mean())
