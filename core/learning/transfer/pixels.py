"""What a classical method makes of the same few labels, from the bare pixels."""

import numpy as np
from numpy.typing import NDArray

from core.learning.transfer.model import Config, chosen
from core.learning.transfer.source import first_digits, pictures
from core.store import remembered


def by_pixels(config: Config) -> float:
    """The share of new digits that a support vector machine on their pixels names rightly."""
    return _by_pixels(config.source, config.n_labels, config.seed)


@remembered
def _by_pixels(source: str, n_labels: int, seed: int) -> float:
    from sklearn.svm import SVC

    first = first_digits(source)[1]
    x, y = (values.numpy() for values in pictures(first, "train"))
    x_test, y_test = (values.numpy() for values in pictures(first, "test"))
    rows = chosen(Config(source=source, n_labels=n_labels, seed=seed))
    known = SVC(C=10.0).fit(_flat(x[rows]), y[rows])
    return float(np.mean(known.predict(_flat(x_test)) == y_test))


def _flat(x: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(x.reshape(len(x), -1) / np.float32(255))
