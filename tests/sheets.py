"""Photographed sheets of paper: ruled or plain, in even light or a shadow, with a digit or none."""

from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHADOWS, RULES = ("none", "soft", "hard"), ("plain", "lines", "squares")
KINDS = tuple(product(SHADOWS, RULES))
HEIGHT, WIDTH = 640, 480


def sheet(
    rng: np.random.Generator, shadow: str, rule: str, digit: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """A sheet (H, W, 3) whose light, ruling, ink and noise are drawn anew each time."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    paper = np.full((HEIGHT, WIDTH), rng.uniform(165, 235))
    if rule != "plain":
        gap, wide, depth = rng.uniform(24, 48), rng.uniform(1, 2.5), rng.uniform(0.12, 0.35)
        paper *= 1 - depth * ((y + rng.uniform(0, gap)) % gap < wide)
        if rule == "squares":
            paper *= 1 - depth * ((x + rng.uniform(0, gap)) % gap < wide)
    if digit is not None:
        side = int(rng.uniform(200, 380))
        large = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
        top, left = rng.integers(20, HEIGHT - side - 20), rng.integers(10, WIDTH - side - 10)
        paper[top : top + side, left : left + side] *= (
            1 - rng.uniform(0.5, 0.85) * np.asarray(large) / 255
        )
    paper *= 1 + rng.uniform(0, 0.3) * _across(rng, x, y) / HEIGHT
    if shadow != "none":
        wide = rng.uniform(20, 60) if shadow == "hard" else rng.uniform(120, 400)
        beyond = _across(rng, x, y) + rng.uniform(-120, 120)
        paper *= 1 - rng.uniform(0.2, 0.45) / (1 + np.exp(-beyond * 6 / wide))
    grey = paper + rng.normal(0, rng.uniform(1, 6), paper.shape)
    return np.repeat(grey.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def _across(
    rng: np.random.Generator, x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Pixels from the middle in a direction of its own."""
    angle = rng.uniform(0, 2 * np.pi)
    return (x - WIDTH / 2) * np.cos(angle) + (y - HEIGHT / 2) * np.sin(angle)
