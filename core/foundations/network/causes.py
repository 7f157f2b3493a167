"""Why a network has not learned: causes named from what was measured, remedies to be tried."""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.changes import for_another_network
from core.foundations.network.model import Config, Examples, examples, inputs, objective
from core.foundations.network.reading import Floats, rate_at, restored
from core.penalties import penalty
from core.recordings import Records
from core.remedies import Remedy
from core.shares import per_cent

RATES = (0.00001, *diagnosis.RATES)
SPANS = {"sigmoid": 1.0, "tanh": 2.0}  # of the other activations, the span that is seen
ENOUGH_RECORDS = 30


class Cause(NamedTuple):
    """What holds a run back, in a sentence with its evidence, and what may mend it."""

    kind: str
    sentence: str
    remedies: tuple[Remedy, ...]


class Look:
    """A network as it stands at the last of `records`, seen on its training examples."""

    def __init__(self, config: Config, records: Records) -> None:
        self.config = config
        self.records = records
        self.record = len(records["loss"]) - 1
        self.rate = rate_at(config, self.record)

    @cached_property
    def examples(self) -> Examples:
        """The training examples in force."""
        points, labels, is_test = examples(self.config, self.record)
        return Examples(points[~is_test], labels[~is_test], is_test[~is_test])

    @cached_property
    def features(self) -> Floats:
        """What the network sees of them (N, D)."""
        return inputs(torch.from_numpy(self.examples.points), self.config.features).numpy()

    @cached_property
    def classes(self) -> NDArray[np.int_]:
        """Class 0 or 1 of each (N,)."""
        return (self.examples.labels > 0).astype(int)

    @cached_property
    def activations(self) -> list[Floats]:
        """The activations (N, H) of the hidden layers."""
        model = restored(self.config, self.records["parameters"][-1])
        with torch.no_grad():
            return [a.numpy() for _, a in model.units(torch.from_numpy(self.features))][:-1]

    @cached_property
    def gradients(self) -> tuple[list[float], list[float]]:
        """The norms, layer by layer, of the loss's gradient and of the penalty's."""
        model = restored(self.config, self.records["parameters"][-1])
        model.training = False
        x, y = torch.from_numpy(self.features), torch.from_numpy(self.examples.labels)[:, None]
        bare = replace(self.config, l1=0.0, l2=0.0)
        of_loss = torch.autograd.grad(objective(bare, model, x, y), model.weights)
        of_penalty = [torch.zeros(1)] * len(of_loss)
        if self.config.l1 or self.config.l2:
            of_penalty = list(
                torch.autograd.grad(
                    penalty(model.weights, self.config.l1, self.config.l2), model.weights
                )
            )
        return [float(g.norm()) for g in of_loss], [float(g.norm()) for g in of_penalty]


def causes(config: Config, records: Records) -> list[Cause]:
    """What may hold the run back, the most telling first; none without evidence."""
    look = Look(config, records)
    rules = (
        _penalty, _twins, _overshoots, _silenced, _vanishing, _unvarying, _features, _straight,
        _too_short,
    )  # fmt: skip
    return [cause for rule in rules if (cause := rule(look))]


_SHAPE = {"task", "data", "points", "features", "hidden"}


def remedy(config: Config, label: str, **changed: Any) -> Remedy:
    """A run that differs in some fields, and what the page's controls then say.

    What was done by hand and no longer fits is dropped, as the page drops it.
    """
    made = config.changes
    if "learning_rate" in changed:
        made = tuple(change for change in made if change.kind != "learning_rate")
    if changed.keys() & _SHAPE:
        made = for_another_network(made)
    if made != config.changes:
        changed = {"changes": made, **changed}
    settings: dict[str, Any] = {k: v for k, v in changed.items() if k != "hidden"}
    if "features" in changed:
        settings["features"] = list(changed["features"])
    if "hidden" in changed:
        settings["n_hidden"] = len(changed["hidden"])
        settings |= {f"units_{k}": n for k, n in enumerate(changed["hidden"], start=1)}
    return Remedy(label, settings, replace(config, **changed))


def together(config: Config, one: Remedy, other: Remedy) -> Remedy:
    """Two remedies at once."""
    changed = {
        f.name: getattr(each.config, f.name)
        for each in (other, one)
        for f in fields(Config)
        if getattr(each.config, f.name) != getattr(config, f.name)
    }
    return remedy(config, f"{one.label} and {other.label[0].lower()}{other.label[1:]}", **changed)


def rates(config: Config, rate: float, *factors: float) -> Iterator[Remedy]:
    """The run with other learning rates, as far as the control offers them."""
    for new in diagnosis.other_rates(rate, *factors, offered=RATES):
        yield remedy(config, f"Learning rate {new:g}", learning_rate=new)


def _penalty(look: Look) -> Cause | None:
    on = {name: 0.0 for name in ("l1", "l2") if getattr(look.config, name)}
    of_loss, of_penalty = (float(np.linalg.norm(g)) for g in look.gradients)
    first, last = (look.records["parameters"][record] for record in (0, -1))
    size, now = float(np.linalg.norm(first)), float(np.linalg.norm(last))
    if not on or (of_penalty < 0.5 * of_loss and now > 0.5 * size):
        return None
    named = " and ".join(f"{n.upper()} = {getattr(look.config, n):g}" for n in on)
    return Cause(
        "penalty",
        f"The penalty ({named}) holds the weights near zero: all of them together were "
        f"{size:.2g} long and are {now:.2g}; its gradient is {of_penalty:.2g} long, the loss's "
        f"{of_loss:.2g}.",
        (remedy(look.config, f"Without {' and '.join(n.upper() for n in on)}", **on),),
    )


def _twins(look: Look) -> Cause | None:
    if not evidence.twins(look.activations):
        return None
    without = tuple(c for c in look.config.changes if c.kind != "weight")
    remedies: tuple[Remedy, ...] = ()
    if without != look.config.changes:
        label = "The first weights as they were drawn"
        remedies = (remedy(look.config, label, changes=without),)
    return Cause(
        "twins",
        "All units of a layer give the same answers and have the same gradient, so they stay "
        "twins: the layer is no more than one unit.",
        remedies,
    )


def _overshoots(look: Look) -> Cause | None:
    loss = look.records["loss"]
    half = look.records["parameters"][len(loss) // 2 :]
    went = evidence.motion(half)
    late = float(loss[len(loss) // 2 :].mean())
    if went.detour < 10 or late < 1.15 * float(loss.min()):
        return None
    others = [remedy(look.config, "Adam", optimizer="adam", learning_rate=0.01)]
    slower = (
        *rates(look.config, look.rate, 0.1, 0.01),
        *others * (look.config.optimizer != "adam"),
    )
    return Cause(
        "overshoots",
        f"The steps are too long: in the second half of the run the weights went "
        f"{went.path:.3g} to come {went.moved:.2g} further, and the loss, once "
        f"{float(loss.min()):.3g}, was {late:.3g} on average.",
        tuple(slower),
    )


def _silenced(look: Look) -> Cause | None:
    config = look.config
    if not config.p_drop or not config.hidden:
        return None
    alone = max(config.p_drop**n_units for n_units in config.hidden)
    if config.p_drop < 0.5 and alone < 0.1:
        return None
    return Cause(
        "silenced",
        f"Dropout silences {per_cent(config.p_drop)} of the hidden units in every step: in "
        f"{per_cent(alone)} of the steps a whole layer says nothing.",
        (remedy(config, "Without dropout", p_drop=0.0),),
    )


def _unvarying(look: Look) -> Cause | None:
    name = look.config.activation
    spans = [SPANS.get(name) or max(float(np.ptp(a)), 1e-9) for a in look.activations]
    shares = [evidence.unvarying([a], s)[0] for a, s in zip(look.activations, spans, strict=True)]
    if not shares or max(shares) < 0.5:
        return None
    layer = int(np.argmax(shares))
    values = look.activations[layer]
    how = "zero" if name == "relu" and not values.any() else "the same"
    others = [n for n in ("leaky_relu", "tanh") if n != name]
    named = {"leaky_relu": "leaky ReLU", "tanh": "tanh"}
    return Cause(
        "dead" if name == "relu" else "unvarying",
        f"In hidden layer {layer + 1}, {per_cent(shares[layer])} of the units answer {how} for "
        "every training point: what comes in is lost there.",
        (
            *(remedy(look.config, f"Activation {named[n]}", activation=n) for n in others),
            *rates(look.config, look.rate, 0.1),
            *_shallower(look.config),
        ),
    )


def _shallower(config: Config) -> Iterator[Remedy]:
    if len(config.hidden) > 2:
        yield remedy(config, "Two hidden layers", hidden=config.hidden[:2])


def _vanishing(look: Look) -> Cause | None:
    of_loss, _ = look.gradients
    if len(of_loss) < 3 or not of_loss[-1] or of_loss[0] > 0.02 * of_loss[-1]:
        return None
    times = of_loss[-1] / of_loss[0] if of_loss[0] else np.inf
    named = {"relu": "ReLU", "tanh": "tanh"}
    return Cause(
        "vanishing",
        f"The gradient vanishes on its way back: at the first layer it is {times:,.0f} times "
        "smaller than at the last, so the first layers hardly learn.",
        (
            *(
                remedy(look.config, f"Activation {named[n]}", activation=n)
                for n in ("tanh", "relu")
                if n != look.config.activation
            ),
            remedy(
                look.config,
                "tanh with Adam",
                activation="tanh",
                optimizer="adam",
                learning_rate=0.01,
            ),
            *_shallower(look.config),
        ),
    )


def _features(look: Look) -> Cause | None:
    if look.config.task != "classification" or {"x1", "x2"} <= set(look.config.features):
        return None
    known = _by_neighbours(look.features, look.classes)
    place = _by_neighbours(look.examples.points, look.classes)
    if known > place - 2 * evidence.share_error(place, len(look.classes)):
        return None
    missing = [n for n in ("x1", "x2") if n not in look.config.features]
    return Cause(
        "features",
        f"The features chosen do not tell the classes apart: the nearest neighbours of a point "
        f"in them name its class in {per_cent(known)}, in X₁ and X₂ in {per_cent(place)}.",
        (
            remedy(
                look.config,
                "X₁ and X₂ as features",
                features=(*look.config.features, *missing),
            ),
        ),
    )


def _by_neighbours(x: Floats, y: NDArray[np.int_]) -> float:
    """The share of examples whose class their five nearest others name."""
    from sklearn.model_selection import cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    n_folds = min(5, *np.bincount(y, minlength=2))
    if n_folds < 2:
        return 1.0
    n_neighbors = min(5, len(y) // 2)
    return float(cross_val_score(KNeighborsClassifier(n_neighbors), x, y, cv=n_folds).mean())


def _straight(look: Look) -> Cause | None:
    config = look.config
    if config.task != "classification" or (config.hidden and config.activation != "identity"):
        return None
    best = evidence.separable(look.features, look.classes)
    if best > 0.95:
        return None
    why = "Without a hidden layer" if not config.hidden else "Without an activation function"
    mended = (
        [remedy(config, "Activation tanh", activation="tanh")]
        if config.hidden
        else [
            remedy(config, "A hidden layer of four units", hidden=(4,)),
            remedy(config, "Two hidden layers", hidden=(4, 2)),
        ]
    )
    return Cause(
        "linear",
        f"{why} the boundary is straight in the features, and the best straight boundary puts "
        f"{per_cent(best)} of the training points right.",
        tuple(mended),
    )


def _too_short(look: Look) -> Cause | None:
    went = evidence.motion(look.records["parameters"])
    size = float(np.linalg.norm(look.records["parameters"][0]))
    if went.detour > 3 or went.moved > (2 if went.detour < 1.2 else 0.5) * size:
        return None
    return Cause(
        "too_short",
        f"The steps are too short: in {look.record:,} epochs the weights came {went.moved:.2g} "
        f"far, straight ahead; all of them together are {size:.2g} long.",
        tuple(rates(look.config, look.rate, 100, 10, 1000)),
    )


def general(config: Config, rate: float) -> Iterator[Remedy]:
    """What may help where no cause shows: more units, Adam, another rate."""
    if config.optimizer != "adam":
        yield remedy(config, "Adam", optimizer="adam", learning_rate=0.01)
    if sum(config.hidden) < 12:
        yield remedy(config, "Two layers of eight units", hidden=(8, 8))
    yield from rates(config, rate, 10, 0.1)
