"""Make the moving picture of the README: the network page as it plays.

Run: python -m tests.browser.moving_picture
"""

import io
import shutil
from collections.abc import Sequence

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM_OPTIONS, wait_until_idle
from tests.browser.player import ask, press, wait_for
from tests.conftest import ROOT, serving

FILE = ROOT / "docs/network.webp"
SCREEN = {"width": 1280, "height": 720}  # pixels
FRAMES = range(0, 208, 4)  # records shown, one a frame
BETWEEN = 125  # milliseconds a frame; so it plays about as fast as the page's 30 / s
AT_THE_END = 1_000  # milliseconds that the last frame stands before all begins again
MOST_BYTES = 1_500_000
QUALITIES = (80, 65, 50, 35)  # of WebP; the first that fits is taken


def taken(page: Page) -> list[Image.Image]:
    """The page's main area at each of the records, while it plays.

    The player is led from record to record, so how busy the machine is does not show.
    """
    area = page.get_by_test_id("stMain").bounding_box()
    if page.locator(".player").get_attribute("data-playing") != "true":
        press(page, "Play")
    ask(page, "player.setSpeed('1')")  # hardly anything passes while a frame is taken
    frames = []
    for record in FRAMES:
        ask(page, f"player.seek({record})")
        wait_for(page, f"Number(d.record) >= {record}")
        frames.append(Image.open(io.BytesIO(page.screenshot(clip=area))).convert("RGB"))
    return frames


def packed(frames: Sequence[Image.Image]) -> bytes:
    """An animated WebP that plays for ever, as good as the bytes allow."""
    durations = [BETWEEN] * (len(frames) - 1) + [AT_THE_END]
    for quality in QUALITIES:
        file = io.BytesIO()
        options = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
        frames[0].save(file, "WEBP", quality=quality, method=6, **options)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    raise RuntimeError(f"{file.tell():,} bytes at the lowest quality, allowed are {MOST_BYTES:,}")


def main() -> None:
    """Play the network page in a fresh Chromium and write what it shows."""
    with serving() as server, sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport=SCREEN, color_scheme="light")
        page.goto(f"http://{server.address}/network")
        wait_until_idle(page, timeout=120_000)
        wait_for(page, "Number(d.n) > 0")
        frames = taken(page)
        browser.close()
    FILE.write_bytes(packed(frames))
    seconds = (BETWEEN * (len(frames) - 1) + AT_THE_END) / 1000
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size:,} bytes, {seconds} s")


if __name__ == "__main__":
    main()
