"""The home page: every page has its picture, the paths lead somewhere, the search finds."""

from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.elements.curriculum import card_picture
from pages.elements.paths import LAB, LECTURE, Step
from tests.conftest import ROOT, page_name
from tests.test_pages import TOPIC_PAGES, opened


def home(**query: str) -> AppTest:
    """The app as a visitor finds it at first."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    return app.run()


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_every_page_has_a_picture_for_both_themes(path: Path) -> None:
    for scheme in ("light", "dark"):
        with Image.open(card_picture(page_name(path), scheme)) as picture:
            assert picture.size == (480, 270)
            assert len(picture.convert("RGB").quantize(16).getcolors() or []) > 4


def test_the_lecture_takes_its_45_minutes() -> None:
    assert sum(step.minutes for step in LECTURE) == 45
    assert 60 <= sum(step.minutes for step in LAB) <= 90


def test_every_step_leads_to_a_page() -> None:
    stems = {page_name(path) for path in TOPIC_PAGES}
    assert {step.page for step in (*LECTURE, *LAB)} <= stems


SET_UP = [step for step in (*LECTURE, *LAB) if step.query]


@pytest.mark.parametrize("step", SET_UP, ids=lambda step: step.page)
def test_a_step_opens_its_page_as_it_is_wanted(step: Step) -> None:
    path = next(path for path in TOPIC_PAGES if page_name(path) == step.page)
    app = opened(path, **step.query)
    assert not app.exception
    assert not [info for info in app.info if "link" in info.value.casefold()]
    for name, text in step.query.items():
        assert app.query_params[name] == text


def test_a_search_leaves_the_cards_that_speak_of_it() -> None:
    everything, found = home(), home(home_search="overfit")
    names = [link.label for link in found.get("page_link")]
    assert any("Overfitting" in name for name in names)
    assert 1 <= len(names) < len(everything.get("page_link")) / 3
    assert not home(home_search="qqq").exception
