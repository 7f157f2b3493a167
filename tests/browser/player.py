"""What the browser tests of several pages share: finding, reading and driving the player."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

Open = Callable[..., Page]

# The player lives in a shadow root; this finds its root element there.
PLAYER = """() => {
  const find = (node) => node.querySelector?.(".player") ?? [...node.querySelectorAll("*")]
    .map((element) => element.shadowRoot && find(element.shadowRoot)).find(Boolean);
  return find(document);
}"""


def at(page: Page) -> int:
    """The record that the picture shows."""
    return int(page.locator(".player").get_attribute("data-record") or -1)


def wait_for(page: Page, condition: str) -> None:
    """Wait until a condition on the player's data attributes holds, e.g. "d.record > 5"."""
    page.wait_for_function(f"() => {{ const d = ({PLAYER})()?.dataset; return d && {condition}; }}")


def wait_until(page: Page, condition: str) -> None:
    """Wait until a condition on the player itself holds, e.g. "player.goal === null"."""
    page.wait_for_function(
        f"() => {{ const player = ({PLAYER})()?.explorer; return player && {condition}; }}"
    )


def ask(page: Page, expression: str) -> Any:
    """The value of an expression about the player itself, e.g. "player.record"."""
    return page.evaluate(f"() => {{ const player = ({PLAYER})().explorer; return {expression}; }}")


def press(page: Page, label: str) -> None:
    """Click a button of the bar by its name."""
    page.locator(f'.player [aria-label="{label}"]').click()


def paused(page: Page, record: int) -> None:
    """Stand at a record; one that is not held yet is played to."""
    wait_for(page, "Number(d.n) > 0")
    if page.locator(".player").get_attribute("data-playing") == "true":
        press(page, "Pause")
    page.locator(".player .scrubber").fill(str(record))
    wait_for(page, f"d.record === '{record}'")
