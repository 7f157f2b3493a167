"""What happened to the four methods, said in plain words, and the challenge of the page."""

from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis, evidence
from core.diagnosis import Finding
from core.learning.semi_supervised.data import examples
from core.learning.semi_supervised.model import (
    LABELS_ONLY,
    MEAN_TEACHER,
    METHODS,
    PROPAGATION,
    PSEUDO_LABELS,
    Config,
)
from core.recordings import Records
from core.remedies import Complaint, Remedy

GOAL, GOAL_LABELS = 95.0, 6
MANY_ACROSS = 0.01  # of the graph, by weight


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, the most instructive first."""
    if len(records["loss"]) < 10:
        return []
    rate = _rate(config, records, end)
    if rate:
        return [rate]
    worse = _worse(config, records) or _corner(config, records)
    return [worse] if worse else [_standing(config, records)]


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some fields, and what the page's controls then say."""
    settings = dict(changed)
    if config.data == "digits" and "n_labels" in changed:
        settings["n_digits"] = settings.pop("n_labels")
    return Remedy(label, settings, replace(config, **changed))


def _rate(config: Config, records: Records, end: str) -> Finding | None:
    first = float(records["losses"][0].mean())
    late = records["losses"][len(records["losses"]) // 2 :]
    worst = float(np.nan_to_num(late, nan=np.inf).mean(axis=0).max())
    if end != "diverged" and worst < first:
        return None
    slower = diagnosis.other_rates(config.learning_rate, 0.01, 0.1, 0.001)
    return Finding(
        "rate",
        "bad",
        f"A learning rate of {config.learning_rate:g} throws the weights about: late in the run "
        f"the loss of a network on the labels it has is {worst:.3g} on average, before any step "
        f"it was {first:.3g}. {_scores(records)} Label propagation takes no such steps.",
        complaint=Complaint("loss", "loss on the labelled"),
        remedies=tuple(remedy(config, f"Learning rate {r:g}", learning_rate=r) for r in slower),
    )


def _scores(records: Records) -> str:
    """All methods on the test examples, the one that knows the labels only as the baseline."""
    now = records["accuracy"][-1]
    each = ", ".join(f"{METHODS[m]} {now[m]:.1f}\u00a0%" for m in range(1, len(METHODS)))
    return f"Of the test examples, labels only has {now[LABELS_ONLY]:.1f}\u00a0% right; {each}."


def noticed(config: Config, records: Records) -> float:
    """Points of accuracy that are more than chance: two standard errors of a difference."""
    share = float(records["accuracy"][-1][LABELS_ONLY]) / 100
    error = evidence.share_error(share, len(examples(config.kind).truth_test))
    return 200 * float(np.sqrt(2)) * error


def _worse(config: Config, records: Records) -> Finding | None:
    """Methods that unlabelled examples have made worse than labels alone, and why."""
    now = records["accuracy"][-1]
    hurt = [
        m for m in range(1, len(METHODS)) if now[m] < now[LABELS_ONLY] - noticed(config, records)
    ]
    if not hurt:
        return None
    kind, why = _why(config, records, hurt)
    said = " and ".join(METHODS[m] for m in hurt)
    return Finding(
        kind,
        "bad",
        f"Unlabelled examples did harm: {said}. {_scores(records)} {why}",
        complaint=_too_low(config, hurt[0]),
        remedies=_against_harm(config),
    )


def _too_low(config: Config, method: int) -> Complaint:
    n_test = len(examples(config.kind).truth_test)
    return Complaint("accuracy", METHODS[method], n_test, index=method, whole=100)


def _against_harm(config: Config) -> tuple[Remedy, ...]:
    """What is tried on points; a run of digits takes longer than anybody waits for it."""
    if config.data == "digits":
        return ()
    found = [
        remedy(config, f"{n} labels at random", n_labels=n, who="random")
        for n in (10, 20)
        if n > len(config.rows)
    ]
    if config.threshold < 99:
        found.append(remedy(config, "Trust only answers from 99\u00a0% on", threshold=99.0))
    return tuple(found)


def _why(config: Config, records: Records, hurt: list[int]) -> tuple[str, str]:
    """What was measured that explains the harm, and a name for it."""
    apart = across(config)
    if apart > MANY_ACROSS:
        return "across", (
            f"Of the links between near neighbours {100 * apart:.1f}\u00a0%, by weight, join two "
            "classes: the border runs through the clusters, and what is spread crosses it."
        )
    if PSEUDO_LABELS in hurt and (said := _snowball(records)):
        return "snowball", said
    given, wrong = (int(records[name][-1][hurt[0]]) for name in ("given", "wrong"))
    return "worse", (
        f"Of the {given:,} labels that {METHODS[hurt[0]]} gave {wrong:,} are wrong; at the most "
        f"it was {int(records['wrong'][:, hurt[0]].max()):,}."
    )


def across(config: Config) -> float:
    """The share of pairs of near neighbours whose classes differ, by weight."""
    data = examples(config.kind)
    joined = data.graph.weights.to_sparse().coalesce()
    one, other = joined.indices()
    differ = data.truth[one] != data.truth[other]
    return float(joined.values()[differ].sum() / joined.values().sum())


def _snowball(records: Records) -> str | None:
    """Whether the share of wrong pseudo-labels has risen to nearly its most."""
    given, wrong = (records[n][:, PSEUDO_LABELS].astype(float) for n in ("given", "wrong"))
    half = len(wrong) // 2
    early, late = float(wrong[:half].mean()), float(wrong[half:].mean())
    if late < 1.2 * early or wrong[-1] < 0.9 * wrong.max() or wrong[-1] < 0.05 * given[-1]:
        return None
    return (
        f"A snowball: {wrong[-1]:,.0f} of {given[-1]:,.0f} pseudo-labels are wrong now; in the "
        f"first half of the run it was {early:,.0f} on average, in the second {late:,.0f}. The "
        "network learns its own mistakes as if they were true."
    )


def _corner(config: Config, records: Records) -> Finding | None:
    now = records["accuracy"][-1]
    if config.who != "corner" or now[:PROPAGATION].max() >= GOAL:
        return None
    return Finding(
        "corner",
        "bad",
        f"All labels come from one corner. {_scores(records)} "
        "Nothing tells the networks what lies beyond the corner.",
        complaint=_too_low(config, MEAN_TEACHER),
        remedies=()
        if config.data == "digits"
        else (remedy(config, "Labels at random", who="random"),),
    )


def _standing(config: Config, records: Records) -> Finding:
    """Where nothing is the matter: whether unlabelled examples helped by more than chance."""
    now = records["accuracy"][-1]
    gain = float(now[1:].max() - now[LABELS_ONLY])
    wrong, given = (int(records[n][-1][PSEUDO_LABELS]) for n in ("wrong", "given"))
    trusted = (
        f" Of {given:,} pseudo-labels {wrong:,} are wrong; at the most it was "
        f"{int(records['wrong'][:, PSEUDO_LABELS].max()):,}."
        if given
        else ""
    )
    if gain < noticed(config, records):
        return Finding("equal", "note", f"{_scores(records)} No more than chance apart.{trusted}")
    return Finding("helped", "good", f"Unlabelled examples helped. {_scores(records)}{trusted}")


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether two networks with few labels are good enough, and how far the run is from it."""
    if config.data != "moons":
        return False, "choose the moons."
    if len(config.rows) > GOAL_LABELS:
        return False, f"{len(config.rows)} labels are too many."
    now = records["accuracy"][-1]
    reached = bool(min(now[PSEUDO_LABELS], now[MEAN_TEACHER]) >= GOAL)
    return reached, (
        f"pseudo-labels {now[PSEUDO_LABELS]:.1f}\u00a0%, mean teacher "
        f"{now[MEAN_TEACHER]:.1f}\u00a0% with {len(config.rows)} labels."
    )


def summary(records: Records) -> str:
    """All four accuracies in one line."""
    now = records["accuracy"][-1]
    return ", ".join(f"{name} {value:.1f}\u00a0%" for name, value in zip(METHODS, now, strict=True))
