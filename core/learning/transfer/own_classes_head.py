"""A head as a file: safetensors with the names of its classes, written and read again."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from core.data.refusal import Refused
from core.learning.transfer.own_classes import MAX_CLASSES
from core.learning.transfer.own_classes_pictures import N_FEATURES

Floats = NDArray[np.float32]
FORMAT = "explorer-head-1"
MAX_BYTES = 100_000
MAX_NAME = 20  # characters
LARGEST = 10_000.0  # no training on features of length 1 comes near it
LIMITS = f"a head downloaded from this page, .safetensors, at most {MAX_BYTES // 1000} KB"
_ACCEPTED = "A head downloaded from this page is accepted."


@dataclass(frozen=True)
class HeadFile:
    """A linear layer on the 1,280 features, and the names of its classes."""

    classes: tuple[str, ...]
    weight: Floats  # (C, 1280)
    bias: Floats  # (C,)

    def p(self, features: Floats) -> Floats:
        """How likely every class is (C,), or (N, C) for many pictures."""
        z = features @ self.weight.T + self.bias
        share = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.asarray(share / share.sum(axis=-1, keepdims=True), np.float32)


def cleaned(name: str, place: int) -> str:
    """A name as it is shown: printable, on one line, at most 20 characters, never empty."""
    printable = "".join(mark if mark.isprintable() else " " for mark in name)
    return " ".join(printable.split())[:MAX_NAME].strip() or f"Class {place + 1}"


def unlike(names: list[str]) -> tuple[str, ...]:
    """Names of which no two are the same: a second one gets a number."""
    found: list[str] = []
    for place, name in enumerate(cleaned(name, place) for place, name in enumerate(names)):
        found.append(f"{name[: MAX_NAME - 2]} {place + 1}" if name in found else name)
    return tuple(found)


def saved(head: HeadFile) -> bytes:
    """The head as safetensors, the names of its classes in the metadata."""
    metadata = {"format": FORMAT, "classes": json.dumps(list(head.classes))}
    metadata["features"] = "EfficientNet-Lite0, mean over the image, length 1"
    arrays = {"weight": np.ascontiguousarray(head.weight), "bias": head.bias.copy()}
    return save(arrays, metadata)


def loaded(content: bytes) -> HeadFile:
    """The head in a file, or `Refused` with a sentence for the learner."""
    header, body = _parts(content)
    if set(header) - {"__metadata__"} != {"weight", "bias"}:
        raise Refused("names", f"The file does not hold one weight and one bias. {_ACCEPTED}")
    weight, bias = (_array(header[name], body) for name in ("weight", "bias"))
    _refuse_overlap(header, body)
    if weight.ndim != 2 or weight.shape[1] != N_FEATURES or bias.shape != weight.shape[:1]:
        raise Refused(
            "shape", f"The weights do not fit the {N_FEATURES:,} features of an image. {_ACCEPTED}"
        )
    if not 2 <= len(weight) <= MAX_CLASSES:
        raise Refused(
            "classes", f"The head must tell 2 to {MAX_CLASSES} classes apart, not {len(weight)}."
        )
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise Refused("finite", "Some weights are not finite numbers; the head cannot be used.")
    if max(np.abs(weight).max(), np.abs(bias).max()) > LARGEST:
        raise Refused(
            "out_of_range", f"Some weights are beyond {LARGEST:,.0f}; such a head was not trained."
        )
    return HeadFile(_classes(header.get("__metadata__"), len(weight)), weight, bias)


def _parts(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and body of a safetensors file, judged by size before anything is read."""
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_big",
            f"The file has {len(content) / 1000:,.0f} KB; a head has at most "
            f"{MAX_BYTES // 1000}. {_ACCEPTED}",
        )
    length = int.from_bytes(content[:8], "little")
    try:
        if not 2 <= length <= len(content) - 8:
            raise ValueError
        text = content[8 : 8 + length].decode("utf-8")
        header = json.loads(text, object_pairs_hook=_once)
        if not isinstance(header, dict):
            raise ValueError
    # A RecursionError is what deeply nested brackets end in.
    except (ValueError, RecursionError):
        raise Refused("format", f"This is not a safetensors file. {_ACCEPTED}") from None
    return header, content[8 + length :]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs as a mapping; a key that comes twice could mean either value."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _refuse_overlap(header: dict[str, Any], body: bytes) -> None:
    """The arrays must fill the body from end to end, each byte in one of them."""
    (start, middle), (again, end) = sorted(
        header[name]["data_offsets"] for name in ("weight", "bias")
    )
    if (start, middle, end) != (0, again, len(body)):
        raise Refused("layout", f"The arrays of the file overlap or leave gaps. {_ACCEPTED}")


def _array(described: Any, body: bytes) -> Floats:
    """One array as its header describes it, if that is true of the file."""
    wrong = Refused("layout", f"The file does not say truly what it holds. {_ACCEPTED}")
    if not isinstance(described, dict) or described.get("dtype") != "F32":
        raise Refused("dtype", f"The weights are not 32-bit floating-point numbers. {_ACCEPTED}")
    shape: Any = described.get("shape")
    offsets: Any = described.get("data_offsets")
    if not (_whole(shape) and _whole(offsets)) or len(offsets) != 2 or not 1 <= len(shape) <= 2:
        raise wrong
    start, stop = offsets
    size = 4
    for side in shape:
        size *= side
    if not 0 <= start <= stop <= len(body) or stop - start != size:
        raise wrong
    return np.frombuffer(body[start:stop], "<f4").reshape(shape).astype(np.float32)


def _whole(values: Any) -> bool:
    return isinstance(values, list) and all(type(v) is int and 0 <= v < 10**9 for v in values)


def _classes(metadata: Any, n_classes: int) -> tuple[str, ...]:
    """The names of the classes, where the file has usable ones, else numbers."""
    try:
        names = json.loads(metadata["classes"])
    except (KeyError, TypeError, ValueError, RecursionError):
        names = []
    good = isinstance(names, list) and len(names) == n_classes
    if not good or not all(isinstance(name, str) for name in names):
        names = [f"Class {place + 1}" for place in range(n_classes)]
    return unlike(names)
