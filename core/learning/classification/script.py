"""The run on the page as a short PyTorch script that anybody can take home."""

from textwrap import dedent

from core import scripts
from core.learning.classification.model import Config, sizes

EXAMPLES = "examples.csv"
_SUM = "sum((m.weight**2).sum() for m in network if isinstance(m, nn.Linear))"
_GAP = "\n" + 16 * " "


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints what it reached."""
    # A line of its own in the script's innermost loop, or none.
    penalty = f"{_GAP}loss = loss + {config.l2!r} / 2 * {_SUM}" if config.l2 else ""
    text = dedent(f"""\
        is_test, y = torch.from_numpy(table[:, 0]) > 0, torch.from_numpy(table[:, 1]).long()
        x = torch.from_numpy(table[:, 2:])
        x_train, y_train = x[~is_test], y[~is_test]

        torch.manual_seed({config.seed})
        sizes = {list(sizes(config))}
        layers = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            layers += [nn.Linear(n_in, n_out), {scripts.ACTIVATIONS[config.activation]}]
        network = nn.Sequential(*layers[:-1])
        optimizer = torch.optim.Adam(network.parameters(), lr={config.learning_rate!r})

        for epoch in range({record}):
            for rows in torch.randperm(len(x_train)).split({config.batch_size}):
                loss = F.cross_entropy(network(x_train[rows]), y_train[rows]){penalty}
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

        with torch.no_grad():
            logits = network(x)
        for name, part in [("training", ~is_test), ("test", is_test)]:
            loss = F.cross_entropy(logits[part], y[part])
            accuracy = (logits[part].argmax(dim=1) == y[part]).float().mean()
            print(f"{{name}} loss: {{loss:.6f}}")
            print(f"{{name}} accuracy: {{accuracy:.4f}}")
        """)
    what = "A network that tells classes apart."
    return scripts.program(what, config, record, text, files=[EXAMPLES], read=scripts.READ_TABLE)
