"""What a value costs in memory: the arrays, tensors and tables that it holds."""

import sys
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

# An object with its dictionary, its key and its place in the store.
OVERHEAD = 200
_SHARED = (type, ModuleType, FunctionType)


def size_of(value: Any) -> int:
    """Bytes held by `value` and all that is reached from it, every object counted once."""
    seen: set[int] = set()
    ahead, total = [value], 0
    while ahead:
        each = ahead.pop()
        if id(each) in seen or isinstance(each, _SHARED):
            continue
        seen.add(id(each))
        nbytes, parts = _of_one(each, seen)
        total += nbytes
        ahead.extend(parts)
    return total


def _of_one(value: Any, seen: set[int]) -> tuple[int, list[Any]]:
    """Bytes of the object itself, and the objects it refers to."""
    if isinstance(value, np.ndarray):
        # A view keeps alive the whole of what it looks at.
        if isinstance(value.base, np.ndarray | Tensor):
            return OVERHEAD, [value.base]
        return OVERHEAD + value.nbytes, list(value.flat) if value.dtype == object else []
    if isinstance(value, Tensor) and value.layout == torch.sparse_coo:
        return OVERHEAD, [value._indices(), value._values()]
    if isinstance(value, Tensor):
        storage = value.untyped_storage()
        new = storage.data_ptr() not in seen
        seen.add(storage.data_ptr())
        return OVERHEAD + new * storage.nbytes(), [value.grad] if value.is_leaf else []
    if isinstance(value, str | bytes | int | float | complex | np.generic | None):
        return sys.getsizeof(value), []
    if hasattr(value, "memory_usage"):  # a table, without importing pandas here
        usage = value.memory_usage(deep=True)
        return OVERHEAD + int(getattr(usage, "sum", lambda: usage)()), []
    if hasattr(value, "to_plotly_json"):
        # As text a figure is about as large as its arrays; the objects around them as much.
        return OVERHEAD + 2 * len(value.to_json()), []
    if isinstance(value, Mapping):
        return OVERHEAD, [*value.keys(), *value.values()]
    if isinstance(value, tuple | list | set | frozenset):
        return OVERHEAD, list(value)
    if hasattr(value, "tobytes") and hasattr(value, "size"):  # a picture of Pillow
        width, height = value.size
        return OVERHEAD + width * height * len(value.getbands()), []
    slots = (getattr(value, name, None) for name in getattr(type(value), "__slots__", ()))
    return OVERHEAD, [*getattr(value, "__dict__", {}).values(), *slots]
