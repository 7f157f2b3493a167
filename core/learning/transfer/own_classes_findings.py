"""What happened to a head on features that others have trained, said from its curves."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from core.diagnosis import Finding
from core.learning.transfer.own_classes import RATES, Config, examples
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

LOSS = Complaint("loss", "loss on what it learned from")
MUCH = 0.15  # of accuracy, by which pictures left out fall behind


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    if end == "diverged":
        return [_overshoots(config, "The loss is no longer a number")]
    if len(records["loss"]) < 3:
        return []
    loss, nothing = records["loss"].astype(float), float(np.log(config.n_classes))
    said = _score(config, records)
    if loss[1:].max() > 2 * nothing and loss[-1] > 0.1 * nothing:
        why = f"The loss was thrown to {loss.max():,.3g}, knowing nothing has {nothing:.2f}"
        return [_overshoots(config, why), said]
    if end and loss[-1] > 0.5 * nothing and (np.diff(loss) < 0).mean() > 0.9:
        return [_too_short(config, float(loss[-1]), nothing), said]
    learned, left_out = records["accuracy"][-1].astype(float)
    y = examples(config)[1].numpy()
    named = records["answers"][-1][1] == y
    sizes = np.bincount(y)
    missed = [n for n, right in zip(sizes, np.bincount(y, named), strict=True) if n and not right]
    if left_out < learned - MUCH:
        return [_few(learned, left_out), said]
    return [_missed(int(missed[0])), said] if missed else [said]


def nearest(config: Config) -> float:
    """The share of pictures whose nearest other one, by features, is of their class."""
    x, y = examples(config)
    alike = (x @ x.T).fill_diagonal_(-torch.inf)
    return float((y[alike.argmax(dim=1)] == y).float().mean())


def _score(config: Config, records: Records) -> Finding:
    learned, left_out = records["accuracy"][-1].astype(float)
    known = nearest(config)
    good = left_out >= learned - MUCH and left_out > 0.5 * (1 + 1 / config.n_classes)
    return Finding(
        "learned" if good else "score",
        "good" if good else "note",
        f"The head names {per_cent(learned)} of the images it learned from, {per_cent(left_out)} "
        "of those left out. The image nearest to one left out, by the same features, names "
        f"{per_cent(known)}.",
    )


def _overshoots(config: Config, why: str) -> Finding:
    slower = [r for r in reversed(RATES) if r <= config.learning_rate / 10][:2]
    return Finding(
        "overshoots",
        "bad",
        f"{why}: with a learning rate of {config.learning_rate:g} the steps are too long.",
        complaint=LOSS,
        remedies=tuple(
            _remedy(config, f"Learning rate {r:g}", {"head_rate": r}, learning_rate=r)
            for r in slower
        ),
    )


def _too_short(config: Config, loss: float, nothing: float) -> Finding:
    longer = [r for r in RATES if r >= 10 * config.learning_rate][:1]
    return Finding(
        "too_short",
        "bad",
        f"After {config.n_epochs} epochs the loss is {loss:.2f} and was still falling; knowing "
        f"nothing has {nothing:.2f}. Steps of {config.learning_rate:g} are too short a way.",
        complaint=LOSS,
        remedies=tuple(
            _remedy(config, f"Learning rate {r:g}", {"head_rate": r}, learning_rate=r)
            for r in longer
        ),
    )


def _remedy(config: Config, label: str, settings: dict[str, Any], **changed: Any) -> Remedy:
    return Remedy(label, settings, replace(config, **changed))


def _missed(n: int) -> Finding:
    pictures = "one image" if n == 1 else f"{n} images"
    return Finding(
        "few",
        "bad",
        f"A class of {pictures} has none of its left-out images classified correctly: what it "
        "looks like was not learned from the others. It needs more images.",
    )


def _few(learned: float, left_out: float) -> Finding:
    return Finding(
        "few",
        "bad",
        f"It knows its images by heart: {per_cent(learned)} of those it learned from are right, "
        f"{per_cent(left_out)} of those left out. More and more varied images would help, or "
        "classes that look less alike.",
    )
