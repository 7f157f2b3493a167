"""What happened in a classifier's run, said in plain words with what would mend it."""

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.classification import scores
from core.learning.classification.model import OWN_TABLE, Config, baseline, prepared, table
from core.learning.classification.reading import Answers
from core.recordings import Records

GOAL_PRECISION = 0.95
FEW = 10  # per cent of the rows


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    found = diagnosis.from_curves(records, end, config.learning_rate)
    if len(records["loss"]) < 5 or (found and found[0].kind == "diverged"):
        return found
    own = [
        _shuffled(config, records),
        _few_rows(config, records),
        _one_feature(config, records),
        _majority(config, records),
        _compared(config, records),
    ]
    said = [*(finding for finding in own if finding), *found]
    return sorted(said, key=lambda finding: ("bad", "good", "note").index(finding.tone))


def _shuffled(config: Config, records: Records) -> Finding | None:
    if not config.shuffled:
        return None
    return Finding(
        "shuffled",
        "bad",
        f"The training labels were dealt out at random: {records['accuracy'][-1]:.0%} of them are "
        f"learned by heart, and {records['test_accuracy'][-1]:.0%} of the test rows are right. "
        "Always answering the commonest class gets "
        f"{_commonest(config):.0%}. Memory is not knowledge.",
        "Give the true labels back",
        {"shuffled": False},
    )


def _commonest(config: Config) -> float:
    counts = np.bincount(prepared(config).y_test)
    return float(counts.max() / counts.sum())


def _few_rows(config: Config, records: Records) -> Finding | None:
    if config.train_share > FEW or config.shuffled:
        return None
    return Finding(
        "few_rows",
        "bad",
        f"Learned from {len(prepared(config).y_train)} rows alone: {records['accuracy'][-1]:.0%} "
        f"of them are right, and {records['test_accuracy'][-1]:.0%} of the rows it never saw.",
        "Train on 70 % of the rows",
        {"train_share": 70},
    )


def _one_feature(config: Config, records: Records) -> Finding | None:
    if len(config.columns) != 1 or config.data == OWN_TABLE:
        return None
    n_all = table(config).frame.shape[1] - 1
    return Finding(
        "one_feature",
        "bad",
        f"The network is told 1 feature of {n_all}: {records['test_accuracy'][-1]:.0%} of the test "
        "rows are right, and no training can add what the feature does not tell.",
        "Tell it all features",
        {"features": []},
    )


def _majority(config: Config, records: Records) -> Finding | None:
    """Where nothing better was learned than one answer to everything."""
    now, common = float(records["test_accuracy"][-1]), _commonest(config)
    if config.shuffled or now > common + 0.02 or len(records["loss"]) < 20:
        return None
    return Finding(
        "majority",
        "bad",
        f"{now:.0%} of the test rows are right, no more than by always answering the commonest "
        f"class ({common:.0%}).",
    )


def _compared(config: Config, records: Records) -> Finding | None:
    """The network beside logistic regression on the same split."""
    now, known = float(records["test_accuracy"][-1]), baseline(config)
    if config.shuffled or np.isnan(known.accuracy):
        return None
    n_test = len(prepared(config).y_test)
    apart, near = round((now - known.accuracy) * n_test), max(2, round(0.03 * n_test))
    said = (
        f"On the {n_test} held-out rows the network is right for {now:.1%}, logistic regression "
        f"on the same split for {known.accuracy:.1%}"
    )
    if apart > near:
        return Finding("better", "good", f"{said}: boundaries that bend do better here.")
    if apart < -near:
        return Finding("worse", "note", f"{said}: the simpler model is ahead.")
    if not apart:
        return Finding("equal", "note", f"{said}: exactly as many.")
    rows = "1 row" if abs(apart) == 1 else f"{abs(apart)} rows"
    return Finding("equal", "note", f"{said}: {rows} apart, too few to call one the better.")


def challenge(config: Config, found: Answers, positive: int, threshold: float) -> tuple[bool, str]:
    """Whether every malignant tumour is found with few false alarms."""
    if config.data != "breast_cancer" or found.data.classes[positive] != "malignant":
        return False, "look for malignant on the breast cancer data."
    said = scores.verdict(*found.of(positive), threshold)
    reached = said.misses == 0 and said.precision >= GOAL_PRECISION
    now = f"recall {said.recall:.0%}, precision {said.precision:.0%}"
    return reached, f"{now} at a threshold of {threshold:.0%}."
