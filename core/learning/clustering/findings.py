"""What happened in a run of the autoencoder and its clusters, said from what was measured.

Trying a remedy would take longer than a page may, so causes are named without a button.
"""

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.clustering.k_means import cluster_names, composition
from core.learning.clustering.model import Config, examples, shown, spectral_nmi
from core.recordings import Records
from core.shares import per_cent

GOAL_NMI = 0.8
FEW = 0.02  # of all examples: a cluster with fewer is as good as empty
MOST = 0.5  # of all examples: a cluster with more has swallowed others
GAIN = 0.02  # of NMI, that is worth a word
WORD = {"digits": "digit ", "fashion": "", "blobs": ""}


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`: what went wrong, and how it compares."""
    if end == "diverged":
        return [_diverged(config, records)]
    if len(records["loss"]) < 2:
        return []
    compared = _compared(config, records)
    wrong = _wrong(config, records, end)
    return [wrong, compared] if wrong else [compared]


def _wrong(config: Config, records: Records, end: str) -> Finding | None:
    """What is wrong first of all, if anything is."""
    if config.k < len(shown(config).classes):
        return _too_few(config)
    if not end and not is_deep_at(config, records):
        return None
    return _dead(config, records) or _uninformed(config, records) or _collapsed(config, records)


def is_deep_at(config: Config, records: Records) -> bool:
    """Whether the last of `records` lies in the clustering phase."""
    return config.is_deep and len(records["loss"]) - 1 > config.first_deep


def best_purity(config: Config) -> float:
    """The share of the k commonest classes: no clustering with k clusters is purer."""
    sizes = np.sort(np.bincount(shown(config).labels))[::-1]
    return float(sizes[: config.k].sum() / sizes.sum())


def mean_picture_loss(config: Config) -> float:
    """The reconstruction loss of answering the mean picture always, in nats per pixel."""
    mean = examples(config).x.mean(dim=0).clamp(1e-4, 1 - 1e-4)
    return float(-(mean * mean.log() + (1 - mean) * (1 - mean).log()).mean())


def _diverged(config: Config, records: Records) -> Finding:
    at = (len(records["loss"]) - 1) * config.updates_per_record
    return diagnosis.diverged(f"step {at:,}", config.learning_rate)


def _too_few(config: Config) -> Finding:
    n_classes = len(shown(config).classes)
    return Finding(
        "too_few",
        "bad",
        f"{config.k} clusters cannot hold {n_classes} classes apart: purity stays at or below "
        f"{per_cent(best_purity(config))} however good the map is. k is chosen, not learned: with "
        f"k = {n_classes} each class could have its own.",
    )


def _dead(config: Config, records: Records) -> Finding | None:
    """Whether every picture has the same code: nothing of it comes through the encoder."""
    same = float(np.ptp(records["xy"][-1].astype(float), axis=0).max()) * records["spread"][-1]
    if same > 1e-3:
        return None
    return Finding(
        "dead",
        "bad",
        f"Every image has the same code: at a learning rate of {config.learning_rate:g} a layer "
        "of the encoder fell silent, and a ReLU that answers zero to everything never learns "
        "again. There is nothing left to cluster.",
    )


def _uninformed(config: Config, records: Records) -> Finding | None:
    """Whether the autoencoder, at its end, restores no better than one picture for all."""
    trained = records["loss"][: config.first_deep + 1].astype(float)
    mean = mean_picture_loss(config)
    if trained[-1] < 0.95 * mean:
        return None
    late = trained[len(trained) // 2 :]
    falls = bool((np.diff(trained) < 0).mean() > 0.9 and trained[-1] == trained.min())
    jumps = late.max() > 1.05 * late.min() and not falls
    kind = "too_short" if falls else "overshoots"
    why = (
        f"the loss still fell at every record when the phase ended: {len(trained) - 1} records of "
        f"steps at {config.learning_rate:g} are too short a way"
        if falls
        else f"the steps at a learning rate of {config.learning_rate:g} are too long, "
        + ("and it jumped up and down to the end" if jumps else "and it stayed where they threw it")
    )
    return Finding(
        kind,
        "bad",
        f"The codes tell next to nothing of an image: the reconstruction loss is "
        f"{trained[-1]:.3f} nats a pixel where the mean image for all has {mean:.3f}; {why}.",
    )


def _collapsed(config: Config, records: Records) -> Finding | None:
    """Clusters that ran empty in the clustering phase, and who has what was theirs."""
    if not is_deep_at(config, records):
        return None
    shares = np.bincount(records["assignments"][-1], minlength=config.k) / _n_shown(records)
    n_empty = int((shares < FEW).sum())
    if shares.max() < max(MOST, 1.5 / config.k) and n_empty < max(2, config.k // 3):
        return None
    began = np.bincount(records["assignments"][config.first_deep], minlength=config.k)
    earlier = int((began / _n_shown(records) < FEW).sum())
    sentence = (
        f"Collapse: {n_empty} of {config.k} clusters hold fewer than {per_cent(FEW)} of the "
        f"examples ({earlier} did when deep clustering began), the largest holds "
        f"{per_cent(shares.max())}. Clusters learn from their own guesses; with steps of "
        f"{config.learning_rate:g} some were emptied, and an empty one gets no pull back."
    )
    return Finding("collapsed", "bad", sentence)


def _compared(config: Config, records: Records) -> Finding:
    """How the clusters do beside two classical methods on the bare pixels."""
    now, pixels = float(records["nmi"][-1]), float(records["pixel_nmi"][-1])
    spectral = spectral_nmi(config)
    best = max(pixels, spectral)
    sentence = (
        f"The clusters agree with the hidden classes to NMI {now:.2f}. From the bare pixels "
        f"k-means reaches {pixels:.2f} and spectral clustering {spectral:.2f}."
    )
    if is_deep_at(config, records):
        gained = 100 * (now - float(records["nmi"][config.first_deep]))
        sentence += f" Since the clusters began to pull it changed by {gained:+.0f} points."
    if now > best + GAIN:
        if config.is_moved and config.data != "blobs":
            sentence += (
                " The network learned from shifted and turned copies too: a knowledge of "
                "images that the other two have not."
            )
        return Finding("better", "good", f"{sentence}{_split(config, records)}")
    kind = "as_well" if now > best - GAIN else "no_better"
    return Finding(kind, "note", f"{sentence}{_split(config, records)}")


def _split(config: Config, records: Records) -> str:
    """Which class has no cluster of its own, and which has several: in a sentence."""
    chosen = shown(config)
    n_classes = len(chosen.classes)
    if config.k < n_classes:
        return ""
    counts = composition(records["assignments"][-1], chosen.labels, config.k, n_classes)
    owners = counts.argmax(axis=1)[counts.sum(axis=1) > 0]
    owned = np.bincount(owners, minlength=n_classes)
    word, said = WORD[config.data], []
    for label in np.flatnonzero(owned == 0)[:2]:
        where = int(counts[:, label].argmax())
        with_whom = chosen.classes[int(counts[where].argmax())]
        said.append(
            f"{word}{chosen.classes[label]} has no cluster of its own: {counts[where, label]} of "
            f"{counts[:, label].sum()} lie in {cluster_names(config.k)[where]} with "
            f"{word}{with_whom}"
        )
    shared = [chosen.classes[label] for label in np.flatnonzero(owned > 1)]
    if shared:
        said.append(f"split over several clusters: {word}{', '.join(shared)}")
    text = "; ".join(said)
    return f" {text[0].upper()}{text[1:]}." if text else ""


def _n_shown(records: Records) -> int:
    return int(records["assignments"].shape[1])


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether the clusters of digits end at the goal, and how far the run is from it.

    Only the end counts: the luckiest of many records would be chosen by the hidden classes.
    """
    if config.data != "digits":
        return False, "the goal is for the digits."
    now, at_end = float(records["nmi"][-1]), len(records["loss"]) == config.n_records
    reached = now >= GOAL_NMI and at_end
    wait = "" if at_end or now < GOAL_NMI else " Only the end of the run counts."
    return reached, f"NMI {now:.2f} with k = {config.k}.{wait}"
