"""MNIST and Fashion-MNIST: small grey pictures of digits and of clothes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.sources import FILES
from core.store import remembered


@dataclass(frozen=True)
class Pictures:
    """Grey pictures with their classes; 255 is ink. The arrays are read-only."""

    x_train: NDArray[np.uint8]  # (6000, 28, 28)
    y_train: NDArray[np.uint8]  # (6000,) index into classes
    x_test: NDArray[np.uint8]  # (1000, 28, 28)
    y_test: NDArray[np.uint8]  # (1000,)
    classes: tuple[str, ...]


@remembered
def mnist() -> Pictures:
    """Handwritten digits (LeCun and Cortes): 6,000 to learn from, 1,000 to test.

    Train and test share writers, so scores are a little high.
    """
    return _pictures("mnist.npz", tuple("0123456789"))


@remembered
def fashion_mnist() -> Pictures:
    """Pictures of clothes (Xiao et al., 2017), 600 + 100 of each of ten classes.

    Any ten rows that start at a multiple of ten hold one of each class.
    """
    return _pictures("fashion_mnist.npz")


def _pictures(name: str, classes: tuple[str, ...] = ()) -> Pictures:
    with np.load(FILES / name, allow_pickle=False) as file:
        keys = ("X_train", "y_train", "X_test", "y_test")
        x_train, y_train, x_test, y_test = (file[key] for key in keys)
        names = classes or tuple(str(each) for each in file["classes"])
    for array in (x_train, y_train, x_test, y_test):
        array.setflags(write=False)
    return Pictures(x_train, y_train, x_test, y_test, names)


DATA: dict[str, Callable[[], Pictures]] = {"mnist": mnist, "fashion_mnist": fashion_mnist}
