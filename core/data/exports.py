"""Tables as files that open rightly in a spreadsheet."""

import pandas as pd

from core.data.escaping import as_cell


def beside(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Our columns and the learner's next to each other, of whom no two have one name."""
    taken = {str(name) for name in ours} | {str(ours.index.name)}
    names: list[str] = []
    for name in map(str, theirs):
        wanted = f"{name} (yours)" if name in taken else name
        copy = 2
        while wanted in taken:
            wanted, copy = f"{name} (yours {copy})", copy + 1
        taken.add(wanted)
        names.append(wanted)
    return pd.concat([ours, theirs.set_axis(names, axis=1)], axis=1)


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV; text that a spreadsheet would run gets an apostrophe.

    The mark at the start tells Excel that the letters are UTF-8.
    """
    safe = frame.rename(columns=lambda name: as_cell(str(name)))
    for position in range(safe.shape[1]):
        if safe.dtypes.iloc[position].kind not in "biuf":
            cells = safe.iloc[:, position].map(lambda v: as_cell(v) if isinstance(v, str) else v)
            safe.isetitem(position, cells.to_numpy())
    return safe.to_csv(index=False).encode("utf-8-sig")
