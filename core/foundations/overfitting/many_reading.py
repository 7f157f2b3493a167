"""What many networks say together: which width errs least, and why a network errs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.foundations.overfitting.many import N_SAMPLES, N_SEEDS, UPDATES_PER_RECORD, widths
from core.foundations.overfitting.model import Config, drawn_places, truth
from core.recordings import Records

Floats = NDArray[np.float32]
REACH = 2.5  # of the labels' axis: a curve may swing far beyond them between two examples


def record_of(epoch: int) -> int:
    """The last record of many networks that is not after an epoch of the run."""
    return epoch // UPDATES_PER_RECORD


def capacity(config: Config, records: Records) -> tuple[dict[str, Floats], str]:
    """Training and test loss of every seed and width (R, W) at the last record, and in words."""
    train, test = records["losses"][-1].T, records["test_losses"][-1].T
    chosen, means = widths(config), test.mean(axis=0)
    best = int(means.argmin())
    above = int((test[:, -1] > test[:, best]).sum())
    said = (
        f"At epoch {_epoch(records):,}, on average over {N_SEEDS} samples with {N_SEEDS} first "
        f"weights: the training loss goes from {train[:, 0].mean():.3g} with {chosen[0]} to "
        f"{train[:, -1].mean():.3g} with {chosen[-1]} units a layer. The test loss is lowest with "
        f"{chosen[best]} ({means[best]:.3g} ± {_doubt(test[:, best]):.1g})"
    )
    if best == len(chosen) - 1:
        return {"training": train, "test": test}, f"{said}."
    return {"training": train, "test": test}, (
        f"{said}; with {chosen[-1]} it is {means[-1]:.3g} ± {_doubt(test[:, -1]):.1g}, higher for "
        f"{above} of the {N_SEEDS}."
    )


def _epoch(records: Records) -> int:
    return (len(records["loss"]) - 1) * UPDATES_PER_RECORD


def _doubt(values: Floats) -> float:
    """The standard error of a mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


class Parts(NamedTuple):
    """What the expected test error is made of, and the one that was measured."""

    bias: float  # squared: how far the networks' mean is from the truth
    variance: float  # how far the networks are from their mean
    noise: float
    test: float  # mean over the networks, each on fresh examples of its own
    doubt: float  # its standard error

    @property
    def expected(self) -> float:
        """The sum of the three."""
        return self.bias + self.variance + self.noise


def parts(config: Config, records: Records) -> Parts:
    """The squared error of the last record, taken apart over the places of the curve."""
    curves, tests = records["drawn"][-1].astype(float), records["test_losses"][-1, 0]
    off = curves.mean(axis=0) - truth(drawn_places(config)[:, 0].numpy())
    variance = curves.var(axis=0, ddof=1).mean()
    # The mean of a few networks is itself off by their variance over their number; where that
    # is all there is, what is left may come out below zero.
    bias = max(np.square(off).mean() - variance / len(curves), 0.0)
    return Parts(float(bias), float(variance), config.floor, float(tests.mean()), _doubt(tests))


def parts_said(config: Config, records: Records) -> str:
    """Bias, variance and noise in a sentence, beside the error that was measured."""
    found = parts(config, records)
    return (
        f"{N_SAMPLES} networks at epoch {_epoch(records):,}, each trained on {config.n_train} "
        f"examples of its own: bias² {found.bias:.3f} + variance {found.variance:.3f} + noise "
        f"{found.noise:.3f} = {found.expected:.3f}. Their measured test error is "
        f"{found.test:.3f} ± {found.doubt:.3f}."
    )


def curves(config: Config, records: Records) -> tuple[Floats, Floats, Floats]:
    """Places (P,), the curve of every network there (M, P), and the truth (P,)."""
    along = drawn_places(config)[:, 0].numpy()
    return along, records["drawn"][-1], truth(along).astype(np.float32)
