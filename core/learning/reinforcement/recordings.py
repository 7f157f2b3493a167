"""What is recorded of reinforcement learning: the agents that learn CartPole by default."""

from core.learning.reinforcement.cart_pole_training import RECORDING, Config, training
from core.recordings import Recorded

RECORDINGS = (Recorded(Config, training, RECORDING),)
