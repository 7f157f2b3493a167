"""t-SNE maps of the held-out pictures, kept in a file because they take seconds.

`python -m core.learning.t_sne` makes them again.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learning.dimensionality_reduction.model import DATA, RECORDED, examples
from core.store import remembered

FILE = RECORDED / "t_sne.npz"
PERPLEXITY = 30


@remembered
def t_sne_map(data: str) -> NDArray[np.float32]:
    """Places of the 1,000 held-out pictures on the kept map (N, 2)."""
    with np.load(FILE, allow_pickle=False) as kept:
        xy: NDArray[np.float32] = kept[data].astype(np.float32)
    xy.setflags(write=False)
    return xy


def fitted(data: str) -> NDArray[Any]:
    """The map made anew from the pixels (van der Maaten and Hinton, 2008)."""
    from sklearn.manifold import TSNE

    pixels = examples(data, 500).held_out.numpy()
    made = TSNE(2, perplexity=PERPLEXITY, init="pca", random_state=0).fit_transform(pixels)
    return np.asarray(made)


def _main() -> None:
    maps: dict[str, Any] = {data: fitted(data).astype(np.float16) for data in DATA}
    np.savez_compressed(FILE, **maps)


if __name__ == "__main__":
    _main()
