"""The controls of the clustering page, each bound to its address, and what is clicked there."""

from typing import Any

import numpy as np
import streamlit as st

from core.data.drawings import MAX_LINK_POINTS, decode_points, encode_points, read_points
from core.learning.clustering import k_means, model
from core.learning.clustering.examples import DATA
from pages.elements.controls import Controls
from pages.elements.sketchpad import points_pad

PLANE = "plane"
HIDDEN = {"none": (), "64": (64,), "128": (128,), "128-32": (128, 32), "256-64": (256, 64)}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_SHARED = ("data", "n_examples", "k", "n_latent", "is_moved", "learning_rate", "batch_size")
DEFAULTS: dict[str, Any] = {
    "mode": model.Config.method,
    **{name: getattr(model.Config, name) for name in _SHARED},
    **{name: getattr(model.Config, name) for name in ("n_epochs", "n_deep_epochs", "seed")},
    "hidden": "256-64",
    "plane": k_means.Config.data,
    "n_points": k_means.Config.n_examples,
    "n_centroids": k_means.Config.k,
    **{name: getattr(k_means.Config, name) for name in ("n_blobs", "spread", "start")},
    "n_iterations": k_means.Config.n_iterations,
    "colour": "cluster",
}
LABELS = {
    "dec": "Deep clustering (DEC)",
    "k_means": "Autoencoder + k-means",
    PLANE: "k-means step by step",
    "digits": "Handwritten digits",
    "fashion": "Clothes",
    "blobs": "Blobs (made up)",
    "moons": "Moons",
    "circle": "Disc in a ring",
    "own": "Your own points",
    "random": "Random points",
    "spread": "Far apart (k-means++)",
    "crowded": "Crowded in one corner",
    "cluster": "by cluster",
    "class": "by hidden class",
}
FIRST_POINTS = tuple(
    (round(centre_x + x, 2), round(centre_y + y, 2))
    for centre_x, centre_y in ((-3, -2), (3, -1), (0, 3))
    for x, y in ((-0.8, 0), (0.8, 0.1), (0, 0.8), (0.1, -0.8), (0, 0))
)
OWN_IN_LINK = "clustering_own"
controls = Controls("clustering", DEFAULTS, LABELS)


def mode() -> str:
    """Which picture: deep clustering, an autoencoder with k-means, or bare k-means."""
    methods = [*model.METHODS, PLANE]
    chosen: str = controls.choice("Method", "mode", methods, "How groups are looked for.")
    return chosen


def deep_config(method: str) -> model.Config:
    """What the controls of the autoencoder and of deep clustering say."""
    settings: dict[str, Any] = {
        "method": method,
        "data": controls.choice("Data", "data", DATA, "The classes stay hidden."),
        "k": controls.slider("Clusters k", "k", 2, 20, 1, "You choose k; nothing learns it."),
    }
    settings |= _training(method == "dec")
    with st.expander("Network and examples"):
        settings |= _network()
    return model.Config(**settings)


def _training(is_deep: bool) -> dict[str, Any]:
    epochs = controls.slider(
        "Epochs of the autoencoder", "n_epochs", 5, 50, 5, "Passes over all pictures."
    )
    deep = "Epochs of deep clustering"
    found = {
        "n_epochs": epochs,
        "learning_rate": controls.steps(
            "Learning rate", "learning_rate", RATES, "The length of a step, in both phases."
        ),
    }
    if is_deep:
        why = "Passes after those; then the clusters pull."
        found["n_deep_epochs"] = controls.slider(deep, "n_deep_epochs", 5, 50, 5, why)
    return found


def _network() -> dict[str, Any]:
    return {
        "is_moved": controls.toggle(
            "Shift and turn the pictures",
            "is_moved",
            "Every epoch shows a copy shifted by up to 2 pixels, turned, sheared and scaled.",
        ),
        "n_latent": controls.steps(
            "Latent numbers",
            "n_latent",
            (2, 3, 5, 10, 20, 32),
            "What is kept of a picture. With more than two, the map shows their principal plane.",
        ),
        "hidden": HIDDEN[controls.choice("Hidden units of the encoder", "hidden", tuple(HIDDEN))],
        "n_examples": controls.slider(
            "Pictures", "n_examples", 200, 5000, 100, "The first 1,000 are mapped and judged."
        ),
        "batch_size": controls.steps("Batch size", "batch_size", (20, 50, 100, 200, 500)),
        "seed": controls.seed(),
    }


def plane_config(data: str, points: k_means.Points) -> k_means.Config:
    """What the controls of k-means say; `points` are the learner's own, if wanted."""
    return k_means.Config(
        data=data,
        n_examples=controls.slider("Points", "n_points", 50, 1000, 50) if data != "own" else 300,
        n_blobs=controls.slider("True blobs", "n_blobs", 2, 8, 1) if data == "blobs" else 4,
        spread=_spread() if data == "blobs" else k_means.Config.spread,
        points=points if data == "own" else (),
        k=_most_k(points if data == "own" else None),
        start=controls.choice("Centroids start", "start", k_means.STARTS, "Where decides much."),
        n_iterations=controls.slider("Iterations", "n_iterations", 4, 40, 1),
        seed=controls.seed(),
    )


def plane_data() -> str:
    """Which points of the plane."""
    return str(controls.choice("Data", "plane", k_means.DATA, "k-means never sees the groups."))


def by_class() -> bool:
    """Whether the picture is coloured by hidden class; changing it trains nothing anew."""
    return bool(controls.segments("Colour", "colour", ["cluster", "class"]) == "class")


def own_points() -> k_means.Points:
    """The points clicked into the pad, kept in the address; the last good ones at least."""
    first = st.session_state.setdefault("clustering-first-points", _points_in_link())
    # The pad wants the same start at every run, however the address changes meanwhile.
    drawn = points_pad("clustering-points", points=[(*p, 0) for p in first], classes=("point",))
    try:
        points = read_points(drawn).points
    except ValueError as error:
        st.info(str(error))
        points = np.array(st.session_state.get("clustering-last-points", first))
    kept = tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)
    st.session_state["clustering-last-points"] = kept
    if kept != FIRST_POINTS and len(kept) <= MAX_LINK_POINTS:
        st.query_params[OWN_IN_LINK] = encode_points(np.array(kept), np.ones(len(kept)))
    return kept


def _points_in_link() -> k_means.Points:
    text = st.query_params.get(OWN_IN_LINK, "")
    try:
        points = decode_points(text).points if text else np.array(FIRST_POINTS)
    except ValueError as error:
        st.info(str(error))
        points = np.array(FIRST_POINTS)
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def pick(edit: dict[str, Any]) -> None:
    """Remember the example that was clicked in the picture; a callback of the player."""
    if edit.get("kind") == "pick" and isinstance(edit.get("index"), int):
        st.session_state["clustering-picked"] = edit["index"]


def picked(n_shown: int) -> int | None:
    """The example clicked last, if this data has it."""
    index = st.session_state.get("clustering-picked")
    return index if index is not None and 0 <= index < n_shown else None


def _most_k(points: k_means.Points | None) -> int:
    k: int = controls.slider(
        "Clusters k", "n_centroids", 1, 20, 1, "You choose k; nothing learns it."
    )
    if points is None or k <= len(points):
        return k
    st.caption(f"{len(points)} points can have {len(points)} clusters at most.")
    return len(points)


def _spread() -> float:
    return float(
        st.slider(
            "Spread of a blob",
            0.2,
            3.0,
            k_means.Config.spread,
            0.1,
            key="clustering_spread",
            bind="query-params",
            help="Standard deviation; the centres lie on a ring of radius 4.",
        )
    )
