"""Finding one's way in a browser: the menus, the map, a path, the search, the Back button."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_idle
from tests.browser.player import PLAYER, Open, paused, wait_for

pytestmark = pytest.mark.browser

MENUS = ["Foundations", "Types of learning", "Perception", "For teachers", "About"]
STEPS_IN_HISTORY = "() => window.history.length"


def heading(page: Page, words: str) -> None:
    """Wait until the page whose heading begins so is there."""
    expect(page.get_by_role("heading", level=1, name=re.compile(f"^{words}"))).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1440])
def test_all_menus_stand_along_the_top(open_page: Open, width: int) -> None:
    page = open_page("neuron", width=width)  # with its sidebar: less room
    bar = page.get_by_test_id("stHeader")
    for menu in MENUS:
        expect(bar.get_by_text(menu, exact=True)).to_be_visible()
    expect(bar.get_by_text(re.compile(r"\d+ more"))).to_have_count(0)


def test_home_starts_with_one_neuron_and_jumps_to_sections(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Vision").click()
    expect(page.get_by_role("heading", name="Vision")).to_be_in_viewport()
    page.get_by_role("button", name="Start here").click()
    heading(page, "One neuron")


def test_a_path_leads_from_stop_to_stop_with_its_task(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name=re.compile("2. One neuron · 10 min")).click()
    heading(page, "One neuron")
    expect(page.get_by_text("Try to solve XOR with one neuron")).to_be_visible()
    page.get_by_role("link", name="Next: Neural network").first.click()
    heading(page, "Neural network")
    expect(page.get_by_text("Click your own points")).to_be_visible()
    assert "path=lab&stop=3" in page.url
    page.reload()
    expect(page.get_by_text("Click your own points")).to_be_visible()


def test_a_search_finds_while_one_types_and_says_when_it_does_not(open_page: Open) -> None:
    page = open_page()
    box = page.get_by_role("searchbox")
    box.press_sequentially("xor")
    expect(page.get_by_text("2 pages for “xor”")).to_be_visible()
    box.fill("GAN")
    expect(page.get_by_text("There is no page about “GAN” yet")).to_be_visible()
    box.fill("zzzz")
    expect(page.get_by_text("Nothing was found for “zzzz”")).to_be_visible()
    assert page.get_by_test_id("stImage").count() >= 1


def test_back_goes_to_where_one_was(open_page: Open) -> None:
    page = open_page()
    page.get_by_test_id("stMain").locator('a[href="network"]').last.click()
    heading(page, "Neural network")
    wait_for(page, "Number(d.n) > 0")
    address, before = page.url, page.evaluate(STEPS_IN_HISTORY)
    paused(page, 12)
    expect(page.get_by_role("heading", name="Look inside, at epoch 12")).to_be_visible()
    assert (page.url, page.evaluate(STEPS_IN_HISTORY)) == (address, before)
    wait_until_idle(page)
    page.get_by_role("link", name="Next: Activation functions").click()
    heading(page, "Activation functions")
    wait_until_idle(page)
    page.go_back()
    heading(page, "Neural network")
    wait_for(page, "d.record === '12'")
    wait_until_idle(page)
    page.go_back()
    heading(page, "Deep learning")


# All that a player may tell while its page is being left, several times over.
REPORTS = f"""() => {{
  const player = ({PLAYER})().explorer;
  addEventListener("popstate", () => {{
    for (const ms of [0, 2, 10, 30, 60]) setTimeout(() => {{
      const ask = {{ run: player.options.run, first: 0, upto: 20 + ms, ask: 90 + ms, at: 1 }};
      window.__explorer_players.values().next().value?.request?.(ask);
      player.record = ms;
      player.settle();
    }}, ms);
  }});
  history.back();
}}"""


def test_a_page_that_is_left_cannot_call_back(open_page: Open) -> None:
    for _ in range(4):
        page = open_page("network?controls=All&network_epochs=2000")
        wait_for(page, "Number(d.n) > 0")
        page.get_by_role("link", name="Next: Activation functions").click()
        heading(page, "Activation functions")
        wait_for(page, "Number(d.n) > 0")
        page.evaluate(REPORTS)
        heading(page, "Neural network")
        wait_until_idle(page)
        page.wait_for_timeout(300)
        heading(page, "Neural network")
        assert "/network" in page.url
        page.context.close()


def test_a_link_to_a_moment_opens_there_until_the_run_changes(open_page: Open) -> None:
    page = open_page("network?controls=All&network_seed=3&network_record=30")
    wait_for(page, "d.record === '30' && d.playing === 'false'")
    page.reload()
    wait_until_idle(page)
    wait_for(page, "d.record === '30' && d.playing === 'false'")
    run = page.locator(".player").get_attribute("data-run")
    page.get_by_role("spinbutton", name="Seed").fill("4")
    page.keyboard.press("Enter")
    wait_for(page, f"d.run !== '{run}'")
    wait_until_idle(page)
    assert "network_record" not in page.url
