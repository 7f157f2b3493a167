"""What can be read off several agents that learn to balance, at one record."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import downloads, recordings
from core.diagnosis import Finding
from core.learning.reinforcement.cart_pole import (
    MAX_STEPS,
    STATE,
    Config,
    Floats,
    fallen,
    first_states,
    step,
)
from core.learning.reinforcement.cart_pole_dqn import REWARD
from core.learning.reinforcement.cart_pole_networks import Layers, outputs, unflattened
from core.learning.reinforcement.cart_pole_picture import SOLVED, episodes
from core.learning.reinforcement.cart_pole_training import EVALUATION_SEED, N_EPISODES, RECORDING
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent
from core.store import remembered

FALLEN = Complaint("loss", "share of the 500 steps lost")
GOAL_MEAN, GOAL_HIDDEN = 400, 2


class Answer(NamedTuple):
    """What an agent answers to a state: hidden activations (H,), and (2,) to be read."""

    hidden: NDArray[np.float32]
    values: NDArray[np.float32]  # probabilities of a policy, or returns expected
    states: Floats  # (T + 1, 4): the episode that begins there


def answer(
    config: Config, parameters: NDArray[np.float32], state: tuple[float, float, float, float]
) -> Answer:
    """What the network (P,) makes of a state, and how long it balances from there."""
    return _answered(config, parameters.tobytes(), state)


@remembered
def _answered(config: Config, flat: bytes, state: tuple[float, float, float, float]) -> Answer:
    network = unflattened(np.frombuffer(flat, dtype=np.float32), config.sizes)
    start = np.array(state)
    hidden, out = outputs(network, start[None])
    stacked = [(weight[None], bias[None]) for weight, bias in network]
    states, length = episodes(stacked, start)
    return Answer(hidden[0], read(config, out[0]), states[0, : int(length[0]) + 1])


def read(config: Config, out: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outputs as what they stand for: probabilities, or returns in steps."""
    if config.method == "dqn":
        return np.asarray(out / REWARD, dtype=np.float32)
    shares = np.exp(out - out.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    returns, n = records["returns"], len(records["loss"])
    if end == "diverged":
        return [_diverged(config)]
    if n < 10:
        return []
    solved = int((returns[-1] >= SOLVED).sum())
    found = [_short_sighted(config, returns), _stuck(config, returns), _forgot(config, returns)]
    return [*[f for f in found if f][:1], _now(config, returns, solved)]


def _diverged(config: Config) -> Finding:
    return Finding(
        "diverged",
        "bad",
        f"The weights are no longer numbers: a learning rate of {config.learning_rate:g} overshot.",
    )


def _short_sighted(config: Config, returns: NDArray[Any]) -> Finding | None:
    if config.discount > 0.9 or returns[-1].mean() > GOAL_MEAN or len(returns) < 20:
        return None
    return Finding(
        "short-sighted",
        "bad",
        f"After {len(returns) - 1} rounds the agents balance for {returns[-1].mean():.0f} steps on "
        f"average, and no more: with a discount of {config.discount:g} a step that is ten steps "
        f"away counts {per_cent(config.discount**10, 1)} of one now. What goes wrong later does "
        "not matter to them.",
        complaint=FALLEN,
        remedies=(
            Remedy("Discount 0.99", {"pole_discount": 0.99}, replace(config, discount=0.99)),
        ),
    )


def _stuck(config: Config, returns: NDArray[Any]) -> Finding | None:
    rate, mean = config.learning_rate, float(returns[-1].mean())
    if len(returns) < 20 or mean > GOAL_MEAN or 0.003 <= rate <= 0.03:
        return None
    why = "too small to get there" if rate < 0.003 else "so large that steps overshoot"
    return Finding(
        "stuck",
        "bad",
        f"After {len(returns) - 1} rounds the agents balance for {mean:.0f} steps on average, the "
        f"worst for {returns[-1].min():.0f}: a learning rate of {rate:g} is {why}.",
        complaint=FALLEN,
        remedies=(
            Remedy("Learning rate 0.01", {"pole_rate": 0.01}, replace(config, learning_rate=0.01)),
        ),
    )


def _forgot(config: Config, returns: NDArray[Any]) -> Finding | None:
    best, at = returns.max(axis=0), returns.argmax(axis=0)
    lost = np.flatnonzero((best >= SOLVED) & (returns[-1] < 0.6 * best))
    if not len(lost):
        return None
    one = int(lost[(best - returns[-1])[lost].argmax()])
    return Finding(
        "forgot",
        "bad",
        f"{len(lost)} of {returns.shape[1]} agents could do it and forgot: agent {one + 1} kept "
        f"the pole up for {best[one]:.0f} steps after round {at[one]} and for "
        f"{returns[-1, one]:.0f} now. An agent learns from what it meets, and what it meets "
        "changes with what it has learned.",
    )


@remembered
def rule_return() -> float:
    """What one line without any learning reaches: push right if θ + ω > 0."""
    states = first_states(np.random.default_rng(EVALUATION_SEED), N_EPISODES)
    survived, up = np.zeros(len(states)), np.ones(len(states), dtype=bool)
    for _ in range(MAX_STEPS):
        states = step(states, (states[:, 2] + states[:, 3] > 0).astype(int))
        survived += up
        up &= ~fallen(states)
    return float(survived.mean())


def _now(config: Config, returns: NDArray[Any], solved: int) -> Finding:
    good = solved == returns.shape[1]
    low, high = returns[-1].min(), returns[-1].max()
    return Finding(
        "solved" if good else "learning",
        "good" if good else "note",
        f"After {len(returns) - 1} rounds {solved} of {returns.shape[1]} agents balance for "
        f"{SOLVED} steps or more of {MAX_STEPS}; the returns lie between {low:.0f} and {high:.0f}. "
        "They differ in nothing but their luck. The rule “push right if θ + ω > 0”, which nobody "
        f"had to learn, keeps the pole up for {rule_return():.0f}.",
    )


def recorded_spread(record: int) -> tuple[float, float]:
    """The lowest and the highest return of the recorded agents after so many rounds."""
    known = recordings.read(RECORDING, Config())
    returns = known["returns"][record] if known else np.full(1, np.nan)
    return float(returns.min()), float(returns.max())


def answer_map(
    config: Config, network: Layers, n: int = 41
) -> tuple[Floats, Floats, NDArray[np.float32]]:
    """Angles (n,) in degrees, spins (n,) in °/s, and how much is for a push right (n, n)."""
    angle, spin = np.linspace(-0.21, 0.21, n), np.linspace(-2, 2, n)
    states = np.zeros((n, n, len(STATE)))
    states[..., 2], states[..., 3] = angle[None], spin[:, None]
    values = read(config, outputs(network, states.reshape(-1, len(STATE)))[-1])
    ahead = (values[:, 1] - values[:, 0]).reshape(n, n)
    return np.degrees(angle), np.degrees(spin), ahead


def curve_table(records: Records) -> pd.DataFrame:
    """The mean return of every agent, one row a record."""
    returns = records["returns"]
    columns = {f"agent_{place + 1}": returns[:, place] for place in range(returns.shape[1])}
    return pd.DataFrame({"round": np.arange(len(returns)), **columns})


def weights_file(config: Config, record: Records, agent: int) -> bytes:
    """One agent's parameters as safetensors, named as those of a Sequential of two layers."""
    (w0, b0), (w1, b1) = unflattened(record["parameters"][agent], config.sizes)
    return downloads.tensors(downloads.stacked([(w0.T, b0), (w1.T, b1)]))


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether few units suffice for all agents, and how far they are."""
    mean = float(records["returns"][-1].mean())
    if config.n_hidden > GOAL_HIDDEN:
        return False, f"mean return {mean:.0f} with {config.n_hidden} hidden units."
    return mean >= GOAL_MEAN, f"mean return {mean:.0f} with {config.n_hidden} hidden units."
