"""The controls of the page on layers, and a photo for the network others have trained."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.digits import fashion_mnist
from core.data.images import LIMITS, read_image
from core.data.photos import CREDITS, PHOTOS, photo
from core.figures import bars, depths, images
from core.foundations.layers import reading
from core.foundations.layers.model import Config
from core.foundations.layers.reading import Floats
from core.networks import backbone
from core.runs import Run
from core.shares import per_cent
from pages.elements import links, own_picture, rows
from pages.elements.controls import Controls, bound
from pages.elements.rows import Row, Steps

PAGE = "layers"
LAST = "Answer"
VIEWS = [
    "Feature maps", "Kernels", "Probes on all values", "All class maps", "t-SNE of the layer",
]  # fmt: skip
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("n_layers", "n_filters", "n_train")},
    **{name: getattr(Config, name) for name in ("share_shuffled", "learning_rate", "batch_size")},
    **{name: getattr(Config, name) for name in ("n_epochs", "seed")},
    **own_picture.DEFAULTS,
    "layer": LAST,
}
controls = Controls(PAGE, DEFAULTS)
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SOURCES = ("A ready one", "Upload", "Photograph")


ROWS: tuple[Row, ...] = (
    Steps("n_layers", "Convolutions", (1, 2, 3, 4, 5), basic=True, section="Network",
          why="One after the other; the first, second and fourth halve their maps."),
    Steps("n_filters", "Maps of each", (2, 3, 4, 6, 8, 12, 16, 24), basic=True, section="Network",
          why="Each looks for one pattern in all maps of the layer before."),
    Steps("n_train", "Training images", (200, 500, 1500, 3000, 4500), basic=True,
          section="Examples"),
    Steps("share_shuffled", "Random labels, %", (0, 25, 50, 75, 100), basic=True,
          section="Examples",
          why="Random labels have nothing to do with what an image shows."),
    Steps("learning_rate", "Learning rate", RATES, basic=True, section="Training",
          why="The length of Adam's first steps; it falls to zero over the run."),
    Steps("batch_size", "Batch size, images", (20, 50, 100, 200, 500), section="Training"),
    Steps("n_epochs", "Epochs", tuple(range(1, 21)), section="Training",
          why="How often every training image is seen."),
    rows.seed("The same seed gives the same first weights and order."),
)  # fmt: skip


def sidebar() -> Config:
    """All controls in order, and the configuration that they say."""
    config = Config(**rows.draw(controls, ROWS, expanded=("Network", "Examples", "Training")))
    st.caption(f"{config.n_parameters:,} parameters: all weights and biases of the network.")
    return config


def layer(config: Config) -> int:
    """The place of the layer whose map is shown, 0 for the pixels."""
    key = f"{PAGE}_layer"
    if st.session_state.get(key, LAST) not in config.layers:
        st.session_state[key] = LAST  # a shallower network has no such layer
    chosen = st.segmented_control(
        "Layer on the map", config.layers, default=LAST, required=True,
        **bound(key), label_visibility="collapsed",
    )  # fmt: skip
    return config.layers.index(chosen)


def ladder(config: Config, now: Floats, untrained: Floats, layer: int) -> None:
    """What the probes found on every layer (L,), now and before training."""
    figure = depths.ladder(
        config.layers,
        now,
        untrained,
        labels=("now", "before training"),
        y_title="test images classified correctly, %",
        chosen=layer,
    )
    pairs = zip(config.layers, now, strict=True)
    alt = "Probe accuracy: " + ", ".join(f"{name} {per_cent(share, 1)}" for name, share in pairs)
    st.plotly_chart(figure, key=f"{PAGE}-probes", alt=alt)
    st.caption(
        "A logistic regression on 40 principal components of the layer's outputs, fitted to "
        f"{reading.N_PROBED:,} images the network never saw, scored on 1,000 others."
    )


def gain(pixels: float, answer: float) -> None:
    """What the whole network gains by a probe that may use every value, in a line."""
    st.caption(
        f"A probe on **all** values, not 40: {per_cent(pixels, 1)} in the pixels, "
        f"{per_cent(answer, 1)} in the answer, {100 * (answer - pixels):+.1f} points. Every layer: "
        "Look inside, Probes on all values."
    )


def ladder_of_all(config: Config, run: Run, record: int) -> None:
    """The probes on all values of every layer, beside those before training."""
    with st.spinner("Asking every layer …"):
        now, before = (reading.probes_of_all(config, run, each) for each in (record, 0))
    figure = depths.ladder(
        config.layers,
        now,
        before,
        labels=("now", "before training"),
        y_title="test images classified correctly, %",
        chosen=0,
    )
    pairs = zip(config.layers, now, strict=True)
    alt = "Probe on all values: " + ", ".join(
        f"{name} {per_cent(share, 1)}" for name, share in pairs
    )
    st.plotly_chart(figure, key=f"{PAGE}-probes-all", alt=alt)
    first, last = (100 * (now[k] - now[0]) for k in (1, -1))
    st.caption(
        "A ridge regression on all values of a layer, not on 40 components. From the pixels to "
        f"the first convolution: {first:+.1f} points ({100 * (before[1] - before[0]):+.1f} before "
        f"training); to the answer: {last:+.1f}. One image in a hundred is within chance."
    )


def kernels(config: Config, parameters: NDArray[np.float16]) -> None:
    """The kernels of every convolution, 3 × 3 weights each."""
    for depth, found in enumerate(reading.kernels(config, parameters), start=1):
        of = "the image" if depth == 1 else f"map 1 of convolution {depth - 1}"
        st.caption(f"Convolution {depth}: the {len(found)} kernels that read {of}.")
        figure = images.mosaic(found, n_columns=12, tile=56, signed=True)
        alt = f"Kernels of convolution {depth}, blue for positive and orange for negative weights"
        st.plotly_chart(figure, key=f"{PAGE}-kernels-{depth}", alt=alt)


def feature_maps(config: Config, parameters: NDArray[np.float16]) -> None:
    """A picture of clothes, what the network says, and the maps of every convolution."""
    source = own_picture.choose_source(PAGE)
    left, right = st.columns([1, 2], gap="large")
    with left:
        chosen = own_picture.choose_picture(PAGE, "fashion_mnist", source)
        figure = images.mosaic(chosen.pixels[None] / 255, tile=180)
        st.plotly_chart(figure, key=f"{PAGE}-chosen", alt=chosen.caption)
        p = reading.probabilities(config, parameters, chosen.pixels)
        classes = fashion_mnist().classes
        figure = bars.shares(
            classes, p, x_title="probability, %", y_title="class", right=chosen.truth
        )
        said = f"The network says {classes[int(p.argmax())]}, {per_cent(p.max())}"
        st.plotly_chart(figure, key=f"{PAGE}-shares", alt=said)
    with right:
        _all_maps(config, parameters, chosen)


def _all_maps(config: Config, parameters: NDArray[np.float16], chosen: own_picture.Picture) -> None:
    found = reading.feature_maps(config, parameters, chosen.pixels)
    for place, maps in enumerate(found):
        st.caption(reading.seen_by(config)[place])
        figure = images.mosaic(maps, n_columns=8, tile=64)
        alt = f"Maps of convolution {place + 1} for {chosen.caption}"
        st.plotly_chart(figure, key=f"{PAGE}-maps-{place}", alt=alt)


@st.fragment
def pretrained() -> None:
    """A photo, and what a network trained on 1.3 million photos makes of it at five depths."""
    st.header("Your turn: a photo, and a network of real size")
    st.markdown(
        "**EfficientNet-Lite0** has 16 blocks of layers and 4.7 million parameters; its makers "
        "trained it on **ImageNet**, 1.3 million photos in 1,000 classes. Nothing is trained here."
    )
    source = st.segmented_control(
        "Photo", SOURCES, default=SOURCES[0], required=True, key=f"{PAGE}-photo-source"
    )
    left, right = st.columns([1, 2], gap="large")
    with left:
        pixels = _photo(source)
    result = backbone.seen(pixels)
    seen = "What the network gets: the middle square, 224 × 224 pixels"
    left.image(result.photo, caption=seen, alt=seen)
    with right:
        said = backbone.told(result)
        st.markdown(f"The likeliest of the 1,000 classes: {said}")
        figure = bars.shares(
            result.names, result.p, x_title="probability, %", y_title="ImageNet class"
        )
        st.plotly_chart(figure, key=f"{PAGE}-photo-classes", alt=said)
    _depths(result)


def _depths(result: backbone.Seen) -> None:
    """The maps of one depth, drawn when it is looked at: five at once cost half a rerun."""
    names = [depth.name for depth in result.depths]
    chosen = st.segmented_control(
        "How deep to look", names, default=names[0], required=True, key=f"{PAGE}-photo-depth"
    )
    depth = result.depths[names.index(chosen)]
    st.caption(
        f"**{depth.name}** makes {depth.n_maps} maps of {depth.side} × {depth.side}; a value "
        f"in them sees {depth.field} × {depth.field} pixels. The {len(depth.shown)} maps "
        "that vary most:"
    )
    figure = images.mosaic(depth.maps, n_columns=len(depth.shown) // 2, tile=200, signed=True)
    alt = f"Maps of {depth.name}, blue for positive and orange for negative values"
    st.plotly_chart(figure, key=f"{PAGE}-photo-maps", alt=alt)


def _photo(source: str) -> Any:
    """The pixels of the chosen photo; the last good one while there is no other."""
    kept = f"{PAGE}-photo"
    if source == SOURCES[0]:
        name = st.selectbox("Ready photos", list(PHOTOS), key=f"{PAGE}-photo-name")
        st.caption(f"{CREDITS[name]}; from scikit-image.")
        st.session_state[kept] = photo(name)
        return st.session_state[kept]
    if source == "Upload":
        file = st.file_uploader("A photo", key=f"{PAGE}-photo-upload", help=LIMITS)
        st.caption(f"{LIMITS}. It is not stored.")
    else:
        file = st.camera_input("A thing, large in the image", key=f"{PAGE}-photo-camera")
    try:
        if file is not None:
            read = read_image(file.getvalue(), file.name)
            st.session_state[kept] = st.session_state[f"{kept}-own"] = read.pixels
            for note in read.notes:
                st.caption(note)
    except ValueError as error:
        st.error(f"{error} The last good photo stays.")
    if f"{kept}-own" in st.session_state:
        links.leaves_out("your photo")
        return st.session_state[f"{kept}-own"]
    return st.session_state.get(kept, photo("Coffee"))
