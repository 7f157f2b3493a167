"""A real server and a real Chromium for the tests that need both."""

import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.conftest import serving

# Root may not use Chromium's sandbox, and nothing may reach for the network.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# At the address of a page Streamlit first looks for the server below that address.
PROBE = re.compile(r"http://127\.0\.0\.1:\d+/\w+/_stcore/(health|host-config)")
# What it says to the first visitor of a process who comes by a link; the page then reloads.
LOST = "The page that you have requested does not seem to exist. Running the app's main page."
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === 'notRunning'
    && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium once for all tests."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.fail("the browser tests need Debian's chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # The machine may be busy with other things; what is right still comes.
        expect.set_options(timeout=15_000)
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app(browser: Browser) -> Iterator[str]:
    """Start the app and give its address; fail at the end if a script of it failed."""
    with serving() as server:
        # The first visit of a process imports torch, and reloads the page if it came by a link.
        first = browser.new_page()
        first.goto(f"http://{server.address}")
        wait_until_idle(first, timeout=120_000)
        first.context.close()
        yield f"http://{server.address}"
    assert "Traceback" not in "".join(server.log), "".join(server.log)


@pytest.fixture
def open_page(app: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open addresses in fresh visitors' windows; fail at the end if one complained.

    `open_page("network?network-seed=3", width=390)` waits until the page is idle.
    Further options go to `Browser.new_context` (color_scheme, reduced_motion, …).
    """
    complaints: list[str] = []
    contexts = []

    def open_in_fresh_context(
        path: str = "", width: int = 1280, height: int = 900, **options: object
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page, app, complaints)
        page.goto(f"{app}/{path}")
        wait_until_idle(page)
        return page

    yield open_in_fresh_context
    for context in contexts:
        context.close()
    assert not complaints


def watch(page: Page, app: str, complaints: list[str]) -> None:
    """Collect console errors, uncaught exceptions and requests to other hosts."""

    def on_console(message: ConsoleMessage) -> None:
        source = message.location["url"]
        if message.type == "error" and message.text != LOST and not PROBE.fullmatch(source):
            complaints.append(f"console: {message.text} ({source})")

    def on_request(request: Request) -> None:
        if not request.url.startswith((app, "data:", "blob:")):
            complaints.append(f"request to another host: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))


def wait_until_idle(page: Page, timeout: float = 30_000) -> None:
    """Wait until the script has run and its output is on the page."""
    page.wait_for_function(IDLE, timeout=timeout)
