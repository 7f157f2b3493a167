"""The network page as a learner uses it, in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.foundations.network import model, reading
from core.foundations.network.model import Config
from core.runs import Run
from tests.browser.conftest import wait_until_idle
from tests.browser.player import PLAYER, Open, ask, at, paused, press, wait_for

pytestmark = pytest.mark.browser


def loss(page: Page) -> str:
    """What the page says of the losses at the record shown."""
    return str(ask(page, "player.bar.values()"))


def paint(page: Page) -> str:
    """The pixels of the large map, as they are painted now."""
    return str(page.locator(".player canvas.network-heat").evaluate("c => c.toDataURL()"))


def test_it_plays_by_itself_and_the_picture_changes(open_page: Open) -> None:
    page = open_page("network")
    wait_for(page, "Number(d.record) > 3")
    before, seen = paint(page), at(page)
    wait_for(page, f"Number(d.record) > {seen + 20}")
    assert paint(page) != before


def test_pause_freezes_the_counter_within_200_ms(open_page: Open) -> None:
    page = open_page("network")
    wait_for(page, "Number(d.record) > 3")
    frozen = page.evaluate(
        f"""async () => {{
          const player = ({PLAYER})(), wait = (ms) => new Promise((done) => setTimeout(done, ms));
          player.querySelector('[aria-label="Pause"]').click();
          await wait(200);
          const then = player.dataset.record;
          await wait(800);
          return then === player.dataset.record && player.dataset.playing === "false";
        }}"""
    )
    assert frozen


def test_scrubbing_steps_and_reset_go_where_they_say(open_page: Open) -> None:
    page = open_page("network")
    paused(page, 20)
    press(page, "Next frame")
    wait_for(page, "d.record === '21'")
    press(page, "Previous frame")
    press(page, "Previous frame")
    wait_for(page, "d.record === '19'")
    press(page, "Back to the start")
    wait_for(page, "d.record === '0'")


def test_the_same_address_gives_the_same_loss_to_a_fresh_visitor(open_page: Open) -> None:
    page = open_page("network?network_seed=3&network_noise=20")
    paused(page, 30)
    expect(page.get_by_role("heading", name="Look inside, at epoch 30")).to_be_visible()
    again = open_page(f"{page.url.rsplit('/', 1)[-1]}&network_record=30")
    wait_for(again, "d.record === '30'")
    expected = Run(model.training, Config(seed=3, noise=20)).at(30)
    assert loss(again) == loss(page)
    assert f"training {expected['loss']:.3f}" in loss(again)


def test_the_browser_evaluates_the_network_as_pytorch_does(open_page: Open) -> None:
    address = "network?network_activation=GELU&network_features=X₁&network_features=sin+X₂"
    page = open_page(f"{address}&network_record=40")
    wait_for(page, "d.record === '40'")
    points = np.random.default_rng(0).uniform(-6, 6, (50, 2)).astype(np.float32)
    shown = page.evaluate(
        f"([xs, ys]) => Array.from(({PLAYER})().explorer.network.evaluate(40, xs, ys, 1, 2))",
        points.T.tolist(),
    )
    config = Config(activation="gelu", features=("x1", "sinx2"))
    parameters = Run(model.training, config).at(40)["parameters"]
    expected = reading.unit_activations(config, parameters, points)[0][:, 2]
    assert np.abs(np.array(shown) - expected).max() < 1e-5


def test_a_control_gives_a_new_run_from_the_start(open_page: Open) -> None:
    page = open_page("network")
    wait_for(page, "Number(d.record) > 5")
    run = page.locator(".player").get_attribute("data-run")
    page.locator(".st-key-network-preset input").click()
    page.get_by_role("option", name="Spiral", exact=True).click()
    wait_for(page, f"d.run !== '{run}'")
    wait_until_idle(page)
    assert "network_data=Spiral" in page.url


def test_a_learning_rate_changed_midway_branches_off(open_page: Open) -> None:
    page = open_page("network")
    paused(page, 30)
    expect(page.get_by_role("heading", name="Look inside, at epoch 30")).to_be_visible()
    run, before = page.locator(".player").get_attribute("data-run"), loss(page)
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    page.wait_for_url("**network_changes=**")
    expect(page.get_by_text("learning rate 0.1, at epoch 30")).to_be_visible()
    # The new run is played to the place where the old one stood.
    wait_for(page, f"d.run !== '{run}' && d.record === '30'")
    assert loss(page) == before


def test_a_click_adds_a_point_and_undo_takes_it_back(open_page: Open) -> None:
    page = open_page("network")
    paused(page, 10)
    expect(page.get_by_role("heading", name="Look inside, at epoch 10")).to_be_visible()
    page.locator(".player canvas.network-marks").click(position={"x": 100, "y": 60})
    expect(page.get_by_text("a point added, at epoch 10")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("a point added")).to_have_count(0)
    assert "network_changes" not in page.url


def test_the_keyboard_alone_trains_a_network(open_page: Open) -> None:
    page = open_page("network", reduced_motion="reduce")
    wait_for(page, "d.playing === 'false'")
    page.locator('.player [aria-label="Play"]').focus()
    page.keyboard.press("Space")
    wait_for(page, "Number(d.record) > 10")
    page.keyboard.press("Space")
    wait_for(page, "d.playing === 'false'")
    page.keyboard.press("Home")
    wait_for(page, "d.record === '0'")
    page.keyboard.press("Shift+ArrowRight")
    wait_for(page, "d.record === '10'")
    expect(page.locator(".player [role=status]")).to_contain_text("epoch 10")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(open_page: Open, scheme: str) -> None:
    page = open_page("network", width=390, height=844, color_scheme=scheme)
    wait_for(page, "Number(d.n) > 0")
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    box = page.locator(".player .play").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    dark = page.locator(".player").get_attribute("data-dark")
    assert dark == str(scheme == "dark").lower()


def test_a_table_of_ones_own_is_learned(open_page: Open) -> None:
    page = open_page("network?network_data=Your+own")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        "core/data/files/penguins.csv"
    )
    expect(page.get_by_text("Class to tell from all others")).to_be_visible()
    wait_for(page, "Number(d.record) > 3")
    expect(page.locator(".player")).to_contain_text("all others")


def test_a_bad_table_is_refused_in_a_sentence_and_nothing_is_lost(open_page: Open) -> None:
    page = open_page("network?network_data=Your+own")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        "tests/bad_inputs/csv/png_renamed.csv"
    )
    expect(page.get_by_test_id("stAlert").first).to_contain_text("CSV")
    wait_for(page, "Number(d.n) > 0")
