"""Every page of the navigation on a phone and on a desk, by mouse and by keyboard alone."""

import ast
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_idle
from tests.browser.player import PLAYER, Open, wait_for
from tests.conftest import ROOT, page_name

pytestmark = pytest.mark.browser

SIZES = {
    "laptop": {"width": 1280, "height": 720, "color_scheme": "light"},
    "desk": {"width": 1440, "height": 900, "color_scheme": "dark"},
    "phone": {"width": 390, "height": 844, "color_scheme": "dark", "has_touch": True},
}
# Of a picture that is taller than these pixels, its first ones must be on the first screen.
ENOUGH, ENOUGH_ON_A_PHONE = 440, 380
# A page's other pictures, by the page: how the address asks for them.
MODES = {
    "clustering": "clustering_mode=k-means+step+by+step",
    "reinforcement": "reinforcement_mode=CartPole",
    "transfer": "transfer_mode=Your+own+classes",
}
# The window's height, and where the bar and the picture begin and end in it.
PLACES = f"""() => {{
  const player = ({PLAYER})();
  const ends = (name) => {{
    const box = player.querySelector(name).getBoundingClientRect();
    return [box.top, box.bottom];
  }};
  return [window.innerHeight, ...ends(".bar"), ...ends(".stage")];
}}"""
# What a screen reader would find without a name in the player.
NAMELESS = f"""() => [...({PLAYER})().querySelectorAll("[role=img], img, button, select, input")]
  .filter((element) => !(element.ariaLabel || element.title || element.textContent.trim()
    || element.labels?.[0]?.textContent.trim() || element.closest("[aria-hidden=true]")))
  .map((element) => element.outerHTML.slice(0, 120))"""
# What a finger would miss: our buttons, fields and bars, and how large each is. A bias is a mark
# on its unit: a tap on the unit brings up a button of its own for it.
SMALL = f"""() => [...({PLAYER})().querySelectorAll("button, select, input")]
  .filter((element) => element.checkVisibility() && !element.matches(".network-bias"))
  .map((element) => [element, element.closest("label") ?? element])
  .map(([element, target]) => [element.outerHTML.slice(0, 90), target.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 43.5)
  .map(([html, box]) => `${{html}}: ${{Math.round(box.width)}} by ${{Math.round(box.height)}}`)"""
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
# What is Streamlit's own and not ours to change, rule by rule. The menu of a phone is a list of
# links without items; the chosen segment is written in the primary colour, 4.1 : 1 in the dark;
# what is disabled is pale (and WCAG exempts it).
THEIRS = {
    "list": "[data-testid=stSidebarNav]",
    "listitem": "[data-testid=stSidebarNav]",
    "color-contrast": "[data-testid=stButtonGroup], [disabled]",
}
SEVERE = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """What axe-core holds to be serious or critical on the page as it stands."""
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in SEVERE
        for node in found["nodes"]
        if not is_theirs(page, found["id"], node["target"])
    ]


def is_theirs(page: Page, rule: str, target: list[str | list[str]]) -> bool:
    """Whether a part outside our shadow roots is Streamlit's own, for this rule."""
    if rule not in THEIRS or not isinstance(target[0], str):
        return False
    within = "([part, theirs]) => document.querySelector(part)?.closest(theirs) != null"
    return bool(page.evaluate(within, [target[0], THEIRS[rule]]))


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


def first_screen(page: Page, part: float, enough: float) -> None:
    """The bar is in sight whole, and so is `part` of the picture, or `enough` pixels of it."""
    window, bar_top, bar_bottom, top, bottom = page.evaluate(PLACES)
    assert 0 <= bar_top < bar_bottom <= window
    assert top + min(part * (bottom - top), enough) <= window + 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_a_page_shows_its_picture_at_once(open_page: Open, path: Path, size: str) -> None:
    """Title, bar and picture on the first screen, nothing cut off, everything named."""
    page = open_page(address(path), **SIZES[size])
    expect(page.get_by_role("heading", level=1, name=title(path))).to_be_visible()
    assert page.evaluate(OVERFLOW) <= 0
    if path in TOPICS:
        shows_its_picture(page, size)
    if size != "desk":  # light, and dark
        assert violations(page) == []
    mode = MODES.get(page_name(path))
    if mode:
        page.goto(f"{page.url.split('?')[0]}?{mode}")
        wait_until_idle(page)
        shows_its_picture(page, size)
        assert size == "desk" or violations(page) == []


def shows_its_picture(page: Page, size: str) -> None:
    wait_for(page, "Number(d.n) > 0")
    assert page.evaluate(OVERFLOW) <= 0
    first_screen(page, *((0.5, ENOUGH_ON_A_PHONE) if size == "phone" else (1, ENOUGH)))
    dark = str(SIZES[size]["color_scheme"] == "dark").lower()
    assert page.locator(".player").get_attribute("data-dark") == dark
    assert page.evaluate(NAMELESS) == []
    if size == "phone":
        assert page.evaluate(SMALL) == []


def test_high_contrast_leaves_tracks_and_choices_in_sight(open_page: Open) -> None:
    page = open_page("network?controls=All", forced_colors="active", color_scheme="dark")
    wait_for(page, "Number(d.n) > 0")
    colour = "(node) => getComputedStyle(node).backgroundColor"
    behind = page.locator("body").evaluate(colour)
    sidebar = page.get_by_test_id("stSidebar")
    for part in (
        sidebar.get_by_test_id("stSlider").first.locator("[role=group] > div > div").first,
        sidebar.get_by_test_id("stSliderThumbValue").first.locator(".."),
        sidebar.locator("[data-testid=stButtonGroup] [aria-checked=true]").first,
        sidebar.locator("[data-testid=stCheckbox] label > div:not([data-testid]) > div").first,
    ):
        assert part.evaluate(colour) not in (behind, "rgba(0, 0, 0, 0)")
    rail = "(node) => getComputedStyle(node).getPropertyValue('--rail')"
    assert "Highlight" in page.locator(".player .scrubber").evaluate(rail)


def test_a_preset_is_one_step_of_history_and_back_undoes_it(open_page: Open) -> None:
    page = open_page("neuron", reduced_motion="reduce")
    preset = page.locator(".st-key-neuron-preset input")
    entries = "() => window.history.length"
    for name, data in (("AND", "AND"), ("Break it: XOR", "XOR")):
        before = page.evaluate(entries)
        preset.click()
        page.get_by_role("option", name=name, exact=True).click()
        page.wait_for_function(f"() => location.search.includes('neuron_data={data}')")
        wait_until_idle(page)
        expect(preset).to_have_value(name)
        assert page.evaluate(entries) == before + 1
    page.go_back()
    expect(preset).to_have_value("AND")
    page.go_back()
    expect(preset).to_have_value("Two clouds")


def test_the_bar_stays_in_sight_beside_the_curves(open_page: Open) -> None:
    page = open_page("network", **SIZES["phone"])
    wait_for(page, "Number(d.n) > 0")
    page.locator(".player .curve").first.scroll_into_view_if_needed()
    _, top, _, stage, _ = page.evaluate(PLACES)
    assert stage < 0 < top


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
