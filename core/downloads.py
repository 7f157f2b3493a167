"""Files to take home: curves as CSV, arrays as .npz, parameters as safetensors."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import save

from core.data.exports import to_csv


def curves(records: Mapping[str, Any], unit: str = "record", step: int = 1, **more: Any) -> bytes:
    """Every curve of shape (S,) as a column, one row a record; `unit` counts in `step`s."""
    known = {name: values for name, values in records.items() if values.ndim == 1}
    frame = pd.DataFrame({**known, **more})
    if unit not in frame:
        frame.insert(0, unit, np.arange(len(frame)) * step)
    return to_csv(frame)


def arrays(**named: Any) -> bytes:
    """Named arrays as a compressed .npz."""
    packed = BytesIO()
    np.savez_compressed(packed, **named)
    return packed.getvalue()


def tensors(named: Mapping[str, Any]) -> bytes:
    """Named tensors or arrays as safetensors; these hold no program, unlike a pickle."""
    return bytes(save({name: _array(values) for name, values in named.items()}))


def _array(values: Any) -> Any:
    values = values.detach().numpy() if hasattr(values, "detach") else values
    return np.ascontiguousarray(values)


def stacked(layers: Iterable[tuple[Any, Any]], part: str = "", step: int = 2) -> dict[str, Any]:
    """Weights and biases named as in an `nn.Sequential` with a layer at every `step`."""
    named = {}
    for depth, (weight, bias) in enumerate(layers):
        named[f"{part}{step * depth}.weight"] = weight
        named[f"{part}{step * depth}.bias"] = bias
    return named
