"""What happened in the autoencoder's run, in words: alarms, and what was told apart."""

import numpy as np
from numpy.typing import NDArray

from core import diagnosis
from core.diagnosis import Finding
from core.learning.anomaly_detection.model import Config, Floats, examples
from core.learning.anomaly_detection.reading import THRESHOLDS, UNITS, Verdict, forest, verdict
from core.recordings import Records

GOAL_AUC, GOAL_CONTAMINATION = 0.95, 10


def findings(config: Config, records: Records, end: str, threshold: float) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    found = diagnosis.from_curves(records, end, config.learning_rate, unit="record")
    if found and found[0].kind in ("diverged", "unsteady"):
        return found
    if len(records["loss"]) < 10:
        return found
    stuck = _stuck(config, float(records["loss"][-1]))
    if stuck:
        return [stuck]
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    judged = _judged(config, errors, labels, threshold)
    said = [_too_wide(config, records), _not_told_apart(config, records), judged]
    late = [finding for finding in said if finding]
    return sorted([*late, *found], key=lambda finding: finding.tone != "bad")


def _stuck(config: Config, loss: float) -> Finding | None:
    """Where nothing is restored but the mean of all examples."""
    mean_loss = float(examples(config).x_train.var(axis=0).mean())
    if loss < 0.9 * mean_loss or config.left_out:
        return None
    return Finding(
        "stuck",
        "bad",
        f"The network restores much the same for every example: its loss of {loss:.3g} is no "
        f"better than always answering the mean ({mean_loss:.3g}). Steps of "
        f"{config.learning_rate:g} have not found, or have thrown away, what tells them apart.",
        "Back to a learning rate of 0.003",
        {"learning_rate": 0.003},
    )


def _too_wide(config: Config, records: Records) -> Finding | None:
    """Where the bottleneck is none."""
    n_inputs = examples(config).x_train.shape[1]
    if config.n_latent < n_inputs:
        return None
    error = float(np.median(records["errors"][-1][examples(config).is_anomaly]))
    return Finding(
        "too_wide",
        "bad",
        f"{config.n_latent} latent numbers can hold all {n_inputs} that go in: this is no "
        "bottleneck. Nothing forces the network to keep only what is usual, and it restores the "
        f"anomalous better too, to an error of {error:.3g}.",
        "A bottleneck of 4",
        {"n_latent": 4},
    )


def _judged(
    config: Config, errors: Floats, labels: NDArray[np.bool_], threshold: float
) -> Finding | None:
    """What the threshold does, with a better one as the remedy if there is one."""
    found = verdict(errors, labels, threshold)
    kind = "beat" if config.data == "heartbeats" else "row"
    said = (
        f"A threshold of {threshold:g} {UNITS[config.data]} raises "
        f"{_counted(found.n_alarms, 'alarm')} for {len(errors):,} {kind}s: {found.n_hits} right, "
        f"{found.n_false} false, {_counted(found.n_missed, 'anomaly', 'anomalies')} missed."
    )
    best = best_threshold(config, errors)
    better = verdict(errors, labels, best)
    if _score(better) <= _score(found) + 1e-9 or best == threshold:
        return Finding("judged", "good" if _score(found) > 0.7 else "note", said)
    remedy = {_slider(config): best}
    tone = "bad" if _score(better) > _score(found) + 0.3 else "note"
    return Finding("judged", tone, said, f"Move the threshold to {best:g}", remedy)


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _slider(config: Config) -> str:
    return "threshold" if config.data == "heartbeats" else "limit"


def best_threshold(config: Config, errors: Floats) -> float:
    """The threshold with the best F1; of several equal ones, the middle one."""
    labels = examples(config).is_anomaly
    scores = np.array([_score(verdict(errors, labels, t)) for t in THRESHOLDS[config.data]])
    best = np.flatnonzero(scores >= scores.max() - 1e-9)
    return THRESHOLDS[config.data][int(best[len(best) // 2])]


def _score(found: Verdict) -> float:
    """F1, the harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * found.n_hits / (found.n_alarms + found.n_hits + found.n_missed)


def _not_told_apart(config: Config, records: Records) -> Finding | None:
    """Where normal and anomalous errors mingle, and what did it."""
    now, labels = float(records["auc"][-1]), examples(config).is_anomaly
    if config.data == "heartbeats":
        return _the_worst(records, labels) if now == 1 else _not_the_worst(config, records)
    if now >= GOAL_AUC:
        return Finding(
            "apart",
            "good",
            f"An anomalous row errs more than a normal one in {now:.1%} of all pairs (AUC); "
            f"the classical baseline, an isolation forest, reaches {forest(config):.1%}. The rows "
            "are easy: the untrained network, whose error is little more than the distance from "
            f"the mean, had {float(records['auc'][0]):.1%}.",
        )
    if not config.contamination:
        return None
    return Finding(
        "contaminated",
        "bad",
        f"AUC {now:.3f}: with {config.contamination} % anomalies among the training rows the "
        f"autoencoder learns to restore them too (untrained: {float(records['auc'][0]):.3f}). An "
        f"isolation forest, which restores nothing, reaches {forest(config):.3f} on these rows.",
        "Leave the worst 40 % of each step out",
        {"left_out": 40},
    )


def _the_worst(records: Records, labels: NDArray[np.bool_]) -> Finding:
    times = [float(errors[labels][0] / errors[~labels].max()) for errors in records["errors"]]
    share = float((records["train_errors"][-1] > records["errors"][-1][labels][0]).mean())
    return Finding(
        "worst",
        "good",
        f"The premature beat is the worst restored of the excerpt: {times[-1]:.2f} times the "
        f"error of the next ({times[0]:.2f} times before training). {share:.0%} of the training "
        "beats err more still: nobody took the unusual ones out.",
    )


def _not_the_worst(config: Config, records: Records) -> Finding:
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    n_above = int((errors > errors[labels].max()).sum())
    said = (
        f"The premature beat is not the worst restored: {n_above} of {int((~labels).sum())} "
        "normal beats err more."
    )
    if config.window == "interval":
        return Finding("not_worst", "note", said)
    return Finding(
        "not_worst",
        "bad",
        f"{said} Its shape is normal; what is wrong with it is that it comes too early, and a "
        "window of fixed seconds does not reach back to the beat before.",
        "Cut beats by the heart's own pace",
        {"window": "interval"},
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether contaminated rows are told apart, and how far the run is from it."""
    if config.data != "shuttle" or config.contamination < GOAL_CONTAMINATION:
        return False, f"choose the shuttle with at least {GOAL_CONTAMINATION} % anomalies."
    now = float(records["auc"][-1])
    return now >= GOAL_AUC, f"AUC {now:.3f} with {config.contamination} % anomalies."
