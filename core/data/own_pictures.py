"""The learner's own picture, brought to the form of the data set the network learned from."""

import numpy as np
from numpy.typing import NDArray

from core.data.centring import centre_digit, photo_to_digit, photo_to_garment
from core.data.drawings import read_ink
from core.data.images import read_image

Picture = NDArray[np.uint8]  # (28, 28), 255 is ink


def drawn(data: str, ink: str) -> tuple[Picture, tuple[str, ...]]:
    """What a sketchpad sent, and sentences for what is odd about it.

    Digits are scaled and centred as in MNIST; clothes are taken as they were drawn.
    """
    read = read_ink(ink)
    field = centre_digit(read.pixels) if data == "mnist" else read.pixels
    return _levels(field), read.notes


def photographed(data: str, content: bytes, name: str) -> tuple[Picture, tuple[str, ...]]:
    """A digit or a garment found in an uploaded picture, and what was changed in it."""
    image = read_image(content, name)
    found = photo_to_digit if data == "mnist" else photo_to_garment
    return _levels(found(image.pixels)), image.notes


def _levels(ink: NDArray[np.float32]) -> Picture:
    return np.rint(255 * np.clip(ink, 0, 1)).astype(np.uint8)
