"""The descent on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.foundations.neuron import model
from core.foundations.neuron.model import GATES, OWN, TARGETS, Config

_ACTIVATIONS = {
    "sigmoid": "torch.sigmoid(z)",
    "tanh": "torch.tanh(z)",
    "identity": "z",
    "step": "(z > 0).float() + 0 * z",
}


def script(config: Config, record: int) -> str:
    """Plain PyTorch that descends as the page did, up to `record`, and prints the loss."""
    parts = [
        _data(config),
        f"w = torch.tensor([{config.w1!r}, {config.w2!r}], requires_grad=True)\n"
        f"b = torch.tensor({config.b!r}, requires_grad=True)",
        "\n" + _loss(config) + "\n",
        _descent(config, record),
    ]
    return scripts.program("Trains one neuron.", config, record, *parts)


def _data(config: Config) -> str:
    if config.data == OWN:
        rows = ",\n    ".join(map(str, config.points))
        return (
            f"table = torch.tensor([\n    {rows},\n], dtype=torch.float32)\n"
            "points, labels = table[:, :2], table[:, 2]"
        )
    generator = model.gate if config.data in GATES else model.clouds
    answers = f", {GATES[config.data]}" if config.data in GATES else ""
    return (
        "Floats = NDArray[np.float32]\n\n\n"
        f"{scripts.source(model, generator.__name__)}\n\n"
        f"rng = np.random.default_rng({config.seed})\n"
        f"made = {generator.__name__}(rng, {config.n_examples}, {config.noise}{answers})\n"
        "points, labels = map(torch.from_numpy, made)"
    )


def _loss(config: Config) -> str:
    low, high = TARGETS[config.activation]
    if config.activation == "sigmoid":
        # The cross-entropy of sigmoid(z), written so that a large z loses no digits.
        value = "F.softplus(z * (1 - 2 * y)).mean()  # cross-entropy of sigmoid(z)"
    else:
        target = f"({low} + {high - low} * y)"
        value = f"(({_ACTIVATIONS[config.activation]} - {target}) ** 2).mean()"
    return f"\ndef loss(x, y):\n    z = x @ w + b\n    return {value}\n"


def _descent(config: Config, record: int) -> str:
    return (
        f"torch.manual_seed({config.seed})\norder = torch.empty(0, dtype=torch.long)\n"
        f"for step in range({record}):\n"
        "    if len(order) == 0:\n        order = torch.randperm(len(points))\n"
        f"    rows, order = order[:{config.batch_size}], order[{config.batch_size}:]\n"
        "    gradients = torch.autograd.grad(loss(points[rows], labels[rows]), [w, b])\n"
        "    with torch.no_grad():\n"
        f"        w -= {config.learning_rate!r} * gradients[0]\n"
        f"        b -= {config.learning_rate!r} * gradients[1]\n\n"
        'print(f"loss: {loss(points, labels).item():.6f}")\n'
    )
