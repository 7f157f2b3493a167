"""The controls of the dimensionality reduction page, each bound to its address."""

from typing import Any

from core.learning.dimensionality_reduction.model import DATA, MODELS, Config
from pages.elements.controls import Controls

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


def sidebar(page: str) -> Config:
    """What the controls say."""
    controls = Controls(page, DEFAULTS, LABELS)
    model = controls.segments(
        "Model",
        "model",
        MODELS,
        "The variational one codes a picture as a small cloud and is kept near N(0, 1).",
    )
    data = controls.segments("Pictures", "data", DATA)
    n_latent = controls.steps(
        "Latent numbers",
        "n_latent",
        SIZES,
        "All that is kept of 784 pixels. With more than two the map is their principal plane.",
    )
    hidden = controls.choice(
        "Hidden units",
        "hidden",
        tuple(HIDDEN),
        "Of the encoder; the decoder mirrors them. None: linear, with squared errors, as PCA.",
    )
    beta = controls.steps(
        "β of the KL term",
        "beta",
        BETAS,
        "What a nat of information in the code costs. The plain autoencoder has no such term.",
        disabled=model == "autoencoder",
    )
    learning_rate = controls.steps("Learning rate", "learning_rate", RATES, "Adam's step length.")
    batch_size = controls.steps("Batch size", "batch_size", (20, 50, 100, 200, 500), "Pictures.")
    n_epochs = controls.slider("Epochs", "n_epochs", 1, 40, 1, "Passes over all pictures.")
    n_examples = controls.slider("Training pictures", "n_examples", 500, 6000, 500)
    return Config(
        model=model,
        data=data,
        n_examples=n_examples,
        n_latent=n_latent,
        hidden=HIDDEN[hidden],
        beta=beta,
        learning_rate=learning_rate,
        batch_size=batch_size,
        n_epochs=n_epochs,
        seed=controls.seed("The same seed gives the same first weights, noise and order."),
    )
