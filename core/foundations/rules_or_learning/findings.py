"""What happened to rule and model: said from what was measured, with what was tried."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis, evidence
from core.diagnosis import Finding
from core.foundations.rules_or_learning import payments
from core.foundations.rules_or_learning.model import (
    N_PAYMENTS,
    VALIDATION,
    Config,
    Day,
    Rule,
    stream,
)
from core.foundations.rules_or_learning.reading import (
    Score,
    best_threshold,
    model_score,
    rule_score,
)
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered

TEST_LOSS = Complaint("test_loss", "loss on new payments")
ENOUGH_RECORDS = 10
FLOOR = 0.01  # nats above what is least: less is no fault


def findings(config: Config, records: Records, end: str, rule: Rule, day: Day) -> list[Finding]:
    """What happened in training, in the world and between rule and model, worst first."""
    if end == "diverged":
        return [_diverged(config, len(records["loss"]) - 1)]
    parameters = records["parameters"][-1]
    found = [
        _held_back(config, records),
        _aged(config, parameters, rule, day),
        _loose(config, rule, day),
        _threshold(config, parameters, day),
    ]
    said = [finding for finding in found if finding]
    trained = len(records["loss"]) > ENOUGH_RECORDS
    healthy = trained and not any(finding.tone == "bad" for finding in said)
    return [*said, _compared(config, parameters, rule, day, healthy)]


@remembered
def least_loss(config: Config) -> float:
    """The cross-entropy of the exact probabilities on the payments the model is tested on."""
    drawn = stream(config, VALIDATION, config.learned_drift)
    share, drift = config.fraud_share / 100, config.learned_drift / 100
    exact = payments.fraud_probability(drawn.features, share, drift)
    p = np.clip(np.where(drawn.is_fraud, exact, 1 - exact), 1e-12, 1)
    return float(-np.log(p).mean())


def _remedy(config: Config, label: str, **changed: Any) -> Remedy:
    settings = dict(changed)
    if "hidden" in changed:
        settings["hidden"] = "-".join(map(str, changed["hidden"]))
    return Remedy(label, settings, replace(config, **changed))


def _rates(config: Config, *factors: float) -> Iterator[Remedy]:
    for rate in diagnosis.other_rates(config.learning_rate, *factors):
        yield _remedy(config, f"Learning rate {rate:g}", learning_rate=rate)


def _diverged(config: Config, last: int) -> Finding:
    slower = tuple(_rates(config, 0.1, 0.01, 0.001))
    return diagnosis.diverged(f"epoch {last:,}", config.learning_rate, TEST_LOSS, slower)


def _held_back(config: Config, records: Records) -> Finding | None:
    """Whether the model is clearly worse than the exact probabilities, and what shows why."""
    last, least = len(records["loss"]) - 1, least_loss(config)
    reached = float(records["test_loss"][-1])
    if last < ENOUGH_RECORDS or reached <= 1.5 * least + FLOOR:
        return None
    for kind, why, remedies in _causes(config, records):
        if kind == "too_short" and last < config.n_epochs:
            return None  # it is still on its way
        return Finding(
            kind,
            "bad",
            f"After {last:,} epochs the model's loss on new payments is {reached:.3g}; the "
            f"simulator's exact probabilities have {least:.3g}. {why}",
            complaint=TEST_LOSS,
            remedies=remedies,
        )
    return None


def _causes(config: Config, records: Records) -> Iterator[tuple[str, str, tuple[Remedy, ...]]]:
    loss, test_loss = records["loss"], records["test_loss"]
    half = len(loss) // 2
    late, lowest = float(loss[half:].mean()), float(loss.min())
    detour = evidence.motion(records["parameters"][half:]).detour
    rises = float((loss[half + 1 :] > 1.1 * loss[half:-1]).mean())
    if (late > 1.5 * lowest and (detour > 5 or rises > 0.2)) or float(loss.max()) > 3 * float(
        loss[0]
    ):
        yield (
            "overshoots",
            f"The steps are too long: the training loss was {lowest:.3g} at its lowest and "
            f"{late:.3g} on average in the second half; at its highest it was {loss.max():.3g}.",
            tuple(_rates(config, 0.1, 0.01, 0.001)),
        )
    if not config.hidden:
        yield (
            "linear",
            "Without hidden units the edge between frauds and honest payments is straight.",
            (
                _remedy(config, "Hidden units 8-4", hidden=(8, 4)),
                _remedy(config, "Hidden units 16-16", hidden=(16, 16)),
            ),
        )
    more = [n for n in (1000, 5000) if n > config.n_examples]
    examples = tuple(_remedy(config, f"Learn from {n:,} payments", n_examples=n) for n in more)
    if more and test_loss[-1] > 2 * loss[-1]:
        yield (
            "few_examples",
            f"On its own {config.n_examples:,} payments it has {loss[-1]:.3g}: it knows these "
            "by heart more than it knows frauds.",
            examples,
        )
    if loss[-1] < 0.97 * loss[-len(loss) // 4]:
        yield (
            "too_short",
            f"The training loss was still falling at the end, from "
            f"{loss[-len(loss) // 4]:.3g} to {loss[-1]:.3g} in the last quarter: too few steps, "
            "or too short ones.",
            (*_rates(config, 10, 100), *examples[-1:]),
        )


def _aged(config: Config, parameters: Any, rule: Rule, day: Day) -> Finding | None:
    then = model_score(config, parameters, day, VALIDATION).recall
    now = model_score(config, parameters, day).recall
    if day.drift == config.learned_drift or now > then - 0.1:
        return None
    before = rule_score(config, rule, replace(day, drift=config.learned_drift)).recall
    after = rule_score(config, rule, day).recall
    return Finding(
        "aged",
        "bad",
        f"The world has changed since the model learned: it caught {per_cent(then)} of the frauds "
        f"then and catches {per_cent(now)} now; your rule went from {per_cent(before)} to "
        f"{per_cent(after)}. Neither notices by itself. The rule needs you; the model needs new "
        "examples: press Retrain.",
    )


def _loose(config: Config, rule: Rule, day: Day) -> Finding | None:
    found = rule_score(config, rule, day)
    n_alarms = found.caught + found.false_alarms
    if not n_alarms or found.precision >= 0.5:
        return None
    return Finding(
        "loose",
        "bad",
        f"Your rule stops {n_alarms:,} payments, of which {found.false_alarms:,} are honest: only "
        f"{per_cent(found.precision)} of its alarms are right.",
    )


def _threshold(config: Config, parameters: Any, day: Day) -> Finding | None:
    """Whether the model's alarm at another probability would have saved clearly more work."""
    best = best_threshold(day)
    now, then = (
        model_score(config, parameters, each).saved for each in (day, replace(day, threshold=best))
    )
    if then < now + 0.02 * N_PAYMENTS * day.minutes_per_check:
        return None
    return Finding(
        "threshold",
        "note",
        f"A look takes {day.minutes_per_check:g} minutes and a miss costs "
        f"{day.minutes_per_miss:g}, so a look pays from a probability of about {best}\u00a0% on. "
        f"There the model would have saved {then:,.0f} minutes today; at {day.threshold}\u00a0% it "
        f"saves {now:,.0f}.",
    )


def _compared(config: Config, parameters: Any, rule: Rule, day: Day, healthy: bool) -> Finding:
    by_rule, by_model = rule_score(config, rule, day), model_score(config, parameters, day)
    better = "The model" if by_model.saved > by_rule.saved else "Your rule"
    apart = abs(by_model.saved - by_rule.saved)
    lead = f"{better} is ahead by {apart:,.0f}." if apart >= 1 else "Nobody is ahead."
    return Finding(
        "compared",
        "good" if healthy and max(by_model.saved, by_rule.saved) > 0 else "note",
        f"Of the {N_PAYMENTS * day.minutes_per_check:,.0f} minutes it takes to look at every "
        f"payment of the day, your rule {_saves(by_rule)}, and the model {_saves(by_model)}. "
        f"{lead}",
    )


def _saves(found: Score) -> str:
    if found.saved < 0:
        return f"costs {-found.saved:,.0f} more for what it misses"
    return f"saves {found.saved:,.0f}"
