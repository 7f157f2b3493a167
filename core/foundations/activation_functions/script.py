"""The eight trainings on the page as a short PyTorch script that anybody can take home."""

import numpy as np

from core import scripts
from core.foundations.activation_functions.model import Config, examples

_INITS = {
    "torch": "nn.init.kaiming_uniform_(weight, a=5**0.5)",
    "xavier": "nn.init.xavier_normal_(weight)",
    "he": "nn.init.kaiming_normal_(weight)",
    "small": "nn.init.normal_(weight, std=0.05)",
}
_TEXT = """\
table = torch.tensor([
{rows}
]).reshape(-1, 3)
points, labels = table[:, :2], table[:, 2]


class Step(nn.Module):
    def forward(self, z):
        return (z > 0).float() + 0 * z


FUNCTIONS = {{
    "identity": nn.Identity(),
    "step": Step(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(),
    "gelu": nn.GELU(),
    "softplus": nn.Softplus(),
}}
sizes = {sizes}
torch.manual_seed({seed})
first = []
for n_in, n_out in zip(sizes, sizes[1:]):
    weight = torch.empty(n_out, n_in)
    {init}
    first.append(weight)
orders = [torch.randperm(len(points)) for epoch in range({record})]


def loss(network, rows):
    z = network(points[rows]).squeeze(1)
    return F.softplus(-z * labels[rows]).mean()  # the cross-entropy, in nats


for name, function in FUNCTIONS.items():
    layers = []
    for weight in first:  # every network starts from the same weights
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight.clone(), torch.zeros(len(weight))
        layers += [layer, function]
    network = nn.Sequential(*layers[:-1])
    optimizer = {optimizer}
    for order in orders:
        for rows in order.split({batch_size}):
            optimizer.zero_grad()
            loss(network, rows).backward()
            optimizer.step()
    print(f"{{name}} loss: {{loss(network, slice(None)).item():.6f}}")
"""


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the losses."""
    text = _TEXT.format(
        rows=_rows(config),
        sizes=list(config.sizes),
        seed=config.seed,
        init=_INITS[config.init],
        record=record,
        optimizer=scripts.OPTIMIZERS[config.optimizer].format(rate=config.learning_rate),
        batch_size=config.batch_size,
    )
    return scripts.program("Trains one network for each activation function.", config, record, text)


def _rows(config: Config, per_line: int = 3) -> str:
    points, labels = examples(config)
    # Nine digits are all that a number of 32 bits has: fewer, and the losses drift apart.
    each = [f"{x1:.9g}, {x2:.9g}, {y:.0f}" for x1, x2, y in np.column_stack([points, labels])]
    lines = [each[first : first + per_line] for first in range(0, len(each), per_line)]
    return "\n".join(f"    {',  '.join(line)}," for line in lines)
