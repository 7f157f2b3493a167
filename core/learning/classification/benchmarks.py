"""Classic tables to tell classes apart: penguins, iris, wine, breast cancer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.data.sources import FILES
from core.data.tables import Table
from core.store import remembered

TARGETS = {
    "penguins": "species",
    "iris": "species",
    "wine": "cultivar",
    "breast_cancer": "diagnosis",
}


@remembered
def benchmark(name: str) -> Table:
    """One of the tables, with its classes in the column `TARGETS[name]`."""
    return Table(_FRAMES[name](), (), name)


def _penguins() -> pd.DataFrame:
    """344 penguins, gaps included (Horst, Hill and Gorman, 2020)."""
    return pd.read_csv(FILES / "penguins.csv")


def _iris() -> pd.DataFrame:
    """150 flowers of three species of iris (Fisher, 1936)."""
    from sklearn.datasets import load_iris

    return _frame(load_iris(), "species")


def _wine() -> pd.DataFrame:
    """178 wines of one region from three cultivars (Aeberhard and Forina, 1992)."""
    from sklearn.datasets import load_wine

    frame = _frame(load_wine(), "cultivar")
    return frame.assign(cultivar=frame["cultivar"].str.replace("class_", "cultivar "))


def _breast_cancer() -> pd.DataFrame:
    """569 tumours, ten measures of cell nuclei in three ways each (Wolberg et al., 1993)."""
    from sklearn.datasets import load_breast_cancer

    return _frame(load_breast_cancer(), "diagnosis")


def _frame(bunch: Any, target: str) -> pd.DataFrame:
    names = [str(name).replace("_", " ") for name in bunch.feature_names]
    frame = pd.DataFrame(np.asarray(bunch.data, dtype=float), columns=names)
    return frame.assign(**{target: np.asarray(bunch.target_names)[bunch.target].astype(str)})


_FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "penguins": _penguins,
    "iris": _iris,
    "wine": _wine,
    "breast_cancer": _breast_cancer,
}
