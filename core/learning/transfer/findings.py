"""What happened to the three learners, said from what was measured in their run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.transfer.model import FROZEN, LEARNERS, SCRATCH, TUNED, Config
from core.learning.transfer.pixels import by_pixels
from core.learning.transfer.source import N_CLASSES, N_RECORDS, N_TURNS, source_run
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

N_TESTED = 500
LOSS = Complaint("loss", "mean training loss")
SCORE = Complaint("transferred", "accuracy with transfer", N_TESTED)
NOTHING = float(np.log(N_CLASSES))  # the loss of the answer that all digits are equally likely
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.1, 1.0)


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`: what went wrong, and how it compares."""
    if end == "diverged":
        return [_thrown(config, "The loss of a learner is no longer a number")]
    if len(records["loss"]) < 4:
        return []
    wrong = _overshoots(config, records) or _untaught(config, records)
    wrong = wrong or (_too_short(config, records) if end else None)
    compared = _compared(config, records)
    return [wrong, compared] if wrong else [compared]


def _overshoots(config: Config, records: Records) -> Finding | None:
    """Whether a first step threw a learner far above the loss of knowing nothing."""
    losses = records["losses"].astype(float)
    thrown = [n for n in range(3) if losses[:, n].max() > 3 * NOTHING and losses[-1, n] > 0.01]
    if not thrown:
        return None
    names = " and ".join(LEARNERS[n].lower() for n in thrown)
    worst = max(losses[:, n].max() for n in thrown)
    return _thrown(
        config,
        f"The steps are too long for the learner{'s' * (len(thrown) > 1)} {names}: the training "
        f"loss was thrown to {worst:,.0f} where knowing nothing has {NOTHING:.2f}",
    )


def _thrown(config: Config, why: str) -> Finding:
    return Finding(
        "overshoots",
        "bad",
        f"{why}. The learning rate is {config.learning_rate:g}.",
        complaint=LOSS,
        remedies=tuple(_rates(config, 0.01, 0.1)),
    )


def _rates(config: Config, *factors: float) -> Iterator[Remedy]:
    """The same run with other learning rates, as far as the control offers them."""
    for rate in diagnosis.other_rates(config.learning_rate, *factors, offered=RATES):
        yield _remedy(config, f"Learning rate {rate:g}", learning_rate=rate)


def _remedy(config: Config, label: str, **changed: Any) -> Remedy:
    settings = {name: value for name, value in changed.items() if name != "source_record"}
    if "source_record" in changed:
        settings["source_share"] = 100 * changed["source_record"] // (N_RECORDS - 1)
    return Remedy(label, settings, replace(config, **changed))


def source_accuracy(config: Config) -> tuple[float, float]:
    """What the source network gets right of its own test, and what guessing would."""
    run = source_run(config.source)
    known = run.until(run.n_records - 1)["test_accuracy"]
    n_answers = N_CLASSES * (1 if config.source == "upright" else N_TURNS)
    return float(known[config.source_record]), 1 / n_answers


def _untaught(config: Config, records: Records) -> Finding | None:
    """Whether the source network has nothing to transfer: it answers its own test by chance."""
    right, chance = source_accuracy(config)
    if right > 3 * chance:
        return None
    taught = _remedy(config, "A trained source network", source_record=N_RECORDS - 1)
    true = _remedy(
        config, "A source with true labels", source="turned", source_record=N_RECORDS - 1
    )
    return Finding(
        "untaught",
        "bad",
        f"There is nothing to transfer: the source network gets {per_cent(right)} of its own "
        f"test right, guessing {per_cent(chance)}. Its features name "
        f"{per_cent(records['accuracy'][-1][FROZEN])} of the new digits, a support vector machine "
        f"on their pixels {per_cent(by_pixels(config))}.",
        complaint=SCORE,
        remedies=(true,) if config.source == "random" else (taught,),
    )  # fmt: skip


def _too_short(config: Config, records: Records) -> Finding | None:
    """Whether a learner still knew next to nothing of its labelled pictures at the end."""
    losses = records["losses"].astype(float)
    slow = int(losses[-1].argmax())
    falls = np.diff(losses[len(losses) // 2 :, slow]) < 0
    if losses[-1, slow] < 0.5 * NOTHING or falls.mean() < 0.9:
        return None
    more = [_remedy(config, "400 steps", n_steps=400)] if config.n_steps < 400 else []
    return Finding(
        "too_short",
        "bad",
        f"The way was too short: after {config.n_steps} steps at {config.learning_rate:g} the loss "
        f"of the learner {LEARNERS[slow].lower()} is {losses[-1, slow]:.2f} and was still falling; "
        f"knowing nothing has {NOTHING:.2f}.",
        complaint=LOSS,
        remedies=(*_rates(config, 10), *more),
    )


def _compared(config: Config, records: Records) -> Finding:
    """The three learners beside a classical method that never saw another digit."""
    accuracy, pixels = records["accuracy"][-1].astype(float), by_pixels(config)
    told = (
        f"New digits classified correctly: {per_cent(accuracy[SCRATCH])} from scratch, "
        f"{per_cent(accuracy[FROZEN])} on frozen features, {per_cent(accuracy[TUNED])} fine-tuned; "
        f"a support vector machine on their pixels, from the same labels, {per_cent(pixels)}."
    )
    best, without = float(accuracy[[FROZEN, TUNED]].max()), max(float(accuracy[SCRATCH]), pixels)
    if SCORE.helped(without, best):
        return Finding(
            "transferred",
            "good",
            f"{told} Knowing other digits is worth {100 * (best - without):.0f} points here: "
            f"{per_cent(1 - best)} wrong in place of {per_cent(1 - without)}.",
        )
    return Finding(
        "little",
        "note",
        f"{told} The better transfer and the better of the two without it differ by "
        f"{100 * (best - without):+.1f} points: on {N_TESTED} digits that may be chance.",
    )
