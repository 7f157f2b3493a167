"""What can be read off the autoencoder at one record: filters, codes, errors, your digit."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import downloads
from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.learning.dimensionality_reduction import model as topic
from core.learning.dimensionality_reduction.bottlenecks import SIZES
from core.learning.dimensionality_reduction.model import Config, as_grey
from core.learning.dimensionality_reduction.principal_components import (
    held_out_error,
    principal_components,
)
from core.learning.dimensionality_reduction.recordings import model_at, run_of
from core.learning.dimensionality_reduction.variational_autoencoder import Bottleneck, kl_divergence
from core.recordings import Records
from core.runs import Run

Grey = NDArray[np.uint8]  # pictures (N, 28, 28)

MAX_FILTERS = 32
N_NEAREST = 5


class Filters(NamedTuple):
    """Weights as pictures, the strongest first: into the encoder, out of the decoder."""

    encoder: NDArray[np.float32]
    decoder: NDArray[np.float32]


def filters(model: Bottleneck) -> Filters:
    """What first units look for in a picture, and what last ones add to it."""
    first, last = model.encoder.weights[0].T, model.decoder.weights[-1]
    return Filters(*(_strongest(weight.detach().numpy()) for weight in (first, last)))


def _strongest(weight: NDArray[np.float32]) -> NDArray[np.float32]:  # (H, D)
    order = np.argsort(-np.linalg.norm(weight, axis=1), kind="stable")[:MAX_FILTERS]
    return weight[order].reshape(-1, topic.SIDE, topic.SIDE)


class Codes(NamedTuple):
    """Latent numbers of the held-out pictures: mean and standard deviation, each (N, L)."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]


@torch.no_grad()
def codes(config: Config, model: Bottleneck) -> Codes:
    """What the encoder makes of every held-out picture; a plain one is certain."""
    held_out = topic.examples(config.data, config.n_examples).held_out
    mean, log_variance = model.code(held_out)
    return Codes(mean.numpy(), torch.exp(log_variance / 2).numpy())


def code_table(config: Config, model: Bottleneck) -> pd.DataFrame:
    """How far every latent number spreads, how sure it is, and what it tells in nats."""
    found = codes(config, model)
    with torch.no_grad():
        kl = kl_divergence(
            torch.from_numpy(found.mean), 2 * torch.from_numpy(found.deviation).log()
        ).mean(dim=0)
    frame = pd.DataFrame(
        {
            "latent number": np.arange(1, config.n_latent + 1),
            "mean over images": found.mean.mean(axis=0),
            "spread over images": found.mean.std(axis=0),
        }
    )
    if not config.is_variational:
        return frame
    return frame.assign(
        **{"its own deviation": found.deviation.mean(axis=0), "KL, nats": kl.numpy()}
    )


class Restored(NamedTuple):
    """Held-out pictures and, by name, what each way restores of them, with its errors."""

    originals: Grey
    names: list[str]
    pictures: dict[str, Grey]
    errors: dict[str, NDArray[np.float32]]


def counterpart(config: Config) -> Config:
    """The other model with the same settings."""
    other = "autoencoder" if config.is_variational else "variational"
    return replace(config, model=other)


@torch.no_grad()
def restored(
    config: Config, models: dict[str, Bottleneck], worst: bool, n_shown: int = 10
) -> Restored:
    """One held-out picture of each class, or those that the first model restores worst."""
    chosen = topic.examples(config.data, config.n_examples)
    first = next(iter(models.values()))
    rows = topic.sample_rows(config.data)
    if worst:
        errors = (first.decoded(first.code(chosen.held_out)[0]) - chosen.held_out).square()
        rows = np.argsort(-errors.mean(dim=1).numpy(), kind="stable")[:n_shown]
    x = chosen.held_out[torch.from_numpy(rows)]
    pca = principal_components(config.data, config.n_examples)
    made = {name: model.decoded(model.code(x)[0]) for name, model in models.items()}
    made["PCA"] = pca.restored(x, config.n_latent)
    return Restored(
        _pictures(x),
        [chosen.classes[label] for label in chosen.labels[rows]],
        {name: _pictures(grey) for name, grey in made.items()},
        {name: (grey - x).square().mean(dim=1).numpy() for name, grey in made.items()},
    )


def _pictures(grey: torch.Tensor) -> Grey:
    return as_grey(grey).reshape(-1, topic.SIDE, topic.SIDE)


def finished(config: Config) -> Bottleneck:
    """The trained model of a configuration, recorded or trained before."""
    run = run_of(config)
    return model_at(run, run.n_records - 1)


def seen(config: Config, drawn: str | None) -> NDArray[np.float32]:
    """A drawing as the encoder takes it: digits centred as MNIST's, clothes as drawn."""
    pixels = read_ink(drawn).pixels
    return centre_digit(pixels) if config.data == "digits" else pixels.astype(np.float32)


@dataclass(frozen=True)
class Placed:
    """Where a picture lands on the map, who is near, and what is restored of it."""

    xy: NDArray[np.float32]  # (2,)
    nearest: Grey  # held-out pictures, the nearest first
    names: list[str]
    pictures: dict[str, Grey]  # name -> (28, 28)
    errors: dict[str, float]


def placed(config: Config, run: Run, record: int, picture: NDArray[np.floating[Any]]) -> Placed:
    """A picture of grey levels from 0 to 1, which the model of a record never saw."""
    model, known = model_at(run, record), run.at(record)
    x = torch.from_numpy(picture.astype(np.float32).reshape(1, -1))
    with torch.no_grad():
        return _placed(config, model, known, x)


def _placed(config: Config, model: Bottleneck, known: Records, x: torch.Tensor) -> Placed:
    chosen = topic.examples(config.data, config.n_examples)
    z = model.code(x)[0]
    apart = torch.linalg.vector_norm(model.code(chosen.held_out)[0] - z, dim=1)
    rows = apart.argsort()[:N_NEAREST]
    pca = principal_components(config.data, config.n_examples)
    made = {"restored": model.decoded(z), "by PCA": pca.restored(x, config.n_latent)}
    labels = chosen.labels[rows.numpy()]
    xy = (z.numpy()[0] - known["origin"]) @ known["axes"] / known["spread"]
    if config.n_latent == 1:
        # It has no class of its own: it stands in the row of its nearest neighbour's.
        xy[1] = topic.class_rows(chosen.classes)[labels[0]]
    return Placed(
        xy=xy,
        nearest=_pictures(chosen.held_out[rows]),
        names=[chosen.classes[label] for label in labels],
        pictures={name: _pictures(g)[0] for name, g in {"as it is seen": x, **made}.items()},
        errors={name: float((grey - x).square().mean()) for name, grey in made.items()},
    )


def sizes_compared(config: Config, now: Records) -> dict[str, NDArray[np.float32]]:
    """Held-out error of every bottleneck size, by model; `now` is a record of the sweep."""
    pca = [held_out_error(config.data, config.n_examples, size) for size in SIZES]
    return {
        "autoencoder": now["autoencoder"],
        "variational": now["variational"],
        "PCA": np.array(pca, np.float32),
    }


def sizes_said(series: dict[str, NDArray[np.float32]]) -> str:
    """Which sizes the autoencoders win, in words."""
    said = []
    for name in ("autoencoder", "variational"):
        won = [str(size) for size, mine, theirs in _triples(series, name) if mine < theirs]
        which = f"with {', '.join(won)} numbers" if won else "at no size"
        said.append(f"the {name if name == 'autoencoder' else 'variational one'} {which}")
    return f"Better than PCA on held-out images: {said[0]}; {said[1]}."


def _triples(series: dict[str, NDArray[np.float32]], name: str) -> list[tuple[int, float, float]]:
    return list(zip(SIZES, series[name].tolist(), series["PCA"].tolist(), strict=True))


def table(config: Config, records: Records) -> pd.DataFrame:
    """Every held-out picture's class and its place on the map at the last of `records`."""
    chosen = topic.examples(config.data, config.n_examples)
    xy = records["xy"][-1].astype(np.float32)
    names = [chosen.classes[label] for label in chosen.labels]
    return pd.DataFrame({"class": names, "x": xy[:, 0], "y": xy[:, 1]})


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    curves = {name: values for name, values in records.items() if values.ndim == 1}
    updates = np.arange(len(records["loss"])) * config.updates_per_record
    return pd.DataFrame({"update": updates, **curves})


def weights_file(model: Bottleneck) -> bytes:
    """Encoder and decoder as safetensors, named as in the script to take home."""
    parts = {"encoder.": model.encoder, "decoder.": model.decoder}
    named = [downloads.stacked(network.affine, part) for part, network in parts.items()]
    return downloads.tensors(named[0] | named[1])
