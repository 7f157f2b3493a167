"""What can be read off a network at one record: its weights, units, answers and next step."""

from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from core import downloads
from core.data.exports import to_csv
from core.foundations.network.model import Config, examples, inputs, network, objective
from core.networks import dense
from core.networks.dense import MLP, flat_parameters, flattened
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from core.store import remembered
from core.training import Training

Floats = NDArray[np.float32]


def restored(config: Config, parameters: Floats) -> MLP:
    """The network with the parameters of a record."""
    return dense.restored(lambda: network(config), parameters)


def layer_weights(config: Config, parameters: Floats) -> list[tuple[Floats, Floats]]:
    """Weight (H, D) and bias (H,) of every layer."""
    layers, start = [], 0
    for n_in, n_out in pairwise(config.sizes):
        stop = start + n_in * n_out
        weight = parameters[start:stop].reshape(n_out, n_in)
        layers.append((weight, parameters[stop : stop + n_out]))
        start = stop + n_out
    return layers


@torch.no_grad()
def unit_activations(config: Config, parameters: Floats, points: Floats) -> list[Floats]:
    """The activations (N, H) of every layer for points of the plane, the output last."""
    x = inputs(torch.from_numpy(points), config.features)
    return [a.numpy() for _, a in restored(config, parameters).units(x)]


def answers(config: Config, parameters: Floats, record: int) -> pd.DataFrame:
    """Every example with the network's answer and its loss, the worst first."""
    points, labels, is_test = examples(config, record)
    z = unit_activations(config, parameters, points)[-1][:, 0]
    loss = config.losses[config.loss](torch.from_numpy(z), torch.from_numpy(labels))
    frame = pd.DataFrame({"x1": points[:, 0], "x2": points[:, 1], "label": labels, "output": z})
    frame["loss"] = loss.numpy()
    frame["part"] = np.where(is_test, "test", "training")
    if config.task == "classification":
        frame["right"] = z * labels > 0
    return frame.sort_values("loss", ascending=False, ignore_index=True)


@dataclass(frozen=True)
class Step:
    """One update taken apart: what goes in, what comes out, what every parameter does."""

    forward: pd.DataFrame  # one row an example: inputs, every unit's activation, loss
    update: pd.DataFrame  # one row a parameter: before, gradient, change, after
    loss_before: float
    loss_after: float


@remembered
def next_step(config: Config, run: Run, record: int) -> Step:
    """The very first update that leads on from `record`, on its own minibatch."""
    last = min(record, run.n_records - 2)
    return run.resumed(last, lambda training: _opened(config, training))


def _opened(config: Config, training: Training) -> Step:
    model = training.model
    assert isinstance(model, MLP)
    if training.before:
        training.examples = training.before(training.record) or training.examples
    n_examples = len(training.examples[0])
    training.order, training.position = torch.empty(n_examples, dtype=torch.long), n_examples
    x, y = next(training.minibatches(1))
    value = objective(config, model, x, y)
    gradients = flattened(model, torch.autograd.grad(value, list(model.parameters())))
    before = flat_parameters(model)
    forward = _forward_table(config, model, x, y)
    training.update(x, y)
    after = flat_parameters(model)
    update = pd.DataFrame(
        {
            "parameter": parameter_names(config),
            "before": before,
            "gradient": gradients,
            "change": after - before,
            "after": after,
        }
    )
    return Step(
        forward, update, float(value.detach()), float(objective(config, model, x, y).detach())
    )


@torch.no_grad()
def _forward_table(config: Config, model: MLP, x: torch.Tensor, y: torch.Tensor) -> pd.DataFrame:
    values = [x, *(activation for _, activation in model.units(x))]
    names = [name for layer in layer_names(config) for name in layer]
    frame = pd.DataFrame(torch.cat(values, dim=1).numpy(), columns=names)
    loss = config.losses[config.loss](values[-1], y)
    return frame.assign(label=y[:, 0].numpy(), loss=loss[:, 0].numpy())


def parameter_names(config: Config) -> list[str]:
    """A name for each of the flat parameters: where a weight comes from and goes to."""
    names: list[str] = []
    for sources, targets in pairwise(layer_names(config)):
        names += [f"{source} → {target}" for target in targets for source in sources]
        names += [f"bias of {target}" for target in targets]
    return names


def layer_names(config: Config) -> list[list[str]]:
    """What every layer's units are called, the inputs first."""
    hidden = [
        [f"h{depth}.{unit + 1}" for unit in range(n_units)]
        for depth, n_units in enumerate(config.hidden, start=1)
    ]
    return [list(config.features), *hidden, ["output"]]


def dead_units(config: Config, parameters: Floats, record: int) -> list[str]:
    """Hidden ReLU units that are 0 for every training example: no gradient reaches them."""
    if config.activation != "relu":
        return []
    points, _, is_test = examples(config, record)
    hidden = unit_activations(config, parameters, points[~is_test])[:-1]
    return [
        f"h{depth}.{unit + 1}"
        for depth, values in enumerate(hidden, start=1)
        for unit in np.flatnonzero((values <= 0).all(axis=0))
    ]


def rate_at(config: Config, record: int) -> float:
    """The learning rate in force at a record."""
    rates = [c.values[0] for c in config.changes if c.kind == "learning_rate" and c.record < record]
    return rates[-1] if rates else config.learning_rate


def difference(pinned: Config, now: Config) -> str:
    """What differs between two configurations, in words."""
    names = [f.name for f in fields(Config) if getattr(pinned, f.name) != getattr(now, f.name)]
    if not names:
        return "Nothing differs: the same run twice."
    said = [_said(name, getattr(pinned, name), getattr(now, name)) for name in names]
    return f"{'Only ' if len(said) == 1 else ''}{'; '.join(said)}."


def _said(name: str, pinned: object, now: object) -> str:
    word = f"number of {name[2:]}" if name.startswith("n_") else name
    word = word.replace("p_drop", "dropout").replace("_", " ")
    if name in ("changes", "points"):
        return f"the {word} made by hand differ"
    return f"{word}: {_shown(pinned)} (pinned) → {_shown(now)} (now)"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def side_by_side(pinned: Run, now: Run, record: int) -> dict[str, Floats]:
    """The training loss of two runs up to a record, each (S,); NaN where one had ended."""
    curves = {name: run.until(record)["loss"] for name, run in (("pinned", pinned), ("now", now))}
    longest = max(map(len, curves.values()))
    return {
        name: np.pad(values, (0, longest - len(values)), constant_values=np.nan)
        for name, values in curves.items()
    }


def luck(losses: Floats) -> str:
    """What the losses (S, M) of networks with other first weights say about chance."""
    last = np.sort(losses[-1])
    good = int((last <= last[0] + 0.1 * (losses[0].mean() - last[0])).sum())
    return (
        f"{good} of {len(last)} networks come close to the best of them. Only their first "
        f"weights differ; at the end the loss is {last[0]:.3g} for the luckiest and "
        f"{last[-1]:.3g} for the unluckiest."
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether a few units have solved the circle, and how far the run is from that."""
    fits = config.data == "circle" and set(config.features) <= {"x1", "x2"}
    accuracy = records["test_accuracy"][-1] if "test_accuracy" in records else 0.0
    n_units = sum(config.hidden)
    reached = fits and accuracy >= 0.95 and 0 < n_units <= 4
    told = f"{per_cent(accuracy)} with {n_units} hidden units" if fits else "not on the circle yet"
    return bool(reached), f"{told}."


def answers_file(config: Config, parameters: Floats, record: int) -> bytes:
    """Every example with the network's answer, as CSV."""
    return to_csv(answers(config, parameters, record))


def curves_file(records: Records) -> bytes:
    """The curves of the run as CSV, one row an epoch."""
    return downloads.curves(records, "epoch")


def weights_file(config: Config, parameters: Floats) -> bytes:
    """The network's parameters as safetensors, named as in the script to take home."""
    step = 3 if config.p_drop else 2  # of the layers in `nn.Sequential`
    layers = layer_weights(config, parameters)
    return downloads.tensors(downloads.stacked(layers, step=step))
