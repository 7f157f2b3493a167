"""What a fresh process loads once, before anybody waits for it."""

import gc
import importlib
import time
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


def keep_small(every: float = 20.0) -> None:
    """Give back for ever, every so many seconds, what computations and reruns have let go.

    Messages and arrays fragment the one heap: 70 MB of it lay free after
    five minutes of ten sessions, a tenth of what the smallest host has.
    """
    while True:
        time.sleep(every)
        allocator.give_back()
