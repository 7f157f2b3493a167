"""What can be read off a run: memorised, over- or underfitted, and what would mend it."""

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import diagnosis
from core.diagnosis import Finding
from core.foundations.overfitting.model import UPDATES_PER_RECORD, WIDTHS, Config, examples, loss_of
from core.networks.dense import flat_parameters
from core.recordings import Records
from core.runs import Run
from core.store import remembered

Floats = NDArray[np.float32]
ENOUGH = 10  # records after which a run can be judged


def kept(validation_loss: Floats) -> NDArray[np.int32]:
    """For every record (S,), the one whose weights early stopping would keep so far."""
    lowest = validation_loss <= np.minimum.accumulate(validation_loss)
    places = np.where(lowest, np.arange(len(lowest)), 0)
    return np.maximum.accumulate(places).astype(np.int32)


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    if end == "diverged":
        return diagnosis.from_curves(records, end, config.learning_rate, unit="record")
    if len(records["loss"]) < ENOUGH:
        return []
    found = [_memorised(config, records), _overfits(config, records), _underfits(config, records)]
    said = [finding for finding in found if finding]
    if said and said[0].kind == "overfits":
        said.append(_stopped(records))
    return said or [_fits(config, records)]


def _memorised(config: Config, records: Records) -> Finding | None:
    if not config.shuffled or records["loss"][-1] > 0.3 * records["loss"][0]:
        return None
    if config.classifies:
        learned = f"{records['accuracy'][-1]:.0%} of its {config.n_train} training labels"
        worth = f"{records['test_accuracy'][-1]:.0%} of the test labels right: chance"
    else:
        learned = f"its {config.n_train} shuffled values (error {records['loss'][-1]:.2g})"
        worth = f"an error of {records['test_loss'][-1]:.2g} on the test: worse than the mean"
    return Finding(
        "memorised",
        "bad",
        f"Memorised: the labels were shuffled, so there is no pattern, and yet the network has "
        f"{learned} by heart. It gets {worth}. A low training loss alone proves nothing.",
        "Give the labels back",
        {"shuffled": False},
    )


def _overfits(config: Config, records: Records) -> Finding | None:
    if config.shuffled:
        return None
    loss, test = records["loss"][-1], records["test_loss"]
    best = test[kept(records["validation_loss"])[-1]]
    if not (test[-1] > 1.2 * best and test[-1] > 1.5 * loss):
        return None
    label, remedy = _against_overfitting(config)
    return Finding(
        "overfits",
        "bad",
        f"Overfitting: the test loss is {test[-1]:.3g}, although it had been {best:.3g}, while the "
        f"training loss fell to {loss:.3g}. The network now learns the noise of its "
        f"{config.n_train} examples.",
        label,
        remedy,
    )


def _against_overfitting(config: Config) -> tuple[str, dict[str, float]]:
    """More examples where there are few; else, and better than nothing, smaller weights."""
    if config.n_train < 100 and config.data != "own":
        return "Train with 200 examples", {"n_train": 200}
    return "Hold the weights small (0.003)", {"l2": 0.003}


def _stopped(records: Records) -> Finding:
    place = int(kept(records["validation_loss"])[-1])
    epoch = place * UPDATES_PER_RECORD
    return Finding(
        "early",
        "note",
        f"Early stopping would have kept the weights of epoch {epoch:,}, where the validation loss "
        f"was lowest: the test loss was {records['test_loss'][place]:.3g} there.",
        "Stop there",
        {"n_epochs": int(np.clip(round(epoch / 50) * 50, 50, 3000))},
    )


def _underfits(config: Config, records: Records) -> Finding | None:
    if config.shuffled or not _too_high(config, records):
        return None
    loss = records["loss"]
    still = loss[-1] < 0.97 * loss[-len(loss) // 5]
    label, remedy = _against_underfitting(config, bool(still))
    measure = (
        f"only {records['accuracy'][-1]:.0%} of its own training examples are right"
        if config.classifies
        else f"even the training loss is {loss[-1]:.3g}, where noise alone makes {config.floor:.3g}"
    )
    return Finding(
        "underfits",
        "bad",
        f"Underfitting: {measure}. The network misses the pattern itself: it is too small, held "
        "too tight, or not trained long enough.",
        label,
        remedy,
    )


def _too_high(config: Config, records: Records) -> bool:
    if config.classifies:
        return bool(records["accuracy"][-1] < 0.9 - config.noise / 500)
    # Few examples are fitted below the noise: the floor is that of a network in their number.
    return bool(records["loss"][-1] > 1.5 * config.floor + 0.02)


def _against_underfitting(config: Config, still_falling: bool) -> tuple[str, dict[str, float]]:
    if config.l2 >= 0.01:
        return "Let the weights go", {"l2": 0.0}
    if config.p_drop >= 0.3:
        return "Without dropout", {"p_drop": 0.0}
    if config.width < 16:
        return "16 units a layer", {"width": 16, "depth": max(config.depth, 2)}
    if config.learning_rate < 0.01:
        return "Learning rate 0.01", {"learning_rate": 0.01}
    if still_falling and config.n_epochs < 3000:
        return "Train twice as long", {"n_epochs": min(2 * config.n_epochs, 3000)}
    return "One more layer", {"depth": min(config.depth + 1, 3)}


def _fits(config: Config, records: Records) -> Finding:
    loss, test = records["loss"][-1], records["test_loss"][-1]
    floor = "" if config.classifies else f" The noise alone makes {config.floor:.3g}."
    return Finding(
        "fits",
        "good",
        f"Neither over- nor underfitting so far: training loss {loss:.3g}, test loss {test:.3g}, "
        f"and the test loss is near its lowest.{floor}",
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
        f"and is {now:.2f} now: to bend to single points a network needs large weights."
    )


def capacity(records: Records, record: int) -> tuple[dict[str, Floats], str]:
    """Training and test loss of every width (M,) at a record, and what they say."""
    row = min(record, len(records["loss"]) - 1)
    train, test = records["losses"][row], records["test_loss"][row]
    best = int(test.argmin())
    said = (
        f"At epoch {row * UPDATES_PER_RECORD:,} the test loss is lowest with {WIDTHS[best]} "
        f"unit{'s' * (WIDTHS[best] > 1)} a layer ({test[best]:.3g}). The training loss goes from "
        f"{train[0]:.3g} with 1 to {train[-1]:.3g} with {WIDTHS[-1]}, the test loss from "
        f"{test[0]:.3g} to {test[-1]:.3g}."
    )
    return {"training": train, "test": test}, said


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a wide network on few noisy points ends with a low test loss."""
    if config.data != "wave" or config.noise < 30 or config.n_train > 20 or config.width < 32:
        return False, "not with 20 points, 30 % noise and 32 units yet."
    if config.shuffled or config.depth < 2:
        return False, "not with true labels and two layers yet."
    test = float(records["test_loss"][-1])
    ended = len(records["loss"]) > config.n_epochs // UPDATES_PER_RECORD
    return test <= 0.15 and ended, f"test loss {test:.3f}{'' if ended else ', not at the end'}."


def curve_table(records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    shown = {name: values for name, values in records.items() if values.ndim == 1}
    frame = pd.DataFrame(shown)
    frame.insert(0, "epoch", np.arange(len(frame)) * UPDATES_PER_RECORD)
    return frame
