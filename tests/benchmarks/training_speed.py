"""Training speed of the engine against a bare PyTorch loop and scikit-learn.

Every pair is measured in the same run, turn by turn, so that the ratios mean something on
a machine that does other things as well. Run: python -m tests.benchmarks.training_speed
"""

import gc
import time
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from core import runs
from core.foundations.network import model as network
from core.foundations.network.model import Config
from core.runs import Run
from core.training import Training
from core.vision.image_classification import model as image_classification

ROUNDS = 15
NETWORKS = {"[2, 4, 2, 1], batch 10": ((4, 2), 10), "[2, 8×6, 1], batch 30": ((8,) * 6, 30)}


def fastest(works: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Seconds an update of each kind of work, the best of several turns."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.perf_counter()
            n_updates = work()
            best[name] = min(best[name], (time.perf_counter() - began) / n_updates)
    return best


def engine(
    config: Config, setup: Callable[[Config], Training], epochs_per_record: int = 1
) -> Callable[[], int]:
    """One chunk by way of the engine: checkpoints, records and all."""
    run = Run(setup, config)
    n_train = round(config.n_examples * config.train_share / 100)

    def work() -> int:
        runs.forget()
        run.chunk(0)
        n_epochs = (run.records_per_chunk - 1) * epochs_per_record
        return n_epochs * -(-n_train // config.batch_size)

    return work


def bare(config: Config) -> Callable[[], int]:
    """The same updates and measurements in a loop that keeps nothing."""

    def work() -> int:
        torch.manual_seed(config.seed)
        this = network.training(config)
        x, y = this.examples
        model, n_updates = network.network(config), 0
        parameters = list(model.parameters())
        for _ in range(this.records_per_chunk - 1):
            order = torch.randperm(len(x))
            columns = x[order].split(config.batch_size), y[order].split(config.batch_size)
            for features, labels in zip(*columns, strict=True):
                z = model(features)
                value = F.binary_cross_entropy_with_logits(z, (labels + 1) / 2)
                gradients = torch.autograd.grad(value, parameters)
                with torch.no_grad():
                    torch._foreach_add_(parameters, gradients, alpha=-config.learning_rate)
                n_updates += 1
            this.measure()
        return n_updates

    return work


def scikit_learn(config: Config) -> Callable[[], int]:
    """MLPClassifier on the same points, network, batch size and plain SGD."""
    points, labels, is_test = network.examples(config)
    n_epochs = Run(network.training, config).records_per_chunk - 1
    classifier = MLPClassifier(
        config.hidden,
        activation=config.activation,
        solver="sgd",
        momentum=0,
        alpha=0,
        learning_rate_init=config.learning_rate,
        batch_size=config.batch_size,
        max_iter=n_epochs,
        tol=0,
        n_iter_no_change=10**9,
        random_state=0,
    )

    def work() -> int:
        classifier.fit(points[~is_test], labels[~is_test])
        return n_epochs * -(-(~is_test).sum() // config.batch_size)

    return work


def small_networks() -> None:
    print(f"{'network':24}{'bare':>9}{'engine':>9}{'sklearn':>9}{'32 stacked':>12}", end="")
    print(f"{'engine/bare':>13}{'sklearn/engine':>16}{'sklearn/stacked one':>21}")
    for name, (hidden, batch_size) in NETWORKS.items():
        config = replace(Config(), hidden=hidden, batch_size=batch_size, train_share=90)
        seconds = fastest(
            {
                "bare": bare(config),
                "engine": engine(config, network.training),
                "sklearn": scikit_learn(config),
                "stacked": engine(
                    config, network.stacked_training, network.EPOCHS_PER_STACKED_RECORD
                ),
            }
        )
        micro = {kind: value * 1e6 for kind, value in seconds.items()}
        print(
            f"{name:24}{micro['bare']:6.0f} µs{micro['engine']:6.0f} µs{micro['sklearn']:6.0f} µs"
            f"{micro['stacked']:9.0f} µs{micro['engine'] / micro['bare']:12.2f}×"
            f"{micro['sklearn'] / micro['engine']:15.2f}×"
            f"{32 * micro['sklearn'] / micro['stacked']:20.1f}×"
        )


def convolutional_network() -> None:
    """Samples a second of the CNN by way of the engine and in a bare loop."""
    config = image_classification.Config()
    run = Run(image_classification.training, config)
    n_updates = np.array([0])

    def by_engine() -> int:
        runs.forget()
        fresh = Run(image_classification.training, config)
        last = min(2, fresh.n_records - 1)
        fresh.until(last)
        return last * (n_updates[0] or 1)

    def by_hand() -> int:
        torch.manual_seed(config.seed)
        this = image_classification.training(config)
        this.measure()
        for _ in range(min(2, run.n_records - 1)):
            this.advance()
            this.measure()
        n_updates[0] = this.updates_per_record or -(-len(this.examples[0]) // this.batch_size)
        return min(2, run.n_records - 1) * int(n_updates[0])

    by_hand()
    seconds = fastest({"bare": by_hand, "engine": by_engine})
    rates = {kind: config.batch_size / value for kind, value in seconds.items()}
    print(
        f"\nCNN: {rates['bare']:,.0f} samples/s bare, {rates['engine']:,.0f} by the engine "
        f"({seconds['engine'] / seconds['bare']:.2f}×)"
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    torch.set_num_threads(1)  # as `core` sees to it where it is imported before PyTorch
    gc.freeze()  # as the app does: a collection would walk all that is imported
    small_networks()
    convolutional_network()
