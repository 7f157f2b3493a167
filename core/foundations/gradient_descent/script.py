"""The race on the page as a short PyTorch script that anybody can take home."""

from itertools import pairwise
from textwrap import dedent

from core import scripts
from core.foundations.gradient_descent.model import Config
from core.foundations.gradient_descent.picture import constructor
from core.foundations.gradient_descent.surfaces import N_EXAMPLES, SIZES

_RANGES = {"line": "0, 4", "wave": "-4, 4"}
_TRUTHS = {
    "line": "1.2 * x - 1",
    "saddle": "2 * np.tanh(1.5 * x)",
    "wave": "np.sin(2.2 * x + 0.6)",
}
_MODELS = {
    "line": "p[0] * x + p[1]",
    "saddle": "p[1] * torch.tanh(p[0] * x)",
    "wave": "torch.sin(p[0] * x + p[1])",
}


def script(config: Config, record: int) -> str:
    """Plain PyTorch that races as the page did, up to `record`, and prints every loss."""
    parts = _data(config), "\n" + _model(config), "\n" + _race(config, record)
    return scripts.program("Races optimisers down one loss surface.", config, record, *parts)


def _data(config: Config) -> str:
    scaled = "x = (x - x.mean()) / x.std()\n" if config.ground[1] else ""
    truth = _TRUTHS.get(config.surface, "np.sin(2 * x) + 0.4 * x")
    return (
        f"rng = np.random.default_rng({config.seed})\n"
        f"x = rng.uniform({_RANGES.get(config.surface, '-2, 2')}, {N_EXAMPLES})\n"
        f"y = {truth} + rng.normal(0, 0.2, {N_EXAMPLES})\n{scaled}"
        "x, y = (torch.from_numpy(values.astype(np.float32)) for values in (x, y))\n"
    )


def _model(config: Config) -> str:
    """The model as a function of one flat vector of parameters, and where it starts."""
    known = _MODELS.get(config.surface)
    body = f"    return {known}" if known else _network()
    # All digits: where minibatches are small, a race grows the least difference.
    first = config.first.tolist()
    return f"def predict(p, x):\n{body}\n\n\nstart = torch.tensor({first})\n"


def _network() -> str:
    shapes = list(pairwise(SIZES))
    parts = ", ".join(f"{n_in * n_out}, {n_out}" for n_in, n_out in shapes)
    lines = [f"parts = p.split([{parts}])", "a = x[:, None]"]
    for depth, (n_in, n_out) in enumerate(shapes):
        z = f"a @ parts[{2 * depth}].view({n_out}, {n_in}).T + parts[{2 * depth + 1}]"
        last = depth == len(shapes) - 1
        lines.append(f"return ({z})[:, 0]" if last else f"a = torch.tanh({z})")
    return "\n".join(f"    {line}" for line in lines)


def _race(config: Config, record: int) -> str:
    made = "\n".join(
        f"            {name!r}: lambda p: {constructor(config, name)},"
        for name in config.optimizers
    )
    return dedent(f"""\
        def minibatches():
            while True:
                yield from torch.randperm({N_EXAMPLES}).split({config.batch_size})


        optimizers = {{
{made}
        }}
        for name, make in optimizers.items():
            torch.manual_seed({config.seed})
            p = start.clone().requires_grad_()
            optimizer = make(p)
            for _, rows in zip(range({record}), minibatches()):
                loss = ((predict(p, x[rows]) - y[rows]) ** 2).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss = ((predict(p, x) - y) ** 2).mean()
            print(f"{{name}}: {{loss.item():.6f}}")
        """)
