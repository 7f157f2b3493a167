"""Pictures for classes of one's own: ready-made sets, and features of any picture.

The features are what the pretrained EfficientNet-Lite0 finds before its last layer: 1,280
means over the picture. They are kept by a digest of the pixels, never the pictures.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage

from core.data.digits import fashion_mnist
from core.data.photos import PHOTOS, photo
from core.networks import backbone
from core.runs import Run
from core.store import Store, remembered
from core.training import Training

Pixels = NDArray[np.uint8]  # (224, 224, 3)
Floats = NDArray[np.float32]
N_FEATURES = 1280
THUMBNAIL = 48  # pixels on a side
RECORDING = Path(__file__).parent / "recorded" / "own_classes.npz"
N_LEARNED, N_TESTED = 6, 6  # pictures of every class of a ready-made set
# A store of their own, because nobody can make them again: the pictures are not kept.
_features = Store(max_bytes=16_000_000)


@dataclass(frozen=True)
class Ready:
    """A ready-made set: its classes, how many pictures of each are learned, where from."""

    title: str
    classes: tuple[str, ...]
    told: str
    n_learned: tuple[int, ...] = ()

    def learned(self, label: int) -> int:
        """How many pictures of a class are learned from."""
        return self.n_learned[label] if self.n_learned else N_LEARNED


_CLOTHES = (
    "Clothes of Fashion-MNIST, 28 × 28 grey pixels enlarged to 224 × 224: "
    "the network never saw such images."
)
READY = {
    "clothes": Ready("Clothes", ("T-shirt/top", "Trouser", "Bag", "Sneaker"), _CLOTHES),
    "photos": Ready(
        "Photos",
        tuple(PHOTOS),
        "Cut-outs of one photo each, some mirrored: much more alike than photos of "
        "different things would be.",
    ),
    "textures": Ready(
        "Textures",
        ("Brick", "Grass", "Gravel"),
        "Separate tiles of one photo each (scikit-image, CC0).",
    ),
    "alike": Ready("Clothes that look alike", ("Pullover", "Coat", "Shirt"), _CLOTHES),
    "few": Ready(
        "One sneaker among many", ("Trouser", "Bag", "Sneaker"), _CLOTHES, n_learned=(6, 6, 1)
    ),
}


class Shown(NamedTuple):
    """Pictures of a ready-made set: thumbnails, labels, and rows in the recorded features."""

    thumbnails: NDArray[np.uint8]  # (N, 48, 48, 3)
    labels: NDArray[np.uint8]
    rows: NDArray[np.intp]


def pictures_of(name: str) -> list[Pixels]:
    """The pictures of one class by its name, those to learn from first."""
    if name in PHOTOS:
        return [_cut(photo(name), place) for place in range(N_LEARNED + N_TESTED)]
    if name in ("Brick", "Grass", "Gravel"):
        return _tiles(name.lower())
    d = fashion_mnist()
    rows = np.flatnonzero(d.y_train == d.classes.index(name))[: N_LEARNED + N_TESTED]
    return [_square(np.repeat(255 - d.x_train[row][:, :, None], 3, axis=2)) for row in rows]


def _cut(pixels: NDArray[np.uint8], place: int) -> Pixels:
    """One of twelve cut-outs of a photo, every other one mirrored."""
    rng = np.random.default_rng(place)
    height, width = pixels.shape[:2]
    side = int(min(height, width) * rng.uniform(0.6, 0.9))
    top = int(rng.integers(0, height - side + 1))
    left = int(rng.integers(0, width - side + 1))
    cut = pixels[top : top + side, left : left + side]
    return _square(cut[:, ::-1] if place % 2 else cut)


def _tiles(name: str) -> list[Pixels]:
    from skimage import data

    pixels: NDArray[np.uint8] = getattr(data, name)()
    rgb = np.repeat(pixels[:, :, None], 3, axis=2)
    corners = [(top, left) for top in range(0, 512, 128) for left in range(0, 512, 128)]
    tiles = [rgb[top : top + 128, left : left + 128] for top, left in corners]
    return [_square(tile) for tile in tiles[: N_LEARNED + N_TESTED]]


def _square(pixels: NDArray[np.uint8]) -> Pixels:
    return backbone.squared(np.ascontiguousarray(pixels))


def thumbnail(square: Pixels) -> NDArray[np.uint8]:
    """A square picture at 48 pixels on a side."""
    small = PillowImage.fromarray(square).resize((THUMBNAIL, THUMBNAIL))
    return np.asarray(small)


@torch.inference_mode()
def extracted(square: Pixels) -> Floats:
    """What the pretrained network finds in a square picture (1280,), of length 1."""
    model: Any = backbone.backbone()
    x = torch.from_numpy(square.copy()).permute(2, 0, 1)[None].float()
    maps = model.extract_features((x - backbone.MEAN) / backbone.SPREAD)
    found = maps.mean((2, 3))[0]
    return np.asarray((found / found.norm()).numpy())


def digest(square: Pixels) -> str:
    """A short name for the pixels, under which their features are kept."""
    return hashlib.sha256(square.tobytes()).hexdigest()[:16]


def features(square: Pixels) -> Floats:
    """The features of a picture, computed once."""
    name = digest(square)
    found: Floats | None = _features.get((name,))
    if found is None:
        found = extracted(square)
        found.setflags(write=False)
        keep(name, found)
    return found


def keep(name: str, found: Floats) -> None:
    """Keep features under the digest of their picture."""
    _features.put((name,), found)


def kept(name: str) -> Floats:
    """The features kept under a digest."""
    found: Floats | None = _features.get((name,))
    if found is None:
        raise ValueError("The features of an image are no longer held; add it once more.")
    return found


@dataclass(frozen=True)
class FeaturesConfig:
    """All classes of the ready-made sets, in the order of the recorded features."""

    seed: int = 0

    @property
    def classes(self) -> tuple[str, ...]:
        """Every class once."""
        return tuple(dict.fromkeys(name for ready in READY.values() for name in ready.classes))


def features_training(config: FeaturesConfig) -> Training:
    """Nothing is trained: record after record holds the features of the next picture."""
    squares = [square for name in config.classes for square in pictures_of(name)]

    def measure() -> dict[str, Any]:
        found = extracted(squares[begun.record])
        return {"features": found.astype(np.float16), "loss": np.float32(0)}

    begun = Training(
        model=torch.nn.Module(),
        examples=(torch.arange(1),),
        batch_size=1,
        update=lambda _: None,
        measure=measure,
        n_records=len(squares),
        updates_per_record=1,
        records_per_chunk=1,
    )
    return begun


@remembered
def ready_features() -> Floats:
    """The recorded features of all ready-made pictures (N, 1280)."""
    run = Run(features_training, FeaturesConfig(), RECORDING)
    found = run.until(run.n_records - 1)["features"].astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    found.setflags(write=False)
    return found


@remembered
def ready_pictures(name: str, part: str) -> Shown:
    """The pictures of a ready-made set that are learned from, or the "test" ones."""
    ready, classes = READY[name], FeaturesConfig().classes
    thumbnails, labels, rows = [], [], []
    for label, each in enumerate(ready.classes):
        first = 0 if part == "train" else N_LEARNED
        n_pictures = ready.learned(label) if part == "train" else N_TESTED
        places = range(first, first + n_pictures)
        squares = pictures_of(each)
        thumbnails += [thumbnail(squares[place]) for place in places]
        labels += [label] * n_pictures
        rows += [classes.index(each) * (N_LEARNED + N_TESTED) + place for place in places]
    return Shown(np.stack(thumbnails), np.array(labels, np.uint8), np.array(rows, np.intp))
