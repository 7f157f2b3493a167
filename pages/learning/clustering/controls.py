"""The controls of the clustering page, each bound to its address, and what is clicked there."""

from typing import Any

import numpy as np
import streamlit as st

from core.data.drawings import MAX_LINK_POINTS, decode_points, encode_points, read_points
from core.learning.clustering import k_means, model
from core.learning.clustering.examples import DATA
from core.learning.clustering.recordings import kept
from core.runs import Run
from pages.elements import edits, rows
from pages.elements.controls import Controls
from pages.elements.player import at, stands
from pages.elements.rows import Choice, Row, Segments, Slider, Steps, Toggle, Values
from pages.elements.sketchpad import points_pad

PLANE, NETWORK = "plane", "Network and examples"
HIDDEN = {"none": (), "64": (64,), "128": (128,), "128-32": (128, 32), "256-64": (256, 64)}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_SHARED = ("data", "n_examples", "k", "n_latent", "is_moved", "learning_rate", "batch_size")
_DEEP_FIELDS = {*_SHARED, "n_epochs", "n_deep_epochs", "seed"}
_PLANE_FIELDS = {"n_blobs", "spread", "start", "n_iterations", "seed"}
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
    "placed": "Where I drag them",
    "cluster": "by cluster",
    "class": "by hidden class",
}
FIRST_POINTS = tuple(
    (round(centre_x + x, 2), round(centre_y + y, 2))
    for centre_x, centre_y in ((-3, -2), (3, -1), (0, 3))
    for x, y in ((-0.8, 0), (0.8, 0.1), (0, 0.8), (0.1, -0.8), (0, 0))
)
OWN_IN_LINK, PLACED = "clustering_own", "clustering_placed"
controls = Controls("clustering", DEFAULTS, LABELS)


def _plane(values: Values) -> bool:
    return bool(values["mode"] == PLANE)


def _deep(values: Values) -> bool:
    return not _plane(values)


def _blobs(values: Values) -> bool:
    return _plane(values) and bool(values["plane"] == "blobs")


def _not_own(values: Values) -> bool:
    return not _plane(values) or bool(values["plane"] != "own")


def _drawn_points(values: Values) -> bool:
    return _plane(values) and _not_own(values)


ROWS: tuple[Row, ...] = (
    Choice("mode", "Method", [*model.METHODS, PLANE], basic=True,
           why="How groups are looked for."),
    Choice("data", "Data", DATA, basic=True, shown=_deep, why="The classes stay hidden."),
    Choice("plane", "Data", k_means.DATA, basic=True, shown=_plane,
           why="k-means never sees the groups."),
    Slider("k", "Clusters k", 2, 20, 1, basic=True, shown=_deep,
           why="You choose k; nothing learns it."),
    Slider("n_centroids", "Clusters k", 1, 20, 1, basic=True, shown=_plane,
           why="You choose k; nothing learns it."),
    Choice("start", "Centroids start", k_means.STARTS, basic=True, shown=_plane,
           why="Where they start matters much. Or drag them on the plane."),
    Toggle("is_moved", "Shift and turn the images", basic=True, shown=_deep,
           why="Every epoch shows a copy shifted by up to 2 pixels, turned, sheared and scaled."),
    Steps("learning_rate", "Learning rate", RATES, basic=True, shown=_deep,
          why="The length of a step, in both phases."),
    Segments("colour", "Colour", ["cluster", "class"], basic=True, shown=_not_own),
    Slider("n_epochs", "Epochs of the autoencoder", 5, 50, 5, shown=_deep,
           why="Passes over all images."),
    Slider("n_deep_epochs", "Epochs of deep clustering", 5, 50, 5,
           shown=lambda values: bool(values["mode"] == "dec"),
           why="Passes after those; then the clusters pull."),
    Steps("n_latent", "Latent numbers", (2, 3, 5, 10, 20, 32), shown=_deep, section=NETWORK,
          why="What is kept of an image. With more than two, the map shows their principal "
          "plane."),
    Choice("hidden", "Hidden units (neurons) of the encoder", tuple(HIDDEN), shown=_deep,
           section=NETWORK),
    Slider("n_examples", "Images", 200, 5000, 100, shown=_deep, section=NETWORK,
           why="The first 1,000 are mapped and judged."),
    Steps("batch_size", "Batch size", (20, 50, 100, 200, 500), shown=_deep, section=NETWORK),
    Slider("n_points", "Points", 50, 1000, 50, shown=_drawn_points),
    Slider("n_blobs", "True blobs", 2, 8, 1, basic=True, shown=_blobs),
    Slider("spread", "Spread of a blob", 0.2, 3.0, 0.1, shown=_blobs,
           why="Standard deviation; the centres lie on a ring of radius 4."),
    Slider("n_iterations", "Iterations", 4, 40, 1, shown=_plane),
    rows.seed(),
)  # fmt: skip


def sidebar() -> Values:
    """All controls in order, and what they say by name."""
    return rows.draw(controls, ROWS)


def deep_config(said: Values) -> model.Config:
    """What the controls of the autoencoder and of deep clustering say."""
    fields = {name: value for name, value in said.items() if name in _DEEP_FIELDS}
    return model.Config(**fields, method=said["mode"], hidden=HIDDEN[said["hidden"]])


def plane_config(said: Values, points: k_means.Points) -> k_means.Config:
    """What the controls of k-means say; `points` are the learner's own, if wanted."""
    fields = {name: value for name, value in said.items() if name in _PLANE_FIELDS}
    named = {"n_points": "n_examples", "plane": "data"}
    fields |= {field: said[name] for name, field in named.items() if name in said}
    k = said["n_centroids"]
    if points and k > len(points):
        st.caption(f"{len(points)} points can have {len(points)} clusters at most.")
    placed = _in_link(PLACED) if said["start"] == "placed" else ()
    return k_means.Config(**fields, points=points, placed=placed, k=min(k, len(points) or k))


def drag(run: Run, edit: dict[str, Any]) -> None:
    """Begin anew from the centroids as they stood, one of them moved; a callback."""
    index, then, *place = (edit.get(name) for name in ("index", "at", "x", "y"))
    if edit.get("kind") != "centre" or not isinstance(index, int) or not isinstance(then, int):
        return
    places = run.at(min(max(then, 0), run.n_records - 1))["centroids"].copy()
    if index not in range(len(places)) or not all(isinstance(v, int | float) for v in place):
        return
    places[index] = place
    st.query_params[PLACED] = encode_points(places.clip(-6, 6), np.ones(len(places)))
    edits.write("clustering", start="placed")


def _in_link(name: str) -> k_means.Points:
    """Points that the address holds; none if it holds nothing that can be read."""
    try:
        points = decode_points(st.query_params.get(name, "")).points
    except ValueError:
        return ()
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def decoded_at(run: Run, picture: str) -> int | None:
    """The record where a picture stands, if the weights of that very record are at hand."""
    if not stands(picture, run):
        return None
    record = min(at(picture), run.n_records - 1)
    return record if kept(run, record) == record else None


def by_class(said: Values) -> bool:
    """Whether the picture is coloured by hidden class; changing it trains nothing anew."""
    return bool(said.get("colour") == "class")


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
