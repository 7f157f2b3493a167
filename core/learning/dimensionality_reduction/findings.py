"""What happened in an autoencoder's run, in words: collapse, PCA met again, or better."""

from dataclasses import replace
from typing import Any

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.dimensionality_reduction.model import Config
from core.learning.dimensionality_reduction.principal_components import (
    held_out_error,
    principal_components,
)
from core.learning.dimensionality_reduction.variational_autoencoder import Bottleneck
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

ERROR = Complaint("mse", "held-out error")
RATES = (0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01)
GOAL_ERROR = 0.036
GOAL_NUMBERS = 3
USED = 0.05  # nats; a latent number with less says nearly nothing about the picture


def largest_angle(config: Config, model: Bottleneck) -> float:
    """Largest principal angle between a linear decoder's span and PCA's, in radians."""
    from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

    mine = model.decoder.weights[0].detach().numpy().T
    pca = principal_components(config.data, config.n_examples)
    return float(subspace_angles(mine, pca.components[: config.n_latent].numpy().T).max())


def findings(config: Config, records: Records, end: str, model: Bottleneck | None) -> list[Finding]:
    """What happened up to the last of `records`, worst first; `model` if it is at hand."""
    if end == "diverged":
        return [_diverged(config, records)]
    if len(records["loss"]) < 3:
        return []
    own = [
        _collapsed(config, records) or _lost(config, records) or _too_short(config, records, end),
        _linear(config, model),
        _squeezed(config),
    ]
    compared = _compared(config, records)
    wrong = [finding for finding in own if finding and finding.tone == "bad"]
    # PCA always has a place, whatever else there is to say.
    others = [finding for finding in own if finding and finding.tone != "bad"]
    return [*wrong[:1], compared, *others] if wrong else [*others[:1], compared]


def _remedy(config: Config, label: str, **changed: Any) -> Remedy:
    return Remedy(label, changed, replace(config, **changed))


def _diverged(config: Config, records: Records) -> Finding:
    step = (len(records["loss"]) - 1) * config.updates_per_record
    slower = (_remedy(config, "Learning rate 0.005", learning_rate=0.005),)
    return diagnosis.diverged(f"step {step:,}", config.learning_rate, ERROR, slower)


def _too_short(config: Config, records: Records, end: str) -> Finding | None:
    """Whether the run ended while it restored hardly more than the mean picture."""
    mse = records["mse"].astype(float)
    mean_picture = held_out_error(config.data, config.n_examples, 0)
    falls = np.diff(records["loss"].astype(float)[len(mse) // 2 :]) < 0
    if not end or mse[-1] < 0.9 * mean_picture or falls.mean() < 0.8:
        return None
    rate = min(RATES, key=lambda r: abs(r - 10 * config.learning_rate))
    return Finding(
        "too_short",
        "bad",
        f"The way was too short: the loss was still falling when training ended, and the error of "
        f"{mse[-1]:.4f} is hardly below that of the mean image for all, {mean_picture:.4f}. The "
        f"learning rate is {config.learning_rate:g}.",
        complaint=ERROR,
        remedies=(
            _remedy(config, f"Learning rate {rate:g}", learning_rate=rate),
            _remedy(config, "Learning rate 0.005", learning_rate=0.005),
        ),
    )


def _collapsed(config: Config, records: Records) -> Finding | None:
    """Posterior collapse: numbers whose code is N(0, 1) whatever the picture."""
    if not config.is_variational:
        return None
    kl = records["kl_each"][-1]
    silent = int((kl < USED).sum())
    if not silent:
        return None
    told = ", ".join(f"{value:.2f}" for value in sorted(kl.tolist(), reverse=True)[:4])
    if silent < config.n_latent:
        sentence = (
            f"{silent} of {config.n_latent} latent numbers tell less than {USED} nats about a "
            f"image (most: {told}): the KL term costs more than they would save."
        )
        return Finding("partly_collapsed", "note", sentence)
    if config.beta <= 1:
        sentence = f"No latent number tells more than {USED} nats about an image yet ({told} nats)."
        return Finding("silent", "note", sentence)
    sentence = (
        f"Posterior collapse: the KL divergence of every latent number is next to nothing "
        f"({told} nats), so each image gets the same code N(0, 1), all dots fall together "
        f"and the decoder draws one mean image everywhere. With β = {config.beta:g} a nat of "
        "information costs more than it saves in reconstruction."
    )
    remedies = (_remedy(config, "β = 1", beta=1.0),)
    return Finding("collapsed", "bad", sentence, complaint=ERROR, remedies=remedies)


def _lost(config: Config, records: Records) -> Finding | None:
    """Nothing but the mean picture is restored, although the code could tell more."""
    mean_picture = held_out_error(config.data, config.n_examples, 0)
    now = float(records["mse"][-1])
    if len(records["mse"]) < 6 or now < 0.97 * mean_picture or config.learning_rate < 0.03:
        return None
    sentence = (
        f"The decoder ignores the code: its error of {now:.4f} is that of drawing the mean "
        f"image every time ({mean_picture:.4f}). The first steps, with a learning rate of "
        f"{config.learning_rate:g}, were too long to find anything better, and it has stayed there."
    )
    remedies = tuple(
        _remedy(config, f"Learning rate {rate:g}", learning_rate=rate) for rate in (0.005, 0.01)
    )
    return Finding("lost", "bad", sentence, complaint=ERROR, remedies=remedies)


def _linear(config: Config, model: Bottleneck | None) -> Finding | None:
    if not config.is_linear or model is None:
        return None
    angle = largest_angle(config, model)
    plane = "plane" if config.n_latent == 2 else "subspace"
    sentence = (
        f"The linear decoder spans a {plane} whose largest angle to that of PCA is "
        f"{angle:.3f} radians. With squared errors nothing linear can do better than PCA."
    )
    tone = "good" if angle <= 0.1 else "note"
    return Finding("linear", tone, sentence)


def _squeezed(config: Config) -> Finding | None:
    if config.n_latent > 1:
        return None
    sentence = (
        "One number is a line: the classes must queue along it, and where two of them are "
        "neighbours nothing tells them apart. Columns of the decoded plane are all alike."
    )
    return Finding("squeezed", "note", sentence)


def _compared(config: Config, records: Records) -> Finding:
    mine = float(records["mse"][-1])
    pca = held_out_error(config.data, config.n_examples, config.n_latent)
    share = mine / pca - 1
    numbers = "one number" if config.n_latent == 1 else f"{config.n_latent} numbers"
    figures = f"mean squared error {mine:.4f} against {pca:.4f}, {per_cent(abs(share))}"
    if abs(share) < 0.01:
        sentence = f"Held-out images are restored as well as PCA does from {numbers}: {figures}"
        return Finding("equal", "note", f"{sentence} apart.")
    if share < 0:
        sentence = f"Held-out images are restored better than PCA does from {numbers}: {figures}"
        return Finding("better", "good", f"{sentence} less.")
    sentence = f"PCA restores held-out images better from {numbers} so far: {figures} more."
    return Finding("worse", "note", sentence)


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether digits are restored well enough from few numbers."""
    if config.data != "digits":
        return False, "the goal is for the digits."
    now = float(records["mse"][-1])
    numbers = "number" if config.n_latent == 1 else "numbers"
    reached = now <= GOAL_ERROR and config.n_latent <= GOAL_NUMBERS
    return reached, f"error {now:.4f} with {config.n_latent} {numbers}."
