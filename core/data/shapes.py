"""What shape a table has, said where it is not one row a case and one column a measure."""

import pandas as pd

from core.data.clues import is_numeric
from core.data.layout import are_years

MAX_MEASURES = 20
_FEWEST = 3  # numbers side by side before their sum can be told from chance
_NEAR = 0.01


def shape(frame: pd.DataFrame) -> list[str]:
    """A sentence for a long table, a wide one of years, or a pivot; none for an ordinary one."""
    numbers = [str(name) for name in frame if is_numeric(frame[name])]
    words = [str(name) for name in frame if not is_numeric(frame[name])]
    if total := _total_column(frame, numbers):
        return [
            f"Column {total} holds the totals of the others: the table looks like a pivot, in "
            "which a row is a group of cases and not one case."
        ]
    if len(numbers) > 1 and are_years([str(name) for name in numbers]):
        return [
            f"{len(numbers)} columns are named by years: a wide table, in which a row is learned "
            "from as one case, with each year as a measure of its own."
        ]
    if measure := _measures(frame, numbers, words):
        return [
            f"The words of column {measure} seem to say what its row measures: a long table. For "
            "learning, make one row of each case and one column of each measure."
        ]
    return []


def _total_column(frame: pd.DataFrame, numbers: list[str]) -> int:
    """The place of a last column that is the sum of all other numbers in every row, or 0."""
    if len(numbers) <= _FEWEST or len(frame) < _FEWEST:
        return 0
    *parts, last = numbers
    sums = frame[parts].sum(axis=1)
    off = (frame[last] - sums).abs() > _NEAR * sums.abs().clip(lower=1e-9)
    varied = frame[last].nunique() > 1 and (frame[parts] != 0).any().sum() > 1
    return list(frame).index(last) + 1 if varied and not off.any() else 0


def _measures(frame: pd.DataFrame, numbers: list[str], words: list[str]) -> int:
    """The place of a column of words that name measures: each case has every one once, or 0."""
    values = [name for name in numbers if (frame[name] % 1).any()] or numbers[-1:]
    for name in words:
        n_measures = frame[name].nunique()
        cases = [each for each in frame if each not in (name, *values[-1:])]
        if not 2 <= n_measures <= MAX_MEASURES or not cases or len(numbers) > 2:
            continue
        for case in cases:
            n_cases = frame[case].nunique()
            once = not frame[[case, name]].duplicated().any()
            if n_cases * n_measures == len(frame) and n_cases >= _FEWEST and once:
                return list(frame).index(name) + 1
    return 0
