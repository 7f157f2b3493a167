"""What is told of a head: warnings about its pictures, findings, the picture that moves."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import downloads, scripts
from core.data.escaping import as_cell, as_markdown
from core.data.exports import to_csv
from core.learning.transfer.own_classes import Config, examples
from core.learning.transfer.own_classes_head import HeadFile
from core.learning.transfer.own_classes_pictures import ready_features, ready_pictures
from core.learning.transfer.picture import REACH, corners, places
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent

Floats = NDArray[np.float32]
MIN_PICTURES = 3  # of a class
MAX_RATIO = 2  # of the largest class to the smallest
GOAL, GOAL_CLASSES = 0.9, 4
TITLES = ("Images it learned from", "The same, each left out")
SPREAD = 0.26
CURVES = [
    {
        "title": "Accuracy",
        "unit": "share",
        "series": [
            {"array": "accuracy", "index": 0, "label": "learned from"},
            {"array": "accuracy", "index": 1, "label": "left out"},
        ],
    },
    {
        "title": "Loss",
        "unit": "nats",
        "series": [
            {"array": "losses", "index": 0, "label": "learned from"},
            {"array": "losses", "index": 1, "label": "left out"},
        ],
    },
]


def scene(classes: Sequence[str]) -> dict[str, Any]:
    """Two maps of the same pictures, the classes at their corners."""
    return {
        "titles": list(TITLES),
        "classes": list(classes),
        "corners": corners(len(classes)).tolist(),
        "reach": REACH,
        "dots": "pictures",
        "noun": "picture",
        "accuracy": "accuracy",
        "hint": "Left out: each image is judged by a head that never saw it.",
    }


def arrays(run: Run, first: int, stop: int) -> Mapping[str, NDArray[Any]]:
    """Maps and curves for records first … stop - 1."""
    records = [run.at(record) for record in range(first, stop)]
    names = ("loss", "losses", "accuracy", "answers")
    sent = {name: np.stack([record[name] for record in records]) for name in names}
    return {**sent, "xy": np.stack([places(record["p"], SPREAD) for record in records])}


def head_of(known: Records, classes: Sequence[str]) -> HeadFile:
    """The head as it stood at a record."""
    return HeadFile(tuple(classes), known["weight"], known["bias"])


def tested(config: Config, head: HeadFile) -> float | None:
    """The share of a ready-made set's other pictures that a head names rightly."""
    if not config.ready:
        return None
    shown = ready_pictures(config.ready, "test")
    p = head.p(ready_features()[shown.rows])
    return float((p.argmax(axis=1) == shown.labels).mean())


def warnings(counts: Sequence[int], classes: Sequence[str]) -> list[str]:
    """What is wrong with the numbers of pictures, as Markdown with the names escaped."""
    said = [
        f"**{as_markdown(name)}** has {n} image{'s' * (n != 1)}; {MIN_PICTURES} are the least "
        "that can say what its images share."
        for name, n in zip(classes, counts, strict=True)
        if n < MIN_PICTURES
    ]
    if min(counts) and max(counts) > MAX_RATIO * min(counts):
        most, least = (as_markdown(classes[int(place)]) for place in _ends(counts))
        said.append(
            f"The classes are unbalanced: **{most}** has {max(counts)} images, **{least}** "
            f"{min(counts)}. A head that is unsure will lean to the larger class."
        )
    return said


def _ends(counts: Sequence[int]) -> tuple[int, int]:
    return int(np.argmax(counts)), int(np.argmin(counts))


def challenge(config: Config, records: Records, n_own: int) -> tuple[bool, str]:
    """Whether classes of one's own are told apart when each picture is left out."""
    left_out = float(records["accuracy"][-1, 1])
    own = "" if n_own else " These are not your own images yet."
    told = f"{per_cent(left_out)} of the images left out, {config.n_classes} classes.{own}"
    return bool(n_own and left_out >= GOAL and config.n_classes >= 3), told


def table_file(config: Config, known: Records, classes: Sequence[str]) -> bytes:
    """Every picture's class and what is said of it, seen and left out, as CSV."""
    y = examples(config)[1].numpy()
    columns: dict[str, Any] = {"class": [as_cell(classes[label]) for label in y]}
    for place, name in enumerate(("learned", "left_out")):
        for label, each in enumerate(classes):
            columns[as_cell(f"{name}: {each}")] = known["p"][place, :, label]
    return to_csv(pd.DataFrame(columns))


def data_file(config: Config) -> bytes:
    """Features and labels of the pictures as .npz, for the script."""
    x, y = examples(config)
    return downloads.arrays(features=x, labels=y)


_SCRIPT = '''\
x, y = torch.from_numpy(data["features"]), torch.from_numpy(data["labels"])


def trained(kept):
    """The head after {n_epochs} epochs on the images that are kept."""
    torch.manual_seed({seed})
    head = nn.Linear(x.shape[1], {n_classes})
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.SGD(head.parameters(), lr={learning_rate})
    for _ in range({n_epochs}):
        for rows in torch.randperm(len(x)).split({batch_size}):
            rows = rows[kept[rows]]
            if len(rows):
                optimizer.zero_grad()
                F.cross_entropy(head(x[rows]), y[rows]).backward()
                optimizer.step()
    return head


everyone = torch.ones(len(x), dtype=torch.bool)
head = trained(everyone)
print(f"training loss: {{F.cross_entropy(head(x), y):.6f}}")
right = 0
for left_out in range(len(x)):
    without = everyone.clone()
    without[left_out] = False
    right += int(trained(without)(x[left_out]).argmax() == y[left_out])
print(f"left out, accuracy: {{right / len(x):.4f}}")
'''


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains the head as the page did, and every head without one picture."""
    from core.learning.transfer.own_classes import BATCH_SIZE

    text = _SCRIPT.format(
        n_epochs=record,
        n_classes=config.n_classes,
        seed=config.seed,
        learning_rate=config.learning_rate,
        batch_size=BATCH_SIZE,
    )
    what, files = "Trains a head on features of a pretrained network.", ["features.npz"]
    return scripts.program(what, config, record, text, files=files, read=scripts.READ_ARRAYS)
