"""Scripts of runs that are not the default, run as a learner does: they print the page's figure."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.learning.anomaly_detection import model as anomalies
from core.learning.anomaly_detection import script as anomalies_script
from core.learning.classification import model as classes
from core.learning.classification import reading as classes_reading
from core.learning.classification import script as classes_script
from core.learning.regression import model as numbers
from core.learning.regression import reading as numbers_reading
from core.learning.regression import script as numbers_script
from core.learning.reinforcement import cart_pole, cart_pole_script, cart_pole_training, script
from core.learning.reinforcement import model as grid
from core.runs import Run

pytestmark = pytest.mark.claims
AMES = {"data": "ames", "shape": "32", "learning_rate": 0.001, "l2": 0.003}


def printed(code: str, folder: Path, **files: bytes) -> dict[str, float]:
    """What the script prints on a Windows pipe, by name."""
    (folder / "taken_home.py").write_text(code, encoding="utf-8")
    for name, content in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(content)
    said = subprocess.run(
        [sys.executable, "taken_home.py"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
        timeout=300,
    ).stdout.decode("cp1252")
    return {name: float(value) for name, value in re.findall(r"^([\w ]+): ([-\d.]+)$", said, re.M)}


CLASSES: list[dict[str, Any]] = [
    {"data": "moons", "noise": 20, "hidden": (16, 16), "seed": 3},
    {"data": "breast_cancer", "l2": 0.01, "train_share": 50, "n_epochs": 60},
    {"data": "iris", "activation": "tanh", "batch_size": 16, "seed": 7},
]


@pytest.mark.parametrize("settings", CLASSES, ids=range(3))
def test_a_classifier(settings: dict[str, Any], tmp_path: Path) -> None:
    config = classes.Config(**settings)
    run = Run(classes.training, config)
    last = run.n_records - 1
    code = classes_script.script(config, last)
    found = printed(code, tmp_path, examples_csv=classes_reading.examples_file(config))
    for name, curve in (("training", ""), ("test", "test_")):
        loss, right = (float(run.at(last)[f"{curve}{what}"]) for what in ("loss", "accuracy"))
        assert found[f"{name} loss"] == pytest.approx(loss, rel=5e-3)
        assert found[f"{name} accuracy"] == pytest.approx(right, abs=1e-3)


NUMBERS: list[dict[str, Any]] = [
    {**AMES, "n_steps": 100, "seed": 2},
    {"loss": "all", "n_outliers": 3, "gap": 0, "seed": 5},
    {"data": "step", "activation": "tanh", "resampled": True, "l2": 0.003},
]


@pytest.mark.parametrize("settings", NUMBERS, ids=range(3))
def test_a_regression(settings: dict[str, Any], tmp_path: Path) -> None:
    config = numbers.Config(**settings)
    run = Run(numbers.training, config)
    last = run.n_records - 1
    code = numbers_script.script(config, last)
    found = printed(code, tmp_path, examples_csv=numbers_reading.examples_file(config))
    assert found["test loss"] == pytest.approx(float(run.at(last)["test_loss"]), rel=5e-3)
    assert found["R2"] == pytest.approx(float(run.at(last)["r2"][0]), abs=1e-3)


ANOMALIES: list[dict[str, Any]] = [
    {"window": "seconds", "seed": 2},
    {"n_latent": 8, "activation": "relu", "n_epochs": 20},
    {"data": "shuttle", "n_epochs": 10, "contamination": 10, "left_out": 40},
]


@pytest.mark.parametrize("settings", ANOMALIES, ids=range(3))
def test_an_autoencoder(settings: dict[str, Any], tmp_path: Path) -> None:
    config = anomalies.Config(**settings)
    run = Run(anomalies.training, config)
    last = run.n_records - 1
    code = anomalies_script.script(config, last, 0.112)
    files = {"examples_npz": anomalies_script.examples_file(config)}
    found = printed(code, tmp_path, **files)
    assert found["loss"] == pytest.approx(float(run.at(last)["loss"]), rel=5e-3)
    assert found["AUC"] == pytest.approx(float(run.at(last)["auc"]), abs=1e-3)


GRID: list[dict[str, Any]] = [
    {"method": "sarsa", "slip": 0.3, "seed": 1},
    {"method": "value_iteration", "discount": 0.8},
    {"method": "dqn", "n_hidden": 16, "seed": 2},
]


@pytest.mark.parametrize("settings", GRID, ids=range(3))
def test_an_agent_in_a_grid(settings: dict[str, Any], tmp_path: Path) -> None:
    config = grid.Config(**settings)
    run = Run(grid.training, config)
    last = min(run.n_records - 1, 80)  # a network's whole run takes a minute
    found = printed(script.script(config, last), tmp_path)
    assert found["mean error"] == pytest.approx(float(run.at(last)["loss"]), abs=5e-4)


POLES: list[dict[str, Any]] = [
    {"n_hidden": 8, "n_seeds": 2, "seed": 1},
    {"method": "dqn", "n_seeds": 2, "n_hidden": 16},
    {"discount": 0.9, "n_seeds": 3},
]


@pytest.mark.parametrize("settings", POLES, ids=range(3))
def test_agents_that_balance_a_pole(settings: dict[str, Any], tmp_path: Path) -> None:
    config = cart_pole.Config(**settings)
    run, record = Run(cart_pole_training.training, config), 8  # long runs drift apart
    found = printed(cart_pole_script.script(config, record), tmp_path)
    assert found["mean return"] == pytest.approx(float(run.at(record)["mean"]), abs=0.5)
