"""What happened to the eight networks: dead units, lost gradients, and what may help."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import diagnosis
from core.diagnosis import Finding
from core.foundations.activation_functions.model import Config
from core.foundations.activation_functions.reading import LEARNED, NAMES, PLACES
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

GUESS = float(np.log(2))  # nats: the loss of a network that calls every answer even
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # that the control offers
NAMED = {"he": "He", "xavier": "Xavier"}  # first weights that may help


def findings(config: Config, records: Records) -> list[Finding]:
    """What happened up to the last of `records`, the most instructive first."""
    if len(records["loss"]) < 10:
        return []
    found = [
        _dead(config, records),
        _diverged(config, records),
        _vanished(config, records),
        _learned(records),
    ]
    return [finding for finding in found if finding]


def _dead(config: Config, records: Records) -> Finding | None:
    shares = records["dead"][:, PLACES["relu"]].mean(axis=1)  # (S,)
    if shares[-1] < 0.25 or "relu" in _stuck(records)[0]:  # then it never heard anything
        return None
    said = (
        f"{per_cent(shares[-1])} of the ReLU network's units are dead now: their input is below "
        "zero for every example, where the slope is 0. Before training it was "
        f"{per_cent(shares[0])}, at most {per_cent(shares.max())}."
    )
    if not records["gradients"][-1, PLACES["relu"], 0]:
        said += " The first layer receives no gradient at all now."
    others = (
        *(_other(config, f"First weights by {NAMED[i]}", init=i) for i in _other_inits(config)),
        *_other_rates(config, 0.1, 0.03),
    )
    return Finding("dead", "bad", said, _complaint("relu"), others)


def _diverged(config: Config, records: Records) -> Finding | None:
    lost = [n for n, place in PLACES.items() if not np.isfinite(records["losses"][-1, place])]
    if not lost:
        return None
    return Finding(
        "diverged",
        "bad",
        f"Training with {_listed(lost)} diverged: at a learning rate of {config.learning_rate:g} "
        "the steps overshot until the loss was no longer a number.",
        _complaint(lost[0]),
        _other_rates(config, 0.3, 0.1, 0.03),
    )


def _stuck(records: Records) -> tuple[list[str], NDArray[np.floating]]:
    """Who still guesses while its first layer hears next to nothing; how much less that is.

    The last layer's gradient over the first one's (8,), both from the first ten epochs.
    """
    gradients = records["gradients"][:10].mean(axis=0)  # (8, layers)
    smaller = gradients[:, -1] / np.maximum(gradients[:, 0], 1e-30)
    stuck = [
        name
        for name, place in PLACES.items()
        if name != "step"
        and records["losses"][-1, place] > 0.9 * GUESS
        and (smaller[place] > 100 or gradients[place, 0] < 1e-6)
    ]
    return stuck, smaller


def _vanished(config: Config, records: Records) -> Finding | None:
    stuck, smaller = _stuck(records)
    if not stuck:
        return None
    worst = max(stuck, key=lambda name: smaller[PLACES[name]])
    far = smaller[PLACES[worst]]
    said = (
        f"The gradient vanishes on its way back: with {_listed(stuck)} nothing beats guessing yet"
    )
    if far > 100:
        said += (
            f". With {NAMES[worst]} the first layer receives a gradient {far:,.0f} times smaller "
            f"than the last one in the first epochs: {config.n_layers} slopes multiply on the way"
        )
    else:
        said += ". Weights this small shrink what passes every layer, forth and back"
    # Sigmoids may be past help; where tanh is stuck as well, that is the one to be helped.
    complaint = _complaint("tanh" if "tanh" in stuck else worst)
    return Finding("vanished", "bad", f"{said}.", complaint, tuple(_deeper(config)))


def _deeper(config: Config) -> Iterator[Remedy]:
    """What may let a gradient through: larger first weights, less depth, steps of one length."""
    if config.init not in NAMED:
        for init in NAMED:
            yield _other(config, f"First weights by {NAMED[init]}", init=init)
    if config.n_layers > 2:
        yield _other(config, "Two hidden layers", n_layers=2)
    if config.optimizer != "adam":
        yield _other(config, "Adam at 0.01", optimizer="adam", learning_rate=0.01)


def _other_inits(config: Config) -> list[str]:
    return [init for init in NAMED if init != config.init]


def _other_rates(config: Config, *factors: float) -> tuple[Remedy, ...]:
    return tuple(
        _other(config, f"Learning rate {rate:g}", learning_rate=rate)
        for rate in diagnosis.other_rates(config.learning_rate, *factors, offered=RATES)
    )


def _other(config: Config, label: str, **changed: Any) -> Remedy:
    return Remedy(label, changed, replace(config, **changed))


def _complaint(name: str) -> Complaint:
    """The loss of one of the eight is too high."""
    return Complaint("losses", f"loss of the {NAMES[name]} network", index=PLACES[name])


def _learned(records: Records) -> Finding | None:
    right = records["accuracies"]  # (S, 8)
    good = [name for name, place in PLACES.items() if right[-1, place] >= LEARNED]
    if not good:
        return None
    first = {name: int(np.argmax(right[:, PLACES[name]] >= LEARNED)) for name in good}
    fastest = min(good, key=lambda name: first[name])
    said = (
        f"It was learned with {_listed(good)}: at least {per_cent(LEARNED)} right. The first was "
        f"{NAMES[fastest]}, at epoch {first[fastest]}."
    )
    if "identity" not in good:
        said += " The identity cannot: layers without a bend add up to one straight line."
    return Finding("learned", "good", said)


def _listed(names: Sequence[str]) -> str:
    shown = [NAMES[name] for name in names]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def notes(config: Config, records: Records, first: int) -> list[tuple[int, str]]:
    """What is new to say about the last of `records` since record `first`."""
    before = {f.kind for f in findings(config, {n: a[:first] for n, a in records.items()})}
    found = [f for f in findings(config, records) if f.tone == "bad" and f.kind not in before]
    return [(len(records["loss"]) - 1, finding.sentence) for finding in found]
