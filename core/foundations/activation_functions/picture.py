"""What the moving picture of the activation functions is told: its scene and notes."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from core.foundations.activation_functions.findings import GUESS, notes
from core.foundations.activation_functions.model import (
    EXTENT,
    FUNCTIONS,
    REACH,
    Config,
    examples,
)
from core.foundations.activation_functions.reading import FORMULAS, NAMES, sampled
from core.runs import Run


def scene(config: Config, chosen: str) -> dict[str, Any]:
    """The functions by name, the one shown large, and what the tiles compare with."""
    return {
        "names": [NAMES[name] for name in FUNCTIONS],
        "formulas": [FORMULAS[name] for name in FUNCTIONS],
        "chosen": list(FUNCTIONS).index(chosen),
        "reach": REACH,
        "extent": EXTENT,
        "n_layers": config.n_layers,
        "guess": GUESS,
    }


def scene_arrays(config: Config) -> dict[str, NDArray[Any]]:
    """Every function and its derivative, as PyTorch computes them, and the examples."""
    values, slopes = sampled()
    points, labels = examples(config)
    return {"values": values, "slopes": slopes, "points": points, "labels": labels}


def said(config: Config, run: Run, k: int) -> Sequence[tuple[int, str]]:
    """What is said when the picture passes the end of chunk `k`."""
    chunk = run.chunk(k)
    return notes(config, run.until(chunk.stop - 1), chunk.first) if chunk.stop > chunk.first else []
