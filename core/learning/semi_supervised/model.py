"""Few labels and many unlabelled examples: four methods in one run, on the same points."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.learning.semi_supervised.data import (
    DATA,
    MAX_LABELS,
    WHO,
    Examples,
    examples,
    labelled_rows,
)
from core.learning.semi_supervised.label_propagation import class_factors, normalised, spread
from core.networks.dense import MLP, StackedMLP
from core.optimizers import Adam
from core.training import Training
from core.validation import between, one_of

RECORDING = Path(__file__).parent / "recorded" / "semi_supervised.npz"
METHODS = ("labels only", "pseudo-labels", "mean teacher", "label propagation")
LABELS_ONLY, PSEUDO_LABELS, MEAN_TEACHER, PROPAGATION = range(4)
N_NETWORKS = 3
BATCH = {"moons": 50, "across": 50, "digits": 100}
UPDATES_PER_RECORD = {"moons": 6, "across": 6, "digits": 10}
ITERATIONS_PER_RECORD = 3  # of label propagation
SHIFT = 1  # pixels that a digit is moved at most, if it is changed at all


@dataclass(frozen=True)
class Config:
    """All that the four methods depend on."""

    data: str = "moons"
    noise: int = 10  # per cent; none in the digits
    n_labels: int = 4
    who: str = "random"  # who is labelled; "own": those of `labelled`
    labelled: tuple[int, ...] = ()
    threshold: float = 90.0  # per cent sure, from which a pseudo-label is trusted
    consistency: float = 20.0  # weight of the mean teacher's loss
    ramp_up: int = 0  # per cent of the training over which both weights rise
    ema: float = 0.9  # decay of the mean teacher
    augmentation: float = 0.5  # standard deviation of the noise that inputs get
    n_hidden: int = 32
    learning_rate: float = 0.01
    n_epochs: int = 60
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("data", self.data, DATA)
        one_of("who", self.who, WHO)
        for name, low, high in BOUNDS:
            between(name, getattr(self, name), low, high)
        between("number of labelled", len(self.labelled), 0, MAX_LABELS)
        for row in self.labelled:
            between("labelled", row, 0, len(examples(self.kind).truth) - 1)

    @property
    def kind(self) -> tuple[str, int, int]:
        """What the examples depend on: data, noise and seed."""
        return self.data, 0 if self.data == "digits" else self.noise, self.seed

    @property
    def rows(self) -> tuple[int, ...]:
        """The examples that have a label."""
        if self.who == "own" and self.labelled:
            return self.labelled
        return labelled_rows(self.kind, self.n_labels, self.who)

    @property
    def n_updates(self) -> int:
        """How many optimisation steps the whole run takes."""
        n_unlabelled = len(examples(self.kind).truth) - len(self.rows)
        return self.n_epochs * -(-n_unlabelled // BATCH[self.data])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer: two hidden ones for points, one for digits."""
        return (784, self.n_hidden, 10) if self.data == "digits" else (2, *[self.n_hidden] * 2, 2)

    @property
    def activation(self) -> str:
        """How the hidden units bend."""
        return "relu" if self.data == "digits" else "tanh"


BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("noise", 0, 50),
    ("n_labels", 2, MAX_LABELS),
    ("threshold", 10, 100),
    ("consistency", 0, 1000),
    ("ramp_up", 0, 100),
    ("ema", 0, 0.999),
    ("augmentation", 0, 2),
    ("n_hidden", 2, 128),
    ("learning_rate", 1e-5, 10),
    ("n_epochs", 1, 200),
    ("seed", 0, 9999),
)


class Methods(nn.Module):
    """Three equal networks, the teacher of the third, and the beliefs that are propagated."""

    beliefs: Tensor
    step: Tensor

    def __init__(self, config: Config, first: Tensor) -> None:
        super().__init__()
        network = MLP(config.sizes, config.activation)
        self.networks = StackedMLP([network] * N_NETWORKS)
        self.teacher = StackedMLP([network]).requires_grad_(False)
        self.register_buffer("beliefs", first.clone())
        self.register_buffer("step", torch.zeros((), dtype=torch.long))

    def probabilities(self, x: Tensor) -> Tensor:  # (Q, D)
        """What labels only, pseudo-labels and the mean teacher answer (3, Q, C)."""
        own = self.networks(x)[:MEAN_TEACHER]
        return torch.cat([own, self.teacher(x)]).softmax(-1)

    def follow(self, decay: float) -> None:
        """Move the teacher towards its student, the third network."""
        # The first steps average all weights so far: the teacher forgets its random start.
        decay = min(decay, 1 - 1 / (int(self.step) + 1))
        pairs = zip(self.teacher.parameters(), self.networks.parameters(), strict=True)
        for kept, moved in pairs:
            kept.mul_(decay).add_(moved.detach()[MEAN_TEACHER:], alpha=1 - decay)


def ramp_up(step: int, n_steps: float) -> float:
    """exp(-5 (1 - t)²) while t goes from 0 to 1 (Laine and Aila, 2017); then 1."""
    t = min(step / n_steps, 1.0) if n_steps > 0 else 1.0
    return float(np.exp(-5 * (1 - t) ** 2))


def pseudo_label_loss(logits: Tensor, answers: Tensor, threshold: float) -> Tensor:
    """Cross-entropy with one's own answers (B, C) taken for true (Lee, 2013).

    Only answers at least `threshold` sure count; the mean is over all examples.
    """
    sure, taken = answers.max(-1)
    each = F.cross_entropy(logits, taken, reduction="none")
    return (each * (sure >= threshold)).mean()


def consistency_loss(logits: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared distance of both answers' probabilities (Tarvainen and Valpola, 2017)."""
    return (logits.softmax(-1) - teacher).square().mean()


def augmented(x: Tensor, strength: float) -> Tensor:  # (B, D)
    """The same examples a little changed: noise, and for digits a shift by a pixel."""
    if not strength:
        return x
    return (_shifted(x) if x.shape[1] == 784 else x) + strength * torch.randn_like(x)


def _shifted(x: Tensor) -> Tensor:
    """Every digit moved by up to SHIFT pixels in both directions."""
    side = 28 + 2 * SHIFT
    padded = F.pad(x.view(-1, 28, 28), (SHIFT,) * 4).flatten(1)
    places = (torch.arange(28)[:, None] * side + torch.arange(28)).flatten()
    moved = torch.randint(0, 2 * SHIFT + 1, (2, len(x), 1))
    return padded.gather(1, places + moved[0] * side + moved[1])


def training(config: Config) -> Training:
    """All methods, moved on together by the same minibatches."""
    data = examples(config.kind)
    rows = torch.tensor(config.rows)
    known = torch.zeros(len(data.truth), dtype=torch.bool)
    known[rows] = True
    first = F.one_hot(data.truth, data.n_classes).float() * known[:, None]
    model = Methods(config, first)
    optimizer = Adam(list(model.networks.parameters()), config.learning_rate)

    def propagate(_: int) -> None:
        for _iteration in range(ITERATIONS_PER_RECORD):
            model.beliefs.copy_(spread(data.graph, model.beliefs, first, known))

    every = UPDATES_PER_RECORD[config.data]
    return Training(
        model=model,
        examples=(torch.nonzero(~known).squeeze(1),),
        batch_size=BATCH[config.data],
        update=_update(config, model, optimizer, data, rows),
        measure=lambda: measured(config, model, data, known),
        n_records=max(config.n_updates // every, 1) + 1,
        records_per_chunk=1 if config.data == "digits" else 4,
        updates_per_record=every,
        optimizer=optimizer,
        before=propagate,
    )


def _update(config: Config, model: Methods, optimizer: Adam, data: Examples, rows: Tensor) -> Any:
    parameters = list(model.networks.parameters())
    n_steps = config.ramp_up / 100 * config.n_updates

    def update(unlabelled: Tensor) -> None:
        x = data.x[unlabelled]
        with torch.no_grad():
            answers = model.networks(x)[PSEUDO_LABELS].softmax(-1)
            taught = model.teacher(augmented(x, config.augmentation))[0].softmax(-1)
        seen = torch.cat([data.x[rows], x])
        logits = model.networks(augmented(seen, config.augmentation))
        weight = ramp_up(int(model.step), n_steps)
        loss = supervised_losses(logits[:, : len(rows)], data.truth[rows]).sum()
        unsure = logits[:, len(rows) :]
        loss = loss + weight * pseudo_label_loss(
            unsure[PSEUDO_LABELS], answers, config.threshold / 100
        )
        loss = loss + weight * config.consistency * consistency_loss(unsure[MEAN_TEACHER], taught)
        optimizer.step(torch.autograd.grad(loss, parameters))
        model.step += 1
        model.follow(config.ema)

    return update


def supervised_losses(logits: Tensor, truth: Tensor) -> Tensor:  # (M, L, C), (L,)
    """Cross-entropy (M,) of every network on the labelled examples, in nats."""
    right = logits.log_softmax(-1)[:, torch.arange(len(truth)), truth]
    return -right.mean(-1)


@torch.no_grad()
def measured(config: Config, model: Methods, data: Examples, known: Tensor) -> dict[str, Any]:
    """One record: what every method answers, which answers it trusts, how many are wrong."""
    factors = class_factors(model.beliefs)
    propagated = normalised(model.beliefs * factors)[None]
    beliefs = torch.cat([model.probabilities(data.x), propagated])  # (4, N, C)
    sure, answer = beliefs.max(-1)
    trusted = trust(sure, config.threshold / 100) & ~known
    wrong = trusted & (answer != data.truth)
    tested = test_beliefs(model, data)
    losses = supervised_losses(model.networks(data.x[known]), data.truth[known])
    finite = losses[losses.isfinite()]
    # Places beyond 9 mark what is not trusted, so that one small number says both.
    shown = (answer + 10 * ~trusted)[:, data.shown]
    found = {
        "loss": np.float32(finite.mean() if len(finite) else np.nan),
        "losses": losses.numpy().astype(np.float32),
        "accuracy": 100 * (tested.argmax(-1) == data.truth_test).float().mean(-1).numpy(),
        "given": trusted.sum(-1).numpy().astype(np.int16),
        "wrong": wrong.sum(-1).numpy().astype(np.int16),
        "answers": shown.numpy().astype(np.uint8),
        "sure": (255 * sure[:, data.shown]).nan_to_num().byte().numpy(),
    }
    if data.grid is not None:
        map_ = torch.cat([model.probabilities(data.grid), data.at_grid(model.beliefs, factors)])
        found["maps"] = (255 * map_[..., 1]).nan_to_num().byte().numpy()  # (4, G²)
    return found


@torch.no_grad()
def test_beliefs(model: Methods, data: Examples) -> Tensor:
    """What every method answers for the test examples (4, Q, C)."""
    spread_on = data.at_test(model.beliefs, class_factors(model.beliefs))
    return torch.cat([model.probabilities(data.x_test), spread_on])


def trust(sure: Tensor, threshold: float) -> Tensor:
    """Which answers (4, N) each method takes for a label: none, the sure ones, all reached."""
    trusted = sure >= threshold
    trusted[LABELS_ONLY] = False
    trusted[PROPAGATION] = sure[PROPAGATION] > 0
    return trusted
