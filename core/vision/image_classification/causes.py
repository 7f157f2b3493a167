"""Why a convolutional network reads badly: causes named from what was measured in the run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from core import evidence
from core.recordings import Records
from core.remedies import Remedy
from core.shares import per_cent
from core.vision.image_classification.model import N_MEASURED, Config
from core.vision.image_classification.reading import n_dead, right_with_dropout

RATES = (0.003, 0.001, 0.01)  # where networks like this one learn, the likeliest first
NEAR = 0.25  # of their length at the start: parameters that came less far hardly moved
USUAL_FILTERS = Config.n_filters


class Cause(NamedTuple):
    """What holds a run back, in a sentence with its evidence, and what may mend it."""

    kind: str
    sentence: str
    remedies: tuple[Remedy, ...] = ()


def causes(config: Config, records: Records) -> Iterator[Cause]:
    """What may hold the run back, the most telling first; none without evidence."""
    rules = [_dead, _overshoots]
    if len(records["loss"]) == config.n_records:  # before its end it may be on its way
        rules += [_too_short, _silenced, _memorised, _underfits]
    for rule in rules:
        if cause := rule(config, records):
            yield cause


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some settings."""
    settings = dict(changed)
    if "n_filters" in changed:
        settings["filters_1"], settings["filters_2"] = settings.pop("n_filters")
    return Remedy(label, settings, replace(config, **changed))


def slower(config: Config) -> tuple[Remedy, ...]:
    """The run with shorter steps: two, for there are two seconds to try them in."""
    rates = [rate for rate in RATES if rate < config.learning_rate][:2]
    return tuple(remedy(config, f"Learning rate {r:g}", learning_rate=r) for r in rates)


def _dead(config: Config, records: Records) -> Cause | None:
    first, second = n_dead(config, records["parameters"][-1])
    if first + second <= sum(config.n_filters) // 3:
        return None
    return Cause(
        "dead",
        f"{first} of {config.n_filters[0]} maps of the first convolution and {second} of "
        f"{config.n_filters[1]} of the second are dead: zero for every image asked, so no "
        "gradient reaches their kernels.",
        slower(config),
    )


def _overshoots(config: Config, records: Records) -> Cause | None:
    loss = records["loss"]
    if len(loss) < 2 or float(loss[1:].max()) <= 2 * float(loss[0]):
        return None
    why = f"The steps are too long: the loss rose from {loss[0]:.3g} to {loss.max():.3g}."
    return Cause("overshoots", why, slower(config))


def _too_short(config: Config, records: Records) -> Cause | None:
    came, loss = evidence.reach(records["parameters"]), records["loss"]
    if came >= NEAR:
        return None
    n_steps = (len(loss) - 1) * config.updates_per_record
    longer = [rate for rate in RATES if rate > config.learning_rate][:2]
    return Cause(
        "too_short",
        f"In {n_steps:,} steps the weights came only {per_cent(came)} of their own length away "
        f"from where they began, and the loss from {loss[0]:.3g} to {loss[-1]:.3g}: the steps are "
        "too short, or too few.",
        tuple(remedy(config, f"Learning rate {rate:g}", learning_rate=rate) for rate in longer),
    )


def _silenced(config: Config, records: Records) -> Cause | None:
    right = float(records["accuracy"][-1])
    silenced = right_with_dropout(config, records["parameters"][-1])
    if silenced > 0.8 * right:
        return None
    n_values = config.n_filters[1] * config.n_pooled[1] ** 2
    less = [p_drop for p_drop in (0.1, 0.0) if p_drop < config.p_drop]
    return Cause(
        "silenced",
        f"In every step dropout silences {per_cent(config.p_drop)} of the {n_values} values that "
        f"the last layer weighs: with it the network classifies {per_cent(silenced)} of its "
        f"training images correctly, without it {per_cent(right)}.",
        tuple(remedy(config, f"Dropout {p_drop:g}", p_drop=p_drop) for p_drop in less),
    )


def _memorised(config: Config, records: Records) -> Cause | None:
    right, tested = (float(records[name][-1]) for name in ("accuracy", "test_accuracy"))
    n_measured = min(N_MEASURED, config.n_train)
    errors = (evidence.share_error(right, n_measured), evidence.share_error(tested, 1000))
    if right - tested < max(0.05, 2 * float(np.hypot(*errors))):
        return None
    # A run with more images takes longer than the two seconds that a remedy is tried for.
    return Cause(
        "overfits",
        f"Overfitting: of {n_measured} of its training images {per_cent(right, 1)} are classified "
        f"correctly, of new ones {per_cent(tested, 1)}. It learned from {config.n_train:,} images, "
        f"moved by up to {config.shift} pixels.",
    )


def _underfits(config: Config, records: Records) -> Cause | None:
    right, n_steps = records["accuracy"][-1], (len(records["loss"]) - 1) * config.updates_per_record
    first, second = config.n_filters
    tried = []
    if first + second < sum(USUAL_FILTERS) / 2:
        label = f"{USUAL_FILTERS[0]} and {USUAL_FILTERS[1]} kernels"
        tried.append(remedy(config, label, n_filters=USUAL_FILTERS))
    tried += [
        remedy(config, f"Learning rate {rate:g}", learning_rate=rate)
        for rate in RATES
        if rate != config.learning_rate
    ]
    return Cause(
        "underfits",
        f"Underfitting: of its own training images it classifies {per_cent(right, 1)} correctly, "
        f"hardly more than of new ones. {first} and {second} kernels, and {n_steps:,} steps, are "
        "what it had.",
        tuple(tried[:2]),
    )
