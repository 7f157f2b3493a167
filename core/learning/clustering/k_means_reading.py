"""What can be read off a run of k-means in the plane: when it ended, and how well."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from core.diagnosis import Finding
from core.learning.clustering.k_means import Config, cluster_names, examples, inertia_by_k
from core.recordings import Records
from core.remedies import Complaint, Remedy

INERTIA = Complaint("loss", "inertia a point")


def converged_at(records: Records) -> int | None:
    """The first record after which the centroids no longer moved, if there is one."""
    moved = np.abs(np.diff(records["centroids"], axis=0)).max(axis=(1, 2)) > 0
    # Odd steps assign, even steps move: a move that moves nothing ends the run.
    still = np.flatnonzero(~moved[1::2])
    return int(2 * still[0] + 2) if len(still) else None


def findings(config: Config, records: Records) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    ended = converged_at(records)
    if ended is None:
        return []
    found = [_stuck(config, records), _uninformed(config)]
    return [*(finding for finding in found if finding), _converged(ended, records)]


def _converged(ended: int, records: Records) -> Finding:
    return Finding(
        "converged",
        "good",
        f"After {ended // 2} iterations no point changes its cluster any more. Inertia fell from "
        f"{records['inertia'][0]:,.0f} to {records['inertia'][-1]:,.0f} and never rose: both half "
        "steps can only lessen it.",
    )


def _stuck(config: Config, records: Records) -> Finding | None:
    best = float(inertia_by_k(config, max(config.k, 10))[config.k - 1])
    now = float(records["inertia"][-1])
    if now < 1.1 * best:
        return None
    return Finding(
        "stuck",
        "bad",
        f"Stuck: inertia stays at {now:,.0f}, although {best:,.0f} is possible with the same k. "
        "k-means only goes downhill, so where the centroids start decides where they end.",
        complaint=INERTIA,
        remedies=tuple(_starts(config)),
    )


def _starts(config: Config) -> Iterator[Remedy]:
    """Where else the same centroids may start; another seed would draw other points."""
    if config.start != "spread":
        settings = {"start": "spread"}
        yield Remedy("Far apart (k-means++)", settings, replace(config, start="spread"))


def _uninformed(config: Config) -> Finding | None:
    if config.data not in ("moons", "circle"):
        return None
    return Finding(
        "round",
        "note",
        "These groups are not round. k-means cuts the plane with straight lines half way between "
        "centroids, so it cannot follow them, whatever k is.",
    )


def centroids(config: Config, records: Records) -> pd.DataFrame:
    """Where every centroid is at the last of `records`, and how many points it has."""
    assigned = records["assignments"][-1]
    place = records["centroids"][-1]
    x = examples(config).x
    rows = {
        "cluster": cluster_names(config.k),
        "x₁": place[:, 0],
        "x₂": place[:, 1],
        "points": [int((assigned == cluster).sum()) for cluster in range(config.k)],
        "inertia": [
            float(((x[assigned == cluster] - place[cluster]) ** 2).sum())
            for cluster in range(config.k)
        ],
    }
    return pd.DataFrame(rows)


def table(config: Config, records: Records) -> pd.DataFrame:
    """Every point with its hidden group and its cluster at the last of `records`."""
    x, labels, classes = examples(config)
    names = [classes[label] for label in labels]
    cluster = records["assignments"][-1]
    return pd.DataFrame({"x": x[:, 0], "y": x[:, 1], "group": names, "cluster": cluster})


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether five blobs are found from a crowded start, and how far the run is from it."""
    asked = config.data == "blobs" and config.n_blobs >= 5 and config.start == "crowded"
    if not asked:
        return False, "choose 5 blobs or more and the crowded start."
    nmi = float(records["nmi"][-1])
    return nmi >= 0.95, f"NMI {nmi:.2f} with k = {config.k}."
