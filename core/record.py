"""Make every recording that the topics ship again, or say how far one made now is from each.

Run: python -m core.record [--check] [topic ...]
"""

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.recordings import Recorded, Records, read, write
from core.runs import Run

_HERE = Path(__file__).parent


def recordings(names: list[str]) -> Iterator[Recorded]:
    """All files that topics ship, or those of the topics named, in the order of the folders."""
    for model in sorted(_HERE.glob("*/*/model.py")):
        folder = model.parent
        if names and folder.name not in names:
            continue
        stem = "recordings" if (folder / "recordings.py").exists() else "model"
        module = importlib.import_module(f"core.{folder.parent.name}.{folder.name}.{stem}")
        yield from getattr(module, "RECORDINGS", ())


def trained(recorded: Recorded) -> Records:
    """The whole run, trained now, and what else the file holds."""
    config = recorded.config()
    run = Run(recorded.training, config)
    records = run.until(run.n_records - 1)
    return {**records, **(recorded.also(config, run) if recorded.also else {})}


def main() -> None:
    """Write all files, or compare them with what this machine makes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", help="only these topics")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    asked = parser.parse_args()
    for recorded in recordings(asked.topics):
        config, records = recorded.config(), trained(recorded)
        if asked.check:
            stored = read(recorded.path, config) or {}
            apart = max(
                float(np.abs(stored[n].astype(float) - a).max()) for n, a in records.items()
            )
            print(f"{recorded.path.name}: largest difference {apart:.2g}", flush=True)
        else:
            write(recorded.path, config, records)
            print(f"{recorded.path.name}: {recorded.path.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
