"""The run on the page as a short PyTorch script that anybody can take home."""

from textwrap import dedent

from core import downloads, scripts
from core.learning.semi_supervised.data import N_NEIGHBOURS, Kind, examples
from core.learning.semi_supervised.label_propagation import SHARPNESS
from core.learning.semi_supervised.model import (
    BATCH,
    ITERATIONS_PER_RECORD,
    SHIFT,
    UPDATES_PER_RECORD,
    Config,
)
from core.store import remembered

EXAMPLES = "examples.npz"
_SHIFT = f"""\
    # digits also move by up to a pixel
    side = 28 + 2 * {SHIFT}
    padded = F.pad(x.view(-1, 28, 28), ({SHIFT},) * 4).flatten(1)
    places = (torch.arange(28)[:, None] * side + torch.arange(28)).flatten()
    moved = torch.randint(0, {2 * SHIFT + 1}, (2, len(x), 1))
    x = padded.gather(1, places + moved[0] * side + moved[1])
"""


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the scores."""
    changed = bool(config.augmentation)
    body = (_SHIFT if changed and config.data == "digits" else "") + (
        f"    return x + {config.augmentation!r} * torch.randn_like(x)"
        if changed
        else "    return x"
    )
    text = (
        _TEXT.replace("@augmented", body)
        .replace("@rows", repr(list(config.rows)))
        .replace("@seed", str(config.seed))
        .replace("@sizes", repr(list(config.sizes)))
        .replace("@layer", "nn.ReLU()" if config.activation == "relu" else "nn.Tanh()")
        .replace("@rate", repr(config.learning_rate))
        .replace("@n_ramp", repr(config.ramp_up / 100 * config.n_updates))
        .replace("@updates", str(record * UPDATES_PER_RECORD[config.data]))
        .replace("@iterations", str(record * ITERATIONS_PER_RECORD))
        .replace("@batch", str(BATCH[config.data]))
        .replace("@threshold", repr(config.threshold / 100))
        .replace("@consistency", repr(config.consistency))
        .replace("@ema", repr(config.ema))
        .replace("@k", str(N_NEIGHBOURS))
        .replace("@sharpness", repr(SHARPNESS))
    )
    what = "Four ways to learn from few labels."
    return scripts.program(what, config, record, text, files=[EXAMPLES], read=scripts.READ_ARRAYS)


_TEXT = dedent("""\
    x, x_test = torch.from_numpy(data["x"]), torch.from_numpy(data["x_test"])
    truth, truth_test = torch.from_numpy(data["truth"]), torch.from_numpy(data["truth_test"])
    labelled = torch.tensor(@rows)
    unlabelled = torch.tensor([row for row in range(len(x)) if row not in set(labelled.tolist())])
    n_classes = int(truth.max()) + 1

    torch.manual_seed(@seed)
    layers = []
    for n_in, n_out in zip(@sizes, @sizes[1:]):
        layers += [nn.Linear(n_in, n_out), @layer]
    first = nn.Sequential(*layers[:-1])
    # labels only, pseudo-labels, and the student of the mean teacher: the same first weights
    networks = [copy.deepcopy(first) for _ in range(3)]
    teacher = copy.deepcopy(first)
    parameters = [p for network in networks for p in network.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=@rate)


    def augmented(x):
    @augmented


    def ramp_up(step):  # Laine and Aila, 2017
        return math.exp(-5 * (1 - min(step / @n_ramp, 1)) ** 2) if @n_ramp else 1.0


    order, step = torch.empty(0, dtype=torch.long), 0
    while step < @updates:
        if not len(order):
            order = unlabelled[torch.randperm(len(unlabelled))]
        rows, order = order[:@batch], order[@batch:]
        with torch.no_grad():
            sure, taken = networks[1](x[rows]).softmax(1).max(1)
            taught = teacher(augmented(x[rows])).softmax(1)
        seen = augmented(x[torch.cat([labelled, rows])])
        sizes = [len(labelled), len(rows)]
        known, free = zip(*(network(seen).split(sizes) for network in networks))
        loss = sum(F.cross_entropy(logits, truth[labelled]) for logits in known)
        pseudo = F.cross_entropy(free[1], taken, reduction="none") * (sure >= @threshold)
        agreement = (free[2].softmax(1) - taught).square().mean()
        loss = loss + ramp_up(step) * (pseudo.mean() + @consistency * agreement)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        decay = min(@ema, 1 - 1 / (step + 1))
        with torch.no_grad():
            for kept, moved in zip(teacher.parameters(), networks[2].parameters()):
                kept.mul_(decay).add_(moved, alpha=1 - decay)

    # label propagation (Zhu and Ghahramani, 2002) on a graph of near neighbours
    distances = torch.cdist(x, x).fill_diagonal_(torch.inf)
    near, neighbours = distances.topk(@k, largest=False)
    scale = near[:, -1].mean()
    weights = torch.zeros(len(x), len(x))
    weights.scatter_(1, neighbours, torch.exp(-@sharpness * (near / scale) ** 2))
    weights = torch.maximum(weights, weights.T)
    transition = (weights / weights.sum(1, keepdim=True).clamp(min=1e-30)).to_sparse()
    clamped = F.one_hot(truth[labelled], n_classes).float()
    beliefs = torch.zeros(len(x), n_classes)
    beliefs[labelled] = clamped
    for iteration in range(@iterations):
        beliefs = torch.sparse.mm(transition, beliefs)
        beliefs /= beliefs.sum(1, keepdim=True).clamp(min=1e-30)
        beliefs[labelled] = clamped
    near, neighbours = torch.cdist(x_test, x).topk(@k, largest=False)
    nearness = torch.exp(-@sharpness * (near**2 - near[:, :1] ** 2) / scale**2)
    spread = (beliefs[neighbours] * nearness[..., None]).sum(1)
    mass = beliefs.sum(0)  # all classes get one mass
    spread = spread * torch.where(mass > 0, 1 / mass.clamp(min=1e-30), 0.0)

    with torch.no_grad():
        answers = [networks[0](x_test), networks[1](x_test), teacher(x_test), spread]
        losses = [F.cross_entropy(n(x[labelled]), truth[labelled]) for n in networks]
    print(f"loss: {sum(losses).item() / 3:.6f}")
    names = ["labels only", "pseudo-labels", "mean teacher", "label propagation"]
    for name, answer in zip(names, answers):
        right = (answer.argmax(1) == truth_test).float().mean()
        print(f"{name}: {100 * right:.2f} % of the test examples")
    """).replace("    @augmented", "@augmented")


def examples_file(config: Config) -> bytes:
    """What the script reads: examples, test examples and the true classes of both."""
    return _packed(config.kind)


@remembered
def _packed(kind: Kind) -> bytes:
    data = examples(kind)
    return downloads.arrays(
        x=data.x, truth=data.truth, x_test=data.x_test, truth_test=data.truth_test
    )
