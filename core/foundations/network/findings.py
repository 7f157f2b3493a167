"""What happened in a run of the network: said from what was measured in it."""

from dataclasses import replace
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.diagnosis import Finding
from core.foundations.network.causes import ENOUGH_RECORDS, causes, general, rates, remedy, together
from core.foundations.network.model import Config, examples
from core.foundations.network.reading import Floats, rate_at, unit_activations
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.rivals import Rival, Split, better, commonest
from core.shares import per_cent
from core.store import remembered

MOST_TRIED = 4
LOSS, TEST_LOSS = Complaint("loss", "training loss"), Complaint("test_loss", "test loss")


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        return [_diverged(config, last)]
    if last < ENOUGH_RECORDS:
        return []
    found = [_overfits(config, records), _held_back(config, records)]
    said = [finding for finding in found if finding]
    return said or [_learned(config, records)]


def _diverged(config: Config, last: int) -> Finding:
    rate = rate_at(config, last)
    slower = tuple(rates(config, rate, 0.1, 0.01))
    return diagnosis.diverged(f"epoch {last:,}", rate, LOSS, slower)


def _losses(config: Config, records: Records, record: int) -> Floats:
    """The loss of every test example (N,) with the network of a record."""
    points, labels, is_test = examples(config, len(records["loss"]) - 1)
    z = unit_activations(config, records["parameters"][record], points[is_test])[-1][:, 0]
    loss = config.losses[config.loss]
    return np.asarray(loss(torch.from_numpy(z), torch.from_numpy(labels[is_test])).numpy())


def _overfits(config: Config, records: Records) -> Finding | None:
    said = diagnosis.overfitting(
        records["loss"],
        records["test_loss"],
        lambda record: _losses(config, records, record),
        lambda record: f"epoch {record:,}",
    )
    remedies = _against_overfitting(config)
    return Finding("overfits", "bad", said, TEST_LOSS, remedies) if said else None


def _against_overfitting(config: Config) -> tuple[Remedy, ...]:
    found = [remedy(config, f"L2 = {l2:g}", l2=l2) for l2 in (0.01, 0.03) if l2 > config.l2]
    if config.train_share < 80:
        found.append(remedy(config, "80\u00a0% of the points for training", train_share=80))
    if sum(config.hidden) > 4:
        found.append(remedy(config, "One layer of four units", hidden=(4,)))
    return tuple(found[:MOST_TRIED])


def _held_back(config: Config, records: Records) -> Finding | None:
    """Whether the run is clearly worse than a classical method on the same points, and why."""
    complaint = _complaint(config, records)
    if complaint is None:
        return None
    found = causes(config, records)
    rate = rate_at(config, len(records["loss"]) - 1)
    others = [each for cause in found for each in cause.remedies]
    leading = [cause.remedies[0] for cause in found if cause.remedies][:2]
    both = [together(config, *leading)] if len(leading) == 2 else []
    ahead = [*others[:1], *both, *others[1:], *general(config, rate)]
    tried = tuple(islice(_unlike(config, ahead), MOST_TRIED))
    kind, why = (found[0].kind, found[0].sentence) if found else ("stalled", "")
    return Finding(
        kind,
        "bad",
        f"{_score(config, records)} {why}".strip(),
        complaint=complaint,
        remedies=tried,
    )


def _unlike(config: Config, remedies: list[Remedy]) -> list[Remedy]:
    """The remedies without repetitions, and without what changes nothing."""
    seen: dict[object, Remedy] = {config: remedies[0]} if remedies else {}
    first = {r.config: r for r in reversed(remedies)}
    return [r for c, r in reversed(first.items()) if c not in seen]


def _complaint(config: Config, records: Records) -> Complaint | None:
    """What is too bad: the training loss, where the answers fall short of the baseline."""
    if config.task == "regression":
        return LOSS if records["loss"][-1] > 2 * max(_nearest_loss(config), 0.002) else None
    is_test = examples(config, len(records["loss"]) - 1).is_test
    known = baseline(config)
    pairs = (
        (known.training, float(records["accuracy"][-1]), int((~is_test).sum())),
        (known.test, float(records["test_accuracy"][-1]), int(is_test.sum())),
    )
    short = [
        usual - right > max(2 * evidence.share_error(usual, n), 0.05)
        for usual, right, n in pairs
        if n
    ]
    return LOSS if any(short) else None


def baseline(config: Config) -> Rival:
    """A support vector machine (Boser et al., 1992) or the five nearest points (Fix, 1951).

    Whichever is better on the training points, by cross-validation.
    """
    return _baseline(replace(Config(), **{name: getattr(config, name) for name in _OF_DATA}))


_OF_DATA = ("task", "data", "n_examples", "noise", "train_share", "points", "seed")


@remembered
def _baseline(config: Config) -> Rival:
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    points, labels, is_test = examples(config)
    y: NDArray[np.int_] = (labels > 0).astype(int)
    split = Split(points[~is_test], y[~is_test], points[is_test], y[is_test])
    n_near = max(1, min(5, len(split.y_train) // 2))
    methods = {
        "a support vector machine": SVC(C=10.0),
        "the vote of the five nearest points": KNeighborsClassifier(n_near),
    }
    alone = (commonest(split.y_train, y) for y in (split.y_train, split.y_test))
    return better(methods, split, most_folds=5) or Rival("the commonest class", *alone)


def _nearest_loss(config: Config) -> float:
    """Half the squared error of the mean of the five nearest other training points."""
    from sklearn.model_selection import cross_val_predict
    from sklearn.neighbors import KNeighborsRegressor

    points, labels, is_test = examples(replace(config, changes=()))
    x, y = points[~is_test], labels[~is_test]
    guessed = cross_val_predict(KNeighborsRegressor(min(5, len(y) // 2)), x, y, cv=5)
    return float(np.square(guessed - y).mean() / 2)


def _score(config: Config, records: Records) -> str:
    """Where the run stands, beside the classical method."""
    last = len(records["loss"]) - 1
    if config.task == "regression":
        return (
            f"After {last:,} epochs the training loss is {records['loss'][-1]:.3g}; the mean of "
            f"the five nearest points has {_nearest_loss(config):.3g}."
        )
    known = baseline(config)
    return (
        f"After {last:,} epochs {per_cent(records['accuracy'][-1])} of the training points are "
        f"right and {per_cent(records['test_accuracy'][-1])} of the test points; {known.name} "
        f"puts {per_cent(known.test)} of the test points right."
    )


def _learned(config: Config, records: Records) -> Finding:
    return Finding("learned", "good", _score(config, records))
