"""Files that are taken home open again in the programs that people use."""

from io import BytesIO

import numpy as np
import pandas as pd
import torch
from safetensors.numpy import load
from safetensors.torch import load as load_tensors
from torch import nn

from core import downloads


def test_curves_open_in_a_spreadsheet_and_in_pandas() -> None:
    records = {"größe": np.array([1.0, 2.5]), "map": np.zeros((2, 3)), "=x": np.array([3, 4])}
    content = downloads.curves(records, "step", 10)
    assert content.startswith(b"\xef\xbb\xbf")  # without it Excel takes UTF-8 for Windows letters
    table = pd.read_csv(BytesIO(content))
    assert list(table) == ["step", "größe", "'=x"]
    assert table["step"].tolist() == [0, 10]
    assert table["größe"].tolist() == [1.0, 2.5]


def test_arrays_need_no_pickle() -> None:
    content = downloads.arrays(x=torch.arange(6.0).view(2, 3), classes=("a", "ö"))
    with np.load(BytesIO(content), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["x"], [[0, 1, 2], [3, 4, 5]])
        assert file["classes"].tolist() == ["a", "ö"]


def test_stacked_layers_load_into_a_sequential() -> None:
    network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    named = downloads.stacked([(layer.weight, layer.bias) for layer in (network[0], network[2])])
    again = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    again.load_state_dict(load_tensors(downloads.tensors(named)), strict=True)
    x = torch.eye(2)
    assert torch.equal(again(x), network(x))


def test_a_tensor_in_another_order_of_memory_keeps_its_values() -> None:
    weight = torch.arange(24.0).view(1, 2, 3, 4).to(memory_format=torch.channels_last)
    np.testing.assert_array_equal(load(downloads.tensors({"w": weight}))["w"], weight.numpy())
