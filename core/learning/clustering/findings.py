"""What happened in a run of the autoencoder and its clusters, said in plain words."""

import numpy as np

from core import diagnosis
from core.diagnosis import Finding
from core.learning.clustering.k_means import composition
from core.learning.clustering.model import Config, shown
from core.recordings import Records

GOAL_NMI = 0.8
FEW = 0.02  # of all examples: a cluster with fewer is as good as empty
MOST = 0.5  # of all examples: a cluster with more has swallowed others
GAIN = 0.01  # of NMI, that is worth a word


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    restoring = _pretraining(config, records)
    found = diagnosis.from_curves(restoring, end, config.learning_rate, unit="record")
    if found and found[0].kind == "diverged":
        return found
    said = [_too_few(config), _collapsed(config, records), _doubled(config, records)]
    said += [_compared(config, records, end), *found]
    return sorted((each for each in said if each), key=lambda each: each.tone != "bad")


def _pretraining(config: Config, records: Records) -> Records:
    """The reconstruction loss as long as it is what training lessens."""
    return {"loss": records["loss"][: config.first_deep + 1]}


def is_deep_at(config: Config, records: Records) -> bool:
    """Whether the last of `records` lies in the clustering phase."""
    return config.is_deep and len(records["loss"]) - 1 > config.first_deep


def best_purity(config: Config) -> float:
    """The share of the k commonest classes: no clustering with k clusters is purer."""
    sizes = np.sort(np.bincount(shown(config).labels))[::-1]
    return float(sizes[: config.k].sum() / sizes.sum())


def _too_few(config: Config) -> Finding | None:
    n_classes = len(shown(config).classes)
    if config.k >= n_classes:
        return None
    return Finding(
        "too_few",
        "bad",
        f"{config.k} clusters cannot hold {n_classes} classes apart: purity stays below "
        f"{best_purity(config):.0%} however good the map is. k is chosen, not learned.",
        f"Use {n_classes} clusters",
        {"k": n_classes},
    )


def _collapsed(config: Config, records: Records) -> Finding | None:
    """Clusters that ran empty in the clustering phase, and who has what was theirs."""
    if not is_deep_at(config, records):
        return None
    shares = np.bincount(records["assignments"][-1], minlength=config.k) / _n_shown(records)
    n_empty = int((shares < FEW).sum())
    if shares.max() < max(MOST, 1.5 / config.k) and n_empty < max(2, config.k // 3):
        return None
    sentence = (
        f"Collapse: {n_empty} of {config.k} clusters hold fewer than {FEW:.0%} of the examples, "
        f"the largest holds {shares.max():.0%}. Clusters learn from their own guesses, and once "
        "two have merged nothing parts them again."
    )
    if config.learning_rate <= Config.learning_rate:
        return Finding("collapsed", "bad", sentence)
    remedy = {"learning_rate": Config.learning_rate}
    return Finding("collapsed", "bad", sentence, f"Rate {Config.learning_rate:g}", remedy)


def _doubled(config: Config, records: Records) -> Finding | None:
    """Classes that several clusters share, where there are more clusters than classes."""
    chosen = shown(config)
    n_classes = len(chosen.classes)
    if config.k <= n_classes or len(records["loss"]) <= config.first_deep:
        return None
    counts = composition(records["assignments"][-1], chosen.labels, config.k, n_classes)
    owned = np.bincount(counts.argmax(axis=1)[counts.sum(axis=1) > 0], minlength=n_classes)
    split = [chosen.classes[label] for label in np.flatnonzero(owned > 1)]
    if not split:
        return None
    return Finding(
        "doubled",
        "note",
        f"With {config.k} clusters for {n_classes} classes, several share one: "
        f"{', '.join(split)}. Purity likes that, NMI does not: it also counts what is split.",
        f"Use {n_classes} clusters",
        {"k": n_classes},
    )


def _compared(config: Config, records: Records, end: str) -> Finding | None:
    """How the clusters do beside those of the pixels."""
    if len(records["loss"]) < 2:
        return None
    now, pixels = float(records["nmi"][-1]), float(records["pixel_nmi"][-1])
    if now > pixels + GAIN:
        return Finding("better", "good", _better(config, records, now, pixels))
    if not end:
        return None
    if config.data == "blobs":
        sentence = (
            f"Round blobs are what k-means was made for: on the bare pixels it reaches NMI "
            f"{pixels:.2f}, and a network in between ({now:.2f}) has nothing to add."
        )
        return Finding("as_well", "note", sentence)
    sentence = f"The clusters agree with the classes to NMI {now:.2f}, those of pixels {pixels:.2f}"
    if config.n_latent < Config.n_latent:
        sentence += f": {config.n_latent} latent numbers drop too much of a picture."
        return Finding("no_better", "note", sentence, "Keep ten numbers", {"n_latent": 10})
    if config.is_deep:
        return Finding("no_better", "note", f"{sentence}: what moved together was not a class.")
    sentence += (
        ". An autoencoder learns to restore pictures: nothing in its loss asks for clusters."
    )
    return Finding("no_better", "note", sentence, "Go on with deep clustering", {"mode": "dec"})


def _better(config: Config, records: Records, now: float, pixels: float) -> str:
    if not is_deep_at(config, records):
        return (
            f"With {config.n_latent} numbers a picture the clusters agree with the hidden classes "
            f"to NMI {now:.2f}, those of the pixels to {pixels:.2f}."
        )
    gained = 100 * (now - float(records["nmi"][config.first_deep]))
    return (
        f"Deep clustering agrees with the hidden classes to NMI {now:.2f}: "
        f"{100 * (now - pixels):.0f} points above k-means on pixels ({pixels:.2f}), "
        f"{gained:+.0f} points since it began. No label was used."
    )


def _n_shown(records: Records) -> int:
    return int(records["assignments"].shape[1])


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether the clusters of digits reach the goal, and how far the run is from it."""
    if config.data != "digits":
        return False, "the goal is for the digits."
    now = float(records["nmi"][-1])
    return now >= GOAL_NMI, f"NMI {now:.2f} with k = {config.k}."
