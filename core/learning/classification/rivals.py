"""What classical methods reach on the same rows: what a network should not fall short of."""

from dataclasses import replace

import numpy as np

from core import rivals
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
from core.rivals import Rival, Split, better
from core.store import remembered

MAX_ROWS = 1000  # of the training, that the methods are compared on
TELLS = 0.99  # of the test rows


def commonest(config: Config) -> float:
    """The share of the test rows that always answering the commonest class puts right."""
    data = prepared(config)
    return rivals.commonest(data.y_train, data.y_test)


def rival(config: Config) -> Rival:
    """Logistic regression or a support vector machine (Boser et al., 1992), if they can.

    Whichever is better on the training rows by cross-validation; the true labels are told.
    """
    return _rival(examples_of(config))


@remembered
def _rival(config: Config) -> Rival:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import SVC

    data = prepared(config)
    most = Rival("always answering the commonest class", *[commonest(config)] * 2)
    fewest = np.bincount(data.y_train, minlength=len(data.classes)).min()
    if fewest < 2 or data.x_train.size * len(data.classes) > MAX_BASELINE:
        return most
    x, y = data.x_train[:MAX_ROWS].astype(float), data.y_train[:MAX_ROWS]
    split = Split(x, y, data.x_test.astype(float), data.y_test)
    methods = {
        "logistic regression": LogisticRegression(max_iter=300, tol=1e-3),
        "a support vector machine": SVC(C=10.0),
    }
    found = better(methods, split, most_folds=3) or most
    # The page names logistic regression's score on all rows: the same must be said here.
    straight = found.name == "logistic regression"
    return found._replace(test=baseline(config).accuracy) if straight else found


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
