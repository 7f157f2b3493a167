"""A regression's answers in the units that people read: log prices as dollars."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.regression.model import AMES, Config, prepared

Values = NDArray[np.floating[Any]]


def is_money(config: Config) -> bool:
    """Whether what is predicted is the logarithm of a price."""
    return config.data == AMES


def target_name(config: Config) -> str:
    """What is predicted, as it is read."""
    return "price, US dollars" if is_money(config) else prepared(config).target


def values(config: Config, y: Values) -> Values:
    """Standardised targets (…) in the target's own unit, log prices in dollars."""
    data = prepared(config)
    own = data.centre + data.scale * np.asarray(y, dtype=float)
    return np.asarray(10**own if is_money(config) else own)


def said(config: Config, y: float) -> str:
    """One standardised target as it is read: $181,000, or four digits."""
    value = float(values(config, np.array(y)))
    if not is_money(config):
        return f"{value:,.4g}"
    if value >= 1e7:
        return f"${value:,.3g}"
    return f"${round(value, -2 if value < 1e6 else -3):,.0f}"


def residual_unit(config: Config) -> str:
    """What residuals are measured in."""
    if not config.is_table:
        return "y"
    return "log₁₀ of the price" if is_money(config) else prepared(config).target


def residual_scale(config: Config) -> float:
    """How much a residual of 1 is in that unit."""
    return prepared(config).scale if config.is_table else 1.0
