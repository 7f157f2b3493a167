"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.learning.transfer.model import BATCH_SIZE, Config
from core.learning.transfer.source import MEAN, SPREAD, first_digits

_SCRIPT = '''\
def new_digits(part):
    """Images of the digits {first} to {last}, around zero, and which of the five each is."""
    x, y = data[f"X_{{part}}"], data[f"y_{{part}}"].astype(np.int64)
    rows = (y >= {first}) & (y <= {last})
    x = (torch.from_numpy(x[rows])[:, None].float() / 255 - {mean}) / {spread}
    return x.to(memory_format=torch.channels_last), torch.from_numpy(y[rows] - {first})


def network():
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2), nn.ReLU(),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(288, 5),
    ).to(memory_format=torch.channels_last)


x_pool, y_pool = new_digits("train")
x_test, y_test = new_digits("test")
rng = np.random.default_rng({seed})
orders = [rng.permutation(np.flatnonzero(y_pool.numpy() == label)) for label in range(5)]
rows = np.concatenate([order[:{n_labels}] for order in orders])  # {n_labels} of each digit
x_train, y_train = x_pool[rows], y_pool[rows]

torch.manual_seed({seed})
scratch, head, tuned = network(), nn.Linear(288, 5), network()
source = load_file("source.safetensors")
for place, name in ((0, "conv1"), (2, "conv2"), (4, "conv3")):
    tuned[place].load_state_dict({{p: source[f"{{name}}.{{p}}"] for p in ("weight", "bias")}})
for each in (scratch[-1], head, tuned[-1]):
    nn.init.zeros_(each.weight)
    nn.init.zeros_(each.bias)
with torch.no_grad():  # frozen: computed once, never changed
    f_train, f_test = tuned[:-1](x_train), tuned[:-1](x_test)

learners = nn.ModuleList([scratch, head, tuned])
optimizer = torch.optim.Adam(learners.parameters(), lr={learning_rate})


def minibatches():
    while True:
        yield from torch.randperm(len(x_train)).split({batch_size})


for step, rows in zip(range({n_steps}), minibatches()):
    x, f, y = x_train[rows], f_train[rows], y_train[rows]
    optimizer.zero_grad()
    sum(F.cross_entropy(z, y) for z in (scratch(x), head(f), tuned(x))).backward()
    optimizer.step()

with torch.no_grad():
    for name, learner, x, x_new in (
        ("from scratch", scratch, x_train, x_test),
        ("frozen features", head, f_train, f_test),
        ("fine-tuned", tuned, x_train, x_test),
    ):
        loss = F.cross_entropy(learner(x), y_train)
        accuracy = (learner(x_new).argmax(1) == y_test).float().mean()
        print(f"{{name}}: training loss {{loss:.6f}}, test accuracy {{accuracy:.4f}}")
'''


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints what was reached."""
    first = first_digits(config.source)[1]
    text = _SCRIPT.format(
        first=first,
        last=first + 4,
        mean=MEAN,
        spread=SPREAD,
        seed=config.seed,
        n_labels=config.n_labels,
        learning_rate=config.learning_rate,
        batch_size=BATCH_SIZE,
        n_steps=record * config.updates_per_record,
    )
    what, files = (
        "Learns five new digits from a few labels in three ways.",
        ["mnist.npz", "source.safetensors"],
    )
    return scripts.program(what, config, record, text, files=files, read=scripts.READ_ARRAYS)
