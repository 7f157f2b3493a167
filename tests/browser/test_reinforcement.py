"""The reinforcement page as a learner uses it, in a real browser."""

import numpy as np
import pytest

from core.learning.reinforcement import cart_pole
from core.learning.reinforcement.cart_pole_networks import outputs, unflattened
from tests.browser.player import Open, ask, paused, press, wait_for, wait_until

pytestmark = pytest.mark.browser

POLE = "reinforcement?reinforcement_mode=CartPole"


def test_it_plays_by_itself_and_the_agent_walks(open_page: Open) -> None:
    page = open_page("reinforcement")
    wait_for(page, "Number(d.record) > 20")
    before = ask(page, "player.drawing.above.toDataURL()")
    page.wait_for_timeout(700)
    assert ask(page, "player.drawing.above.toDataURL()") != before
    assert ask(page, "player.get('error', 20)[0] < player.get('error', 0)[0]")


def test_a_wall_that_is_clicked_in_changes_the_world_and_restarts_learning(
    open_page: Open,
) -> None:
    page = open_page("reinforcement", reduced_motion="reduce")
    paused(page, 5)
    run = page.locator(".player").get_attribute("data-run")
    page.locator(".player .tool", has_text="wall").click()
    size = ask(page, "player.drawing.size")
    page.locator(".player .above").click(position={"x": size * 2.5, "y": size * 0.5})
    wait_for(page, f"d.run !== '{run}'")
    wait_until(page, "player.drawing.shown.cells[2] === 'w'")
    page.wait_for_url("**reinforcement_map=oowoog**")


def test_the_browser_moves_the_cart_as_python_does(open_page: Open) -> None:
    page = open_page(f"{POLE}&reinforcement_record=30", reduced_motion="reduce")
    wait_for(page, "d.record === '30'")
    rng = np.random.default_rng(0)
    for state in rng.uniform(-0.2, 0.2, (5, 4)):
        for action in (0, 1):
            theirs = ask(page, f"player.drawing.moved({state.tolist()}, {action})")
            mine = cart_pole.step(state, np.array(action))
            np.testing.assert_allclose(theirs, mine, rtol=0, atol=1e-12)


def test_the_browser_evaluates_the_network_as_python_does(open_page: Open) -> None:
    page = open_page(f"{POLE}&reinforcement_record=30", reduced_motion="reduce")
    wait_for(page, "d.record === '30'")
    flat = np.array(ask(page, "Array.from(player.get('parameters', 30))"), dtype=np.float32)
    layers = unflattened(flat, cart_pole.Config().sizes)
    for state in np.random.default_rng(1).uniform(-0.2, 0.2, (5, 4)):
        drawing = "player.drawing"
        answer = f"{drawing}.network.forward({drawing}.layers, {state.tolist()}).out"
        mine = outputs(layers, state[None])[-1][0]
        np.testing.assert_allclose(ask(page, answer), mine, atol=1e-4)


def test_a_push_lets_the_policy_recover_and_keys_let_one_drive(open_page: Open) -> None:
    page = open_page(f"{POLE}&reinforcement_record=60")
    wait_for(page, "d.record === '60'")
    if ask(page, "player.playing"):
        press(page, "Pause")
    page.locator(".player .tool", has_text="push the pole →").click()
    wait_until(page, "player.drawing.mode === 'live' && player.drawing.steps > 50")
    page.locator(".player .tool", has_text="drive it yourself").click()
    page.keyboard.press("ArrowLeft")
    wait_until(page, "player.drawing.mode === 'you' && player.drawing.down > 0")
    assert "You balanced it for" in ask(page, "player.drawing.told")
    assert page.locator(".player").get_attribute("data-record") == "60"
