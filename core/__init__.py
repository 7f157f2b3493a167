"""The models and their training, the data and the figures; nothing here knows Streamlit.

Axis letters used in every shape below:
N examples, B examples of a minibatch, D features, H hidden units,
C classes or channels, P parameters, M models trained together, S records, T time.
"""

import os

from core import allocator

# Two threads on two shared cores make small steps 5 to 50 times slower, not faster. The
# libraries read this when they are loaded; torch.set_num_threads would count for the thread
# that calls it alone, and every rerun of a page is a new one.
for _library in ("OMP", "MKL", "OPENBLAS"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# Before other threads ask for memory.
allocator.few_arenas()
