"""What happened to the convolutional network: said from what was measured."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core import evidence
from core.data.digits import DATA
from core.diagnosis import Finding
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered
from core.vision.image_classification.model import N_MEASURED, Config
from core.vision.image_classification.reading import confused, n_dead

USUAL = (0.003, 0.001)
ENOUGH_RECORDS = 5
SHORT = 0.05  # of the test pictures: so much worse than a classical method is a fault


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        why = (
            f"Training diverged: at a learning rate of {config.learning_rate:g} the steps "
            "overshot until the loss was no longer a number."
        )
        return [_too_low("diverged", why, tuple(_rates(config)))]
    if last < ENOUGH_RECORDS:
        return []
    found = _held_back(config, records) or _memorised(config, records)
    return [found] if found else [_confusion(config, records)]


@remembered
def straight_right(config: Config) -> float:
    """The share of test pictures that a ridge regression on the pixels names rightly.

    The best straight boundaries, learned from the same pictures.
    """
    return _straight_right(config.data, config.n_train)


@remembered
def _straight_right(data: str, n_train: int) -> float:
    from sklearn.linear_model import RidgeClassifier

    d = DATA[data]()
    x, x_test = (each.reshape(len(each), -1) / np.float32(255) for each in (d.x_train, d.x_test))
    fitted = RidgeClassifier(30.0).fit(x[:n_train], d.y_train[:n_train])
    return float(fitted.score(x_test, d.y_test))


def _score(config: Config, records: Records) -> str:
    usual = straight_right(config)
    return (
        f"The network classifies {per_cent(records['test_accuracy'][-1], 1)} of the 1,000 test "
        "images correctly; a ridge regression on the pixels, which draws straight boundaries, gets "
        f"{per_cent(usual, 1)}."
    )


def _too_low(kind: str, sentence: str, remedies: tuple[Remedy, ...]) -> Finding:
    right = Complaint("test_accuracy", "test images right", 1000)
    return Finding(kind, "bad", sentence, complaint=right, remedies=remedies)


def _rates(config: Config) -> Iterator[Remedy]:
    for rate in USUAL:
        if rate != config.learning_rate:
            slower = replace(config, learning_rate=rate)
            yield Remedy(f"Learning rate {rate:g}", {"learning_rate": rate}, slower)


def _held_back(config: Config, records: Records) -> Finding | None:
    last, tested = len(records["loss"]) - 1, float(records["test_accuracy"][-1])
    if tested >= straight_right(config) - SHORT:
        return None
    score = _score(config, records)
    first, second = n_dead(config, records["parameters"][-1])
    if first + second > sum(config.n_filters) // 3:
        dead = (
            f"{first} of {config.n_filters[0]} maps of the first convolution and {second} of "
            f"{config.n_filters[1]} of the second are dead: zero for every image asked, so no "
            "gradient reaches their kernels."
        )
        return _too_low("dead", f"{score} {dead}", tuple(_rates(config)))
    loss = records["loss"]
    if float(loss[1:].max()) > 2 * float(loss[0]):
        why = f"The steps are too long: the loss rose from {loss[0]:.3g} to {loss.max():.3g}."
        return _too_low("overshoots", f"{score} {why}", tuple(_rates(config)))
    if last < config.n_records - 1:
        return None  # it is still on its way
    if config.learning_rate < USUAL[-1]:
        why = (
            f"At a learning rate of {config.learning_rate:g} the loss came from {loss[0]:.3g} to "
            f"{loss[-1]:.3g} only: the steps are too short."
        )
        return _too_low("too_short", f"{score} {why}", tuple(_rates(config)))
    return Finding("short", "bad", f"{score} What holds it back does not show in what is measured.")


def _memorised(config: Config, records: Records) -> Finding | None:
    right, tested = (float(records[name][-1]) for name in ("accuracy", "test_accuracy"))
    errors = (evidence.share_error(right, N_MEASURED), evidence.share_error(tested, 1000))
    if right - tested < max(0.05, 2 * float(np.hypot(*errors))):
        return None
    return Finding(
        "overfits",
        "bad",
        f"Overfitting: of {min(N_MEASURED, config.n_train)} of its training images "
        f"{per_cent(right, 1)} are classified correctly, of new ones {per_cent(tested, 1)}. More "
        f"images, moved a little, narrow the gap; it learned from {config.n_train:,}, moved by up "
        f"to {config.shift}.",
    )


def _confusion(config: Config, records: Records) -> Finding:
    confusion = records["confusion"][-1]
    cells, classes = confused(confusion), DATA[config.data]().classes
    score = _score(config, records)
    if len(records["loss"]) < config.n_records and records["test_accuracy"][-1] < straight_right(
        config
    ):
        return Finding("underway", "note", f"{score} It is still learning.")
    if not cells:
        return Finding("learned", "good", score)
    most = confusion[cells[0]]
    tied = [cell for cell in cells if confusion[cell] == most]
    named = " and ".join(f"{classes[true]} for {classes[said]}" for true, said in tied[:3])
    each = f"{most} image{'s' * int(most != 1)}{' each' * (len(tied) > 1)}"
    if len(tied) > 3:
        return Finding(
            "learned",
            "good",
            f"{score} No mistake stands out: none is made more than "
            f"{most} time{'s' * int(most != 1)}.",
        )
    return Finding("learned", "good", f"{score} Most often it takes {named} ({each}).")
