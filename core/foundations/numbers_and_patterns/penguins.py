"""Penguins of three species, measured on three islands of Antarctica."""

import pandas as pd

from core.data.sources import FILES
from core.store import remembered

FEATURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
LABELS = ("bill length, mm", "bill depth, mm", "flipper length, mm", "body mass, g")
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
# What a penguin of these species may measure at all; a row outside is no penguin.
LIMITS = ((20.0, 80.0), (8.0, 30.0), (120.0, 280.0), (1500.0, 9000.0))


@remembered
def penguins() -> pd.DataFrame:
    """The 342 penguins with all four measures (Horst, Hill and Gorman, 2020)."""
    table = pd.read_csv(FILES / "penguins.csv")
    return table.dropna(subset=list(FEATURES)).reset_index(drop=True)
