"""What can be read off a race: its outcome in words and tables, and a sweep of rates."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import evidence
from core.diagnosis import Finding
from core.foundations.gradient_descent.model import SWEPT, Config, Sweep
from core.foundations.gradient_descent.surfaces import EXTENT, N_GRID, surface_losses
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered

Floats = NDArray[np.float32]
NAMES = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
RATES = (0.0001, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 3.0, 10.0)
NEAR = 0.05  # "at the bottom": within that share of the lowest loss known
PLAIN = ("SGD", "Momentum", "Nesterov")
WORST = Complaint("worst", "loss of the worst in the race")
BEST = Complaint("loss", "loss of the best in the race")


@dataclass(frozen=True)
class Outcome:
    """How a race ended, for each optimiser in the order of the configuration."""

    names: list[str]
    arrived: list[int | None]  # the step at which it was at the bottom to stay, if ever
    gone: list[int | None]  # the step at which it had left for good
    losses: Floats  # (M,) at the end
    moving: list[bool]  # whether its loss still fell at the end
    lowest: float  # the lowest loss that is known on this surface


def outcome(config: Config, records: Records, end: str = "") -> Outcome:
    """The whole race, read off its records; where it `end`s diverged, all have left."""
    losses = records["losses"]
    lowest = float(min(np.nanmin(losses), surface_losses(*config.ground).min()))
    near = losses <= (1 + NEAR) * lowest + 1e-6
    gone = np.isnan(losses)
    if end == "diverged":
        gone = gone.copy()
        gone[-1] = True
        near = np.zeros_like(near)
    late = losses[-min(len(losses), 11)]
    return Outcome(
        [NAMES[name] for name in config.optimizers],
        [_to_stay(column) for column in near.T],
        [_to_stay(column) for column in gone.T],
        losses[-1],
        (losses[-1] < 0.99 * late).tolist(),
        lowest,
    )


def _to_stay(holds: NDArray[np.bool_]) -> int | None:
    """The step from which something holds up to the end."""
    if not holds[-1]:
        return None
    return int(len(holds) - holds[::-1].argmin()) if not holds.all() else 0


def findings(config: Config, records: Records, end: str = "") -> list[Finding]:
    """What happened in the whole race, worst first."""
    ended = outcome(config, records, end)
    found = [
        _left(config, ended, len(records["loss"]) - 1),
        _won(ended, len(records["loss"]) - 1),
        _behind(config, records, ended),
    ]
    return [finding for finding in found if finding]


def _left(config: Config, ended: Outcome, last: int) -> Finding | None:
    left = [name for name, step in zip(ended.names, ended.gone, strict=True) if step is not None]
    if not left:
        return None
    plain, others = ([n for n in left if (n in PLAIN) == one] for one in (True, False))
    said, slower = [], {}
    if plain:
        limit = stable_rate(config)
        said.append(f"{_listed(plain)} diverged with a learning rate of {config.learning_rate:g}")
        said.append(f"where it is lowest, this surface lets SGD stand at most 2/λ = {limit:.2g}")
        slower["learning_rate"] = _below(min(config.learning_rate, limit))
    if others:
        said.append(f"{_listed(others)} diverged with a learning rate of {config.adaptive_rate:g}")
        slower["adaptive_rate"] = _below(config.adaptive_rate / 3)
    shorter = {name: _below(rate / 5) for name, rate in slower.items()}
    return Finding(
        "left",
        "bad",
        f"{'; '.join(said)}.",
        complaint=WORST,
        # Where all left with their first step, no record is left to compare a remedy at.
        remedies=tuple(_with(config, rates) for rates in (slower, shorter)) if last else (),
    )


def _with(config: Config, rates: dict[str, float]) -> Remedy:
    named = {"learning_rate": "Learning rate", "adaptive_rate": "Rate of the adaptive"}
    label = ", ".join(f"{named[name]} {rate:g}" for name, rate in rates.items())
    return Remedy(label, rates, replace(config, **rates))  # type: ignore[arg-type]


def _won(ended: Outcome, n_steps: int) -> Finding | None:
    there = sorted(
        (step, name)
        for name, step in zip(ended.names, ended.arrived, strict=True)
        if step is not None
    )
    if not there:
        return None
    first, *others = there
    told = (
        f"{first[1]} was at the bottom first (within {per_cent(NEAR)} of the lowest loss, to "
        f"stay), after {first[0]} steps"
    )
    if others:
        told += f"; then {_listed([f'{name} ({step})' for step, name in others])}"
    absent = len(ended.names) - len(there)
    more = f" Not there after {n_steps}: {absent} of {len(ended.names)}." if absent else ""
    tone = "note" if any(step is not None for step in ended.gone) else "good"
    return Finding("won", tone, f"{told}.{more} The lowest loss is {ended.lowest:.3g}.")


def _behind(config: Config, records: Records, ended: Outcome) -> Finding | None:
    """Who neither arrived nor left, each with why, as far as that was measured."""
    why: dict[str, list[str]] = {}
    for place, name in enumerate(ended.names):
        if ended.arrived[place] is None and ended.gone[place] is None:
            why.setdefault(_reason(config, records, ended, place), []).append(name)
    if not why:
        return None
    told = ". ".join(
        f"{_listed(names)} {'is' if len(names) == 1 else 'are'} {reason}"
        for reason, names in why.items()
    )
    alone = not any(step is not None for step in (*ended.arrived, *ended.gone))
    return Finding(
        _KINDS[next(iter(why))],
        "bad" if alone else "note",
        f"{told}. The lowest loss known here is {ended.lowest:.3g}.",
        complaint=BEST if alone else None,
        remedies=_onward(config) if alone else (),
    )


_BOUNCING = "thrown to and fro: the last steps led back and forth, and the loss fell no further"
_SADDLE = "at rest on a saddle point: the gradient is nearly 0, but the surface falls on"
_VALLEY = "at rest at the bottom of another valley: the gradient is nearly 0, every way leads up"
_DECAY = "held by the weight decay, which pulls as hard as the gradient"
_DOWN = "still on the way down"
_KINDS = {_BOUNCING: "bouncing", _SADDLE: "saddle", _VALLEY: "valley", _DECAY: "decay",
          _DOWN: "slow"}  # fmt: skip


def _reason(config: Config, records: Records, ended: Outcome, place: int) -> str:
    """Why an optimiser has not arrived: its last steps, the gradient and the curvatures."""
    late = records["parameters"][-31:, place]
    detour = evidence.motion(late).detour
    here = torch.tensor(late[-1]).requires_grad_()
    ground = config.landscape
    (gradient,) = torch.autograd.grad(ground.loss(here[None], ground.x, ground.y)[0], here)
    if float(gradient.norm()) < 1e-3 * max(1.0, float(ended.losses[place])):
        return _SADDLE if curvatures(config, here.detach()).min() < -1e-4 else _VALLEY
    if detour > 5 and not ended.moving[place]:
        return _BOUNCING
    decays = config.optimizers[place] == "adamw" and config.weight_decay >= 0.1
    return _DECAY if decays and not ended.moving[place] else _DOWN


def _onward(config: Config) -> tuple[Remedy, ...]:
    """Other rates, and another start."""
    found = []
    for factor in (10.0, 3.0, 0.3):
        rates = {
            name: _nearest(getattr(config, name) * factor)
            for name, runs in (
                ("learning_rate", any(NAMES[o] in PLAIN for o in config.optimizers)),
                ("adaptive_rate", any(NAMES[o] not in PLAIN for o in config.optimizers)),
            )
            if runs
        }
        found.append(_with(config, rates))
    start = _better_start(config)
    moved = replace(config, start=(start["u"], start["v"]))
    return (*found, Remedy(f"Start at ({start['u']:g}, {start['v']:g})", start, moved))


def _better_start(config: Config) -> dict[str, float]:
    """A place two units from the lowest one of the picture."""
    row, column = divmod(int(surface_losses(*config.ground).argmin()), N_GRID)
    along = np.linspace(-EXTENT, EXTENT, N_GRID)
    u, v = float(along[column]), float(along[row])
    return {"u": round(u - 2 if u > 0 else u + 2, 1), "v": round(v, 1)}


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _nearest(rate: float) -> float:
    return min(RATES, key=lambda offered: abs(np.log(offered / rate)))


def _below(rate: float) -> float:
    return max((r for r in RATES if r < 0.9 * rate), default=RATES[0])


@remembered
def _steepest(ground: tuple[str, bool, int], place: tuple[float, ...]) -> float:
    config = Config(surface=ground[0], scaled=ground[1], seed=ground[2])
    return float(curvatures(config, torch.tensor(place)).max())


def curvatures(config: Config, parameters: Tensor) -> Floats:
    """The eigenvalues (P,) of the loss's second derivatives at one parameter vector."""
    ground = config.landscape

    def loss(flat: Tensor) -> Tensor:
        return ground.loss(flat[None], ground.x, ground.y)[0]

    hessian = torch.autograd.functional.hessian(loss, parameters)
    return np.asarray(torch.linalg.eigvalsh(hessian).numpy())


def stable_rate(config: Config) -> float:
    """2/λ: longer steps of plain gradient descent leave the lowest valley again.

    λ is the largest curvature at the lowest place of the picture. On the line, whose
    surface is a quadratic, it is the same everywhere.
    """
    row, column = divmod(int(surface_losses(*config.ground).argmin()), N_GRID)
    along = torch.linspace(-EXTENT, EXTENT, N_GRID)
    lowest = config.landscape.parameters(torch.stack([along[column], along[row]])[None])[0]
    return 2 / max(_steepest(config.ground, tuple(lowest.tolist())), 1e-9)


def parameter_table(config: Config, record: Records) -> pd.DataFrame:
    """Every parameter of every optimiser at one record."""
    columns = [NAMES[name] for name in config.optimizers]
    frame = pd.DataFrame(record["parameters"].T, columns=columns)
    frame.insert(0, "parameter", config.landscape.names)
    return frame


def race_table(config: Config, records: Records) -> pd.DataFrame:
    """Loss and place of every optimiser at every step, as a table to take home."""
    columns: dict[str, Floats] = {}
    for place, name in enumerate(config.optimizers):
        columns[f"{name}_loss"] = records["losses"][:, place]
        for axis in (0, 1):
            columns[f"{name}_{'uv'[axis]}"] = records["places"][:, place, axis]
    return pd.DataFrame(columns).rename_axis("step").reset_index()


def sweep_said(config: Sweep, records: Records) -> tuple[str, float]:
    """What a sweep of learning rates says, and the best rate among those on offer."""
    last = records["losses"][-1]
    kept = np.isfinite(last)
    if not kept.any():
        return f"All {len(SWEPT)} learning rates diverged.", RATES[0]
    best = float(SWEPT[np.nanargmin(last)])
    lost = f" From {SWEPT[~kept].min():.2g} on it diverged." if (~kept).any() else ""
    said = (
        f"After {len(records['loss']) - 1} steps {NAMES[config.optimizer]} is lowest with a "
        f"learning rate of {best:.2g}: loss {np.nanmin(last):.3g}.{lost}"
    )
    offered = min(RATES, key=lambda rate: abs(np.log(rate / best)))
    return said, offered


def sweep_marks(config: Config, optimizer: str) -> dict[str, float]:
    """What a sweep is to be compared with: the race's rate and, for SGD, 2/λ."""
    marks = {"in the race": config.rate(optimizer)}
    return {**marks, "2/λ": stable_rate(config)} if optimizer == "sgd" else marks


def paths(config: Config, records: Records, record: int) -> dict[str, Floats]:
    """Where every optimiser went up to a record: place and loss there, each (S, 3).

    The loss is that of the picture at the place, which a network's own is not.
    """
    ground = config.landscape
    found = {}
    for place, name in enumerate(config.optimizers):
        places = records["places"][: record + 1, place]
        inside = torch.from_numpy(places[(np.abs(places) <= EXTENT).all(axis=1)])
        losses = ground.loss(ground.parameters(inside), ground.x, ground.y)
        found[NAMES[name]] = torch.cat([inside, losses[:, None]], dim=1).numpy()
    return found


def race_said(config: Config, records: Records) -> str:
    """Where every optimiser ended, for those who cannot see the picture."""
    ended = outcome(config, records)
    losses = (f"{name} {loss:.3g}" for name, loss in zip(ended.names, ended.losses, strict=True))
    return f"The loss surface in relief; losses at the end: {', '.join(losses)}"


def example_table(config: Config) -> pd.DataFrame:
    """The examples that every model is fitted to."""
    ground = config.landscape
    return pd.DataFrame({"x": ground.x.numpy(), "y": ground.y.numpy()})


def least_loss(config: Config) -> float:
    """The lowest loss that any straight line has on the examples: the normal equations'."""
    ground = config.landscape
    columns = torch.stack([ground.x, torch.ones_like(ground.x)], dim=1).double()
    solved = torch.linalg.lstsq(columns, ground.y.double()[:, None]).solution
    return float((columns @ solved - ground.y.double()[:, None]).square().mean())


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether plain SGD was at the line's bottom in 20 steps from three units away."""
    if config.surface != "line" or "sgd" not in config.optimizers:
        return False, "not with SGD on the line yet."
    ground = config.landscape
    columns = torch.stack([ground.x, torch.ones_like(ground.x)], dim=1)
    lowest = torch.linalg.lstsq(columns, ground.y[:, None]).solution[:, 0]
    distance = float((config.first - lowest).norm())
    losses = records["losses"][:21, config.optimizers.index("sgd")]
    over = float(losses[-1]) / least_loss(config) - 1
    reached = distance >= 3 and over <= 0.05 and len(losses) == 21
    above = f"{per_cent(over)} above" if over < 10 else f"{over + 1:,.0f} times"
    told = "it diverged" if np.isnan(over) else f"{above} the least possible"
    return reached, f"{told} after {len(losses) - 1} steps, from {distance:.1f} units away."
