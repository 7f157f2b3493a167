"""Every page, driven as Streamlit runs it: it renders, and no control can break it."""

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import runs
from pages.elements import sharing
from tests.conftest import ROOT, page_files, page_name

TOPIC_PAGES = [path for path in page_files() if path.name == "page.py"]
KINDS = ("slider", "select_slider", "number_input", "selectbox", "toggle", "button_group")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    runs.forget()


def opened(path: Path, /, kept: Mapping[str, Any] | None = None, **query: str) -> AppTest:
    """Open the app at a page with all its controls; links opened directly: `test_links.py`.

    `kept` is what the visit holds already.
    """
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update({"controls": "All", **query})
    app.run()  # the frame names its pages; only then is there one to switch to
    for key, value in (kept or {}).items():
        app.session_state[key] = value
    app.switch_page(path.relative_to(ROOT).as_posix())
    return app.run()


def controls(app: AppTest) -> Iterator[Any]:
    """All widgets that a visitor could set, in the order of the page."""
    for kind in KINDS:
        yield from getattr(app, kind)


def ends(widget: Any) -> tuple[Any, Any]:
    """The lowest and the highest value a control can take, or its first and last option."""
    if widget.type in ("slider", "number_input"):
        return widget.min, widget.max
    if widget.type == "toggle":
        return False, True
    first, last = widget.options[0], widget.options[-1]
    return ([first], [last]) if isinstance(widget.value, list) else (first, last)


def healthy(app: AppTest) -> bool:
    """No exception reached the visitor, and no error was said of settings alone."""
    return not app.exception and not app.error


# Topics whose run has no weights to take, beside those that stand in the script's answer.
NO_WEIGHTS = {"activation_functions", "gradient_descent", "neuron", "overfitting"}


def test_every_page_renders(page_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, Any] = {}
    monkeypatch.setattr(
        sharing,
        "_download",
        lambda label, content, name, key: files.update({name: content}),
    )
    app = opened(page_file, {f"{page_name(page_file)}-home": True})
    assert healthy(app)
    assert len(app.markdown) >= 1
    if page_file in TOPIC_PAGES:
        taken = {name: made() if callable(made) else made for name, made in files.items()}
        check_taken_home(page_name(page_file), taken)


def check_taken_home(page: str, files: dict[str, Any]) -> None:
    """A script, its notebook, curves or values as CSV, and weights: as their programs want them."""
    code = files.pop(f"{page}.py")
    compile(code, page, "exec")
    code.encode("ascii")  # prints on every console
    assert "torch.set_num_threads(1)" in code or "import torch" not in code
    assert re.search(r"seed|default_rng\(", code)
    cells = json.loads(files.pop(f"{page}.ipynb"))["cells"]
    assert sum(cell["cell_type"] == "code" for cell in cells) >= 2
    kinds = {Path(name).suffix for name in files}
    assert ".csv" in kinds
    assert (".safetensors" in kinds) == (page not in NO_WEIGHTS)
    for name, content in files.items():
        assert len(content) > 20, name
        if name.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf"), name  # Excel reads UTF-8
            cells = [
                cell for row in csv.reader(content.decode("utf-8-sig").splitlines()) for cell in row
            ]
            assert not [c for c in cells if c.startswith(tuple("=+-@")) and not is_number(c)], name


def is_number(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a number, not for a formula."""
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_a_page_survives_all_controls_at_one_end_together(path: Path) -> None:
    for end in (0, 1):
        app = opened(path)
        for widget in list(controls(app)):
            set_to(widget, ends(widget)[end])
        assert healthy(app.run())


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_a_page_survives_every_control_at_both_ends(path: Path) -> None:
    app = opened(path)
    for widget in controls(app):
        if widget.key in (f"{page_name(path)}_n_epochs", f"{page_name(path)}_n_steps"):
            set_to(widget, ends(widget)[0])  # what is tried here is the page, not patience
            app.run()
    keys = [(widget.type, widget.key) for widget in controls(app) if widget.key]
    for kind, key in keys:
        for end in (1, 0):  # the low end stays, and most often costs less
            here = [widget for widget in controls(app) if (widget.type, widget.key) == (kind, key)]
            if here:  # another control may have taken it off the page
                set_to(here[0], ends(here[0])[end])
                app.run()
                assert healthy(app), f"{key} at its {'high' if end else 'low'} end"


def set_to(widget: Any, value: Any) -> None:
    """Set a control as a visitor would."""
    if not widget.disabled:
        widget.set_value(value)


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
@pytest.mark.parametrize("text", ["nan", "-99999", "1e999", "<script>alert(1)</script>"])
def test_a_tampered_link_opens_the_default_with_a_notice(path: Path, text: str) -> None:
    plain = defaults(path)
    keys = [key for key in plain if (key or "").startswith(page_name(path))]
    tampered = opened(path, **dict.fromkeys(keys, text), **{f"{page_name(path)}_record": text})
    assert healthy(tampered)
    assert any("link" in info.value.casefold() for info in tampered.info)
    assert values(tampered) == plain


@cache
def defaults(path: Path) -> dict[str, Any]:
    """What every control of a page says to a visitor who comes without a link."""
    return values(opened(path))


def values(app: AppTest) -> dict[str, Any]:
    """What every control says."""
    return {widget.key: widget.value for widget in controls(app)}


@pytest.mark.parametrize(
    ("page", "rows"),
    [("learning/classification", "example"), ("learning/regression", "house")],
)
def test_a_row_of_other_examples_is_let_go(page: str, rows: str) -> None:
    path, topic = ROOT / f"pages/{page}/page.py", page.rpartition("/")[2]
    query = {"regression_data": "Ames house prices"} if topic == "regression" else {}
    app = opened(path, **query)
    app.selectbox(f"{topic}-{rows}").select_index(1).run()
    of = f"{topic}-picked-of"
    examples = {of: app.session_state[of]} if of in app.session_state else {}
    kept = {**examples, f"{topic}-{rows}": "row 999: of another table"}
    assert healthy(opened(path, kept, **query))


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_every_preset_works_and_can_be_left_again(path: Path) -> None:
    app = opened(path)
    before = values(app)
    presets = f"{page_name(path)}-preset"
    *names, _ = app.selectbox(key=presets).options
    assert len(names) >= 3
    for name in [*names[1:], names[0]]:
        app.selectbox(key=presets).select(name).run()
        assert healthy(app), name
        assert app.selectbox(key=presets).value == name
    # What looks inside a picture waits until that stands: its controls may be absent.
    after = values(app)
    assert len(after) >= 5
    assert after == {key: before[key] for key in after}
