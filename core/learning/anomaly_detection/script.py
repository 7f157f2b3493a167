"""The run on the page as a short PyTorch script that anybody can take home."""

from textwrap import dedent

from core import downloads, scripts
from core.learning.anomaly_detection.model import Config, examples
from core.store import remembered

EXAMPLES = "examples.npz"


def script(config: Config, record: int, threshold: float) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the loss."""
    layer = scripts.ACTIVATIONS[config.activation]
    kept = f"max(1, round(len(squares) * {1 - config.left_out / 100:g}))"
    trimmed = f"squares.topk({kept}, largest=False).values" if config.left_out else "squares"
    text = dedent(f"""\
        x, watched = torch.from_numpy(data["x_train"]), torch.from_numpy(data["x_shown"])
        is_anomaly = data["is_anomaly"]

        torch.manual_seed({config.seed})
        n, hidden, n_latent = x.shape[1], {config.hidden}, {config.n_latent}
        encoder = nn.Sequential(nn.Linear(n, hidden), {layer}, nn.Linear(hidden, n_latent))
        decoder = nn.Sequential(nn.Linear(n_latent, hidden), {layer}, nn.Linear(hidden, n))
        model = nn.Sequential(OrderedDict(encoder=encoder, decoder=decoder))
        optimizer = torch.optim.Adam(model.parameters(), lr={config.learning_rate!r})

        n_updates = {record * config.updates_per_record}
        while n_updates:
            for rows in torch.randperm(len(x)).split({config.batch_size})[:n_updates]:
                squares = (model(x[rows]) - x[rows]).square().mean(dim=1)
                loss = {trimmed}.mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                n_updates -= 1

        with torch.no_grad():
            loss = (model(x) - x).square().mean()
            errors = (model(watched) - watched).square().mean(dim=1).sqrt().numpy()
        print(f"loss: {{loss:.6f}}")
        print(f"AUC: {{roc_auc_score(is_anomaly, errors):.4f}}")
        print("alarms:", np.flatnonzero(errors > {threshold!r}).tolist())
        """)
    what = "An autoencoder flags what it cannot restore."
    return scripts.program(what, config, record, text, files=[EXAMPLES], read=scripts.READ_ARRAYS)


def examples_file(config: Config) -> bytes:
    """What the script reads: the examples to train on and those to watch."""
    return _packed(
        Config(
            data=config.data,
            simulated=config.simulated,
            window=config.window,
            n_examples=config.n_examples,
            contamination=config.contamination,
            seed=config.seed,
        )
    )


@remembered
def _packed(config: Config) -> bytes:
    return downloads.arrays(**examples(config)._asdict())
