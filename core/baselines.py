"""Classical methods that a network is measured against, fitted to the same examples."""

import numpy as np

from core.data.digits import DATA
from core.store import remembered


@remembered
def ridge_right(data: str, n_train: int) -> float:
    """The share of test images that a ridge regression on the pixels classifies correctly.

    The best straight boundaries, learned from the same `n_train` images.
    """
    from sklearn.linear_model import RidgeClassifier

    d = DATA[data]()
    x, x_test = (each.reshape(len(each), -1) / np.float32(255) for each in (d.x_train, d.x_test))
    fitted = RidgeClassifier(30.0).fit(x[:n_train], d.y_train[:n_train])
    return float(fitted.score(x_test, d.y_test))
