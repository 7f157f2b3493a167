"""An agent judged in Gymnasium itself, which had no part in its training."""

import numpy as np

from core.learning.reinforcement.cart_pole import MAX_STEPS, Floats
from core.learning.reinforcement.cart_pole_networks import Layers, outputs

FIRST_SEED = 10_000  # of the episodes here, which no training and no other evaluation uses


def in_gymnasium(network: Layers, n_episodes: int = 20) -> Floats:
    """The returns (N,) of one agent in CartPole-v1 as Gymnasium makes it."""
    import gymnasium

    world = gymnasium.make("CartPole-v1")
    returns = np.zeros(n_episodes)
    for episode in range(n_episodes):
        state, _ = world.reset(seed=FIRST_SEED + episode)
        for _ in range(MAX_STEPS):
            action = int(outputs(network, state[None].astype(float))[-1][0].argmax())
            state, reward, ended, cut, _ = world.step(action)
            returns[episode] += float(reward)
            if ended or cut:
                break
    world.close()
    return returns
