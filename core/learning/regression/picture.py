"""What the moving picture of a regression is told: its scene, arrays, curves and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.regression.baseline import baseline
from core.learning.regression.model import Config, held_out, points, prepared
from core.learning.regression.points import CURVES, EXTENT, REACH, along
from core.learning.regression.scores import UNIT
from core.learning.regression.units import is_money, target_name
from core.runs import Run

Arrays = Mapping[str, NDArray[Any]]

MAX_DOTS = 1500
LOSS_NAMES = {"squared": "squared error", "absolute": "absolute error", "huber": "Huber"}
_MILESTONES = (0.5, 0.8, 0.88, 0.95)


def scene(config: Config, picked: int | None = None) -> dict[str, Any]:
    """The kind of picture, its axes and what is written in it."""
    common = {"unit": UNIT, "members": config.n_members}
    if not config.is_table:
        names = [LOSS_NAMES[name] for name in config.losses]
        return {**common, "kind": "curve", "extent": EXTENT, "losses": names}
    data = prepared(config)
    return {
        **common,
        "kind": "scatter",
        "centre": data.centre,
        "scale": data.scale,
        "money": is_money(config),
        "target": target_name(config),
        "names": [f"row {row}" for row in data.rows_test[:MAX_DOTS].tolist()],
        "picked": -1 if picked is None else picked,
    }


def scene_arrays(config: Config) -> Arrays:
    """Where the points are and from when to when; of a table's rows, the true values."""
    if config.is_table:
        return {"truth": prepared(config).y_test[:MAX_DOTS]}
    test_x, test_y = (part[:, 0].numpy() for part in held_out(config))
    found: dict[str, NDArray[Any]] = {**points(config)._asdict()}
    found |= {"test_x": test_x, "test_y": test_y}
    if config.data in CURVES:
        found["truth"] = CURVES[config.data](along()).astype(np.float32)
    return {**found, "along": along()}


def curves(config: Config) -> list[dict[str, Any]]:
    """Loss; of a table R² beside ridge regression's; of a curve how far it is from the truth."""
    loss = [{"array": "loss", "label": "training"}, {"array": "test_loss", "label": "test"}]
    shown = [{"title": "Loss", "unit": _loss_unit(config), "series": loss}]
    if config.is_table:
        several = len(config.losses) > 1
        scores: list[dict[str, Any]] = [
            {"array": "score", "index": place, "label": LOSS_NAMES[name] if several else "test"}
            for place, name in enumerate(config.losses)
        ]
        scores.append({"array": "ridge", "label": "ridge"})
        return [{"title": "R²", "unit": "below 0 drawn as 0", "series": scores}, *shown]
    if config.data not in CURVES:
        shown[0]["series"] = loss[:1]
        return shown
    apart = [
        {"array": "distance", "index": place, "label": LOSS_NAMES[name]}
        for place, name in enumerate(config.losses)
    ]
    return [{"title": "Distance from the truth", "unit": "y", "series": apart}, *shown]


def _loss_unit(config: Config) -> str:
    if len(config.losses) > 1:
        return "mean of the three"
    return LOSS_NAMES[config.loss]


def arrays(config: Config, run: Run, first: int, stop: int) -> Arrays:
    """The records as they are drawn, with what the curves compare them to."""
    records = {name: array[first:] for name, array in run.until(stop - 1).items()}
    r2 = records.pop("r2")
    if config.is_table:
        ridge = np.full(stop - first, max(baseline(config).r2, 0), dtype=np.float32)
        dots = {name: records[name][:, :MAX_DOTS] for name in ("predicted", "spread")}
        return {**records, **dots, "score": r2.clip(0), "ridge": ridge}
    if config.data in CURVES:
        records["distance"] = distance(config, records["members"])
    return records


def distance(config: Config, members: NDArray[np.int16]) -> NDArray[np.float32]:
    """How far each loss's mean curve is from the truth (S, L), of members (S, M, G)."""
    x = along()
    inside = np.abs(x) <= REACH
    means = members.reshape(len(members), len(config.losses), config.n_members, -1).mean(axis=2)
    apart = np.abs(means / UNIT - CURVES[config.data](x))[..., inside]
    return np.asarray(apart.mean(axis=-1), dtype=np.float32)


def notes(run: Run, k: int) -> Sequence[tuple[int, str]]:
    """Said once each: where R² on the test first reaches a milestone."""
    chunk = run.chunk(k)
    earlier = [run.chunk(j).records["r2"][..., 0] for j in range(k)]
    before = max((float(values.max()) for values in earlier), default=-1.0)
    said = {}
    for goal in _MILESTONES:
        reached = chunk.records["r2"][..., 0] >= goal
        if before < goal and reached.any():
            # Two milestones at one record: the higher one says it.
            said[chunk.first + int(reached.argmax())] = f"R² on the test reaches {goal:.2f}."
    return list(said.items())
