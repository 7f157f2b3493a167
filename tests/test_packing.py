"""What Python packs is what another reader of the same bytes finds."""

import json
import struct
from typing import Any

import numpy as np
import pytest

from pages.elements.player.packing import Array, pack


def unpacked(blob: bytes) -> tuple[dict[str, Any], dict[str, Array], int]:
    """An independent reader: struct for the length, NumPy for the arrays."""
    (length,) = struct.unpack_from("<I", blob)
    header = json.loads(blob[4 : 4 + length].decode("utf-8"))
    body = -(-(4 + length) // 8) * 8
    arrays = {}
    for name, entry in header.pop("arrays").items():
        dtype = {"float32": "<f4", "int32": "<i4", "int16": "<i2", "int8": "i1", "uint8": "u1"}
        count = int(np.prod(entry["shape"]))
        found = np.frombuffer(blob, dtype[entry["dtype"]], count, body + entry["offset"])
        arrays[name] = found.reshape(entry["shape"])
    return header, arrays, body


@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int16", "int32"])
def test_an_array_arrives_with_its_dtype_shape_and_values(dtype: str) -> None:
    sent = np.random.default_rng(1).integers(0, 100, (5, 3, 2)).astype(dtype)
    _, arrays, _ = unpacked(pack({}, {"first": np.zeros(3, np.uint8), "weights": sent}))
    assert arrays["weights"].dtype == np.dtype(dtype)
    assert np.array_equal(arrays["weights"], sent)


def test_a_header_keeps_its_letters_and_gives_every_array_its_place() -> None:
    blob = pack({"unit": "épochs 日", "n": 3}, {"a": np.arange(3), "b": np.ones((2, 2))})
    header, arrays, _ = unpacked(blob)
    assert header == {"unit": "épochs 日", "n": 3}
    assert arrays["a"].tolist() == [0, 1, 2]
    assert arrays["b"].tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("name", ["a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg"])
def test_body_and_arrays_start_at_multiples_of_eight_whatever_the_header_length(name: str) -> None:
    arrays = {name: np.ones(3, np.uint8), "next": np.ones(5, np.float32)}
    blob = pack({"key": name}, arrays)
    (length,) = struct.unpack_from("<I", blob)
    offsets = [e["offset"] for e in json.loads(blob[4 : 4 + length])["arrays"].values()]
    assert unpacked(blob)[2] % 8 == 0
    assert all(offset % 8 == 0 for offset in offsets)
    assert len(blob) % 8 == 0


def test_wide_and_narrow_numbers_travel_in_what_a_browser_has() -> None:
    sent = {
        "loss": np.array([0.5, 2.0]),
        "half": np.array([1.5], np.float16),
        "steps": np.array([7, -9], np.int64),
        "mask": np.array([True, False]),
    }
    _, arrays, _ = unpacked(pack({}, sent))
    assert [a.dtype.name for a in arrays.values()] == ["float32", "float32", "int32", "uint8"]
    assert [a.tolist() for a in arrays.values()] == [[0.5, 2.0], [1.5], [7, -9], [1, 0]]


def test_missing_and_infinite_values_stay_in_arrays_and_out_of_the_header() -> None:
    _, arrays, _ = unpacked(pack({}, {"loss": np.array([1, np.nan, np.inf, 1e300])}))
    assert np.array_equal(arrays["loss"], [1, np.nan, np.inf, np.inf], equal_nan=True)
    with pytest.raises(ValueError, match="JSON"):
        pack({"loss": float("nan")}, {})


def test_columns_of_a_matrix_arrive_in_row_order() -> None:
    matrix = np.arange(12, dtype=np.float32).reshape(3, 4)
    _, arrays, _ = unpacked(pack({}, {"turned": matrix.T, "every_other": matrix[:, ::2]}))
    assert np.array_equal(arrays["turned"], matrix.T)
    assert np.array_equal(arrays["every_other"], matrix[:, ::2])


def test_an_array_without_records_keeps_its_other_axes() -> None:
    _, arrays, _ = unpacked(pack({}, {"weights": np.empty((0, 4), np.float32)}))
    assert arrays["weights"].shape == (0, 4)


@pytest.mark.parametrize("values", [np.array(["a"], object), np.array(["a"]), np.array([1j])])
def test_what_is_no_number_is_refused_by_name(values: Array) -> None:
    with pytest.raises(ValueError, match=r"^weights must hold numbers or booleans, got dtype"):
        pack({}, {"weights": values})


def test_a_number_beyond_32_bits_is_refused_rather_than_wrapped() -> None:
    with pytest.raises(ValueError, match=f"^count must fit in 32 bits, got 0 to {2**31}$"):
        pack({}, {"count": np.array([0, 2**31])})
    assert unpacked(pack({}, {"count": np.array([2**31 - 1])}))[1]["count"] == 2**31 - 1
