"""What can be read off a run: memorised, over- or underfitted, and what would mend it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core.diagnosis import Finding
from core.foundations.overfitting.model import UPDATES_PER_RECORD, Config, examples, loss_of
from core.networks.dense import flat_parameters
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
LOSS, TEST_LOSS = Complaint("loss", "training loss"), Complaint("test_loss", "test loss")
ENOUGH = 10  # records after which a run can be judged


def kept(validation_loss: Floats) -> NDArray[np.int32]:
    """For every record (S,), the one whose weights early stopping would keep so far."""
    lowest = validation_loss <= np.minimum.accumulate(validation_loss)
    places = np.where(lowest, np.arange(len(lowest)), 0)
    return np.maximum.accumulate(places).astype(np.int32)


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    if end == "diverged":
        return [_overshot(config, records)]
    if len(records["loss"]) < ENOUGH:
        return []
    if _overshoots(config, records):
        return [_overshot(config, records)]
    if config.shuffled:
        return [_shuffled(config, records)]
    if overfits := _overfits(config, records):
        return [overfits, *_stopped(records)]
    return [_underfits(config, records) or _fits(config, records)]


def baseline(config: Config) -> tuple[float, float]:
    """Without any input: the share of tests right by the commonest class, the mean's error."""
    found = examples(config)
    y, test = found.train[1].numpy(), found.test[1].numpy()
    commonest = 1.0 if y.sum() > 0 else -1.0
    return float((test == commonest).mean()), float(np.square(test - y.mean()).mean())


def _overshoots(config: Config, records: Records) -> bool:
    """Whether the training loss, in the second half, is worse than untrained and a constant."""
    loss, y = records["loss"], examples(config).train[1].numpy()
    # A penalty leads to the constant, which may be worse than the first weights.
    start = max(loss[0], np.log(2) if config.classifies else y.var())
    late = loss[len(loss) // 2 :]
    return bool(late.mean() > 1.2 * start or late.max() > 3 * start)


def _overshot(config: Config, records: Records) -> Finding:
    loss = records["loss"]
    rates = [rate for rate in (0.1, 0.01, 0.001) if rate < config.learning_rate]
    return Finding(
        "overshoots",
        "bad",
        f"The steps are too long: with a learning rate of {config.learning_rate:g} the training "
        f"loss was {loss[0]:.3g} before training and is {loss[-1]:.3g} now.",
        complaint=LOSS,
        remedies=tuple(_changed(config, f"Learning rate {r:g}", learning_rate=r) for r in rates),
    )


def _changed(config: Config, label: str, **changed: Any) -> Remedy:
    return Remedy(label, changed, replace(config, **changed))


def _shuffled(config: Config, records: Records) -> Finding:
    """Whether shuffled labels were learned by heart, beside what needs no input at all."""
    loss, (share, error) = records["loss"][-1], baseline(config)
    y = examples(config).train[1].numpy()
    if config.classifies:
        memorised = records["accuracy"][-1] >= 0.9
        right = per_cent(records["accuracy"][-1])
        learned = f"{right} of the {config.n_train} training labels are right"
        worth = (
            f"{per_cent(records['test_accuracy'][-1])} of the test labels; the commonest class "
            f"alone has {per_cent(share)}"
        )
    else:
        memorised = loss < 0.3 * y.var()
        learned = f"the training error is {loss:.2g}, where the mean's is {y.var():.2g}"
        worth = f"the test error is {records['test_loss'][-1]:.2g}, the mean's {error:.2g}"
    said = "Memorised" if memorised else "Little was learned, by heart or otherwise"
    return Finding(
        "memorised" if memorised else "shuffled",
        "bad" if memorised else "note",
        f"{said}: the labels were shuffled, so there is no pattern. Of them {learned}; {worth}.",
    )


def _overfits(config: Config, records: Records) -> Finding | None:
    loss, test = records["loss"], records["test_loss"]
    place = int(kept(records["validation_loss"])[-1])
    if loss[-1] > 0.9 * loss[0] or test[-1] <= 1.5 * loss[-1]:
        return None
    now, fell = f"{test[-1]:.3g}", f"the training loss fell from {loss[0]:.3g} to {loss[-1]:.3g}"
    if test[-1] > 1.2 * test[place]:
        epoch = f"epoch {place * UPDATES_PER_RECORD:,}"
        said = f"the test loss is {now}, although it had been {test[place]:.3g} at {epoch}, while"
    elif not config.classifies and test[-1] > max(10 * loss[-1], 1.5 * config.floor + 0.02):
        said = f"the test loss is {now}, where noise alone makes {config.floor:.3g}, although"
    else:
        return None
    return Finding(
        "overfits",
        "bad",
        f"Overfitting: {said} {fell}.",
        complaint=TEST_LOSS,
        remedies=_against_overfitting(config, place * UPDATES_PER_RECORD),
    )


def _against_overfitting(config: Config, best_epoch: int) -> tuple[Remedy, ...]:
    """More examples where there are few, smaller weights, an earlier end."""
    found = []
    if config.n_train < 100 and config.data != "own":
        found.append(_changed(config, "Train with 200 examples", n_train=200))
    found += [
        _changed(config, f"Weight decay {l2:g}", l2=l2) for l2 in (0.01, 0.03) if l2 > config.l2
    ]
    epochs = round(best_epoch / 50) * 50
    if 50 <= epochs < config.n_epochs:
        found.append(_changed(config, f"Stop at epoch {epochs:,}", n_epochs=epochs))
    return tuple(found[:4])


def _stopped(records: Records) -> list[Finding]:
    place = int(kept(records["validation_loss"])[-1])
    if not place:
        return []
    return [
        Finding(
            "early",
            "note",
            f"Early stopping would have kept the weights of epoch {place * UPDATES_PER_RECORD:,}, "
            f"where the validation loss was lowest: the test loss was "
            f"{records['test_loss'][place]:.3g} there.",
        )
    ]


def _underfits(config: Config, records: Records) -> Finding | None:
    if not _too_high(config, records):
        return None
    share, error = baseline(config)
    measure = (
        f"only {per_cent(records['accuracy'][-1])} of its own training examples are right, and "
        f"{per_cent(records['test_accuracy'][-1])} of the test (the commonest class alone: "
        f"{per_cent(share)})"
        if config.classifies
        else f"even the training loss is {records['loss'][-1]:.3g}, where noise alone makes "
        f"{config.floor:.3g} and the mean has {error:.3g} on the test"
    )
    return Finding(
        "underfits",
        "bad",
        f"Underfitting: {measure}. The network misses the pattern itself.",
        complaint=LOSS,
        remedies=_against_underfitting(config),
    )


def _too_high(config: Config, records: Records) -> bool:
    if config.classifies:
        return bool(records["accuracy"][-1] < 0.9 - config.noise / 500)
    # A network that has the pattern fits its examples down to the noise. One that does not
    # misses much of what the mean misses, on the test as well.
    missed = records["test_loss"][-1] - config.floor
    missed_by_mean = baseline(config)[1] - config.floor
    return bool(records["loss"][-1] > config.floor + 0.01 and missed > 0.3 * missed_by_mean)


def _against_underfitting(config: Config) -> tuple[Remedy, ...]:
    found = []
    if config.l2:
        found.append(_changed(config, "Without weight decay", l2=0.0))
    if config.p_drop:
        found.append(_changed(config, "Without dropout", p_drop=0.0))
    if config.width < 16 or config.depth < 2:
        wide = {"width": max(16, config.width), "depth": max(config.depth, 2)}
        found.append(_changed(config, "16 units or more in two layers", **wide))
    if config.learning_rate != 0.01:
        found.append(_changed(config, "Learning rate 0.01", learning_rate=0.01))
    if config.depth < 3:
        found.append(_changed(config, "Three layers", depth=3))
    return tuple(found[:4])


def _fits(config: Config, records: Records) -> Finding:
    loss, test = records["loss"][-1], records["test_loss"][-1]
    share, error = baseline(config)
    beside = (
        f" Of the test {per_cent(records['test_accuracy'][-1])} are right, by the commonest class "
        f"{per_cent(share)}."
        if config.classifies
        else f" The noise alone makes {config.floor:.3g}, the mean {error:.3g}."
    )
    return Finding(
        "fits",
        "good",
        f"Neither over- nor underfitting so far: training loss {loss:.3g}, test loss {test:.3g}."
        f"{beside}",
    )


@remembered
def answers(config: Config, run: Run, record: int) -> pd.DataFrame:
    """Every training and test example with the network's output and loss, the worst first."""
    frames = []
    model = run.resumed(record, lambda training: training.model.eval())
    for part, (x, y) in examples(config)._asdict().items():
        with torch.no_grad():
            z = model(x)[:, 0]
        columns = {f"x{i}": column.numpy() for i, column in enumerate(x.T, start=1)}
        values = {"label": y.numpy(), "output": z.numpy(), "loss": loss_of(config, z, y).numpy()}
        frames.append(pd.DataFrame({**columns, **values}).assign(part=part))
    return pd.concat(frames).sort_values("loss", ascending=False, ignore_index=True)


@remembered
def weights(run: Run, record: int) -> dict[str, Floats]:
    """All parameters (P,) at the record and before any training."""
    return {
        name: run.resumed(place, lambda training: flat_parameters(training.model))
        for name, place in (("before training", 0), ("now", record))
    }


def weights_said(found: dict[str, Floats]) -> str:
    """How large the parameters are, in a sentence."""
    before, now = (np.sqrt(np.square(values).mean()) for values in found.values())
    return (
        f"{len(found['now']):,} parameters. Their typical size was {before:.2f} before training "
        f"and is {now:.2f} now."
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a wide network on few noisy points ends with a low test loss."""
    if config.data != "wave" or config.noise < 40 or config.n_train > 20 or config.width < 32:
        return False, "not with 20 points, 40\u00a0% noise and 32 units yet."
    if config.shuffled or config.depth < 2:
        return False, "not with true labels and two layers yet."
    test = float(records["test_loss"][-1])
    ended = len(records["loss"]) > config.n_epochs // UPDATES_PER_RECORD
    return test <= 0.2 and ended, f"test loss {test:.3f}{'' if ended else ', not at the end'}."


def curve_table(records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    shown = {name: values for name, values in records.items() if values.ndim == 1}
    frame = pd.DataFrame(shown)
    frame.insert(0, "epoch", np.arange(len(frame)) * UPDATES_PER_RECORD)
    return frame
