"""What can be read off an ensemble at one record: answers, doubt, residuals, attributions."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core import downloads, inspection
from core.data.exports import to_csv
from core.learning.regression import ames
from core.learning.regression import model as topic
from core.learning.regression.ensemble import Ensemble
from core.learning.regression.model import AMES, Config, held_out, prepared, table, training_set
from core.learning.regression.points import along
from core.learning.regression.scores import spread
from core.learning.regression.units import is_money, residual_scale, values
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.floating[Any]]


@remembered
def learned(config: Config, record: int) -> Ensemble:
    """The ensemble as it stood at a record; shared, so nobody may change it."""
    model = Run(topic.training, config).resumed(record, lambda training: training.model)
    assert isinstance(model, Ensemble)
    return model


class Answers(NamedTuple):
    """What an ensemble answers to N examples, standardised as its targets are."""

    mean: Floats  # (N,)
    spread: Floats  # the members' standard deviation (N,)


@torch.no_grad()
def answers(config: Config, model: Ensemble, x: Tensor) -> Answers:
    """Mean and spread of the answers to inputs (N, D); of several losses, the first."""
    z = model.forward(x)[: config.n_members, :, 0]
    return Answers(z.mean(dim=0).numpy().astype(float), spread(z).numpy().astype(float))


def noise(config: Config, model: Ensemble, record: int) -> float:
    """How far training targets lie from the mean answer, root mean square: no member's doubt."""
    x, y, _ = training_set(config, record)
    residual = y[:, 0].numpy() - answers(config, model, x).mean
    return float(np.sqrt(np.square(residual).mean()))


class Residuals(NamedTuple):
    """Truth less answer on the test (N,), in the target's unit, beside the answers."""

    predicted: Floats
    residual: Floats
    spread: Floats


def residuals(config: Config, model: Ensemble, record: int) -> Residuals:
    """On the test; of the learner's own points, on those trained with."""
    x, y = held_out(config)
    if not len(x):
        x, y, _ = training_set(config, record)
    found, scale = answers(config, model, x), residual_scale(config)
    centre = prepared(config).centre if config.is_table else 0.0
    residual = scale * (y[:, 0].numpy() - found.mean)
    return Residuals(centre + scale * found.mean, residual, scale * found.spread)


def coverage(found: Residuals, sigma: float) -> tuple[float, float]:
    """The share of truths within 2σ of the members, and with the noise `sigma` added to it."""
    apart = np.abs(found.residual)
    both = np.hypot(found.spread, sigma)
    return float((apart <= 2 * found.spread).mean()), float((apart <= 2 * both).mean())


def residuals_said(config: Config, found: Residuals, sigma: float) -> str:
    """The residuals in two sentences."""
    alone, with_noise = coverage(found, residual_scale(config) * sigma)
    size = float(np.sqrt(np.square(found.residual).mean()))
    return (
        f"Root mean square residual: {size:.3g}. The members' own ±2σ holds {per_cent(alone)} of "
        "the true values; with the noise of the training rows added to it, "
        f"{per_cent(with_noise)}. Members agree on what they have all learned: agreement is not "
        "accuracy."
    )


class Estimate(NamedTuple):
    """The answer to one example, standardised."""

    mean: float
    spread: float
    members: Floats  # (M,)


@torch.no_grad()
def estimate(config: Config, model: Ensemble, x: NDArray[np.float32]) -> Estimate:
    """What the members answer to one example (1, D)."""
    z = model.forward(torch.from_numpy(x))[: config.n_members, 0, 0]
    return Estimate(float(z.mean()), float(spread(z[:, None])[0]), z.numpy().astype(float))


class _Mean(nn.Module):
    """The mean of the members as one output (N, 1)."""

    def __init__(self, model: Ensemble, n_members: int) -> None:
        super().__init__()
        self.model, self.n_members = model, n_members

    def forward(self, x: Tensor) -> Tensor:
        answered: Tensor = self.model(x)[: self.n_members].mean(dim=0)
        return answered + 0 * x.sum(dim=1, keepdim=True)  # a constant has gradients too: 0


def pushes(config: Config, model: Ensemble, x: NDArray[np.float32]) -> pd.DataFrame:
    """How far each column moves the answer from that to the average training row's inputs.

    Integrated gradients, the inputs of one column added up; the largest first.
    """
    data = prepared(config)
    usual = torch.from_numpy(data.x_train.mean(axis=0, keepdims=True))
    mean = _Mean(model, config.n_members)
    shares = inspection.integrated_gradients(mean, torch.from_numpy(x), 0, usual)[0]
    starts = np.cumsum([0, *(len(encoder.names) for encoder in data.encoders)])[:-1]
    pushed = data.scale * np.add.reduceat(shares.astype(float), starts)
    frame = pd.DataFrame({"column": [encoder.column for encoder in data.encoders], "push": pushed})
    order = np.argsort(-np.abs(pushed), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def push_percent(push: Floats) -> Floats:
    """What an addition to the log₁₀ of a price does to the price, per cent."""
    return np.asarray(100 * (10 ** np.asarray(push) - 1))


def row_of(config: Config, index: int) -> pd.DataFrame:
    """One test row as the table has it (1 row), the target left out."""
    data = prepared(config)
    columns = [encoder.column for encoder in data.encoders]
    return table(config).frame.loc[[int(data.rows_test[index])], columns]


def row_names(config: Config) -> tuple[str, ...]:
    """What the test rows are called: of a house its place and its price."""
    return _row_names(config.data, tuple(prepared(config).rows_test.tolist()))


@remembered
def _row_names(data: str, rows: tuple[int, ...]) -> tuple[str, ...]:
    if data != AMES:
        return tuple(f"row {row}" for row in rows)
    frame = ames.sales().iloc[list(rows)]
    places, prices = frame["Neighborhood"].str.replace("_", " "), frame[ames.PRICE]
    found = zip(rows, places, prices, strict=True)
    return tuple(f"row {row}: {place}, ${price:,.0f}" for row, place, price in found)


def encoded(config: Config, index: int, facts: dict[str, Any]) -> NDArray[np.float32]:
    """The inputs (1, D) of a test row with other values in the columns named."""
    data = prepared(config)
    x, start = data.x_test[index : index + 1].copy(), 0
    for encoder in data.encoders:
        stop = start + len(encoder.names)
        if encoder.column in facts:  # all others would cost a hundred times as long
            x[:, start:stop] = encoder.encode(pd.Series([facts[encoder.column]]))
        start = stop
    return x


def differences(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Any]:
    """What was changed in a row (1 row), by column."""
    old, new = before.iloc[0], after.iloc[0]
    names = [str(name) for name in before]
    return {name: new[name] for name in names if str(new[name]) != str(old[name])}


def neighbourhoods() -> list[str]:
    """All neighbourhoods of Ames, the dearest first."""
    prices = ames.sales().groupby("Neighborhood")[ames.PRICE].median()
    return [str(name) for name in prices.sort_values(ascending=False).index]


def all_answers(config: Config, model: Ensemble, record: int) -> pd.DataFrame:
    """Every example with the mean answer, the spread and the residual, the worst first."""
    parts = {"training": training_set(config, record)[:2], "test": held_out(config)}
    frames = []
    for part, (x, y) in parts.items():
        found = answers(config, model, x)
        frame = pd.DataFrame({"part": part, "true": y[:, 0].numpy().astype(float)}, range(len(x)))
        frame["answer"], frame["spread"] = found.mean, found.spread
        if config.is_table:
            data = prepared(config)
            frame.insert(0, "row", data.rows_train if part == "training" else data.rows_test)
            truth, mean = (values(config, frame[name].to_numpy()) for name in ("true", "answer"))
            frame["residual"] = data.scale * (frame["true"] - frame["answer"])
            frame["spread"] *= data.scale
            frame["true"], frame["answer"] = truth, mean
        else:
            frame.insert(1, "x", x[:, 0].numpy())
            frame["residual"] = frame["true"] - frame["answer"]
        frames.append(frame)
    worst = pd.concat(frames).sort_values("residual", key=abs, ascending=False, ignore_index=True)
    if is_money(config):
        # The spread of a log price and its residual are no dollars: say so in their names.
        names = {"residual": "residual, log10", "spread": "spread, log10"}
        return worst.round({"true": 0, "answer": 0}).rename(columns=names)
    return worst


def first_weights(config: Config, model: Ensemble, member: int) -> tuple[Floats, Floats | None]:
    """One member's line (D,) and the weights (H, D) of its first hidden layer, if any."""
    weights = [w[member].detach().numpy() for w in model.weights]
    if not weights:
        return np.zeros(0), None
    return weights[0][:, 0], weights[1].T if len(weights) > 1 else None


@torch.no_grad()
def unit_curves(config: Config, model: Ensemble, member: int) -> Floats:
    """One member's line and what each unit of its last hidden layer adds, over x (H + 1, G)."""
    x = torch.from_numpy(along())[:, None]
    line = model.line[member] if hasattr(model, "line") else torch.zeros(1, 1)
    parts = [(x @ line).T]
    if hidden := model.units(x):
        weight = model.network.affine[-1][0][member]
        parts.append((hidden[-1][member] * weight[:, 0]).T)
    return np.asarray(torch.cat(parts).numpy())


@torch.no_grad()
def unit_answers(
    config: Config, model: Ensemble, member: int, index: int
) -> tuple[Floats, Floats] | None:
    """One member's last hidden units (H,) for a test row, and on average over all of them."""
    hidden = model.units(held_out(config)[0])
    if not hidden:
        return None
    values = hidden[-1][member].numpy()
    return values[index], values.mean(axis=0)


def examples_file(config: Config) -> bytes:
    """Every example as the networks get it, its part, and from and until which step; as CSV."""
    if config.is_table:
        data = prepared(config)
        parts = ((data.x_train, data.y_train, 0), (data.x_test, data.y_test, 1))
        frames = [_rows(x, y, list(data.names), is_test) for x, y, is_test in parts]
        return to_csv(pd.concat(frames))
    points, (x_test, y_test) = topic.points(config), (part.numpy() for part in held_out(config))
    own = _rows(points.x[:, None], points.y, ["x"], 0)
    steps = topic.STEPS_PER_RECORD
    own["from"] = points.born * steps
    own["until"] = np.minimum(points.gone.astype(np.int64), topic.BOUNDS[-2][2]) * steps
    return to_csv(pd.concat([own, _rows(x_test, y_test[:, 0], ["x"], 1)]))


def _rows(x: Floats, y: Floats, names: list[str], is_test: int) -> pd.DataFrame:
    frame = pd.DataFrame(x, columns=[f"input {k + 1}: {name}" for k, name in enumerate(names)])
    lead: dict[str, Any] = {"is_test": is_test, "from": 0, "until": 10**6, "target": y}
    for place, (name, column) in enumerate(lead.items()):
        frame.insert(place, name, column)
    return frame


def curves_file(records: Records) -> bytes:
    """The curves of the run as CSV, one row a record."""
    more = {f"r2 {k + 1}": column for k, column in enumerate(records["r2"].T)}
    return downloads.curves(records, "step", topic.STEPS_PER_RECORD, **more)


def answers_file(config: Config, record: int) -> bytes:
    """Every example with the members' answer, as CSV."""
    return to_csv(all_answers(config, learned(config, record), record))


def weights_file(config: Config, record: int) -> bytes:
    """All members' parameters as safetensors."""
    return downloads.tensors(learned(config, record).state_dict())


def is_ames(config: Config) -> bool:
    """Whether the rows are the houses of Ames."""
    return config.data == AMES
