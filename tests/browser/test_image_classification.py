"""The image classification page as a learner uses it, in a real browser."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from core.runs import Run
from core.vision.image_classification import model, reading
from core.vision.image_classification.model import Config
from tests.browser.conftest import wait_until_idle
from tests.browser.player import Open, ask, paused, wait_for, wait_until

pytestmark = pytest.mark.browser

PAGE = "image_classification"
# The recorded run's last record, so that every answer is a trained network's.
DRAWING = f"{PAGE}?{PAGE}_source=Draw&{PAGE}_record=50"
UPLOADING = f"{PAGE}?{PAGE}_source=Upload&{PAGE}_record=50"
TURN = np.linspace(0, 2 * np.pi, 25)
# The paths of strokes, in cells of the pad.
STROKES = {
    "0": [(14 + 5 * np.cos(t), 14 + 8 * np.sin(t)) for t in TURN],
    "1": [(14.5, 5), (14, 14), (13.5, 23)],
    "7": [(8, 6), (20, 6), (17, 13), (13, 23)],
}
# How many coloured pixels the middle of each class's bar has, as painted.
BARS = """Array.from({ length: 10 }, (_, c) => {
  const { canvas, layout: { bars } } = player.drawing;
  const ratio = canvas.width / canvas.clientWidth;
  const line = [bars.x, bars.y + (c + 0.5) * bars.step, bars.width];
  const pixels = line.map((v) => Math.round(ratio * v));
  const { data } = canvas.getContext("2d").getImageData(...pixels, 1);
  let n = 0;
  for (let p = 0; p < data.length; p += 4) {
    const colour = data.subarray(p, p + 3);
    if (data[p + 3] && Math.max(...colour) - Math.min(...colour) > 40) n += 1;
  }
  return n;
})"""
PICTURE = "Array.from(player.drawing.scenery.arrays.picture.data)"
PROBABILITIES = "player.drawing.net.probabilities"


def draw(page: Page, digit: str) -> None:
    """Draw a digit with the mouse."""
    box = settled(page, page.locator(f".st-key-{PAGE}-pad canvas.surface"))
    path = [
        (box["x"] + x * box["width"] / 28, box["y"] + y * box["height"] / 28)
        for x, y in STROKES[digit]
    ]
    page.mouse.move(*path[0])
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def settled(page: Page, pad: Locator) -> FloatRect:
    """Where the pad is once the page has stopped moving it about."""
    before = None
    while True:
        wait_until_idle(page)
        pad.scroll_into_view_if_needed()
        page.evaluate("() => new Promise((done) => setTimeout(done, 250))")
        box = pad.bounding_box()
        if box is not None and box == before:
            return box
        before = box


def said(page: Page) -> Locator:
    """The sentence on what the network reads."""
    return page.get_by_text(re.compile(r"^After [\d,]+ steps the network reads"))


def upload(page: Page, path: Path | str) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def photograph(folder: Path, row: int) -> Path:
    """A test digit as one would photograph it: large, dark on light."""
    pixels = model.DATA["mnist"]().x_test[row]
    path = folder / "photograph.png"
    Image.fromarray(255 - pixels).resize((280, 280), Image.Resampling.BICUBIC).save(path)
    return path


def test_digits_drawn_with_the_mouse_are_read_and_the_bars_follow(open_page: Open) -> None:
    page = open_page(DRAWING)
    wait_for(page, "d.record === '50'")
    for digit in STROKES:
        draw(page, digit)
        expect(said(page)).to_contain_text(f"After 1,500 steps the network reads {digit} (")
        wait_until(page, f"player.drawing.net.best === {digit}")
        longest = "((bars) => bars.indexOf(Math.max(...bars)))"
        wait_until(page, f"player.drawing.layout && {longest}({BARS}) === {digit}")
        page.locator(f'.st-key-{PAGE}-pad [data-action="clear"]').click()


def test_a_screen_reader_is_told_what_a_drawing_is_read_as(open_page: Open) -> None:
    page = open_page(DRAWING)
    wait_for(page, "d.record === '50'")
    draw(page, "7")
    expect(said(page)).to_contain_text("the network reads 7 (")
    expect(page.locator(".player [role=status]")).to_contain_text("Your drawing is read as 7 (")


def test_a_bad_picture_is_refused_in_a_sentence_and_the_last_good_one_stays(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page(UPLOADING)
    wait_for(page, "d.record === '50'")
    upload(page, photograph(tmp_path, row=7))
    expect(said(page)).to_contain_text("reads 7 (")
    wait_until_idle(page)
    wait_until(page, "player.drawing.net.best === 7")
    before = ask(page, PICTURE)
    upload(page, "tests/bad_inputs/image/text.png")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("not an image that can be read")
    expect(said(page)).to_contain_text("reads 7 (")
    assert ask(page, PICTURE) == before


@pytest.mark.parametrize(
    ("config", "records"),
    [(Config(), (0, 25, 50)), (Config(kernel_size=3, n_train=500, n_epochs=1), (0, 8))],
    ids=["recorded", "live"],
)
def test_the_browser_computes_the_classes_as_pytorch_does(
    open_page: Open, config: Config, records: tuple[int, ...]
) -> None:
    names = ("kernel_size", "n_train", "n_epochs")
    asked = "".join(f"&{PAGE}_{name}={getattr(config, name)}" for name in names)
    page = open_page(f"{PAGE}?{PAGE}_picture=18{asked}")
    run = Run(model.training, config, model.RECORDING)
    for record in records:
        paused(page, record)
        parameters = run.at(record)["parameters"]
        expected = reading.probabilities(config, parameters, model.DATA["mnist"]().x_test[18])
        assert np.abs(np.array(ask(page, PROBABILITIES)) - expected).max() < 1e-5


def test_a_cell_of_the_confusion_matrix_opens_its_pictures(open_page: Open) -> None:
    page = open_page(f"{PAGE}?{PAGE}_record=50")
    wait_for(page, "d.record === '50'")
    run = Run(model.training, Config(), model.RECORDING)
    true, predicted = reading.confused(run.at(50)["confusion"])[0]
    rows = reading.opened(Config(), run, 50, (true, predicted)).rows
    cells = page.locator(f".st-key-{PAGE}-confusion .scatterlayer path.point")
    expect(cells).to_have_count(100)
    cells.nth(10 * true + predicted).scroll_into_view_if_needed()
    box = cells.nth(10 * true + predicted).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text(f"{len(rows)} images; look at one inside")).to_be_visible()
    page.get_by_role("button", name="Send it through").click()
    expect(page.get_by_role("spinbutton", name="Test image")).to_have_value(str(rows[0]))
    shown = model.DATA["mnist"]().x_test[rows[0]].ravel().tolist()
    wait_until(page, f"{PICTURE}.join() === {','.join(map(str, shown))!r}")
