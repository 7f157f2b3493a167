"""The run on the page as a short PyTorch script that anybody can take home."""

import inspect
from itertools import pairwise

from core.data import planar
from core.foundations.overfitting import model
from core.foundations.overfitting.model import UPDATES_PER_RECORD, Config


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints both losses."""
    parts = [
        '"""Fits a network to few examples; needs NumPy and PyTorch only."""',
        "import numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn",
        _data(config),
        _training(config, record * UPDATES_PER_RECORD),
    ]
    return "\n\n".join(parts) + "\n"


def _data(config: Config) -> str:
    (n_train, _, n_test), n = config.parts, sum(config.parts)
    lines = [f"rng = np.random.default_rng({config.seed})"]
    if config.data == "own":
        lines += [
            f"points = np.array({list(map(list, config.points))}, dtype=np.float32)",
            f"order = rng.permutation({n})",
            "x, y = points[order, :2], 2 * points[order, 2] - 1",
        ]
    elif config.classifies:
        lines.insert(0, _moons() + "\n\n")
        lines += [
            f"x, y = moons(rng, {n}, {config.noise})",
            f"order = rng.permutation({n})",
            "x, y = x[order], y[order]",
        ]
    else:
        lines.insert(0, "Floats = np.ndarray\n\n\n" + inspect.getsource(model.truth) + "\n")
        lines += [
            f"x = rng.uniform(-3, 3, ({n}, 1)).astype(np.float32)",
            f"y = truth(x[:, 0]) + rng.normal(0, {config.noise} / 100, {n})",
        ]
    if config.shuffled:
        lines.append("y = rng.permutation(y)")
    lines += [
        "x, y = torch.from_numpy(x), torch.from_numpy(y.astype(np.float32))",
        f"x_train, y_train, x_test, y_test = x[:{n_train}], y[:{n_train}], "
        f"x[-{n_test}:], y[-{n_test}:]",
    ]
    return "\n".join(lines)


def _moons() -> str:
    functions = (planar._share, planar._halves, planar._planar, planar.moons)
    sources = [inspect.getsource(function) for function in functions]
    names = "from numpy.random import Generator\nfrom numpy.typing import NDArray\n\n"
    types = "Floats = NDArray[np.float32]\nPlanar = tuple[Floats, Floats]\n"
    constants = f"MAX_NOISE = {planar.MAX_NOISE}\n\n\n"
    return names + types + constants + "\n\n".join(sources).rstrip()


def _training(config: Config, n_epochs: int) -> str:
    layers: list[str] = []
    *hidden, (n_last, n_out) = pairwise(config.sizes)
    for n_in, n_units in hidden:
        layers += [f"nn.Linear({n_in}, {n_units})", "nn.Tanh()"]
        layers += [f"nn.Dropout({config.p_drop})"] if config.p_drop else []
    layers.append(f"nn.Linear({n_last}, {n_out})")
    loss = "F.softplus(-z * y).mean()" if config.classifies else "((z - y) ** 2).mean()"
    penalty = (
        "\n    for layer in network:\n        if isinstance(layer, nn.Linear):\n"
        f"            loss = loss + {config.l2} / 2 * (layer.weight**2).sum()"
        if config.l2
        else ""
    )
    return (
        f"torch.manual_seed({config.seed})\n"
        f"network = nn.Sequential({', '.join(layers)})\n"
        f"optimizer = torch.optim.Adam(network.parameters(), lr={config.learning_rate!r})\n\n\n"
        f"def loss_of(x, y):\n    z = network(x).squeeze(1)\n    return {loss}\n\n\n"
        f"for epoch in range({n_epochs}):\n"
        "    order = torch.randperm(len(x_train))\n"
        f"    loss = loss_of(x_train[order], y_train[order]){penalty}\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n\n"
        "network.eval()\nwith torch.no_grad():\n"
        '    print(f"training loss: {loss_of(x_train, y_train):.6f}")\n'
        '    print(f"test loss: {loss_of(x_test, y_test):.6f}")'
    )
