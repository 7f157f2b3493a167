"""Checks of a configuration's fields; each error names field, bound and value."""

from collections.abc import Collection


def between(name: str, value: float, low: float, high: float) -> None:
    """Refuse a value outside low … high, NaN included."""
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low:g} and {high:g}, got {value!r}")


def one_of(name: str, value: str, options: Collection[str]) -> None:
    """Refuse a value that is not among the options."""
    if value not in options:
        raise ValueError(f"{name} must be one of {', '.join(options)}, got {value!r}")


def hidden_layers(hidden: tuple[int, ...], most: int = 3) -> None:
    """Refuse more than `most` hidden layers, or one of fewer than 2 or more than 512 units."""
    between("number of hidden layers", len(hidden), 0, most)
    for n_units in hidden:
        between("units of a hidden layer", n_units, 2, 512)
