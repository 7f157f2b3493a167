"""Scripts that a learner takes home, run in a folder of their own."""

import ast
import os
import subprocess
import sys
from codeop import Compile
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import nbformat
import torch

from core.scripts import notebook


def told(code: str, folder: Path, **files: bytes) -> str:
    """Run the script in `folder`, cell by cell of its notebook, and return what it prints."""
    return ran(code, folder, **files)[0]


def ran(code: str, folder: Path, **files: bytes) -> tuple[str, dict[str, Any]]:
    """What the script prints and what it leaves: its variables by name.

    `files` are put beside it; a name's last underscore stands for the dot (`points_csv`).
    It runs in this process, where torch is loaded already: seconds less than in a new one.
    The notebook says the same as the script, statement by statement, so one run stands for
    both. Printed is as on a Windows pipe, which knows no arrows.
    """
    for name, content in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(content)
    printed, before = TextIOWrapper(BytesIO(), encoding="cp1252"), Path.cwd()
    left: dict[str, Any] = {"__name__": "__main__"}
    compiled = Compile()  # as in a notebook, `from __future__` counts for the cells that follow
    os.chdir(folder)
    try:
        with torch.random.fork_rng(), redirect_stdout(printed):
            for cell in cells(code):
                exec(compiled(cell, "cell", "exec"), left)
    finally:
        os.chdir(before)
    printed.flush()
    return printed.buffer.getvalue().decode("cp1252"), left  # type: ignore[attr-defined]


def piped(code: str, folder: Path) -> str:
    """What the script prints into a Windows pipe, run on its own as at a learner's home."""
    (folder / "script.py").write_text(code, encoding="utf-8")
    told_to = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, env=told_to, capture_output=True, check=True
    )
    return done.stdout.decode("cp1252")


def cells(code: str) -> list[str]:
    """The code cells of the script's notebook, once it is known to be valid and the same."""
    made = nbformat.reads(notebook(code).decode("utf-8"), as_version=4)
    nbformat.validate(made)
    head, *others = made.cells
    assert head.cell_type == "markdown"
    assert all(cell.cell_type == "code" and cell.source for cell in others)
    whole, parts = ast.parse(code), ast.parse("\n".join(cell.source for cell in others))
    assert ast.dump(ast.Module(whole.body[1:], [])) == ast.dump(parts)
    return [cell.source for cell in others]
