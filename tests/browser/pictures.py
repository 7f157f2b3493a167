"""Take the pictures of the home page's cards anew, each from its page's own player.

Run: python -m tests.browser.pictures [page ...]
"""

import io
import shutil
import sys

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pages.elements.curriculum import card_picture
from tests.browser.conftest import CHROMIUM_OPTIONS, wait_until_idle
from tests.browser.player import PLAYER
from tests.conftest import page_files, page_name, serving

SIZE = (480, 270)  # pixels; a card is at most this wide
PLAYED = 9_000  # milliseconds that a picture plays before it is taken
SCALE = 2  # pixels of the screen for one of the page
# The part of the stage that a card shows: its left, top and width in pixels of the page,
# where the page is 1,000 wide. The others show all of the stage's upper part.
PARTS = {
    "network": (0, 20, 540),
    "neuron": (0, 80, 540),
    "rules_or_learning": (0, 75, 540),
    "numbers_and_patterns": (0, 655, 540),
    "activation_functions": (0, 50, 540),
    "gradient_descent": (0, 20, 395),
    "layers": (20, 5, 285),
    "classification": (0, 48, 540),
    "regression": (0, 62, 540),
    "dimensionality_reduction": (0, 120, 540),
    "semi_supervised": (0, 245, 540),
    "reinforcement": (0, 0, 445),
    "transfer": (0, 0, 400),
    "image_classification": (0, 175, 430),
}


def taken(browser: Browser, address: str, page: str, scheme: str) -> Image.Image:
    """The stage of a page's player after it has played, as it is drawn."""
    context = browser.new_context(
        # So tall that nothing scrolls: the bar along the top would lie over the picture.
        viewport={"width": 1000, "height": 3000},
        color_scheme=scheme,
        device_scale_factor=SCALE,
    )
    view = context.new_page()
    view.goto(f"http://{address}/{page}")
    wait_until_idle(view, timeout=120_000)
    view.wait_for_function(f"() => ({PLAYER})()?.dataset.n > 0")
    view.wait_for_timeout(PLAYED)
    picture = Image.open(io.BytesIO(view.locator(".player .stage").screenshot()))
    context.close()
    return picture.convert("RGB")


def card(picture: Image.Image, page: str) -> Image.Image:
    """The part of the picture that fills the page's card."""
    left, top, width = PARTS.get(page, (0, 0, picture.width // SCALE))
    height = width * SIZE[1] / SIZE[0]
    part = (SCALE * left, SCALE * top, SCALE * (left + width), round(SCALE * (top + height)))
    return picture.crop(part).resize(SIZE, Image.Resampling.LANCZOS)


def main() -> None:
    """Take the pictures of the pages named, or of all that have a player."""
    named = sys.argv[1:] or [page_name(path) for path in page_files() if path.name == "page.py"]
    with serving() as server, sync_playwright() as playwright:
        executable = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        for page in named:
            for scheme in ("light", "dark"):
                path = card_picture(page, scheme)
                card(taken(browser, server.address, page, scheme), page).save(
                    path, quality=82, optimize=True
                )
                print(f"{page}, {scheme}: {path.stat().st_size:,} bytes", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
