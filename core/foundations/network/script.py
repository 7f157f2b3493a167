"""The run on the page as a short PyTorch script that anybody can take home."""

import inspect
from functools import cache
from textwrap import dedent, indent

from core import scripts
from core.changes import ERASER, Change
from core.data import planar
from core.foundations.network.model import OWN, Config, Generator

_FEATURES = {
    "x1": "x1",
    "x2": "x2",
    "x1sq": "x1 * x1",
    "x2sq": "x2 * x2",
    "x1x2": "x1 * x2",
    "sinx1": "torch.sin(x1)",
    "sinx2": "torch.sin(x2)",
}
_TYPES = "Floats = NDArray[np.float32]\nPlanar = tuple[Floats, Floats]\n"
_LOSSES = {
    ("classification", "cross_entropy"): "F.softplus(-z * {y}).mean()",
    ("classification", "squared_error"): "((torch.tanh(z) - {y}) ** 2 / 2).mean()",
    ("classification", "hinge"): "torch.relu(1 - z * {y}).mean()",
    ("regression", "squared_error"): "((z - {y}) ** 2 / 2).mean()",
    ("regression", "absolute_error"): "(z - {y}).abs().mean()",
    ("regression", "huber"): "F.huber_loss(z, {y}, delta=0.5)",
}


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the loss."""
    parts = _data(config), _network(config), _training(config, record)
    return scripts.program("Trains a network on points of the plane.", config, record, *parts)


def _data(config: Config) -> str:
    lines = [f"rng = np.random.default_rng({config.seed})"]
    if config.data == OWN:
        rows = ",\n    ".join(str(tuple(round(v, 6) for v in point)) for point in config.points)
        lines.append(f"table = np.array([\n    {rows},\n], dtype=np.float32)")
        lines.append("points, labels = table[:, :2], table[:, 2]")
    else:
        lines.insert(0, _source(config.data_sets[config.data]) + "\n\n")
        name = config.data_sets[config.data].__name__
        lines.append(f"points, labels = {name}(rng, {config.n_examples}, {config.noise})")
    features = ", ".join(_FEATURES[name] for name in config.features)
    lines += [
        f"n_train = max(1, round(len(points) * {config.train_share} / 100))",
        "is_train = torch.from_numpy(rng.permutation(len(points)) < n_train)",
        "points, labels = torch.from_numpy(points)[is_train], torch.from_numpy(labels)[is_train]",
        f"\n\ndef features(points):\n    x1, x2 = points.unbind(1)\n"
        f"    return torch.stack([{features}], dim=1)",
    ]
    return "\n".join(lines)


@cache
def _source(generator: Generator) -> str:
    """The generator of a data set with what it calls, as it stands in this project."""
    text = inspect.getsource(generator)
    called = [name for name in ("_halves", "_square", "_planar") if f"{name}(" in text]
    called = ["_share", *called] if "_share(" in text or "_square" in called else called
    code = scripts.source(planar, *called, generator.__name__)
    constants = [name for name in ("MAX_NOISE", "EDGE", "_GAUSSIANS") if name in code]
    return f"{_TYPES}{scripts.source(planar, *constants)}\n\n{code}".rstrip()


def _network(config: Config) -> str:
    sizes = [len(config.features), *config.hidden, 1]
    network = scripts.stacked(sizes, config.activation, config.p_drop)
    optimizer = scripts.OPTIMIZERS[config.optimizer].format(rate=config.learning_rate)
    return f"torch.manual_seed({config.seed})\nnetwork = {network}\noptimizer = {optimizer}"


def _training(config: Config, record: int) -> str:
    loss = _LOSSES[config.task, config.loss]
    batch_loss, full_loss = loss.format(y="target"), loss.format(y="y")
    penalty = ""
    if config.l1 or config.l2:
        penalty = (
            "\n        for layer in network:\n            if isinstance(layer, nn.Linear):\n"
            f"                loss = loss + {config.l1} * layer.weight.abs().sum()"
            f" + {config.l2} / 2 * (layer.weight**2).sum()"
        )
    changes = "".join(
        indent(_change(change), "    ") for change in config.changes if change.record < record
    )
    return (
        f"for epoch in range({record}):\n{changes}"
        "    x, y = features(points), labels\n"
        "    order = torch.randperm(len(x))\n"
        f"    for rows in order.split({config.batch_size}):\n"
        "        z, target = network(x[rows]).squeeze(1), y[rows]\n"
        f"        loss = {batch_loss}{penalty}\n"
        "        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n\n"
        "network.eval()\nwith torch.no_grad():\n"
        "    z, y = network(features(points)).squeeze(1), labels\n"
        f'    print(f"training loss: {{{full_loss}:.6f}}")'
    )


def _change(change: Change) -> str:
    values = tuple(round(value, 6) for value in change.values)
    if change.kind == "learning_rate":
        done = f"optimizer.param_groups[0]['lr'] = {values[0]!r}"
    elif change.kind == "point":
        done = f"""\
            points = torch.cat([points, torch.tensor([{list(values[:2])}])])
            labels = torch.cat([labels, torch.tensor([{values[2]!r}])])"""
    elif change.kind == "erase":
        done = f"""\
            kept = torch.hypot(*(points - torch.tensor({list(values)})).T) > {ERASER}
            points, labels = points[kept], labels[kept]"""
    else:
        done = f"""\
            weights = nn.utils.parameters_to_vector(network.parameters()).detach()
            weights[{int(values[0])}] = {values[1]!r}
            nn.utils.vector_to_parameters(weights, network.parameters())"""
    return f"if epoch == {change.record}:\n" + indent(dedent(done), "    ") + "\n"
