"""Why a regression falls short: causes named from what was measured, remedies to be tried."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.learning.regression.model import Config, batch_loss, points, training_set
from core.learning.regression.points import CURVES, along
from core.learning.regression.reading import learned
from core.learning.regression.scores import UNIT
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent


class Cause(NamedTuple):
    """What holds a run back, in a sentence with its evidence, and what may mend it."""

    kind: str
    sentence: str
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True)
class Unexplained(Complaint):
    """The share of the test's variance that the first loss's answers leave: 1 - R²."""

    def value(self, record: Mapping[str, Any]) -> float:
        return 1 - float(np.ravel(record["r2"])[0])


BLOWN = 3.0  # times the loss before any step
PULLED = 0.1  # of the way to a far point: less is no pull
LATE = 60  # records whose way is measured
LOSS = Complaint("loss", "training loss")
UNEXPLAINED = Unexplained("r2", "share of the test's variance that is left (1 - R²)")


def causes(config: Config, records: Records) -> list[Cause]:
    """What may hold the run back, the most telling first; none without evidence."""
    look = Look(config, records)
    rules = (_constant, _pulled, _unsteady, _penalty, _straight, _too_short)
    return [cause for rule in rules if (cause := rule(look))]


class Look:
    """An ensemble as it stands at the last of `records`, seen on its training rows."""

    def __init__(self, config: Config, records: Records) -> None:
        self.config = config
        self.records = records
        self.last = len(records["loss"]) - 1

    @cached_property
    def pulls(self) -> tuple[float, float]:
        """The norms of the loss's gradient and of the penalty's, over the weights."""
        model = learned(self.config, self.last)
        loss = batch_loss(self.config, model, *training_set(self.config, self.last))
        found = torch.autograd.grad(loss, model.weights, allow_unused=True)
        of_loss = torch.cat([g.flatten() for g in found if g is not None]).norm()
        return float(of_loss), self.config.l2 * self.length(self.last)

    def length(self, record: int) -> float:
        """The norm of all weights at a record."""
        weights = learned(self.config, record).weights
        return float(torch.cat([w.detach().flatten() for w in weights]).norm())

    @cached_property
    def way(self) -> evidence.Motion:
        """How the answers that are drawn moved late in the run."""
        drawn = self.records["predicted" if self.config.is_table else "members"][-LATE:]
        return evidence.motion(drawn.reshape(len(drawn), -1) / UNIT)

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """The mean curve of the first loss (G,)."""
        members = self.records["members"][-1][: self.config.n_members]
        return np.asarray(members.mean(axis=0) / UNIT)


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some fields, which the controls have under the same names."""
    return Remedy(label, changed, replace(config, **changed))


def rates(config: Config, *factors: float) -> Iterator[Remedy]:
    """The run with other learning rates, as far as the control offers them."""
    for rate in diagnosis.other_rates(config.learning_rate, *factors):
        yield remedy(config, f"Learning rate {rate:g}", learning_rate=rate)


def _constant(look: Look) -> Cause | None:
    if look.config.shape != "constant":
        return None
    bends = {"shape": "32", "learning_rate": 0.001 if look.config.is_table else 0.01}
    line = remedy(look.config, "A straight line", shape="linear")
    return Cause(
        "constant",
        "A constant answers the same to every row. R² counts from the mean: 0 is to know no row.",
        (remedy(look.config, "32 hidden units", **bends), line),
    )


def thrown_about(loss: NDArray[np.floating]) -> bool:
    """Whether the loss goes up and down late in the run, or is higher than before any step."""
    return diagnosis.jumps(loss) or float(loss[len(loss) // 2 :].mean()) > 1.2 * float(loss[0])


def _unsteady(look: Look) -> Cause | None:
    loss = look.records["loss"].astype(float)
    late, peak = loss[len(loss) // 2 :], int(loss.argmax())
    restless = look.way.detour > 5 and late.mean() > 1.15 * loss.min()
    if restless or thrown_about(loss):
        how = f"late in the run the loss goes up and down between {late.min():.3g} and "
        how += f"{late.max():.3g}; before any step it was {loss[0]:.3g}"
    elif loss[peak] > BLOWN * loss[0]:
        how = f"the loss, {loss[0]:.3g} before any step, was blown up to {loss[peak]:.3g} first"
    else:
        return None
    return Cause(
        "unsteady",
        f"The steps are too long: {how}. The learning rate is {look.config.learning_rate:g}.",
        tuple(rates(look.config, 0.01, 0.1, 0.001)),
    )


def _pulled(look: Look) -> Cause | None:
    """Whether the curve went a good part of the way to points that lie far off the truth."""
    config = look.config
    if config.loss != "squared" or config.data not in CURVES:
        return None
    if thrown_about(look.records["loss"]):  # a curve that flies about is pulled by nothing
        return None
    found, there = points(config), points(config).at(look.last)
    x, truth = found.x[there], CURVES[config.data](found.x[there])
    off = found.y[there] - truth
    # Whoever put a point there: noise alone does not reach so far.
    far = np.abs(off) > max(1.5, 8 * config.noise / 100)
    way = (np.interp(x, along(), look.mean) - truth)[far] / off[far]
    if not 0 < len(way) < len(x) / 2 or way.mean() < PULLED:
        return None
    n = f"{len(way)} of {len(x)} points {'is' if len(way) == 1 else 'are'}"
    return Cause(
        "pulled",
        f"{n} far from the truth, and the curve went {per_cent(float(way.mean()))} of the way to "
        "them: a squared error counts ten times as far a hundred times as much.",
        (
            remedy(config, "Huber", loss="huber"),
            remedy(config, "Absolute error", loss="absolute"),
        ),
    )


def _penalty(look: Look) -> Cause | None:
    if not look.config.l2 or look.config.shape == "constant":
        return None
    of_loss, of_penalty = look.pulls
    first, now = look.length(0), look.length(look.last)
    if of_penalty < 0.5 * of_loss or now > 0.8 * first:
        return None
    return Cause(
        "penalty",
        f"The penalty (L2 = {look.config.l2:g}) holds the weights small: all of them together "
        f"were {first:.2g} long and are {now:.2g}; its gradient is {of_penalty:.2g} long, the "
        f"loss's {of_loss:.2g}.",
        (remedy(look.config, "Without L2", l2=0.0), remedy(look.config, "L2 = 0.001", l2=0.001)),
    )


def _straight(look: Look) -> Cause | None:
    """Whether the answers are as straight as least squares', which misses the points too."""
    config = look.config
    if config.shape != "linear" or config.is_table:
        return None
    x, y, _ = (part[:, 0].numpy() for part in training_set(config, look.last))
    slope, constant = np.polyfit(x, y, 1)
    left = float(np.square(y - slope * x - constant).mean() / max(y.var(), 1e-9))
    bends = remedy(config, "32 and 32 hidden units", shape="32-32")
    return Cause(
        "linear",
        "Without hidden units the answer is a straight line, and the best one through these "
        f"points leaves {per_cent(left)} of their variance.",
        (bends, remedy(config, "32 hidden units", shape="32")),
    )


def _too_short(look: Look) -> Cause | None:
    falls = diagnosis.still_falls(look.records["loss"], by=0.02)
    blown = float(look.records["loss"].max()) > BLOWN * float(look.records["loss"][0])
    if not falls or blown or look.way.detour > 3:
        return None
    return Cause(
        "too_short",
        f"The steps are too short, or too few: {falls}, and the answers moved straight ahead "
        f"(their way is {look.way.detour:.1f} times the distance).",
        tuple(rates(look.config, 100, 10, 1000)),
    )


def general(config: Config) -> Iterator[Remedy]:
    """What may help where no cause shows: other rates, more units."""
    yield from rates(config, 10, 0.1)
    if config.shape in ("8", "32"):
        yield remedy(config, "32 and 32 hidden units", shape="32-32")
    if config.data in CURVES and config.n_points < 40:
        yield remedy(config, "80 training points", n_points=80)
