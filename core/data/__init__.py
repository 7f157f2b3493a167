"""Data sets, the learner's own input, and where each file comes from."""
