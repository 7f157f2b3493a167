"""Every page of the navigation on a phone and on a desk, by mouse and by keyboard alone."""

import ast
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player import Open, wait_for
from tests.conftest import ROOT, page_name

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "color_scheme": "dark"}
DESK = {"width": 1280, "height": 900, "color_scheme": "light"}
# How far anything reaches beyond its window, pixels: the page itself and what scrolls in it.
OVERFLOW = """() => {
  const inside = document.querySelector('[data-testid="stMain"]');
  const beyond = inside.scrollWidth - inside.clientWidth;
  return Math.max(beyond, document.documentElement.scrollWidth - window.innerWidth);
}"""
FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused?.matches(".player .play") && focused.matches(":focus-visible");
}"""
MOST_TABS = 150


def navigation() -> list[Path]:
    """The page scripts, those of the topics in the order of streamlit_app.py."""
    text = (ROOT / "streamlit_app.py").read_text(encoding="utf-8")
    topics = [ROOT / "pages" / t / "page.py" for t in re.findall(r"topic\(\"([\w/]+)\"", text)]
    return [*sorted(ROOT.glob("pages/*.py")), *topics]


def address(path: Path) -> str:
    """Where a page is found; the home page needs no name."""
    return "" if page_name(path) == "home" else page_name(path)


def title(path: Path) -> str:
    """The heading that a page's own text begins with."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.splitlines()[0].removeprefix("# ")


PAGES = navigation()
TOPICS = [path for path in PAGES if path.name == "page.py"]


def by_name(path: Path) -> str:
    return page_name(path)


def shows_all(page: Page, path: Path) -> None:
    """The title is there, the player has records, and nothing is cut off at the side."""
    expect(page.get_by_role("heading", level=1, name=title(path))).to_be_visible()
    if path in TOPICS:
        wait_for(page, "Number(d.n) > 0")
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_a_page_fits_a_dark_phone(open_page: Open, path: Path) -> None:
    page = open_page(address(path), **PHONE)
    shows_all(page, path)
    if path in TOPICS:
        assert page.locator(".player").get_attribute("data-dark") == "true"


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_a_page_fits_a_light_desk(open_page: Open, path: Path) -> None:
    page = open_page(address(path), **DESK)
    shows_all(page, path)
    if path in TOPICS:
        assert page.locator(".player").get_attribute("data-dark") == "false"


@pytest.mark.parametrize("path", TOPICS, ids=by_name)
def test_tab_reaches_the_play_button_and_space_plays(open_page: Open, path: Path) -> None:
    page = open_page(address(path), reduced_motion="reduce")
    wait_for(page, "d.playing === 'false'")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            break
    assert page.evaluate(FOCUSED)
    page.keyboard.press("Space")
    wait_for(page, "Number(d.record) > 0")


def test_the_home_page_leads_to_every_topic(open_page: Open) -> None:
    page = open_page()
    main = page.get_by_test_id("stMain")
    for path in TOPICS:
        expect(main.locator(f'a[href="{page_name(path)}"]').last).to_be_visible()
    main.locator(f'a[href="{page_name(TOPICS[1])}"]').last.click()
    expect(page.get_by_role("heading", level=1, name=title(TOPICS[1]))).to_be_visible()
    wait_for(page, "Number(d.n) > 0")
    page.go_back()
    expect(main.locator(f'a[href="{page_name(TOPICS[-1])}"]').last).to_be_visible()
