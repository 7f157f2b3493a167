"""What can be read off a run in the grid world: values, one step, and what went wrong."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import downloads
from core.diagnosis import Finding
from core.learning.reinforcement import grid_world
from core.learning.reinforcement.grid_agents import LAST, DeepAgent
from core.learning.reinforcement.grid_world import ARROWS, discounted
from core.learning.reinforcement.model import DEFAULT_MAP, Config, truth, walk
from core.learning.reinforcement.picture import arrives
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.runs import Run
from core.shares import per_cent
from core.training import Training

ERROR = Complaint("loss", "mean error of the values")
CHALLENGE_STEPS = 800
CHALLENGE_LASTS = 1000  # steps that it has to stay good for: good once is luck
CHALLENGE_SHARE = 0.95


def walked(config: Config, record: Records) -> grid_world.Episode:
    """The episode that the best policy of one record walks."""
    states = [int(s) for s in record["states"] if s >= 0]
    n = len(states) - 1
    return grid_world.Episode(
        states, [int(a) for a in record["actions"][:n]], [float(r) for r in record["rewards"][:n]]
    )


def findings(config: Config, records: Records) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    if len(records["loss"]) < 2:
        return []
    last = {name: array[-1] for name, array in records.items()}
    episode = walked(config, last)
    found = [
        _circles(config, episode),
        _flees(config, last["q"], episode),
        _never_found(config, records, episode),
        _learned(config, records),
        _cautious(config, records),
    ]
    said = [finding for finding in found if finding]
    return said[:1] if said and said[0].tone == "bad" else said


def _circles(config: Config, episode: grid_world.Episode) -> Finding | None:
    letters = [config.world.cells[s] for s in episode.states]
    pairs = zip(episode.states, episode.states[1:], strict=False)
    n_coins = sum(after != s and config.world.cells[after] == "c" for s, after in pairs)
    if n_coins < 3 or letters[-1] == "g":
        return None
    gain = discounted(episode.rewards, config.discount)
    return Finding(
        "circles",
        "bad",
        f"Reward hacking: in {len(episode.rewards)} steps the agent took the coin {n_coins} times "
        f"and never reached the goal. Its return is {gain:.2f}: by the reward that it was given "
        "this is a success. The coin was meant to lead the way; collecting it pays more. With a "
        "coin of 0.05 it would not.",
    )


def _flees(config: Config, q: NDArray[Any], episode: grid_world.Episode) -> Finding | None:
    into = _ends_of(config, q)
    n_pits = sum(config.world.cells[s] == "p" for s in into)
    if config.step_cost < 0.2 or not n_pits:
        return None
    return Finding(
        "flees",
        "bad",
        f"Each step costs {config.step_cost:g}, so the shortest way out is the best one: from "
        f"{n_pits} of {len(into)} cells the agent heads for a pit on purpose. The reward says so.",
    )


def _ends_of(config: Config, q: NDArray[Any]) -> list[int]:
    """Where the best actions lead from every cell if no move slips."""
    policy, found = q.argmax(axis=1), []
    for s in config.world.free:
        for _ in range(grid_world.MAX_STEPS):
            s = config.world.neighbours[s][int(policy[s])] if not config.world.ends(s) else s
        found.append(s)
    return found


def _never_found(config: Config, records: Records, episode: grid_world.Episode) -> Finding | None:
    possible = float(records["best"][-1])
    enough = len(records["loss"]) > 40 or config.method == "value_iteration"
    if not enough or possible <= 0 or arrives(config, records)[-1]:
        return None
    if float(records["expected"][-1]) > 0.5 * possible:
        return None
    n_unseen = int((records["visits"][-1][config.world.free] == 0).sum())
    if config.epsilon < 0.1 and not config.anywhere and n_unseen:
        return Finding(
            "unexplored",
            "bad",
            f"The agent always does what looks best, and {n_unseen} of "
            f"{len(config.world.free)} cells were never visited: what it never tries it never "
            f"learns. Its policy earns {records['expected'][-1]:.2f} of {possible:.2f}.",
            complaint=ERROR,
            remedies=_exploring(config),
        )
    return Finding(
        "lost",
        "note",
        f"Taking the best action always does not lead to the goal now: that policy earns "
        f"{records['expected'][-1]:.2f} of the {possible:.2f} that are possible.",
    )


def _exploring(config: Config) -> tuple[Remedy, ...]:
    """Runs that try more: at random, from anywhere, or both."""
    settings: dict[str, Any] = {"epsilon": 0.3, "anywhere": True}
    each = [Remedy("Exploration ε 0.3", {"epsilon": 0.3}, replace(config, epsilon=0.3))]
    each.append(Remedy("Start anywhere", {"anywhere": True}, replace(config, anywhere=True)))
    both = Remedy("ε 0.3, starting anywhere", settings, replace(config, **settings))
    return both, *each


def _learned(config: Config, records: Records) -> Finding | None:
    earned, possible = float(records["expected"][-1]), float(records["best"][-1])
    if possible <= 0 or earned < 0.95 * possible:
        return None
    at = (len(records["loss"]) - 1) * config.units_per_record
    knows = "" if config.method == "value_iteration" else ", which it was never told"
    return Finding(
        "learned",
        "good",
        f"After {at:,} {config.unit}s the policy earns {earned:.2f} of the {possible:.2f} that are "
        f"possible. Its values differ from the true ones{knows}, by at most "
        f"{records['error'][-1]:.2f}.",
    )


def _cautious(config: Config, records: Records) -> Finding | None:
    if config.method != "sarsa" or records["error"][-1] < 0.05:
        return None
    q, free = records["q"][-1], config.world.free
    lower = (truth(config).max(axis=1) - q.max(axis=1))[free]
    return Finding(
        "cautious",
        "note",
        f"SARSA's values are on average {lower.mean():.2f} below the true ones: it values what it "
        f"does, and {per_cent(config.epsilon)} of that is random. So it keeps away from pits.",
    )


def action_values(config: Config, record: Records) -> pd.DataFrame:
    """Every cell in which there is something to decide, with its four values."""
    q, best, free = record["q"], truth(config).max(axis=1), config.world.free
    rows = [divmod(s, config.world.n_columns) for s in free]
    columns: dict[str, Any] = {
        "row": [row + 1 for row, _ in rows],
        "column": [column + 1 for _, column in rows],
        **{f"Q {arrow}": q[free, a] for a, arrow in enumerate(ARROWS)},
        "best": [ARROWS[a] for a in q[free].argmax(axis=1)],
        "V": q[free].max(axis=1),
        "true V*": best[free],
        "difference": q[free].max(axis=1) - best[free],
        "visits": record["visits"][free],
    }
    return pd.DataFrame(columns)


def next_step(config: Config, run: Run, record: int) -> list[str]:
    """The next update opened up, its numbers in place of the letters, line by line."""
    if config.method == "value_iteration":
        return _next_sweep(config, run.at(record)["q"])

    def take(training: Training) -> dict[str, float]:
        agent: Any = training.model
        optimizer: Any = training.optimizer
        deep = isinstance(agent, DeepAgent)
        # A network is updated after every fourth step: that one is shown.
        walk(config, agent, optimizer).go(4 - int(agent.place[3]) % 4 if deep else 1)
        return dict(zip(LAST, agent.last.tolist(), strict=True))

    return _told(config, run.at(record)["q"], run.resumed(record, take))


def _told(config: Config, q: NDArray[Any], step: dict[str, float]) -> list[str]:
    s, a, after = int(step["s"]), int(step["a"]), int(step["after"])
    over, gamma = config.world.ends(after), config.discount
    follows = 0.0 if over else (step["target"] - step["r"]) / gamma if gamma else 0.0
    word = "Q(s′,a′), the next action's value," if config.method == "sarsa" else "max Q(s′,·)"
    gap = step["target"] - step["old"]
    lines = [
        f"**1 · Act.** In s = {_name(config, s)} the agent does a = {ARROWS[a]} and arrives in "
        f"s′ = {_name(config, after)}, with r = {step['r']:.2f}.",
        f"**2 · Aim.** target = r + γ {word} = {step['r']:.2f} + {gamma:g} · {follows:.3f} = "
        f"**{step['target']:.3f}**" + (" (the episode ends here)." if over else "."),
    ]
    if config.method == "dqn" and step["old"] == step["new"]:
        return [
            *lines,
            "**3 · Remember.** The memory is too small yet for a minibatch of 64 steps.",
        ]
    if config.method == "dqn":
        return [
            *lines,
            f"**3 · Remember, 4 · Update.** The step joins the memory; one minibatch of 64 "
            f"remembered steps goes through the network, backward, and Q(s,a) moves from "
            f"{step['old']:.3f} to **{step['new']:.3f}**: all weights serve all cells.",
        ]
    rate = (step["new"] - step["old"]) / gap if gap else 0.0
    return [
        *lines,
        f"**3 · Update.** Q(s,a) ← Q + α [target − Q] = {step['old']:.3f} + {rate:.3f} · "
        f"[{step['target']:.3f} − {step['old']:.3f}] = **{step['new']:.3f}**.",
    ]


def _next_sweep(config: Config, q: NDArray[Any]) -> list[str]:
    world, s = config.world, config.world.start
    values = q.max(axis=1).astype(float)
    p, r = world.model
    new = grid_world.backup(world, values, config.discount)[s]
    lines = [f"One cell of the next sweep: s = {_name(config, s)}, V(s) = {values[s]:.3f} now."]
    for a, arrow in enumerate(ARROWS):
        parts = " + ".join(
            f"{p[s, a, after]:.2f} · {values[after]:.3f}" for after in np.flatnonzero(p[s, a])
        )
        sum_of = f"{r[s, a]:.3f} + {config.discount:g} · ({parts})"
        lines.append(f"{arrow} : r + γ Σ p V = {sum_of} = {new[a]:.3f}")
    return [*lines, f"The largest of the four is the new value: **V(s) = {new.max():.3f}**."]


def _name(config: Config, s: int) -> str:
    row, column = divmod(s, config.world.n_columns)
    return f"(row {row + 1}, column {column + 1})"


def network_layers(
    config: Config, record: Records
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Weights (H, D) and biases (H,) of both layers of a deep Q-network."""
    flat, n = record["parameters"].astype(np.float32), len(config.world.cells)
    h = config.n_hidden
    w0, b0, w1, b1 = np.split(flat, np.cumsum([n * h, h, h * 4]))
    return [(w0.reshape(n, h).T, b0), (w1.reshape(h, 4).T, b1)]


def unit_maps(config: Config, record: Records) -> NDArray[np.float32]:
    """What every hidden unit answers in every cell of the map (H, rows, columns)."""
    weight, bias = network_layers(config, record)[0]
    maps = np.maximum(weight + bias[:, None], 0)
    return np.asarray(maps.reshape(config.n_hidden, -1, config.world.n_columns))


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run, one row a record."""
    columns = {
        config.unit: np.arange(len(records["loss"])) * config.units_per_record,
        "policy_return": records["expected"],
        "best_return": records["best"],
        "largest_error": records["error"],
        "mean_error": records["loss"],
        "training_return": records["training_return"],
    }
    return pd.DataFrame(columns)


def weights_file(config: Config, record: Records) -> bytes:
    """What was learned as safetensors: a table, or the parameters of the script's network."""
    if "parameters" not in record:
        return downloads.tensors({"q": record["q"]})
    return downloads.tensors(downloads.stacked(network_layers(config, record)))


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether the policy is good enough soon enough, and how soon it is."""
    if (config.map, config.slip, config.step_cost) != (DEFAULT_MAP, 0.1, 0.02):
        return False, "use the first map with a slip of 0.1 and a step cost of 0.02."
    if config.method == "value_iteration" or config.discount != Config.discount:
        return False, "let an agent learn from its own steps, with a discount of 0.95."
    good = np.flatnonzero(records["expected"] >= CHALLENGE_SHARE * records["best"])
    n_lasting = -(-CHALLENGE_LASTS // config.steps_per_record)
    lasting = [r for r in good if np.isin(np.arange(r, r + n_lasting), good).all()]
    if not lasting:
        return False, f"not yet good for {CHALLENGE_LASTS:,} steps on end."
    at = int(lasting[0]) * config.steps_per_record
    return at <= CHALLENGE_STEPS, f"good from step {at:,} on."
