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
