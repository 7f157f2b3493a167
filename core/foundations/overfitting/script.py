"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.data import planar
from core.foundations.overfitting import model
from core.foundations.overfitting.model import UPDATES_PER_RECORD, Config

_MOONS = (
    "Floats = NDArray[np.float32]\nPlanar = tuple[Floats, Floats]\n"
    + scripts.source(planar, "MAX_NOISE", "_share", "_halves", "_planar", "moons")
    + "\n\n"
)


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints both losses."""
    parts = _data(config), _training(config, record * UPDATES_PER_RECORD)
    return scripts.program("Fits a network to few examples.", config, record, *parts)


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
        lines.insert(0, _MOONS)
        lines += [
            f"x, y = moons(rng, {n}, {config.noise})",
            f"order = rng.permutation({n})",
            "x, y = x[order], y[order]",
        ]
    else:
        source = scripts.source(model, "truth", "spread")
        lines.insert(0, f"Floats = np.ndarray\n\n\n{source}\n")
        lines += [
            f"x = spread(rng.uniform(-3, 3, ({n}, 1)).astype(np.float32), {n_train})",
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


def _training(config: Config, n_epochs: int) -> str:
    loss = "F.softplus(-z * y).mean()" if config.classifies else "((z - y) ** 2).mean()"
    penalty = (
        "\n    for layer in network:\n        if isinstance(layer, nn.Linear):\n"
        f"            loss = loss + {config.l2} / 2 * (layer.weight**2).sum()"
        if config.l2
        else ""
    )
    return (
        f"torch.manual_seed({config.seed})\n"
        f"network = {scripts.stacked(config.sizes, 'tanh', config.p_drop)}\n"
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
