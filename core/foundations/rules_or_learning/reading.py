"""What can be read off a rule and a model: alarms, scores, and how both age."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import downloads
from core.foundations.rules_or_learning import payments
from core.foundations.rules_or_learning.model import (
    TODAY,
    Config,
    Day,
    Floats,
    Rule,
    layers,
    probabilities,
    stream,
)
from core.recordings import Records
from core.shares import per_cent
from core.store import remembered

DRIFTS = range(0, 101, 10)


@dataclass(frozen=True)
class Score:
    """How one day's alarms turned out, and the minutes of work that they leave."""

    caught: int
    missed: int
    false_alarms: int
    saved: float  # minutes, against a person who looks at every payment

    @property
    def precision(self) -> float:
        """The share of alarms that are frauds; NaN without an alarm."""
        n_alarms = self.caught + self.false_alarms
        return self.caught / n_alarms if n_alarms else float("nan")

    @property
    def recall(self) -> float:
        """The share of frauds that raise the alarm."""
        return self.caught / (self.caught + self.missed)


def score(alarms: NDArray[np.bool_], is_fraud: NDArray[np.bool_], day: Day) -> Score:
    """Count alarms (N,) against the truth (N,) and price them in minutes."""
    caught, missed = int((alarms & is_fraud).sum()), int((~alarms & is_fraud).sum())
    n_checked = int(alarms.sum())
    work = n_checked * day.minutes_per_check + missed * day.minutes_per_miss
    return Score(caught, missed, n_checked - caught, len(alarms) * day.minutes_per_check - work)


@remembered
def model_score(config: Config, parameters: Floats, day: Day, which: int = TODAY) -> Score:
    """The model's score today, or on a day like those it learned from (VALIDATION)."""
    drift = day.drift if which == TODAY else config.learned_drift
    drawn = stream(config, which, drift)
    p = probabilities(config, parameters, drawn.features)
    return score(p >= day.threshold / 100, drawn.is_fraud, day)


def best_threshold(day: Day) -> int:
    """The probability, per cent, from which a look costs less than what it may save."""
    return int(np.clip(round(100 * day.minutes_per_check / max(day.minutes_per_miss, 1e-9)), 1, 99))


@remembered
def rule_score(config: Config, rule: Rule, day: Day) -> Score:
    """The rule's score on the same day."""
    drawn = stream(config, TODAY, day.drift)
    return score(rule.alarms(drawn.features), drawn.is_fraud, day)


@remembered
def ageing(config: Config, parameters: Floats, rule: Rule, day: Day) -> dict[str, Floats]:
    """Minutes saved by rule, model and exact probability for every drift of DRIFTS."""
    rows = []
    for drift in DRIFTS:
        then = replace(day, drift=drift)
        drawn = stream(config, TODAY, drift)
        exact = payments.fraud_probability(drawn.features, config.fraud_share / 100, drift / 100)
        worth = exact * day.minutes_per_miss >= day.minutes_per_check
        rows.append(
            (
                rule_score(config, rule, then).saved,
                model_score(config, parameters, then).saved,
                score(worth, drawn.is_fraud, then).saved,
            )
        )
    names = ("your rule", "the model as it is", "if the simulator's truth were known")
    columns = np.array(rows, dtype=np.float32).T
    return dict(zip(names, columns, strict=True))


@remembered
def answers(config: Config, parameters: Floats, rule: Rule, day: Day) -> pd.DataFrame:
    """Today's payments with every answer, those the model is most wrong about first."""
    drawn = stream(config, TODAY, day.drift)
    p = probabilities(config, parameters, drawn.features)
    exact = payments.fraud_probability(drawn.features, config.fraud_share / 100, day.drift / 100)
    frame = pd.DataFrame(
        {
            "amount, €": drawn.features[:, 0].round(2),
            "distance, km": drawn.features[:, 1].round(2),
            "payments in the last hour": drawn.features[:, 2].astype(int),
            "fraud": drawn.is_fraud,
            "rule's alarm": rule.alarms(drawn.features),
            "model's probability": p,
            "exact probability": exact.astype(np.float32),
        }
    )
    wrong = np.abs(drawn.is_fraud - p.astype(float))
    return frame.iloc[np.argsort(-wrong, kind="stable")].reset_index(drop=True)


def habits(drift: int) -> pd.DataFrame:
    """What the simulator's groups do when the world has changed by `drift` per cent."""
    found = [payments.habit(group, drift / 100) for group in payments.HABITS]
    return pd.DataFrame(
        {
            "who": [each.name for each in found],
            "usual amount, €": [10 ** each.amount[0] for each in found],
            "usual distance, km": [10 ** each.distance[0] for each in found],
            "payments in an hour": [1 + each.others for each in found],
        }
    )


@dataclass(frozen=True)
class Verdict:
    """What rule and model say about one payment, and what is true of it."""

    alarm: bool
    reached: tuple[bool, bool, bool]
    probability: float
    exact: float


def verdict(
    config: Config, parameters: Floats, rule: Rule, day: Day, payment: Sequence[float]
) -> Verdict:
    """Judge one payment: amount in euros, distance in kilometres, payments in the hour."""
    features = np.array([payment], dtype=float)
    if features.shape != (1, 3) or not np.isfinite(features).all() or (features <= 0).any():
        raise ValueError(f"payment must be three numbers above 0, got {tuple(payment)!r}")
    limits = (rule.amount, rule.distance, rule.count)
    reached = [bool(value >= limit) for value, limit in zip(payment, limits, strict=True)]
    exact = payments.fraud_probability(features, config.fraud_share / 100, day.drift / 100)
    return Verdict(
        bool(rule.alarms(features)[0]),
        (reached[0], reached[1], reached[2]),
        float(probabilities(config, parameters, features)[0]),
        float(exact[0]),
    )


def said(verdict: Verdict, rule: Rule, day: Day) -> str:
    """A verdict in two sentences."""
    names = ("amount", "distance", "payments in the hour")
    over = [name for name, is_over in zip(names, verdict.reached, strict=True) if is_over]
    reasons = f"{len(over)} of 3 thresholds reached" + (f": {', '.join(over)}" if over else "")
    alarm = "**stops it**" if verdict.alarm else "**lets it pass**"
    model = "**stops it**" if verdict.probability >= day.threshold / 100 else "**lets it pass**"
    return (
        f"Your rule {alarm} ({reasons}; {rule.votes} needed). "
        f"The model {model}: fraud with a probability of {_share(verdict.probability)}. "
        f"The simulator knows: {_share(verdict.exact)}."
    )


def _share(value: float) -> str:
    if value < 0.001:
        return "under 0.1\u00a0%"
    return "over 99.9\u00a0%" if value > 0.999 else f"{100 * value:.1f}\u00a0%"


def challenge(config: Config, rule: Rule, day: Day) -> tuple[bool, str]:
    """Whether a rule alone catches 90 % of the frauds with 90 % of its alarms right."""
    now = rule_score(config, rule, replace(day, drift=0))
    precision = (
        "no alarm" if np.isnan(now.precision) else f"{per_cent(now.precision)} of alarms right"
    )
    reached = now.recall >= 0.9 and now.precision >= 0.9
    return bool(reached), f"{per_cent(now.recall)} caught, {precision}."


def unit_names(config: Config) -> list[list[str]]:
    """What every layer's units are called, the inputs first."""
    hidden = [
        [f"h{depth}.{unit + 1}" for unit in range(n_units)]
        for depth, n_units in enumerate(config.hidden, start=1)
    ]
    return [["amount", "distance", "payments"], *hidden, ["fraud"]]


def curve_table(records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row an epoch."""
    shown = {name: values for name, values in records.items() if values.ndim == 1}
    return pd.DataFrame(shown).rename_axis("epoch").reset_index()


def weights_file(config: Config, parameters: Floats) -> bytes:
    """The parameters as safetensors, named as PyTorch names those of the script's network."""
    return downloads.tensors(downloads.stacked(layers(config, parameters)))


def n_parameters(config: Config) -> int:
    """Weights and biases of the network."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(config.sizes))
