"""What the moving picture of the latent plane is told: scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.dimensionality_reduction import model
from core.learning.dimensionality_reduction.model import GRID, REACH, Config, as_grey
from core.learning.dimensionality_reduction.principal_components import (
    held_out_error,
    place_on_map,
    principal_components,
)
from core.learning.dimensionality_reduction.recordings import kept, model_at
from core.learning.dimensionality_reduction.t_sne import PERPLEXITY, t_sne_map
from core.runs import Run

Arrays = Mapping[str, NDArray[Any]]

N_SHOWN = 60  # held-out pictures that the map can show as pictures
UNIT = 4096  # of an int16, for one unit of the map
MAX_KL_CURVES = 4
NAMES = {"autoencoder": "the autoencoder", "variational": "the variational autoencoder"}
SHORT = {"autoencoder": "AE", "variational": "VAE"}
_SHORT_CLOTHES = {"t-shirt/top": "T-shirt", "ankle boot": "Boot"}


def short_model(config: Config) -> str:
    """What the model is called where there is little room."""
    return f"linear {SHORT[config.model]}" if config.is_linear else SHORT[config.model]


def scene(config: Config, run: Run, standing: int | None) -> dict[str, Any]:
    """The plane and its names; with the decoder of the record the picture stands at."""
    classes = model.pictures(config.data).classes
    described: dict[str, Any] = {
        "classes": [f"digit {c}" if config.data == "digits" else c for c in classes],
        "short": [_SHORT_CLOTHES.get(c.casefold(), c) for c in classes],
        "reach": REACH,
        "grid": GRID,
        "model": NAMES[config.model],
        "short_model": short_model(config),
        "linear": config.is_linear,
        "single": config.n_latent == 1,
        "perplexity": PERPLEXITY,
        **axis_titles(config),
    }
    if standing is not None and kept(run, standing) == standing:
        sizes = [2, *reversed(config.hidden), model.SIDE**2]
        scales = [scale for _, scale in _decoder(run, standing)]
        described["decoder"] = {"record": standing, "sizes": sizes, "scales": scales}
    return described


def axis_titles(config: Config) -> dict[str, str]:
    """What both axes of the map show."""
    unit = "" if config.is_variational else ", in spreads"
    if config.n_latent == 1:
        return {"x": f"the one latent number{unit}", "y": "classes apart, for looks"}
    word = "latent number" if config.n_latent == 2 else "principal axis"
    return {"x": f"{word} 1{unit}", "y": f"{word} 2{unit}"}


def scene_arrays(config: Config, run: Run, standing: int | None) -> Arrays:
    """The held-out pictures, PCA's and t-SNE's places of them, and the decoder if at hand."""
    chosen = model.examples(config.data, config.n_examples)
    samples, some = model.sample_rows(config.data), np.arange(N_SHOWN)
    pca = principal_components(config.data, config.n_examples)
    restored = pca.restored(chosen.held_out[samples], config.n_latent)
    arrays = {
        "labels": chosen.labels,
        "samples": as_grey(chosen.held_out[samples]),
        "pca": as_grey(restored),
        "pca_errors": (restored - chosen.held_out[samples]).square().mean(dim=1).numpy(),
        "pca_xy": _fitted(place_on_map(config.data, config.n_examples)),
        "tsne_xy": _fitted(t_sne_map(config.data)),
        "shown_rows": some.astype(np.int16),
        "shown": as_grey(chosen.held_out[some]),
        "mean": (255 * chosen.x.mean(dim=0)).numpy(),
    }
    if standing is not None and kept(run, standing) == standing:
        names = [f"{kind}{depth}" for depth in range(20) for kind in ("weight", "bias")]
        parts = _decoder(run, standing)
        arrays |= {name: values for name, (values, _) in zip(names, parts, strict=False)}
    return arrays


def _fitted(xy: NDArray[np.float32]) -> NDArray[np.int16]:
    """A map that fills a square as it is, its proportions kept."""
    centred = xy - (xy.max(axis=0) + xy.min(axis=0)) / 2
    return np.asarray(centred / np.abs(centred).max() * 32767, dtype=np.int16)


def _decoder(run: Run, record: int) -> list[tuple[NDArray[np.int16], float]]:
    """Weights and biases as int16 with their scales; its inputs are places on the map."""
    known, layers = run.at(record), model_at(run, record).decoder.columns
    values = [part.detach().numpy() for layer in layers for part in layer]
    values[1] = values[1] + known["origin"] @ values[0]
    values[0] = (known["spread"] * known["axes"].T) @ values[0]
    return [_quantised(part) for part in values]


def _quantised(values: NDArray[np.float32]) -> tuple[NDArray[np.int16], float]:
    scale = max(float(np.abs(np.nan_to_num(values)).max()) / 32767, 1e-12)
    return np.round(np.nan_to_num(values) / scale).astype(np.int16), scale


def arrays(config: Config, run: Run, first: int, stop: int) -> Arrays:
    """What the picture needs of the records `first` to `stop - 1`, each (S, …)."""
    records = run.until(stop - 1)
    names = ("grid", "restored", "errors", "loss", "test_loss", "mse", "kl")
    sent: dict[str, NDArray[Any]] = {name: records[name][first:] for name in names}
    xy = records["xy"][first:].astype(np.float32) * UNIT
    sent["xy"] = np.nan_to_num(xy).clip(-32767, 32767).astype(np.int16)
    error = held_out_error(config.data, config.n_examples, config.n_latent)
    sent["pca_mse"] = np.full(len(xy), error, np.float32)
    for number in range(min(config.n_latent, MAX_KL_CURVES)):
        sent[f"kl_{number + 1}"] = records["kl_each"][first:, number]
    return sent


def curves(config: Config) -> list[dict[str, Any]]:
    """The curves under the picture: error beside PCA's, loss, and what each number tells."""
    unit = "squared grey levels" if config.is_linear else "nats per image"
    shown = [
        _curve(
            "Held-out error",
            "mean squared error per pixel",
            {"mse": short_model(config), "pca_mse": "PCA"},
        ),
        _curve("Loss", unit, {"loss": "training", "test_loss": "held-out"}),
    ]
    if config.is_variational and config.n_latent <= MAX_KL_CURVES:
        kl = {f"kl_{n + 1}": f"z{n + 1}" for n in range(config.n_latent)}
        shown.append(_curve("KL", "nats", kl))
    elif config.is_variational:
        shown.append(_curve("KL", "nats", {"kl": f"all {config.n_latent} numbers"}))
    return shown


def _curve(title: str, unit: str, series: Mapping[str, str]) -> dict[str, Any]:
    listed = [{"array": array, "label": label} for array, label in series.items()]
    return {"title": title, "unit": unit, "series": listed}


def notes(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Said once: where the error on held-out pictures first falls below PCA's."""
    chunk = run.chunk(k)
    if not len(chunk.records["loss"]):
        return []
    errors = run.until(chunk.stop - 1)["mse"]
    ahead = errors < held_out_error(config.data, config.n_examples, config.n_latent)
    first = int(ahead.argmax())
    if not ahead.any() or first < chunk.first:
        return []
    numbers = "one number" if config.n_latent == 1 else f"{config.n_latent} numbers"
    said = f"{NAMES[config.model]} now restores better than PCA does from {numbers}."
    return [(first, said)]
