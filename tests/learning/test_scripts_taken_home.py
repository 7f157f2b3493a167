"""Scripts of other settings than the page's own reproduce its figures, run as at home.

Each in a process of its own whose console is an old Windows one, which knows no arrows.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.data.sources import FILES
from core.learning.clustering import model as clustering
from core.learning.clustering import script as clustering_script
from core.learning.dimensionality_reduction import model as reduction
from core.learning.dimensionality_reduction import script as reduction_script
from core.learning.semi_supervised import model as semi_supervised
from core.learning.semi_supervised import script as semi_script
from core.learning.transfer import model as transfer
from core.learning.transfer import reading as transfer_reading
from core.learning.transfer.script import script as transfer_script
from core.runs import Run

pytestmark = pytest.mark.claims


class Topic(NamedTuple):
    """How a topic trains and writes, which files it gives, and what must be printed."""

    training: Callable[[Any], Any]
    config: Any
    script: Callable[[Any, int], str]
    files: Callable[[Any], dict[str, bytes]]
    # record -> printed numbers in their order, each with the difference that is allowed
    figures: Callable[[Any], list[tuple[float, float]]]
    others: tuple[dict[str, Any], ...]


TOPICS = {
    "semi_supervised": Topic(
        semi_supervised.training,
        semi_supervised.Config(n_epochs=10),
        semi_script.script,
        lambda config: {semi_script.EXAMPLES: semi_script.examples_file(config)},
        lambda at: [(float(at["loss"]), 1e-3), *((float(v), 0.35) for v in at["accuracy"])],
        (
            {"data": "across", "seed": 6, "threshold": 70.0},
            {"who": "corner", "n_labels": 8, "noise": 20, "ema": 0.5},
            {"n_hidden": 16, "learning_rate": 0.003, "augmentation": 0.0, "ramp_up": 40},
        ),
    ),
    "transfer": Topic(
        transfer.training,
        transfer.Config(),
        transfer_script,
        lambda config: {
            "mnist.npz": (FILES / "mnist.npz").read_bytes(),
            "source.safetensors": transfer_reading.source_file(config),
        },
        lambda at: [
            pair
            for loss, share in zip(at["losses"], at["accuracy"], strict=True)
            for pair in ((float(loss), 1e-3), (float(share), 0.0045))
        ],
        (
            {"n_labels": 2, "seed": 3},
            {"source": "upright", "n_labels": 10, "n_steps": 60},
            {"source": "swapped", "learning_rate": 0.003, "source_record": 8},
        ),
    ),
    "dimensionality_reduction": Topic(
        reduction.training,
        reduction.Config(n_examples=1000, n_epochs=2),
        reduction_script.script,
        lambda config: {
            reduction_script.FILES[config.data]: (
                FILES / reduction_script.FILES[config.data]
            ).read_bytes()
        },
        lambda at: [(float(at["loss"]), 0.2), (float(at["mse"]), 1e-4)],
        (
            {"data": "fashion", "n_latent": 5},
            {"model": "autoencoder", "hidden": (64,), "seed": 2},
            {"beta": 4.0, "learning_rate": 0.001, "batch_size": 50},
        ),
    ),
    "clustering": Topic(
        clustering.training,
        clustering.Config(n_examples=500, n_epochs=4, n_deep_epochs=2, hidden=(64,)),
        clustering_script.script,
        lambda config: {clustering_script.PICTURES: clustering_script.pictures_file(config)},
        lambda at: [(float(at["loss"]), 1e-3)],
        (
            {"data": "fashion", "is_moved": False},
            {"k": 6, "seed": 5},
            {"method": "k_means", "n_latent": 4},
        ),
    ),
}
CASES = [(name, place) for name in TOPICS for place in range(3)]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_a_script_of_other_settings_reproduces_the_figures_of_the_page(
    name: str, place: int, tmp_path: Path
) -> None:
    topic = TOPICS[name]
    config = replace(topic.config, **topic.others[place])
    run = Run(topic.training, config)
    last = run.n_records - 1
    for file, content in topic.files(config).items():
        (tmp_path / file).write_bytes(content)
    (tmp_path / "script.py").write_text(topic.script(config, last), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("cp1252")[-800:]
    printed = [float(n) for n in re.findall(r"(?:: |loss |accuracy )(\d+\.\d+)", _said(done))]
    expected = topic.figures(run.at(last))
    assert len(printed) >= len(expected)
    for found, (value, allowed) in zip(printed, expected, strict=False):
        assert found == pytest.approx(value, abs=allowed), _said(done)


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode("cp1252")
