"""House sales in Ames, Iowa, 2006 to 2010: seventy facts of each house and its price."""

import numpy as np
import pandas as pd

from core.data.encoders import Encoding
from core.data.sources import FILES
from core.data.tables import Table
from core.store import remembered

PRICE = "Sale_Price"
TARGET = "Log10_Price"
# Every word of a column has an input of its own; areas far from even are taken as logarithms,
# and five sales of huge unfinished houses should not stand alone beyond all others.
ENCODING = Encoding(max_words=30, max_inputs=400, skewed=1.0, farthest=5.0)
CONDITIONS = (
    "Very_Poor", "Poor", "Fair", "Below_Average", "Average", "Above_Average", "Good",
    "Very_Good", "Excellent", "Very_Excellent",
)  # fmt: skip


@remembered
def sales() -> pd.DataFrame:
    """2,930 sales with 73 facts and the price in dollars (De Cock, 2011; modeldata)."""
    # "None" and the like are words here: nothing is missing in this table.
    return pd.read_csv(FILES / "ames.csv.gz", keep_default_na=False)


@remembered
def houses() -> Table:
    """The sales with the logarithm of the price, which is to be predicted, in its place."""
    frame = sales()
    facts = frame.drop(columns=PRICE)
    numbers = {name: float for name in facts if facts[name].dtype.kind in "if"}
    target = np.log10(frame[PRICE].to_numpy(dtype=float))
    return Table(facts.astype(numbers).assign(**{TARGET: target}), (), "ames.csv.gz")
