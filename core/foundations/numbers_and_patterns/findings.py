"""What happened to the encoder: said from what was measured, with what was tried."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis, evidence
from core.diagnosis import Finding
from core.foundations.numbers_and_patterns.model import Config, Floats
from core.foundations.numbers_and_patterns.reading import Halves, layers
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered

ENOUGH_RECORDS = 5
SHORT = 0.1  # of new examples: so much worse than a classical method is a fault
STEP = 5  # epochs, of the control


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        return [_diverged(config, last)]
    if last < ENOUGH_RECORDS:
        return []
    tested = float(records["test_accuracy"][-1])
    short = neighbours_right(config) - tested
    error = evidence.share_error(tested, len(config.examples.y_test))
    if short <= max(SHORT, 2 * error):
        return [Finding("tested", "good", _score(config, tested))]
    for kind, why, remedies in _causes(config, records):
        if kind == "too_short" and last < config.n_epochs:
            break
        said = f"{_score(config, tested)} {why}"
        return [Finding(kind, "bad", said, _right(config), remedies)]
    return [Finding("tested", "note", _score(config, tested))]


@remembered
def neighbours_right(config: Config) -> float:
    """The share of new examples that the five nearest known ones classify correctly (Fix, 1951).

    Nearest in the numbers themselves, without an encoder.
    """
    from sklearn.neighbors import KNeighborsClassifier

    found = config.examples
    return float(KNeighborsClassifier(5).fit(found.x, found.y).score(found.x_test, found.y_test))


def _score(config: Config, tested: float) -> str:
    found = config.examples
    return (
        f"Of {len(found.y_test):,} examples it has never seen, the encoder classifies "
        f"{per_cent(tested)} correctly from 2 numbers; the five nearest known examples, compared "
        f"in all {found.x.shape[1]} numbers, get {per_cent(neighbours_right(config))}, and "
        f"guessing among {len(found.classes)} classes would give "
        f"{per_cent(1 / len(found.classes))}."
    )


def _right(config: Config) -> Complaint:
    return Complaint("test_accuracy", "right of new ones", len(config.examples.y_test))


def _diverged(config: Config, last: int) -> Finding:
    slower = tuple(_rates(config, 0.1, 0.01, 0.001))
    return diagnosis.diverged(f"epoch {last:,}", config.learning_rate, _right(config), slower)


def _causes(config: Config, records: Records) -> Iterator[tuple[str, str, tuple[Remedy, ...]]]:
    """What shows why new examples are named wrongly, the most telling first."""
    loss = records["loss"]
    accuracy, tested = (float(records[name][-1]) for name in ("accuracy", "test_accuracy"))
    slower = tuple(_rates(config, 0.1, 0.01, 0.001))
    stuck = saturated(config, records["parameters"][-1])
    if stuck >= 0.5 or float(loss[1:].max()) > 2 * float(loss[0]):
        yield (
            "overshoots",
            f"The steps are too long: {per_cent(stuck)} of the hidden units answer nearly always "
            "−1 or 1, where a change of their weights changes nothing; the loss was "
            f"{loss.max():.3g} at its highest.",
            slower,
        )
    if config.n_hidden <= 2 and accuracy < neighbours_right(config) - SHORT:
        units = "1 hidden unit" if config.n_hidden == 1 else "2 hidden units"
        yield (
            "narrow",
            f"Of those it learned from, only {per_cent(accuracy)} are right: all numbers must pass "
            f"through {units}"
            + (", so every place on the map lies on one line." if config.n_hidden == 1 else "."),
            tuple(_remedy(config, f"{n} hidden units", n_hidden=n) for n in (16, 6, 24)),
        )
    if accuracy > tested + 2 * SHORT:
        more = [n for n in (100, 50) if n > config.train_share]
        yield (
            "few_examples",
            f"It classifies {per_cent(accuracy)} of the {config.n_train:,} examples it learned "
            "from correctly: it knows them by heart.",
            (
                *(_remedy(config, f"Learn from {n}\u00a0% of them", train_share=n) for n in more),
                *_stopped(config, records),
            ),
        )
    quarter = float(loss[-1 - len(loss) // 4])
    if loss[-1] < 0.97 * quarter:
        yield (
            "too_short",
            f"The training loss was still falling at the end, from {quarter:.3g} to "
            f"{loss[-1]:.3g} in the last quarter: too few steps, or too short ones.",
            tuple(_rates(config, 10, 100, 3)),
        )


def saturated(config: Config, parameters: Halves) -> float:
    """The share of hidden units whose answer to the known examples is nearly always −1 or 1."""
    weight, bias = layers(config, parameters).hidden
    answers: Floats = np.tanh(config.examples.x[: config.n_train] @ weight.T + bias)
    return float(((np.abs(answers) > 0.99).mean(axis=0) > 0.9).mean())


def _stopped(config: Config, records: Records) -> Iterator[Remedy]:
    best = STEP * max(1, round(int(np.argmin(records["test_loss"])) / STEP))
    if best < 0.7 * config.n_epochs:
        yield _remedy(config, f"Stop after {best} epochs", n_epochs=best)


def _remedy(config: Config, label: str, **changed: Any) -> Remedy:
    return Remedy(label, changed, replace(config, **changed))


def _rates(config: Config, *factors: float) -> Iterator[Remedy]:
    for rate in diagnosis.other_rates(config.learning_rate, *factors):
        yield _remedy(config, f"Learning rate {rate:g}", learning_rate=rate)
