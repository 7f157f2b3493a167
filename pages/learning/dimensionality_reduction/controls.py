"""The controls of the dimensionality reduction page, each bound to its address."""

from typing import Any

from core.learning.dimensionality_reduction.model import DATA, MODELS, Config
from pages.elements import rows
from pages.elements.controls import Controls
from pages.elements.rows import Choice, Row, Segments, Slider, Steps, Values

HIDDEN = {"none": (), "32": (32,), "64": (64,), "64-32": (64, 32), "128-32": (128, 32)}
RATES = (0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0)
BETAS = (0.0, 0.1, 0.3, 1.0, 2.0, 4.0, 10.0, 30.0, 100.0)
SIZES = (1, 2, 3, 4, 8, 16, 32)
_NUMBERS = ("beta", "learning_rate", "batch_size", "n_epochs", "n_examples", "seed")
DEFAULTS: dict[str, Any] = {
    **{name: getattr(Config, name) for name in ("model", "data", "n_latent")},
    "hidden": "64-32",
    **{name: getattr(Config, name) for name in _NUMBERS},
}
LABELS = {
    "autoencoder": "Autoencoder",
    "variational": "Variational",
    "digits": "Digits",
    "fashion": "Clothes",
    "none": "none (linear)",
}

controls = Controls("dimensionality_reduction", DEFAULTS, LABELS)


def _variational(values: Values) -> bool:
    return bool(values["model"] == "variational")


ROWS: tuple[Row, ...] = (
    Segments("model", "Model", MODELS, basic=True,
             why="The variational one codes an image as a small cloud and is kept near N(0, 1)."),
    Segments("data", "Images", DATA, basic=True),
    Steps("n_latent", "Latent numbers", SIZES, basic=True,
          why="All that is kept of 784 pixels. With more than two the map is their principal "
          "plane."),
    Choice("hidden", "Hidden units (neurons)", tuple(HIDDEN), basic=True,
           why="Of the encoder; the decoder mirrors them. None: linear, with squared errors, "
           "as PCA."),
    Steps("beta", "β of the KL term", BETAS, basic=True, shown=_variational,
          why="What a nat of information in the code costs."),
    Steps("learning_rate", "Learning rate", RATES, basic=True, why="Adam's step length."),
    Steps("batch_size", "Batch size", (20, 50, 100, 200, 500), why="Images."),
    Slider("n_epochs", "Epochs", 1, 40, 1, why="Passes over all images."),
    Slider("n_examples", "Training images", 500, 6000, 500),
    rows.seed("The same seed gives the same first weights, noise and order."),
)  # fmt: skip


def sidebar() -> Config:
    """What the controls say."""
    said = rows.draw(controls, ROWS)
    return Config(**{**said, "hidden": HIDDEN[said["hidden"]]})
