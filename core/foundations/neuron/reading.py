"""What can be read off one neuron: its tries by hand, its next step, what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import diagnosis
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
from core.store import remembered

Floats = NDArray[np.float32]
Try = tuple[float, float, float]
MAX_TRIES = 40
FEW_TRIES = 6  # of the challenge
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


def next_step(config: Config, parameters: Floats, gradient: Floats) -> pd.DataFrame:
    """The step that all examples together ask for: before, gradient, change, after."""
    change = -config.learning_rate * gradient
    return pd.DataFrame(
        {
            "parameter": ["w1", "w2", "b"],
            "before": parameters,
            "gradient": gradient,
            "change": change,
            "after": parameters + change,
        }
    )


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
    found = diagnosis.from_curves(records, end, config.learning_rate, unit="step")
    if end == "diverged" or n_records < 2:
        return found
    own = _flat(config, records) or _straight(config, records) or _solved(config, records)
    silent = ("stalled", "learned") if own else ("learned",)
    return [*([own] if own else []), *(f for f in found if f.kind not in silent)]


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
    return Finding(
        "flat",
        "bad",
        "Every number of the gradient is exactly 0: a step is flat on both sides of its edge, "
        "so no small change of a weight changes the loss, and descent has no downhill to "
        "follow. Your hand can still solve it, gradient descent cannot.",
        "Use the sigmoid",
        {"activation": "sigmoid"},
    )


def _straight(config: Config, records: Records) -> Finding | None:
    best, n_records = best_line(config), len(records["loss"])
    if best >= 0.9 or n_records < 30:
        return None
    name = "XOR" if config.data == "xor" else "This set"
    return Finding(
        "straight",
        "bad",
        f"{name} cannot be solved by one neuron: its boundary is one straight line, and of 720 "
        f"directions tried the best line gets {best:.0%} right. The classes lie crosswise, so "
        "two lines are needed: two units in a hidden layer and one that combines them. "
        "That is a network.",
        "Take OR instead" if config.data == "xor" else "",
        {"data": "or"} if config.data == "xor" else {},
    )


def _solved(config: Config, records: Records) -> Finding | None:
    right, value = records["accuracy"], records["loss"]
    best = best_line(config)
    if right[-1] < best - 0.05 or len(right) < 2:
        return None
    first = int(np.argmax(right >= right[-1]))
    name = config.data.upper() if config.data in GATES else "The two classes"
    parted = "are" if config.data not in GATES else "is"
    if right[-1] == 1:
        said = f"{name} {parted} parted by one straight line: every example right from step {first}"
    else:
        said = (
            f"One straight line gets {right[-1]:.0%} right, about as many as any line can "
            f"({best:.0%}): the rest lie among the other class"
        )
    tail = f"the loss fell from {value[0]:.3g} to {value[-1]:.3g}."
    return Finding("solved", "good", f"{said}; {tail}")


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
