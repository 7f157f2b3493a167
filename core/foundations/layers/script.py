"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.foundations.layers.model import MEAN, N_LEARNED, N_MEASURED, POOLED, SPREAD, Config, sides
from core.foundations.layers.reading import N_COMPONENTS, N_PROBED

_SCRIPT = '''\
x_all, y_all = torch.from_numpy(data["X_train"]), data["y_train"].astype(np.int64)
x_test, y_test = torch.from_numpy(data["X_test"]), torch.from_numpy(data["y_test"]).long()


def as_input(x):
    x = x[:, None].float() / 255
    return ((x - {mean}) / {spread}).to(memory_format=torch.channels_last)


x_train, labels = x_all[:{n_train}], y_all[:{n_train}].copy()
labels[:{n_shuffled}] = np.random.default_rng({seed}).permutation(labels[:{n_shuffled}])
y_train = torch.from_numpy(labels)

torch.manual_seed({seed})
layers = nn.ModuleList([
{layers}
])
dense = nn.Linear({n_values}, 10)
network = nn.Sequential(*layers, nn.Flatten(), dense).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr={learning_rate})


def minibatches():
    while True:
        for rows in torch.randperm(len(x_train)).split({batch_size}):
            yield as_input(x_train[rows]), y_train[rows]


for step, (x, y) in zip(range({n_updates}), minibatches()):
{falling}
    optimizer.zero_grad()
    F.cross_entropy(network(x), y).backward()
    optimizer.step()


def probe(x, y, x_new, y_new):
    """The share of new examples that a linear classifier on these values classifies correctly."""
    reduce = PCA(min({n_components}, x.shape[1]), svd_solver="randomized",
                 whiten=True, iterated_power=2, random_state=0)
    model = make_pipeline(StandardScaler(), reduce, LogisticRegression(C=0.1, tol=1e-3))
    return model.fit(x, y).score(x_new, y_new)


with torch.no_grad():
    for part, x, y in (
        ("training", x_train[:{n_measured}], y_train[:{n_measured}]),
        ("test", x_test, y_test),
    ):
        print(f"{{part}} loss: {{F.cross_entropy(network(as_input(x)), y):.6f}}")
    rows = slice({n_learned}, {n_learned} + {n_probed})  # never seen by the network
    x, x_new = as_input(x_all[rows]), as_input(x_test)
    names = ["pixels", *[f"convolution {{depth}}" for depth in range(1, len(layers) + 1)]]
    for name, layer in zip([*names, "answer"], [*layers, nn.Sequential(nn.Flatten(), dense), None]):
        accuracy = probe(x.flatten(1), y_all[rows], x_new.flatten(1), data["y_test"])
        print(f"linear probe on {{name}}: {{accuracy:.4f}}")
        if layer is not None:
            x, x_new = layer(x), layer(x_new)
'''


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the losses."""
    text = _SCRIPT.format(
        mean=MEAN,
        spread=SPREAD,
        n_train=config.n_train,
        n_shuffled=config.n_train * config.share_shuffled // 100,
        seed=config.seed,
        layers="\n".join(_layer(config, depth) for depth in range(config.n_layers)),
        n_values=config.n_filters * sides(config.n_layers)[-1] ** 2,
        learning_rate=config.learning_rate,
        batch_size=config.batch_size,
        n_updates=record * config.updates_per_record,
        falling=scripts.falling_rate(
            config.learning_rate, config.updates_per_record, config.n_records - 1
        ),
        n_components=N_COMPONENTS,
        n_measured=N_MEASURED,
        n_learned=N_LEARNED,
        n_probed=N_PROBED,
    )
    what = "Trains a deep network and asks every layer what it knows."
    return scripts.program(
        what, config, record, text, files=["fashion_mnist.npz"], read=scripts.READ_ARRAYS
    )


def _layer(config: Config, depth: int) -> str:
    n_in = config.n_filters if depth else 1
    pooled = "nn.MaxPool2d(2), " if depth in POOLED else ""
    convolution = f"nn.Conv2d({n_in}, {config.n_filters}, 3, padding=1)"
    return f"    nn.Sequential({convolution}, {pooled}nn.ReLU()),"
