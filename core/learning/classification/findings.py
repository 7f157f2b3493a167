"""What happened in a classifier's run: said from what was measured in it."""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from core import diagnosis, evidence
from core.data.escaping import as_markdown
from core.diagnosis import Finding
from core.learning.classification import scores
from core.learning.classification.causes import (
    BLOWN,
    causes,
    general,
    rates,
    remedy,
)
from core.learning.classification.model import Config, baseline, prepared
from core.learning.classification.reading import Answers, answers, layers
from core.learning.classification.rivals import commonest, rival, tells_all
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

GOAL_PRECISION = 0.95
ENOUGH_RECORDS = 10
FEW_TEST_ROWS = 10
MOST_TRIED = 4
LOSS, TEST_LOSS = Complaint("loss", "training loss"), Complaint("test_loss", "test loss")


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        slower = tuple(rates(config, 0.1, 0.01, 0.001))
        return [diagnosis.diverged(f"epoch {last:,}", config.learning_rate, LOSS, slower)]
    if last < ENOUGH_RECORDS:
        return []
    n_test = len(prepared(config).y_test)
    if n_test < FEW_TEST_ROWS:
        return [_too_few_to_judge(config, records, n_test)]
    if config.shuffled:
        return [_shuffled(config, records)]
    rules = (
        (_held_back, _overfits) if _is_thrown_about(config, records) else (_overfits, _held_back)
    )
    found = [rule(config, records) for rule in rules]
    bad = [finding for finding in found if finding]
    told = _told_away(config, records)
    return [*([told] if told else []), *bad] or [_stands(config, records)]


def _too_few_to_judge(config: Config, records: Records, n_test: int) -> Finding:
    rows = "1 test row is" if n_test == 1 else f"{n_test} test rows are"
    return Finding(
        "few_tests",
        "note",
        f"{rows} too few to judge a network by: one row more or less makes "
        f"{100 / n_test:.0f} points. Of the training rows "
        f"{per_cent(records['accuracy'][-1])} are right.",
    )


def _shuffled(config: Config, records: Records) -> Finding:
    return Finding(
        "shuffled",
        "bad",
        f"The training labels are random: {per_cent(records['accuracy'][-1])} of "
        f"them are learned by heart, and {per_cent(records['test_accuracy'][-1])} of the test rows "
        f"are right; always answering the commonest class gets {per_cent(commonest(config))}. "
        "Memory is not knowledge.",
        complaint=TEST_LOSS,
        remedies=(remedy(config, "The true labels", shuffled=False),),
    )


def _losses(config: Config, records: Records, record: int) -> scores.Floats:
    """The loss of every test row (N,) with the network of a record."""
    data = prepared(config)
    logits = layers(config, records["parameters"][record], data.x_test)[-1]
    y = torch.from_numpy(data.y_test)
    return np.asarray(F.cross_entropy(torch.from_numpy(logits), y, reduction="none").numpy())


def _overfits(config: Config, records: Records) -> Finding | None:
    said = diagnosis.overfitting(
        records["loss"],
        records["test_loss"],
        lambda record: _losses(config, records, record),
        lambda record: f"epoch {record:,}",
    )
    return (
        Finding(
            "overfits",
            "bad",
            f"{said} {_score(config, records)}",
            complaint=TEST_LOSS,
            remedies=_against_overfitting(config),
        )
        if said
        else None
    )


def _against_overfitting(config: Config) -> tuple[Remedy, ...]:
    found = [remedy(config, f"L2 = {l2:g}", l2=l2) for l2 in (0.01, 0.03, 0.1) if l2 > config.l2]
    if sum(config.hidden) > 4:
        found.append(remedy(config, "4 hidden units", hidden=(4,)))
    return tuple(found[:MOST_TRIED])


def _held_back(config: Config, records: Records) -> Finding | None:
    """Whether the run is clearly worse than a classical method on the same rows, and why."""
    if not _falls_short(config, records):
        return None
    found = causes(config, records)
    ahead = [*(each for cause in found for each in cause.remedies), *general(config)]
    tried = {each.config: each for each in reversed(ahead) if each.config != config}
    kind, why = (found[0].kind, found[0].sentence) if found else ("stalled", "")
    return Finding(
        kind,
        "bad",
        f"{_score(config, records)} {why}".strip(),
        complaint=TEST_LOSS,
        remedies=tuple(reversed(tried.values()))[:MOST_TRIED],
    )


def _falls_short(config: Config, records: Records) -> bool:
    """Whether the answers are worse than a classical method's, or than with all that is known."""
    if _is_thrown_about(config, records):
        return True
    data, known = prepared(config), rival(config)
    told = rival(_knowing_all(config))
    right = float(records["test_accuracy"][-1])
    usual = max(known.test, commonest(config), told.test)
    if usual - right > max(2 * evidence.share_error(usual, len(data.y_test)), 0.05):
        return True
    short = known.training - float(records["accuracy"][-1])
    return short > max(2 * evidence.share_error(known.training, len(data.y_train)), 0.05)


def _is_thrown_about(config: Config, records: Records) -> bool:
    """Whether steps blew the training loss up, and the test loss is still far too high."""
    loss, usual = records["loss"], baseline(config).loss
    late = float(loss[len(loss) // 2 :].mean())
    blown = float(loss.max()) > BLOWN * float(loss[0])
    return late > loss[0] or (blown and float(records["test_loss"][-1]) > 2 * usual)


def _knowing_all(config: Config) -> Config:
    """The same examples with all columns and most rows for training."""
    share = max(config.train_share, 70)
    return replace(config, columns=(), train_share=share)


def _score(config: Config, records: Records) -> str:
    """Where the network stands, beside logistic regression and the commonest class."""
    n_test, epochs = len(prepared(config).y_test), len(records["loss"]) - 1
    now, known, common = (
        float(records["test_accuracy"][-1]),
        baseline(config).accuracy,
        commonest(config),
    )
    compared = (
        ""
        if np.isnan(known)
        else f"logistic regression on the same split has {per_cent(known, 1)} right, "
    )
    said = (
        f"After {epochs:,} epochs {per_cent(now, 1)} of the {n_test:,} test rows are right; "
        f"{compared}always answering the commonest class {per_cent(common, 1)}."
    )
    return said


def _told_away(config: Config, records: Records) -> Finding | None:
    column = tells_all(config)
    if column is None:
        return None
    return Finding(
        "told_away",
        "bad",
        f"{_score(config, records)} The column {_plain(column)} alone names the class of nearly "
        "every test row. Is it known before the answer is? "
        "If not, take it out of the features: it gives the answer away.",
    )


def _plain(name: str) -> str:
    """A name from a file as text in a sentence."""
    return as_markdown(name)


def _stands(config: Config, records: Records) -> Finding:
    """A run that nothing is the matter with, or whose rows tell no more than the commonest."""
    n_test = len(prepared(config).y_test)
    now, common = float(records["test_accuracy"][-1]), commonest(config)
    if now > common + 2 * evidence.share_error(common, n_test):
        return Finding("learned", "good", f"{_score(config, records)} {_apart(config, now)}")
    return Finding(
        "majority", "bad",
        f"{_score(config, records)} That is no more than the commonest class gives away, so "
        f"accuracy says little here. {_ranked(config, records)}",
    )  # fmt: skip


def _apart(config: Config, now: float) -> str:
    """Whether network and logistic regression differ by more than chance."""
    known, n_test = baseline(config).accuracy, len(prepared(config).y_test)
    if np.isnan(known):
        return ""
    rows = round(abs(now - known) * n_test)
    if rows <= max(2, 2 * n_test * evidence.share_error(known, n_test)):
        much = "Exactly as many" if not rows else f"{rows} row{'s' * (rows > 1)} apart"
        return f"{much}: too few to call one of them the better." if rows else f"{much}."
    better = "The network's boundaries bend, and do" if now > known else "The straight ones do"
    return f"{better} better here."


def _ranked(config: Config, records: Records) -> str:
    """How well the rarest class is ranked, whatever the likeliest class is."""
    found = answers(config, records["parameters"][-1])
    counts = np.bincount(found.data.y_test, minlength=len(found.data.classes))
    rare = int(np.where(counts > 0, counts, counts.max() + 1).argmin())
    p, truth = found.of(rare)
    if counts[rare] == len(truth):
        return ""
    area = scores.roc(p, truth).area
    said = (
        f"In {per_cent(area)} of all pairs a row of {_plain(found.data.classes[rare])} gets a "
        "higher probability of it than another row (ROC area; 50\u00a0% is guessing)"
    )
    if area < 0.6:
        return f"{said}: nothing was found that tells it apart."
    return f"{said}: look for that class and lower the threshold."


def challenge(config: Config, found: Answers, positive: int, threshold: float) -> tuple[bool, str]:
    """Whether every malignant tumour is found with few false alarms."""
    if config.data != "breast_cancer" or found.data.classes[positive] != "malignant":
        return False, "look for malignant on the breast cancer data."
    said = scores.verdict(*found.of(positive), threshold)
    reached = said.misses == 0 and said.precision >= GOAL_PRECISION
    now = f"recall {per_cent(said.recall)}, precision {per_cent(said.precision)}"
    return reached, f"{now} at a threshold of {per_cent(threshold)}."
