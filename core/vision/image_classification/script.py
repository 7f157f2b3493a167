"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.vision.image_classification.model import MEAN, N_MEASURED, SPREAD, Config

_SCRIPT = '''\
def examples(part, n_examples):
    x = torch.from_numpy(data["X_" + part][:n_examples])
    return x, torch.from_numpy(data["y_" + part][:n_examples]).long()


def as_input(x):
    x = x[:, None].float() / 255
    return x.to(memory_format=torch.channels_last)


def normalised(x):
    return (x - {mean}) / {spread}


def moved(x):
    """A minibatch moved by up to {shift} pixels, so that more images are seen."""
{moved}


torch.manual_seed({seed})
network = nn.Sequential(OrderedDict(
    conv1=nn.Conv2d(1, {first}, {kernel_size}),
    pool1=nn.MaxPool2d(2),
    relu1=nn.ReLU(),
    conv2=nn.Conv2d({first}, {second}, {kernel_size}),
    pool2=nn.MaxPool2d(2),
    relu2=nn.ReLU(),
    flat=nn.Flatten(),
    dropout=nn.Dropout({p_drop}),
    dense=nn.Linear({n_dense}, 10),
)).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr={learning_rate})


def minibatches():
    x, y = examples("train", {n_train})
    while True:
        for rows in torch.randperm(len(x)).split({batch_size}):
            yield as_input(x[rows]), y[rows]


for step, (x, y) in zip(range({n_updates}), minibatches()):
{falling}
    optimizer.zero_grad()
    loss = F.cross_entropy(network(normalised(moved(x))), y)
    loss.backward()
    optimizer.step()

network.eval()
with torch.no_grad():
    for part, n_examples in (("train", {n_measured}), ("test", 1000)):
        x, y = examples(part, n_examples)
        z = network(normalised(as_input(x)))
        print(f"{{part}} loss: {{F.cross_entropy(z, y):.6f}}")
        print(f"{{part}} accuracy: {{(z.argmax(1) == y).float().mean():.4f}}")
'''

_MOVED = """\
    down, across = torch.randint({width}, (2,)).tolist()
    padded = F.pad(x, ({shift}, {shift}, {shift}, {shift}))
    return padded[:, :, down : down + 28, across : across + 28]"""


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the losses."""
    first, second = config.n_filters
    moved = _MOVED.format(width=2 * config.shift + 1, shift=config.shift)
    text = _SCRIPT.format(
        mean=MEAN,
        spread=SPREAD,
        shift=config.shift,
        moved=moved if config.shift else "    return x",
        seed=config.seed,
        first=first,
        second=second,
        kernel_size=config.kernel_size,
        p_drop=config.p_drop,
        n_dense=second * config.n_pooled[1] ** 2,
        learning_rate=config.learning_rate,
        n_train=config.n_train,
        batch_size=config.batch_size,
        n_updates=record * config.updates_per_record,
        falling=scripts.falling_rate(
            config.learning_rate, config.updates_per_record, config.n_records - 1
        ),
        n_measured=min(N_MEASURED, config.n_train),
    )
    what, files = "Trains a convolutional network on images.", [f"{config.data}.npz"]
    return scripts.program(what, config, record, text, files=files, read=scripts.READ_ARRAYS)
