"""What a fresh process loads once, before anybody waits for it."""

import gc
import importlib
from pathlib import Path

from core import allocator


def warm_up() -> None:
    """Import and start what the first pages need, then freeze it."""
    from plotly import graph_objects, io

    for model in sorted(Path(__file__).parent.glob("*/*/model.py")):
        importlib.import_module(f"core.{model.parent.parent.name}.{model.parent.name}.model")
    # The first figure reads plotly's templates.
    io.to_json(graph_objects.Figure())
    # What is loaded by now stays: a collection that walks it finds nothing and costs 170 ms.
    gc.collect()
    gc.freeze()
    allocator.give_back()
