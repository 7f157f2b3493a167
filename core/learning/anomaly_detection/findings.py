"""What happened in the autoencoder's run: said from what was measured in it."""

from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.anomaly_detection.model import Config, Floats, examples
from core.learning.anomaly_detection.principal import linear
from core.learning.anomaly_detection.reading import THRESHOLDS, UNITS, forest, verdict
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

GOAL_AUC, GOAL_CONTAMINATION = 0.95, 10
LOSS = Complaint("loss", "training loss")
# Below this share of the training errors an error is usual; of the unsorted five minutes of
# the heart more beats are unusual than of the shuttle's rows. No label is looked at.
USUAL = {"heartbeats": 0.95, "shuttle": 0.99}


def findings(config: Config, records: Records, end: str, threshold: float) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    if end == "diverged":
        return [_diverged(config, records)]
    if len(records["loss"]) < 10:
        return []
    held_back = _held_back(config, records)
    if held_back:
        return [held_back]
    if config.data != "heartbeats":
        told = _rows(config, records)
    else:
        told = _beats(config, records) if config.simulated else _beat(config, records)
    wide = _too_wide(config, records)
    return [told, *([wide] if wide else []), _judged(config, records, threshold)]


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some fields, and what the page's controls then say."""
    return Remedy(label, changed, replace(config, **changed))


def _rates(config: Config, *factors: float) -> tuple[Remedy, ...]:
    return tuple(
        remedy(config, f"Learning rate {rate:g}", learning_rate=rate)
        for rate in diagnosis.other_rates(config.learning_rate, *factors)
    )


def _diverged(config: Config, records: Records) -> Finding:
    step = (len(records["loss"]) - 1) * config.updates_per_record
    slower = _rates(config, 0.1, 0.01, 0.001)
    return diagnosis.diverged(f"step {step:,}", config.learning_rate, LOSS, slower)


def _held_back(config: Config, records: Records) -> Finding | None:
    """Where much less is restored than by as many straight axes, and why."""
    loss, known = records["loss"], linear(config)
    mean = float(examples(config).x_train.var(axis=0).mean())
    if config.left_out or loss[-1] < min(2 * known.loss + 0.1 * mean, 0.9 * mean):
        return None
    falls = diagnosis.still_falls(loss, by=0.03)
    said = (
        f"The training loss is {float(loss[-1]):.3g}; always answering the mean has {mean:.3g}, "
        f"principal components, {known.n_axes} straight axes, {known.loss:.3g}."
    )
    if falls and loss.max() <= 1.5 * loss[0]:
        return Finding(
            "too_short",
            "bad",
            f"{said} The steps are too short, or too few: {falls}.",
            complaint=LOSS,
            remedies=_rates(config, 10, 30, 3),
        )
    peak = float(loss.max())
    return Finding(
        "stuck",
        "bad",
        f"{said} A tenth of the run ago it was {float(loss[len(loss) * 9 // 10]):.3g}, at the most "
        f"{peak:.3g}: with a learning rate of {config.learning_rate:g} nothing more is found.",
        complaint=LOSS,
        remedies=_rates(config, 0.01, 0.001, 0.1, 10),
    )


def _beat(config: Config, records: Records) -> Finding:
    """Whether the premature beat is the worst restored, and by how much."""
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    straight = linear(config)
    times = float(errors[labels][0] / errors[~labels].max())
    theirs = float(straight.errors[labels][0] / straight.errors[~labels].max())
    beside = (
        f"principal components with {straight.n_axes} numbers have it at {theirs:.2f} times, the "
        f"untrained network at {_times(records['errors'][0], labels):.2f}"
    )
    if times > 1:
        return Finding(
            "worst",
            "good",
            f"The premature beat is the worst restored of the excerpt, {times:.2f} times the error "
            f"of the next; {beside}. One anomalous beat is one example: no proof.",
        )
    n_above = int((errors > errors[labels][0]).sum())
    why = (
        " Its shape is normal; it comes too early, and a window of fixed seconds does not reach "
        "back to the beat before."
        if config.window == "seconds"
        else ""
    )
    mended = (
        ()
        if config.window == "interval"
        else (remedy(config, "Beats cut by the heart's own pace", window="interval"),)
    )
    return Finding(
        "not_worst",
        "bad",
        f"The premature beat is not the worst restored: {n_above} of {int((~labels).sum())} normal "
        f"beats err more; {beside}.{why}",
        complaint=Complaint("auc", "normal beats that err less", len(labels)),
        remedies=mended,
    )


def _beats(config: Config, records: Records) -> Finding:
    """How well the early beat and the simulated ones are told from the others."""
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    straight, now = linear(config), float(records["auc"][-1])
    n, most = int(labels.sum()), errors[~labels].max()
    said = (
        f"{int((errors[labels] > most).sum())} of {n} anomalous beats, one premature and "
        f"{n - 1} simulated, err more than every normal one; in {now:.3f} of all pairs the "
        f"anomalous one errs more (AUC). Principal components with {straight.n_axes} numbers have "
        f"{straight.auc:.3f}, the untrained network {float(records['auc'][0]):.3f}."
    )
    if now >= GOAL_AUC:
        return Finding("apart", "good", said)
    pace = remedy(config, "Beats cut by the heart's own pace", window="interval")
    mended = (pace,) if config.window != "interval" else ()
    return Finding("not_worst", "bad", said, Complaint("auc", "AUC", n), mended)


def _times(errors: Floats, labels: Any) -> float:
    return float(errors[labels][0] / errors[~labels].max())


def _rows(config: Config, records: Records) -> Finding:
    """How well the shuttle's rows are told apart, beside methods that train no network."""
    now, before = float(records["auc"][-1]), float(records["auc"][0])
    beside = (
        f"an isolation forest reaches {forest(config):.3f}, principal components "
        f"{linear(config).auc:.3f}, the untrained network {before:.3f}"
    )
    if now >= GOAL_AUC:
        return Finding(
            "apart",
            "good",
            f"An anomalous row errs more than a normal one in {now:.3f} of all pairs (AUC); "
            f"{beside}."
            + (" The rows are easy: no training was needed." if before > now - 0.01 else ""),
        )
    why = (
        f" With {config.contamination}\u00a0% anomalies among the training rows the network learns "
        "to restore them too."
        if config.contamination
        else ""
    )
    n_anomalies = int(examples(config).is_anomaly.sum())
    return Finding(
        "contaminated" if config.contamination else "mingled",
        "bad",
        f"AUC {now:.3f}; {beside}.{why}",
        complaint=Complaint("auc", "AUC", n_anomalies),
        remedies=tuple(
            remedy(config, f"Leave the worst {share}\u00a0% of each step out", left_out=share)
            for share in (40, 30, 50)
            if share > config.left_out
        ),
    )


def _too_wide(config: Config, records: Records) -> Finding | None:
    """Where the bottleneck is none."""
    n_inputs = examples(config).x_train.shape[1]
    if config.n_latent < n_inputs:
        return None
    error = float(np.median(records["errors"][-1][examples(config).is_anomaly]))
    return Finding(
        "too_wide",
        "note",
        f"{config.n_latent} latent numbers can hold all {n_inputs} that go in: this is no "
        f"bottleneck. The anomalous are restored to an error of {error:.3g} too, so that a "
        "threshold from a narrower network raises no alarm any more.",
    )


def _judged(config: Config, records: Records, threshold: float) -> Finding:
    """What the threshold does, as the hidden labels say, and one that needs no label."""
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    found, usual = verdict(errors, labels, threshold), label_free(config, records)
    kind = "beats" if config.data == "heartbeats" else "rows"
    return Finding(
        "judged",
        "note",
        f"A threshold of {threshold:g} {UNITS[config.data]} raises {found.n_alarms:,} "
        f"alarm{'s' * (found.n_alarms != 1)} for {len(errors):,} {kind}; the hidden labels, "
        f"which only this judgement looks at, call {found.n_hits} of them right and "
        f"{found.n_missed} anomalies missed. Without any label: "
        f"{per_cent(USUAL[config.data])} of the training {kind} err less than {usual:g}.",
    )


def label_free(config: Config, records: Records) -> float:
    """The step of the slider next above most training errors; no label is looked at."""
    high = float(np.quantile(records["train_errors"][-1].astype(float), USUAL[config.data]))
    steps = THRESHOLDS[config.data]
    return next((step for step in steps if step >= high), steps[-1])


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether contaminated rows are told apart, and how far the run is from it."""
    if config.data != "shuttle" or config.contamination < GOAL_CONTAMINATION:
        return False, f"choose the shuttle with at least {GOAL_CONTAMINATION}\u00a0% anomalies."
    now = float(records["auc"][-1])
    return now >= GOAL_AUC, f"AUC {now:.3f} with {config.contamination}\u00a0% anomalies."
