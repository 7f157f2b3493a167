"""The models and their training, the data and the figures; nothing here knows Streamlit.

Axis letters used in every shape below:
N examples, B examples of a minibatch, D features, H hidden units,
C classes or channels, P parameters, M models trained together, S records, T time.
"""

import torch

# Two threads on two shared cores make small steps 5 to 50 times slower, not faster.
torch.set_num_threads(1)
