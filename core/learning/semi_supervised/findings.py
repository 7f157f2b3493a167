"""What happened to the four methods, said in plain words, and the challenge of the page."""

import numpy as np

from core.diagnosis import RATES, Finding
from core.learning.semi_supervised.model import (
    LABELS_ONLY,
    MEAN_TEACHER,
    METHODS,
    PROPAGATION,
    PSEUDO_LABELS,
    Config,
)
from core.recordings import Records

GOAL, GOAL_LABELS = 95.0, 6
NOTICED = 1.0  # points of accuracy


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, the most instructive first."""
    if len(records["loss"]) < 10:
        return []
    found = [
        _rate(config, records, end),
        _worse(config, records),
        _corner(config, records),
        _snowball(config, records),
        _helped(records),
    ]
    return [finding for finding in found if finding]


def _rate(config: Config, records: Records, end: str) -> Finding | None:
    late = records["losses"][len(records["losses"]) // 2 :]
    worst = float(np.nan_to_num(late, nan=np.inf).mean(axis=0).max())
    if end != "diverged" and worst < float(records["losses"][0].mean()):
        return None
    slower = float(RATES[np.abs(np.log(RATES * 100 / config.learning_rate)).argmin()])
    return Finding(
        "rate",
        "bad",
        f"A learning rate of {config.learning_rate:g} throws the weights about: a network cannot "
        "even hold the few labels it has, and its pseudo-labels teach the others noise. "
        "Label propagation takes no such steps and is not touched.",
        "Take steps a hundredth as long",
        {"learning_rate": slower},
    )


def _worse(config: Config, records: Records) -> Finding | None:
    """Methods that unlabelled examples have made worse than labels alone."""
    now = records["accuracy"][-1]
    hurt = [m for m in range(1, len(METHODS)) if now[m] < now[LABELS_ONLY] - NOTICED]
    if not hurt:
        return None
    said = " and ".join(f"{METHODS[m]} ({now[m]:.1f} %)" for m in hurt)
    why = (
        "the classes do not follow the clusters: what is spread along a moon crosses the border."
        if config.data == "across"
        else "what spread from the few labels went to the wrong side of a gap, and stayed there."
    )
    remedy = {"data": "moons"} if config.data == "across" else {"n_labels": 10, "n_digits": 100}
    return Finding(
        "worse",
        "bad",
        f"Unlabelled examples did harm: {said}, against {now[LABELS_ONLY]:.1f} % from labels "
        f"only; {why}",
        "Let the classes be the moons" if config.data == "across" else "Label more examples",
        {**remedy, "who": "random"},
    )


def _corner(config: Config, records: Records) -> Finding | None:
    now = records["accuracy"][-1]
    if config.who != "corner" or now[:PROPAGATION].max() >= GOAL:
        return None
    return Finding(
        "corner",
        "bad",
        f"All labels come from one corner: the networks reach {now[:PROPAGATION].max():.1f} % at "
        f"best, for nothing tells them what lies beyond it; {METHODS[PROPAGATION]}, which goes "
        f"from neighbour to neighbour, reaches {now[PROPAGATION]:.1f} %.",
        "Label examples at random",
        {"who": "random"},
    )


def _snowball(config: Config, records: Records) -> Finding | None:
    wrong = records["wrong"][:, PSEUDO_LABELS].astype(int)
    given = int(records["given"][-1, PSEUDO_LABELS])
    if wrong[-1] < 0.05 * max(given, 1) or wrong[-1] < 5:
        return None
    first = int((wrong > 0).argmax())
    grown = f"from {wrong[first]} when the first went wrong" if wrong[-1] > wrong[first] else ""
    return Finding(
        "snowball",
        "bad",
        f"A snowball: {wrong[-1]:,} of {given:,} pseudo-labels are wrong now"
        f"{f', {grown}' if grown else ''} (most: {wrong.max()}). The network learns its own "
        "mistakes as if they were true, and so grows surer of them.",
        "Trust only answers 99 % sure" if config.threshold < 99 else "Label more examples",
        {"threshold": 99.0} if config.threshold < 99 else {"n_labels": 20, "n_digits": 100},
    )


def _helped(records: Records) -> Finding | None:
    now = records["accuracy"][-1]
    gains = {m: float(now[m] - now[LABELS_ONLY]) for m in range(1, len(METHODS))}
    best = max(gains, key=lambda m: gains[m])
    if gains[best] < NOTICED:
        return None
    each = ", ".join(f"{METHODS[m]} {now[m]:.1f} %" for m in gains)
    return Finding(
        "helped",
        "good",
        f"Unlabelled examples helped: {each}, against {now[LABELS_ONLY]:.1f} % from the labels "
        "alone (test examples, which no method saw).",
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether two networks with few labels are good enough, and how far the run is from it."""
    if config.data != "moons":
        return False, "choose the moons."
    if len(config.rows) > GOAL_LABELS:
        return False, f"{len(config.rows)} labels are too many."
    now = records["accuracy"][-1]
    reached = bool(min(now[PSEUDO_LABELS], now[MEAN_TEACHER]) >= GOAL)
    return reached, (
        f"pseudo-labels {now[PSEUDO_LABELS]:.1f} %, mean teacher {now[MEAN_TEACHER]:.1f} % with "
        f"{len(config.rows)} labels."
    )


def summary(records: Records) -> str:
    """All four accuracies in one line."""
    now = records["accuracy"][-1]
    return ", ".join(f"{name} {value:.1f} %" for name, value in zip(METHODS, now, strict=True))
