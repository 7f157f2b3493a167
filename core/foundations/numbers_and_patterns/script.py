"""The run on the page as a short PyTorch script that anybody can take home."""

from core.foundations.numbers_and_patterns.model import Config


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains on examples.npz as the page did, and prints the loss."""
    n_numbers, n_hidden, n_place, n_classes = config.sizes
    return f'''\
"""Trains the encoder of the page; needs NumPy, PyTorch and examples.npz beside it."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

with np.load("examples.npz") as file:
    data = dict(file)
x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"])

torch.manual_seed({config.seed})
hidden = nn.Linear({n_numbers}, {n_hidden})
place = nn.Linear({n_hidden}, {n_place})
classes = nn.Linear({n_place}, {n_classes})
encoder = nn.Sequential(hidden, nn.Tanh(), place)
network = nn.Sequential(encoder, classes)
optimizer = torch.optim.Adam(network.parameters(), lr={config.learning_rate!r})

for epoch in range({record}):
    for rows in torch.randperm(len(x)).split({config.batch_size}):
        loss = F.cross_entropy(network(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

with torch.no_grad():
    print(f"training loss: {{F.cross_entropy(network(x), y):.6f}}")
    print("the first five on the map:", encoder(x[:5]).numpy().round(2).tolist())
'''
