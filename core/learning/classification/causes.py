"""Why a classifier falls short: causes named from what was measured, remedies to be tried."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.learning.classification.model import OWN_TABLE, Config, labels, prepared
from core.learning.classification.reading import layers, restored
from core.learning.classification.rivals import rival, with_all_features
from core.recordings import Records
from core.remedies import Remedy
from core.shares import per_cent

SPANS = {"tanh": 2.0}  # of ReLU, the span that is seen
BLOWN = 3.0  # times the loss before any step
LATE = 60  # records whose way is measured


class Cause(NamedTuple):
    """What holds a run back, in a sentence with its evidence, and what may mend it."""

    kind: str
    sentence: str
    remedies: tuple[Remedy, ...]


class Look:
    """A network as it stands at the last of `records`, seen on its training rows."""

    def __init__(self, config: Config, records: Records) -> None:
        self.config = config
        self.records = records
        self.data = prepared(config)
        self.parameters: NDArray[np.float32] = records["parameters"][-1]

    @cached_property
    def activations(self) -> list[NDArray[np.float32]]:
        """The activations (N, H) of the hidden layers."""
        return layers(self.config, self.parameters, self.data.x_train)[:-1]

    @cached_property
    def pulls(self) -> tuple[float, float]:
        """The norms of the loss's gradient and of the penalty's, over the weights."""
        model = restored(self.config, self.parameters)
        loss = F.cross_entropy(
            model.forward(torch.from_numpy(self.data.x_train)),
            torch.from_numpy(labels(self.config)),
        )
        found = torch.autograd.grad(loss, model.weights)
        of_loss = float(torch.cat([g.flatten() for g in found]).norm())
        weights = torch.cat([w.detach().flatten() for w in model.weights])
        return of_loss, self.config.l2 * float(weights.norm())


def causes(config: Config, records: Records) -> list[Cause]:
    """What may hold the run back, the most telling first; none without evidence."""
    look = Look(config, records)
    rules = (_penalty, _overshoots, _dead, _few_rows, _features, _straight, _too_short)
    return [cause for rule in rules if (cause := rule(look))]


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some fields, and what the page's controls then say."""
    settings = dict(changed)
    if "hidden" in changed:
        settings["hidden"] = "-".join(map(str, changed["hidden"])) or "none"
    if "columns" in changed:
        settings["features"] = list(settings.pop("columns"))
    return Remedy(label, settings, replace(config, **changed))


def rates(config: Config, *factors: float) -> Iterator[Remedy]:
    """The run with other learning rates, as far as the control offers them."""
    for rate in diagnosis.other_rates(config.learning_rate, *factors):
        yield remedy(config, f"Learning rate {rate:g}", learning_rate=rate)


def _penalty(look: Look) -> Cause | None:
    of_loss, of_penalty = look.pulls
    first, last = (float(np.linalg.norm(look.records["parameters"][r])) for r in (0, -1))
    if not look.config.l2 or of_penalty < 0.5 * of_loss or last > 0.8 * first:
        return None
    return Cause(
        "penalty",
        f"The penalty (L2 = {look.config.l2:g}) holds the weights small: all of them together "
        f"were {first:.2g} long and are {last:.2g}; its gradient is {of_penalty:.2g} long, the "
        f"loss's {of_loss:.2g}.",
        (remedy(look.config, "Without L2", l2=0.0), remedy(look.config, "L2 = 0.001", l2=0.001)),
    )


def _overshoots(look: Look) -> Cause | None:
    loss = look.records["loss"]
    slower = tuple(rates(look.config, 0.1, 0.01, 0.001, 0.0001))
    peak = int(loss.argmax())
    if float(loss[peak]) > BLOWN * float(loss[0]):
        return Cause(
            "overshoots",
            f"The steps are too long: the training loss, {float(loss[0]):.3g} before any step, was "
            f"blown up to {float(loss[peak]):.3g} by epoch {peak:,}, and the test loss is "
            f"{float(look.records['test_loss'][-1]):.3g}.",
            slower,
        )
    late = float(loss[len(loss) // 2 :].mean())
    went = evidence.motion(look.records["parameters"][len(loss) // 2 :][-LATE:])
    if went.detour < 5 or late < 1.15 * float(loss.min()):
        return None
    return Cause(
        "overshoots",
        f"The steps are too long: late in the run the weights went {went.path:.3g} to come "
        f"{went.moved:.2g} further, and the loss, once {float(loss.min()):.3g}, was "
        f"{late:.3g} on average.",
        slower,
    )


def _dead(look: Look) -> Cause | None:
    name = look.config.activation
    spans = [SPANS.get(name) or max(float(np.ptp(a)), 1e-9) for a in look.activations]
    shares = [evidence.unvarying([a], s)[0] for a, s in zip(look.activations, spans, strict=True)]
    if not shares or max(shares) < 0.5:
        return None
    layer = int(np.argmax(shares))
    other = "tanh" if name == "relu" else "relu"
    return Cause(
        "dead",
        f"In hidden layer {layer + 1}, {per_cent(shares[layer])} of the units answer the same for "
        "every training row: what comes in is lost there.",
        (
            *rates(look.config, 0.01, 0.001, 0.1),
            remedy(look.config, f"Activation {other}", activation=other),
        ),
    )


def _few_rows(look: Look) -> Cause | None:
    right, known = look.records["accuracy"][-1], look.records["test_accuracy"][-1]
    apart = evidence.share_error(float(known), len(look.data.y_test))
    if right - known < 2 * apart or look.config.train_share >= 50:
        return None
    more = remedy(look.config, "70\u00a0% of the rows for training", train_share=70)
    n_rows = len(look.data.y_train)
    return Cause(
        "few_rows",
        f"It learned from {n_rows:,} rows alone and has {per_cent(right)} of them right: rows "
        "like those of the test were not among them.",
        () if look.config.data == OWN_TABLE else (more,),
    )


def _features(look: Look) -> Cause | None:
    every = with_all_features(look.config)
    known = rival(look.config).test
    if every is None or every - known < 2 * evidence.share_error(every, len(look.data.y_test)):
        return None
    more = remedy(look.config, "All features", columns=())
    n = len(look.config.columns)
    return Cause(
        "features",
        f"The network is told {n} feature{'s' * (n > 1)} of each row; a classical method puts "
        f"{per_cent(known)} of the test rows right with {'it' if n == 1 else 'them'}, "
        f"{per_cent(every)} with all features.",
        () if look.config.data == OWN_TABLE else (more,),
    )


def _straight(look: Look) -> Cause | None:
    known = rival(look.config)
    if look.config.hidden or known.name == "logistic regression":
        return None
    best = evidence.separable(look.data.x_train, labels(look.config))
    if best > known.training - 2 * evidence.share_error(best, len(look.data.y_train)):
        return None
    return Cause(
        "linear",
        "Without a hidden layer the boundary is straight in the features, and the best straight "
        f"one puts {per_cent(best)} of the training rows right.",
        (
            remedy(look.config, "16 and 16 hidden units", hidden=(16, 16)),
            remedy(
                look.config, "16 and 16 hidden units, learning rate 0.01",
                hidden=(16, 16), learning_rate=0.01,
            ),
        ),
    )  # fmt: skip


def _too_short(look: Look) -> Cause | None:
    loss = look.records["loss"]
    went = evidence.motion(look.records["parameters"][-LATE:])
    falls = diagnosis.still_falls(loss, by=0.005)
    if went.detour > 3 or not falls:
        return None
    return Cause(
        "too_short",
        f"It has not come far enough: {falls}, and the weights went straight ahead (their way is "
        f"{went.detour:.1f} times the distance).",
        tuple(rates(look.config, 10, 100, 1000)),
    )


def general(config: Config) -> Iterator[Remedy]:
    """What may help where no cause shows: more units, another rate."""
    if sum(config.hidden) < 32:
        yield remedy(config, "16 and 16 hidden units", hidden=(16, 16))
    yield from rates(config, 10, 0.1)
