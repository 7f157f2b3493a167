"""How good answers are that come as probabilities: thresholds, areas, calibration."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]  # the true class (N,)
Truth = NDArray[np.bool_]  # whether an example is of the class asked for (N,)

N_BINS = 10
TEMPERATURES = np.geomspace(0.1, 10, 81)


class Verdict(NamedTuple):
    """What comes of answering yes from a threshold on: four counts and their shares."""

    hits: int
    misses: int
    false_alarms: int
    rejections: int

    @property
    def precision(self) -> float:
        """The share of the yes answers that are right; NaN without any."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """The share of the examples of the class that are found."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def false_positive_rate(self) -> float:
        """The share of the other examples that are taken for the class."""
        return _share(self.false_alarms, self.false_alarms + self.rejections)

    @property
    def accuracy(self) -> float:
        """The share of all answers that are right."""
        return _share(self.hits + self.rejections, sum(self))

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows: is of the class, is not; columns: answered yes, answered no."""
        return np.array([[self.hits, self.misses], [self.false_alarms, self.rejections]])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def verdict(scores: Floats, truth: Truth, threshold: float) -> Verdict:
    """Answer yes where a score (N,) reaches the threshold."""
    yes = scores >= threshold
    pairs = ((yes, truth), (~yes, truth), (yes, ~truth), (~yes, ~truth))
    return Verdict(*(int((a & b).sum()) for a, b in pairs))


class Curve(NamedTuple):
    """One point a threshold, from the strictest on, and the area under the curve."""

    x: Floats
    y: Floats
    thresholds: Floats
    area: float


def roc(scores: Floats, truth: Truth) -> Curve:
    """Recall (y) against the false positive rate (x)."""
    hits, alarms, thresholds = _counted(scores, truth)
    y, x = (np.append(0, n) / max(n[-1], 1) for n in (hits, alarms))
    return Curve(x, y, np.append(np.inf, thresholds), float(np.trapezoid(y, x)))


def precision_recall(scores: Floats, truth: Truth) -> Curve:
    """Precision (y) against recall (x); the area is the average precision."""
    hits, alarms, thresholds = _counted(scores, truth)
    precision, recall = hits / (hits + alarms), hits / max(hits[-1], 1)
    area = float((np.diff(recall, prepend=0) * precision).sum())
    return Curve(recall, precision, thresholds, area)


def _counted(scores: Floats, truth: Truth) -> tuple[Floats, Floats, Floats]:
    """Hits and false alarms of every threshold that makes a difference, strictest first."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last_of_equals = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    hits = truth[order].cumsum()[last_of_equals].astype(float)
    return hits, 1 + last_of_equals - hits, ranked[last_of_equals]


class Reliability(NamedTuple):
    """In every bin of confidence that is not empty: confidence, share right, examples."""

    confidence: Floats
    right: Floats
    counts: NDArray[np.int64]
    error: float  # expected calibration error (Guo et al., 2017)


def reliability(probabilities: Floats, y: Labels, n_bins: int = N_BINS) -> Reliability:
    """How often the likeliest class is right, by the probability it was given (N, C)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == y
    # A confidence of exactly 1 belongs to the last bin.
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    counts = np.bincount(bins, minlength=n_bins)
    filled = counts > 0
    means = [
        np.bincount(bins, weights=values, minlength=n_bins)[filled] / counts[filled]
        for values in (confidence, right.astype(float))
    ]
    error = float((counts[filled] * np.abs(means[0] - means[1])).sum() / len(y))
    return Reliability(means[0], means[1], counts[filled], error)


class Tempered(NamedTuple):
    """Probabilities (N, C) of logits divided by a temperature, and the two temperatures."""

    probabilities: Floats
    temperatures: tuple[float, float]


def tempered(logits: Floats, y: Labels) -> Tempered:
    """Temperature scaling: fitted on either half of the rows, applied to the other one."""
    halves = np.arange(len(y)) % 2 == 0, np.arange(len(y)) % 2 == 1
    found = [temperature(logits[half], y[half]) for half in halves]
    probabilities = np.empty(logits.shape)
    for half, other in zip(halves, found[::-1], strict=True):
        probabilities[half] = softmax(logits[half] / other)
    return Tempered(probabilities, (found[0], found[1]))


def temperature(logits: Floats, y: Labels) -> float:
    """The temperature of `TEMPERATURES` with the least cross-entropy; 1 without examples."""
    if not len(y):
        return 1.0
    losses = [
        -np.log(softmax(logits / t)[np.arange(len(y)), y] + 1e-12).mean() for t in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])


def softmax(logits: Floats) -> Floats:
    """Probabilities (…, C) of logits (…, C)."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def confusion(predicted: Labels, y: Labels, n_classes: int) -> NDArray[np.int64]:
    """How often a true class (rows) was taken for which (columns)."""
    return np.bincount(y * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, -1)
