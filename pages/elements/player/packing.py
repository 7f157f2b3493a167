"""Arrays and a small header as one run of bytes that a browser reads without copying."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

# Every dtype on the left travels as the one on the right: what JavaScript has typed
# arrays for, and no wider than a picture needs.
_TRAVELS_AS = {
    "bool": "uint8",
    "uint8": "uint8",
    "int8": "int8",
    "int16": "int16",
    "uint16": "int32",
    "int32": "int32",
    "uint32": "int32",
    "int64": "int32",
    "float16": "float32",
    "float32": "float32",
    "float64": "float32",
}
_ALIGNMENT = 8


def pack(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """Header length (uint32), JSON header, padding, then each array at a multiple of 8.

    The JSON gains "arrays": name → dtype, shape and offset from the start of the body.
    Little endian, C order. NaN and infinity may be in float arrays, never in the header.
    """
    parts: list[bytes] = []
    layout: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, array in arrays.items():
        sent = _sendable(name, array)
        layout[name] = {"dtype": sent.dtype.name, "shape": array.shape, "offset": offset}
        parts.append(_padded(sent.tobytes(), 0))
        offset += len(parts[-1])
    text = json.dumps({**header, "arrays": layout}, allow_nan=False, separators=(",", ":"))
    encoded = text.encode()
    return b"".join([len(encoded).to_bytes(4, "little"), _padded(encoded, 4), *parts])


def _sendable(name: str, array: Array) -> Array:
    """The array in the dtype it travels in, every value still what it was."""
    array = np.asarray(array)
    dtype = _TRAVELS_AS.get(array.dtype.name)
    if dtype is None:
        raise ValueError(f"{name} must hold numbers or booleans, got dtype {array.dtype}")
    if dtype == "int32" and array.dtype != np.int32 and array.size:
        bounds = np.iinfo(np.int32)
        if array.min() < bounds.min or array.max() > bounds.max:
            raise ValueError(f"{name} must fit in 32 bits, got {array.min()} to {array.max()}")
    with np.errstate(over="ignore"):
        return array.astype(np.dtype(dtype).newbyteorder("<"), order="C", copy=False)


def _padded(part: bytes, before: int) -> bytes:
    """The part, zero-filled so that `before` and it together end at a multiple of 8."""
    return part + bytes(-(before + len(part)) % _ALIGNMENT)
