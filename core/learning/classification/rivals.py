"""What classical methods reach on the same rows: what a network should not fall short of."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.data.features import Features
from core.learning.classification.model import (
    MAX_BASELINE,
    OWN_TABLE,
    Config,
    baseline,
    examples_of,
    prepared,
    table,
    target,
)
from core.store import remembered

MAX_ROWS = 1000  # of the training, that the methods are compared on
TELLS = 0.99  # of the test rows


class Rival(NamedTuple):
    """What the better of two classical methods puts right, as shares."""

    name: str
    training: float  # of the training rows, each judged without having been seen
    test: float


def commonest(config: Config) -> float:
    """The share of the test rows that always answering the commonest class puts right."""
    data = prepared(config)
    most = np.bincount(data.y_train, minlength=len(data.classes)).argmax()
    return float((data.y_test == most).mean())


def rival(config: Config) -> Rival:
    """Logistic regression or a support vector machine (Boser et al., 1992), if they can.

    Whichever is better on the training rows by cross-validation; the true labels are told.
    """
    return _rival(examples_of(config))


@remembered
def _rival(config: Config) -> Rival:
    data = prepared(config)
    most = Rival("always answering the commonest class", *[commonest(config)] * 2)
    n_folds = int(min(3, np.bincount(data.y_train, minlength=len(data.classes)).min()))
    if n_folds < 2 or data.x_train.size * len(data.classes) > MAX_BASELINE:
        return most
    straight = baseline(config).accuracy
    shares = _crossed(data, n_folds)
    best = max(shares, key=lambda name: shares[name])
    if best == "logistic regression":
        return Rival(best, shares[best], straight)
    return Rival(best, shares[best], _bent(data))


def _crossed(data: Features, n_folds: int) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.svm import SVC
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    methods = {
        "logistic regression": LogisticRegression(max_iter=300, tol=1e-3),
        "a support vector machine": SVC(C=10.0),
    }
    x, y = data.x_train[:MAX_ROWS].astype(float), data.y_train[:MAX_ROWS]
    with threadpool_limits(1):
        return {n: float(cross_val_score(m, x, y, cv=n_folds).mean()) for n, m in methods.items()}


def _bent(data: Features) -> float:
    from sklearn.svm import SVC

    fitted = SVC(C=10.0).fit(data.x_train[:MAX_ROWS], data.y_train[:MAX_ROWS])
    return float(fitted.score(data.x_test, data.y_test))


def with_all_features(config: Config) -> float | None:
    """What a classical method puts right with all columns, where the network has only some."""
    if not config.columns:
        return None
    return rival(replace(config, columns=())).test


@remembered
def tells_all(config: Config) -> str | None:
    """The one column of the learner's table that by itself names the class of nearly every row.

    None where the commonest class alone does as well, or where there are too few rows.
    """
    if config.data != OWN_TABLE:
        return None
    from sklearn.tree import DecisionTreeClassifier

    data, start = prepared(config), 0
    if len(data.encoders) < 2 or len(data.y_test) < 10 or commonest(config) > 0.95:
        return None
    for encoder in data.encoders:
        columns = slice(start, start := start + len(encoder.names))
        tree = DecisionTreeClassifier(max_leaf_nodes=2 * len(data.classes), random_state=0)
        tree.fit(data.x_train[:, columns], data.y_train)
        if tree.score(data.x_test[:, columns], data.y_test) >= TELLS:
            return encoder.column
    return None


def other_columns(config: Config, without: str) -> tuple[str, ...]:
    """All features in use but one."""
    names = config.columns or tuple(str(n) for n in table(config).frame if n != target(config))
    return tuple(name for name in names if name != without)
