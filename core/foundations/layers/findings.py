"""What happened to the deep network: said from what was measured, with what was tried."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core import evidence
from core.baselines import ridge_right
from core.diagnosis import Finding
from core.foundations.layers.model import N_MEASURED, Config
from core.foundations.layers.reading import N_COMPONENTS, Floats, n_dead, true_right
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

ENOUGH_RECORDS = 5
SHORT = 0.05  # of the test images: so much worse than a classical method is a fault
RATES = (0.003, 0.001, 0.01)  # where networks like this one learn, the likeliest first
NEAR = 0.25  # of their length at the start: parameters that came less far hardly moved
Cause = tuple[str, str, tuple[Remedy, ...]]


def findings(
    config: Config, records: Records, end: str, accuracies: Floats | None = None
) -> list[Finding]:
    """What happened up to the last of `records`, worst first.

    `accuracies` are those of the probes on 40 numbers a layer, where they were asked.
    """
    last = len(records["loss"]) - 1
    if end == "diverged":
        why = (
            f"Training diverged: at a learning rate of {config.learning_rate:g} the steps "
            "overshot until the loss was no longer a number."
        )
        return [_complaint("diverged", why, _slower(config))]
    is_over = last == config.n_records - 1
    if last < ENOUGH_RECORDS and not is_over:
        return []
    usual, tested = ridge_right("fashion_mnist", config.n_train), records["test_accuracy"][-1]
    if tested >= usual - SHORT:
        return [] if accuracies is None else [_depth(config, accuracies)]
    score = (
        f"The network classifies {per_cent(tested, 1)} of the 1,000 test images correctly; a ridge "
        f"regression on the pixels of as many images with true labels, {per_cent(usual, 1)}."
    )
    for kind, why, remedies in _causes(config, records, is_over):
        return [_complaint(kind, f"{score} {why}", remedies)]
    return [Finding("underway", "note", f"{score} It is still learning.")]


def _complaint(kind: str, sentence: str, remedies: tuple[Remedy, ...]) -> Finding:
    right = Complaint("test_accuracy", "test images correct", 1000) if remedies else None
    return Finding(kind, "bad", sentence, complaint=right, remedies=remedies)


def _remedy(config: Config, label: str, **changed: Any) -> Remedy:
    return Remedy(label, changed, replace(config, **changed))


def _slower(config: Config) -> tuple[Remedy, ...]:
    """One run with shorter steps: in two seconds a second one would learn too little."""
    rates = [rate for rate in RATES if rate < config.learning_rate][:1]
    return tuple(_remedy(config, f"Learning rate {r:g}", learning_rate=r) for r in rates)


def _longer(config: Config) -> tuple[Remedy, ...]:
    """One run with longer steps."""
    rates = [rate for rate in RATES if rate > config.learning_rate][:1]
    return tuple(_remedy(config, f"Learning rate {r:g}", learning_rate=r) for r in rates)


def _causes(config: Config, records: Records, is_over: bool) -> Iterator[Cause]:
    """What shows why test images are misclassified, the most telling first."""
    loss, parameters = records["loss"], records["parameters"]
    if float(loss[1:].max()) > 2 * float(loss[0]):
        yield (
            "overshoots",
            f"The steps are too long: at a learning rate of {config.learning_rate:g} the loss, "
            f"{loss[0]:.3g} before training, rose to {loss.max():.3g}.",
            _slower(config),
        )
    dead = n_dead(config, parameters[-1])
    if max(dead) > config.n_filters / 2:
        depth = int(np.argmax(dead))
        yield (
            "dead",
            f"{dead[depth]} of the {config.n_filters} maps of convolution {depth + 1} are dead: "
            "zero for every image asked, so no gradient reaches their kernels.",
            _wider(config) or _slower(config),
        )
    if is_over:
        yield from _at_the_end(config, records)


def _at_the_end(config: Config, records: Records) -> Iterator[Cause]:
    loss, right, tested = (records[n] for n in ("loss", "accuracy", "test_accuracy"))
    if config.share_shuffled:
        yield (
            "shuffled",
            f"{config.share_shuffled}\u00a0% of the labels are random. Of its "
            f"training images it gives {per_cent(right[-1])} the label it was told and "
            f"{per_cent(true_right(config, records['parameters'][-1]))} the true one.",
            (_remedy(config, "True labels", share_shuffled=0),),
        )
    came = evidence.reach(records["parameters"])
    n_steps = (len(loss) - 1) * config.updates_per_record
    if came < NEAR:
        yield (
            "too_short",
            f"In {n_steps:,} steps the weights came only {per_cent(came)} of their own length away "
            f"from where they began, and the loss from {loss[0]:.3g} to {loss[-1]:.3g}: the steps "
            "are too short, or too few.",
            _longer(config),
        )
    n_measured = min(N_MEASURED, config.n_train)
    errors = (evidence.share_error(right[-1], n_measured), evidence.share_error(tested[-1], 1000))
    if right[-1] - tested[-1] > max(0.05, 2 * float(np.hypot(*errors))):
        # A run with more images takes longer than the two seconds that a remedy is tried for.
        yield (
            "overfits",
            f"Overfitting: of its own {config.n_train:,} training images it classifies "
            f"{per_cent(right[-1])} correctly.",
            (),
        )
    yield (
        "underfits",
        f"Underfitting: of its own training images it classifies {per_cent(right[-1])} correctly. "
        f"{config.n_filters} maps a layer, and {n_steps:,} steps, are what it had.",
        _wider(config) or _longer(config),
    )


def _wider(config: Config) -> tuple[Remedy, ...]:
    if config.n_filters > Config.n_filters / 4:
        return ()
    return (_remedy(config, f"{Config.n_filters // 2} maps each", n_filters=Config.n_filters // 2),)


def _depth(config: Config, accuracies: Floats) -> Finding:
    pixels, last = float(accuracies[0]), float(accuracies[-1])
    told = (
        f"From at most {N_COMPONENTS} numbers a layer, a linear probe classifies "
        f"{per_cent(pixels, 1)} of the test images correctly in the pixels and "
        f"{per_cent(last, 1)} in the answer"
    )
    if last > pixels + 2 * evidence.share_error(pixels, 1000):
        best = config.layers[int(accuracies.argmax())]
        return Finding(
            "abstract",
            "good",
            f"{told}; the most, {per_cent(accuracies.max(), 1)}, in “{best}”. What tells the "
            "classes apart now lies in the few directions in which the layer varies most. All "
            "values of a layer tell less of a ladder: see Look inside.",
        )
    return Finding(
        "shallow",
        "note",
        f"{told}: after this training the difference is no more than chance would make of 1,000 "
        "images, or the answer tells less.",
    )
