"""What can be read off one neuron: its tries by hand, its next step, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.diagnosis import Finding
from core.foundations.neuron.model import (
    ACTIVATIONS,
    BOUNDS,
    GATES,
    Config,
    Examples,
    examples,
    loss,
)
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
Try = tuple[float, float, float]
MAX_TRIES = 40
FEW_TRIES = 6  # of the challenge
ENOUGH_RECORDS = 30
FLAT_FROM = 3.0  # beyond that the slope of tanh is below a hundredth
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# The loss of a neuron that calls all examples even.
GUESS = {"sigmoid": float(np.log(2)), "tanh": 1.0, "identity": 1.0, "step": 0.5}
LOSS = Complaint("loss", "loss")
_LIMIT = next(high for name, _, high in BOUNDS if name == "w1")


def read_tries(sent: object) -> tuple[Try, ...]:
    """The tries (w1, w2, b) that a browser sent; the last ones, if they can be tries."""
    if not isinstance(sent, Sequence):
        raise ValueError(f"tries must be a list, got {type(sent).__name__}")
    found = [tuple(float(value) for value in each) for each in sent[-MAX_TRIES:]]
    for each in found:
        if len(each) != 3 or not all(abs(value) <= _LIMIT for value in each):
            raise ValueError(f"a try must be three numbers within {_LIMIT:g}, got {each!r}")
    return tuple((w1, w2, b) for w1, w2, b in found)


def read_start(text: str) -> Try:
    """Where descent is to start, from text such as "1.5, -0.25, 0"."""
    try:
        (start,) = read_tries([text.split(",")])
    except ValueError:
        raise ValueError(
            f"The start must be three numbers within {_LIMIT:g}, like 1, -1, 1; got {text[:40]!r}."
        ) from None
    return start


def written(start: Try) -> str:
    """A start as the text that `read_start` reads."""
    return ", ".join(f"{round(value, 2) + 0.0:g}" for value in start)


def sums(parameters: Floats, points: Floats) -> torch.Tensor:
    """What neurons with parameters (…, 3) sum up for points (N, 2): (…, N)."""
    p = torch.from_numpy(np.array(parameters, dtype=np.float32))  # a copy: records are read-only
    return p[..., :2] @ torch.from_numpy(points).T + p[..., 2:]


def scored(config: Config, parameters: Floats) -> tuple[Floats, Floats]:
    """Mean loss and share right of neurons with parameters (M, 3), each (M,)."""
    points, labels = examples(config)
    z, y = sums(parameters, points), torch.from_numpy(labels)
    right = ((z > 0) == (y > 0.5)).float().mean(-1)
    return loss(config.activation, z, y).mean(-1).numpy(), right.numpy()


def tries_table(config: Config, tries: Sequence[Try]) -> pd.DataFrame:
    """Every try with its loss, in the order they were made."""
    values = np.array(tries, dtype=np.float32).reshape(-1, 3)
    losses, right = scored(config, values)
    frame = pd.DataFrame(values, columns=["w1", "w2", "b"], index=range(1, len(values) + 1))
    return frame.assign(loss=losses, right=right).rename_axis("try")


def answers(config: Config, parameters: Floats) -> pd.DataFrame:
    """Every example with the neuron's sum, its answer and its loss, the worst first."""
    points, labels = examples(config)
    z, y = sums(parameters, points), torch.from_numpy(labels)
    frame = pd.DataFrame({"x1": points[:, 0], "x2": points[:, 1], "class": labels.astype(int)})
    frame["z"] = z.numpy()
    frame["activation"] = ACTIVATIONS[config.activation](z).numpy()
    frame["loss"] = loss(config.activation, z, y).numpy()
    frame["right"] = (z.numpy() > 0) == (labels > 0.5)
    return frame.sort_values("loss", ascending=False, ignore_index=True)


def pushes(config: Config, parameters: Floats) -> pd.DataFrame:
    """How each example pushes z, and by the chain rule w1, w2 and b; the strongest first."""
    points, labels = examples(config)
    z = sums(parameters, points).requires_grad_()
    value = loss(config.activation, z, torch.from_numpy(labels)).sum()
    push = torch.autograd.grad(value, z)[0].numpy()
    frame = pd.DataFrame({"x1": points[:, 0], "x2": points[:, 1], "class": labels.astype(int)})
    frame = frame.assign(**{"∂loss/∂z": push, "· x1": push * points[:, 0]})
    frame = frame.assign(**{"· x2": push * points[:, 1], "· 1": push})
    return frame.sort_values("∂loss/∂z", key=np.abs, ascending=False, ignore_index=True)


def next_step(
    config: Config, parameters: Floats, gradient: Floats, taken: Floats | None = None
) -> pd.DataFrame:
    """The step that all examples together ask for: before, gradient, change, after.

    Where training asks a minibatch only, `taken` are the parameters to which that one leads.
    """
    change = -config.learning_rate * gradient
    columns = {"before": parameters, "gradient": gradient, "change": change}
    columns["after"] = parameters + change
    if taken is not None and config.batch_size < len(examples(config)[1]):
        columns["after this minibatch"] = taken
    return pd.DataFrame({"parameter": ["w1", "w2", "b"], **columns})


@remembered
def best_line(config: Config) -> float:
    """The largest share that a straight line gets right, of 720 directions, each with any b."""
    points, labels = examples(config)
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    along = points @ np.stack([np.cos(angles), np.sin(angles)])  # (N, 720)
    order = np.argsort(along, axis=0, kind="stable")
    ranked = np.take_along_axis(along, order, axis=0)
    # Above a threshold all are called 1, below it 0: each place of it moves one example.
    gained = np.cumsum(1 - 2 * labels[order], axis=0)
    between = np.diff(ranked, axis=0, append=np.inf) > 1e-6  # equal points cannot be parted
    best = np.where(between, gained, -np.inf).max()
    return float((labels.sum() + max(best, 0)) / len(labels))


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    n_records = len(records["loss"])
    if n_records and not records["loss"][0]:
        return [_perfect()]
    if end == "diverged":
        slower = _rates(config, 0.1, 0.01)
        after = f"step {n_records - 1:,}"
        return [diagnosis.diverged(after, config.learning_rate, LOSS, slower)]
    if n_records < ENOUGH_RECORDS:
        return []
    rules = (_flat, _overshoots, _saturated, _too_short, _straight, _solved, _on_the_way)
    return list(islice((found for rule in rules if (found := rule(config, records))), 1))


def _rates(config: Config, *factors: float) -> tuple[Remedy, ...]:
    """The run with other learning rates, as far as the control offers them."""
    return tuple(
        Remedy(
            f"Learning rate {rate:g}", {"learning_rate": rate}, replace(config, learning_rate=rate)
        )
        for rate in diagnosis.other_rates(config.learning_rate, *factors, offered=RATES)
    )


def _from_the_default(config: Config) -> Remedy:
    first = Config()
    moved = replace(config, w1=first.w1, w2=first.w2, b=first.b)
    start = (first.w1, first.w2, first.b)
    return Remedy(f"Start at {written(start)}", {"start": written(start)}, moved)


def _overshoots(config: Config, records: Records) -> Finding | None:
    """Whether the way was much longer than the distance, and the loss was lower before."""
    loss = records["loss"]
    went = evidence.motion(records["parameters"][len(loss) // 2 :])
    late = float(loss[len(loss) // 2 :].mean())
    if went.detour < 10 or late < 1.3 * float(loss.min()) or _as_good_as_any(config, records):
        return None
    return Finding(
        "overshoots",
        "bad",
        f"The steps are too long: in the second half of the run the parameters went "
        f"{went.path:.3g} to come {went.moved:.2g} further, and the loss, once "
        f"{float(loss.min()):.3g}, was {late:.3g} on average.",
        complaint=LOSS,
        remedies=_rates(config, 0.1, 0.01),
    )


def _saturated(config: Config, records: Records) -> Finding | None:
    """Whether most examples lie where the activation no longer has a slope, wrongly."""
    if config.activation != "tanh" or _as_good_as_any(config, records):
        return None
    z = sums(records["parameters"][-1], examples(config).points).numpy()
    share = float((np.abs(z) > FLAT_FROM).mean())
    if share < 0.5:
        return None
    return Finding(
        "saturated",
        "bad",
        f"The neuron is saturated: for {per_cent(share)} of the examples its sum is beyond "
        f"±{FLAT_FROM:g}, where tanh is flat, so that hardly any gradient passes.",
        complaint=LOSS,
        remedies=(
            _from_the_default(config),
            Remedy("Sigmoid", {"activation": "sigmoid"}, replace(config, activation="sigmoid")),
        ),
    )


def _too_short(config: Config, records: Records) -> Finding | None:
    went = evidence.motion(records["parameters"])
    last = float(np.linalg.norm(np.diff(records["parameters"][-11:], axis=0), axis=1).mean())
    mean = went.path / (len(records["loss"]) - 1)
    if _as_good_as_any(config, records) or went.detour > 3 or last < 0.3 * mean:
        return None
    return Finding(
        "too_short",
        "bad",
        f"The steps are too short: in {len(records['loss']) - 1:,} steps the parameters came "
        f"{went.moved:.2g} far, and the last steps were as long as the first. "
        f"{_standing(config, records)}",
        complaint=LOSS,
        remedies=_rates(config, 100, 10, 1000),
    )


def _as_good_as_any(config: Config, records: Records) -> bool:
    """Whether about as many are right as the best straight line gets right."""
    return bool(records["accuracy"][-1] >= best_line(config) - 0.05)


def _standing(config: Config, records: Records) -> str:
    return (
        f"{per_cent(records['accuracy'][-1])} of the examples are right; the best straight line of "
        f"720 directions gets {per_cent(best_line(config))} right."
    )


@remembered
def neighbours(config: Config) -> float:
    """The share of examples whose class the five nearest others name: any shape is allowed."""
    from sklearn.model_selection import cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    points, labels = examples(config)
    n_folds = int(min(5, *np.bincount(labels.astype(int), minlength=2)))
    if n_folds < 2:
        return 1.0
    model = KNeighborsClassifier(min(5, len(labels) // 2))
    return float(cross_val_score(model, points, labels, cv=n_folds).mean())


def _perfect() -> Finding:
    return Finding(
        "perfect",
        "good",
        "The start has no loss at all: every example is answered exactly, and there is nothing "
        "left to descend.",
    )


def _flat(config: Config, records: Records) -> Finding | None:
    if np.abs(records["gradient"][-1]).max() > 0:
        return None
    said = "Every number of the gradient is exactly 0"
    if config.activation == "step":
        said += (
            ": a step is flat on both sides of its edge, so no small change of a weight changes "
            "the loss, and descent has no downhill to follow. Your hand can still solve it, "
            "gradient descent cannot"
        )
    return Finding(
        "flat",
        "bad",
        f"{said}. {_standing(config, records)}",
        complaint=Complaint("accuracy", "accuracy", len(examples(config).labels)),
        remedies=(
            Remedy("Sigmoid", {"activation": "sigmoid"}, replace(config, activation="sigmoid")),
            _from_the_default(config),
        ),
    )


def _straight(config: Config, records: Records) -> Finding | None:
    """Whether another shape of boundary would do clearly better than the best line."""
    best, curved = best_line(config), neighbours(config)
    if curved - best < max(0.05, 2 * evidence.share_error(best, len(examples(config).labels))):
        return None
    name = "XOR" if config.data == "xor" else "This set"
    return Finding(
        "straight",
        "bad",
        f"{name} cannot be solved by one neuron: its boundary is one straight line, and of 720 "
        f"directions tried the best line gets {per_cent(best)} right, where the five nearest "
        f"examples name the class in {per_cent(curved)}. It takes a hidden layer: a network.",
    )


def _solved(config: Config, records: Records) -> Finding | None:
    right, value = records["accuracy"], records["loss"]
    if not _as_good_as_any(config, records):
        return None
    first = int(np.argmax(right >= right[-1]))
    name = config.data.upper() if config.data in GATES else "The two classes"
    parted = "are" if config.data not in GATES else "is"
    if right[-1] == 1:
        said = f"{name} {parted} parted by one straight line: every example right from step {first}"
    else:
        said = (
            f"One straight line gets {per_cent(right[-1])} right, about as many as any line can "
            f"({per_cent(best_line(config))}); the five nearest examples name the class in "
            f"{per_cent(neighbours(config))}"
        )
    return Finding(
        "solved", "good", f"{said}; the loss went from {value[0]:.3g} to {value[-1]:.3g}."
    )


def _on_the_way(config: Config, records: Records) -> Finding:
    return Finding(
        "on_the_way",
        "note",
        f"{_standing(config, records)} The loss went from {records['loss'][0]:.3g} to "
        f"{records['loss'][-1]:.3g}: the line of the lowest loss need not be the one that gets "
        "most right.",
    )


def contest(config: Config, tries: Sequence[Try], losses: Floats) -> str:
    """The learner's best try beside gradient descent, in words."""
    if not tries:
        return ""
    table = tries_table(config, tries)
    best = int(table["loss"].to_numpy().argmin())
    loss_by_hand = float(table["loss"].iloc[best])
    ahead = "ahead of" if loss_by_hand <= losses.min() else "behind"
    return (
        f"Your best of {_counted(len(table))} is number {best + 1} with a loss of "
        f"{loss_by_hand:.3g}; that is {ahead} gradient descent, which stands at "
        f"{losses.min():.3g} after {len(losses) - 1} steps."
    )


def _counted(n_tries: int) -> str:
    return "1 try" if n_tries == 1 else f"{n_tries} tries"


def challenge(config: Config, tries: Sequence[Try], losses: Floats) -> tuple[bool, str]:
    """Whether few tries by hand came near what gradient descent has reached by now."""
    if not tries:
        return False, "no try handed over yet."
    if config.activation == "step":
        return False, "a step gives gradient descent nothing to follow: take another activation."
    if losses.min() > 0.9 * GUESS[config.activation]:
        return False, "gradient descent has not got below a guess itself yet."
    best = float(tries_table(config, tries)["loss"].min())
    goal = 1.1 * float(losses.min())
    told = f"{best:.3g} in {_counted(len(tries))}, to come below {goal:.3g}."
    trained = len(losses) > 100
    return trained and len(tries) <= FEW_TRIES and best <= goal, told


def curve_table(records: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """The path of gradient descent as a table, one row a step."""
    frame = pd.DataFrame(records["parameters"], columns=["w1", "w2", "b"])
    frame["loss"], frame["accuracy"] = records["loss"], records["accuracy"]
    return frame.rename_axis("step").reset_index()


def points_table(shown: Examples) -> pd.DataFrame:
    """The examples as a table."""
    frame = pd.DataFrame(shown.points, columns=["x1", "x2"])
    return frame.assign(**{"class": shown.labels.astype(int)})
