"""Scripts and notebooks to take home: what all of them have in common.

A topic gives its data and its model; the head, the imports, the thread and the
reading of the file beside the script are written here.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from itertools import pairwise
from textwrap import fill
from types import ModuleType
from typing import Any

import numpy as np

ACTIVATIONS = {
    "identity": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU()",
    "gelu": "nn.GELU()",
    "softplus": "nn.Softplus()",
}
OPTIMIZERS = {
    "sgd": "torch.optim.SGD(network.parameters(), lr={rate!r})",
    "momentum": "torch.optim.SGD(network.parameters(), lr={rate!r}, momentum=0.9)",
    "adam": "torch.optim.Adam(network.parameters(), lr={rate!r})",
}
READ_ARRAYS = 'with np.load("{file}") as file:\n    data = dict(file)'
READ_TABLE = (
    'table = np.loadtxt("{file}", delimiter=",", skiprows=1, dtype=np.float32, quotechar=\'"\')'
)
# What in a script asks for which import, in the order of a formatter.
_STANDARD = {
    r"\bcopy\.": "import copy",
    r"\bmath\.": "import math",
    r"\bOrderedDict\(": "from collections import OrderedDict",
    r"@dataclass": "from dataclasses import dataclass",
    r"\bpairwise\(": "from itertools import pairwise",
    r"\bSimpleNamespace\(": "from types import SimpleNamespace",
    r"\bNamedTuple\b": "from typing import NamedTuple",
}
_INSTALLED = {
    r"\bnp\.": "import numpy as np",
    r"\btorch\.": "import torch",
    r"\bF\.": "import torch.nn.functional as F",
    r"\bGenerator\b": "from numpy.random import Generator",
    r"\bNDArray\b": "from numpy.typing import NDArray",
    r"\bload_file\(": "from safetensors.torch import load_file",
    r"\bKMeans\(": "from sklearn.cluster import KMeans",
    r"\bPCA\(": "from sklearn.decomposition import PCA",
    r"\bLogisticRegression\(": "from sklearn.linear_model import LogisticRegression",
    r"\bnormalized_mutual_info_score\(": "from sklearn.metrics import normalized_mutual_info_score",
    r"\broc_auc_score\(": "from sklearn.metrics import roc_auc_score",
    r"\bmake_pipeline\(": "from sklearn.pipeline import make_pipeline",
    r"\bStandardScaler\(": "from sklearn.preprocessing import StandardScaler",
    r"\bnn\.": "from torch import nn",
}
_PACKAGES = {"numpy": "NumPy", "torch": "PyTorch", "sklearn": "scikit-learn"}
_PLAIN = re.compile(r"[\w .,()-]{0,60}", re.ASCII)  # what a learner typed stays outside


def program(
    what: str, config: Any, record: int, *blocks: str, files: Sequence[str] = (), read: str = ""
) -> str:
    """The script of a run: its head, then the blocks of the topic.

    `what` says in a sentence what the script does; `files` stand beside it, and `read`
    loads the first of them (`READ_ARRAYS`, `READ_TABLE`).
    """
    body = "\n\n".join(block.rstrip("\n") for block in blocks)
    if read:
        body = f"{read.format(file=files[0])}\n{body}"
    if "torch." in body:
        said = "  # as on the page: another number changes the last digits"
        body = f"torch.set_num_threads(1){said}\n{body}"
    imports = "\n\n".join(filter(None, (_imports(body, _STANDARD), _imports(body, _INSTALLED))))
    if re.search("^class ", body, re.MULTILINE) and "->" in body:
        imports = f"from __future__ import annotations\n\n{imports}"
    said = "\n\n".join([what, _made(config, record), _needs(imports, files)])
    return f'"""{said}\n"""\n\n{imports}\n\n{body}\n'


def _imports(body: str, known: dict[str, str]) -> str:
    return "\n".join(line for pattern, line in known.items() if re.search(pattern, body))


def _made(config: Any, record: int) -> str:
    """Which page and settings the script stands for; only what differs from the defaults."""
    page = type(config).__module__.split(".")[-2].replace("_", " ")
    changed = [
        f"{field.name} = {value}"
        for field in fields(config)
        if (value := getattr(config, field.name)) != field.default
        and (field.default_factory is MISSING or value != field.default_factory())
        and _PLAIN.fullmatch(str(value))
    ]
    settings = f"with {', '.join(changed)}" if changed else "with the settings it opens with"
    made = f"The run of the page on {page} in Deep Learning Explorer, up to record {record}, "
    return fill(f"{made}{settings}.", 88)


def _needs(imports: str, files: Sequence[str]) -> str:
    found = re.findall(r"^(?:import|from) (\w+)", imports, re.MULTILINE)
    packages = [name for package, name in _PACKAGES.items() if package in found]
    packages += ["safetensors"] if "safetensors" in found else []
    beside = f"; {' and '.join(files)} beside it" if files else ""
    return f"Needs {', '.join(packages)}{beside}."


def source(module: ModuleType, *names: str) -> str:
    """Constants, functions and classes of this project as they stand in it."""
    found = [(name, getattr(module, name)) for name in names]
    constants = [f"{n} = {_written(v)}" for n, v in found if not callable(v)]
    parts = [inspect.getsource(v).strip() for _, v in found if callable(v)]
    return "\n\n\n".join(["\n".join(constants)] * bool(constants) + parts) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r})"
    return repr(float(value)) if isinstance(value, np.floating) else repr(value)


def stacked(sizes: Sequence[int], activation: str, p_drop: float = 0) -> str:
    """The `nn.Sequential` of a dense network, with nothing after its last layer."""
    layers: list[str] = []
    *hidden, (n_last, n_out) = pairwise(sizes)
    for n_in, n_units in hidden:
        layers += [f"nn.Linear({n_in}, {n_units})", ACTIVATIONS[activation]]
        layers += [f"nn.Dropout({p_drop})"] if p_drop else []
    layers.append(f"nn.Linear({n_last}, {n_out})")
    return "nn.Sequential(\n" + "".join(f"    {layer},\n" for layer in layers) + ")"


def cells(code: str) -> list[str]:
    """The script behind its docstring, parted where an empty line parts its statements."""
    lines, starts = code.splitlines(), []
    for before, after in pairwise(ast.parse(code).body):
        gap = range(before.end_lineno or 0, after.lineno - 1)
        starts += [line for line in gap if not lines[line].strip()][-1:]
    ends = [*starts[1:], len(lines)]
    return ["\n".join(lines[a:b]).strip() for a, b in zip(starts, ends, strict=True)]


def notebook(code: str) -> bytes:
    """The script as a notebook: its docstring as text, then a cell for each of its blocks."""
    from nbformat import v4, writes  # here, since few visitors ask for one

    title, _, told = (ast.get_docstring(ast.parse(code)) or "").partition("\n")
    made = [v4.new_markdown_cell(f"# {title}\n{told}"), *map(v4.new_code_cell, cells(code))]
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place}"  # by chance otherwise, and the file is never twice the same
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = v4.new_notebook(cells=made, metadata={"kernelspec": kernel})
    return str(writes(whole)).encode("utf-8")


def falling_rate(rate: float, per_record: int, n_steps: int) -> str:
    """Lines of a loop over `step` in which the learning rate falls to zero in steps."""
    return (
        f"    # The learning rate falls to zero in {n_steps} stages.\n"
        f"    remaining = 1 - step // {per_record} / {n_steps}\n"
        f'    optimizer.param_groups[0]["lr"] = {rate} * remaining'
    )


def rows(table: Iterable[Iterable[float]], digits: int = 6) -> str:
    """Rows of numbers as the lines of a list."""
    return "\n".join(f"    {[round(float(v), digits) for v in row]}," for row in table)
