"""The run on the page as a short PyTorch script that anybody can take home."""

from textwrap import dedent

from core import scripts
from core.learning.regression.ensemble import SHAPES
from core.learning.regression.model import BATCH, STEPS_PER_RECORD, Config, prepared

EXAMPLES = "examples.csv"
_ACTIVATIONS = {"relu": "torch.relu", "tanh": "torch.tanh"}
_LOSSES = {
    "squared": "(z - y) ** 2",
    "absolute": "(z - y).abs()",
    "huber": "F.huber_loss(z, y.expand_as(z), reduction='none', delta={delta!r})",
}


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints what it reached."""
    n_inputs = prepared(config).x_train.shape[1] if config.is_table else 1
    hidden = SHAPES[config.shape]
    sizes = [n_inputs, *hidden, 1] if hidden else []
    drawn = f"torch.empty(M, {n_inputs}, 1).uniform_(-{n_inputs}**-0.5, {n_inputs}**-0.5)"
    line = f"\n        model.line = nn.Parameter({drawn})" if hidden is not None else ""
    penalty = f"loss = loss + {config.l2!r} / 2 * sum((w**2).sum() for w in weights)"
    penalty = penalty if config.l2 else "# no penalty on the weights"
    own = "model.line, " if hidden is not None else ""
    straight = "torch.baddbmm(model.bias, h, model.line)"
    straight = straight if hidden is not None else "model.bias.expand(M, len(x), 1)"
    n_networks = len(config.losses) * config.n_members
    text = dedent(f'''\
        table = torch.from_numpy(table)
        is_test, first, until = table[:, 0] > 0, table[:, 1], table[:, 2]
        target, inputs = table[:, 3:4], table[:, 4:]

        torch.manual_seed({config.seed})
        M, sizes = {n_networks}, {sizes}  # networks; units of every layer
        model = nn.Module()  # ensemble.safetensors, beside this script on the page, loads into it
        model.bias = nn.Parameter(torch.zeros(M, 1, 1)){line}
        members = [[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])] for _ in range(M)]
        model.network = nn.ParameterDict()
        for k, layer in enumerate(zip(*members)):
            model.network[f"weight{{k}}"] = torch.stack([n.weight.detach().T for n in layer])
            model.network[f"bias{{k}}"] = torch.stack([n.bias.detach()[None] for n in layer])
        affine = [(model.network[f"weight{{k}}"], model.network[f"bias{{k}}"])
                  for k in range(len(sizes[1:]))]
        weights = [{own}*(w for w, _ in affine)]  # without biases
        optimizer = torch.optim.Adam(model.parameters(), lr={config.learning_rate!r}, fused=True)


        def answers(x):
            """The answers (M, N, 1) of all members: a line plus, where there is one, a network."""
            h = x.expand(M, *x.shape)
            z = {straight}
            for depth, (w, b) in enumerate(affine, start=1):
                h = torch.baddbmm(b, h, w)
                h = {_ACTIVATIONS[config.activation]}(h) if depth < len(affine) else h
            return z + h if affine else z


        def losses(z, y):
            parts = z.split({config.n_members})
            return torch.cat([f(part, y) for f, part in zip(kinds, parts)])[..., 0]


        kinds = [{", ".join(_kind(config, name) for name in config.losses)}]
        {_counts(config)}
        order, position = torch.empty(0, dtype=torch.long), 0
        for step in range({record * STEPS_PER_RECORD}):
            if step % {STEPS_PER_RECORD} == 0:  # points may come and go
                there = torch.where(~is_test & (first <= step) & (step < until))[0]
            if len(order) != len(there) or position >= len(there):
                order, position = torch.randperm(len(there)), 0
            rows = there[order[position : position + {BATCH if config.is_table else 1000}]]
            position += len(rows)
            z, y = answers(inputs[rows]), target[rows]
            loss = (losses(z, y) * counts[rows].T).sum() / len(rows)
            {penalty}
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        with torch.no_grad():
            z, y = answers(inputs[is_test]), target[is_test]
            print(f"test loss: {{losses(z, y).mean():.6f}}")
            mean = z[:{config.n_members}].mean(dim=0)
            print(f"R2: {{1 - ((mean - y) ** 2).mean() / y.var(correction=0):.4f}}")
        ''')
    what = "An ensemble for regression, all members in one batched run."
    return scripts.program(what, config, record, text, files=[EXAMPLES], read=scripts.READ_TABLE)


def _kind(config: Config, name: str) -> str:
    return f"lambda z, y: {_LOSSES[name].format(delta=config.delta)}"


def _counts(config: Config) -> str:
    """How often each row counts for each network."""
    if not config.resampled:
        return "counts = torch.ones(len(table), M)"
    drawn = f"np.random.default_rng({config.seed + 2}).poisson(1, (n, {config.n_members}))"
    return (
        f"n = int((~is_test).sum())\n        counts = {drawn}  # a sample of the rows for each\n"
        f"        counts = torch.from_numpy(counts).float().repeat(1, {len(config.losses)})"
    )
