"""The clustering page as a learner uses it, in a real browser."""

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from core.learning.clustering import k_means, model
from tests.browser.player import Open, ask, at, paused, press, wait_for, wait_until

pytestmark = pytest.mark.browser

STEPS = "clustering?clustering_mode=k-means+step+by+step"
FAR_APART = "clustering_start=Far+apart+(k-means%2B%2B)"


def placed(page: Page) -> NDArray[np.float64]:
    """Where the points are painted (N, 2), in pixels."""
    return np.array(ask(page, "Array.from(player.drawing.pixels)")).reshape(-1, 2)


def paint(page: Page) -> str:
    """The pixels of the map, as they are painted now."""
    return str(ask(page, "player.drawing.canvas.toDataURL()"))


def held(page: Page, name: str, record: int) -> NDArray[np.float64]:
    """One array of one record, as the browser holds it; two columns if it is of places."""
    values = np.array(ask(page, f"Array.from(player.get({name!r}, {record}))"))
    return values if name == "labels" else values.reshape(-1, 2)


def test_it_plays_by_itself_and_the_points_move(open_page: Open) -> None:
    page = open_page("clustering")
    wait_for(page, "Number(d.record) > 3")
    before, seen = placed(page), at(page)
    wait_for(page, f"Number(d.record) > {seen + 20}")
    moved = np.hypot(*(placed(page) - before).T)
    assert len(moved) == 1000
    assert np.median(moved) > 3


def loose(page: Page, record: int) -> float:
    """How far points lie from the middle of their cluster, as a share of all distances."""
    xy, labels = held(page, "xy", record), held(page, "labels", record)
    middles = np.array([xy[labels == cluster].mean(axis=0) for cluster in np.unique(labels)])
    within = xy - middles[np.searchsorted(np.unique(labels), labels)]
    return float((within**2).sum() / ((xy - xy.mean(axis=0)) ** 2).sum())


def test_the_clouds_pull_together_once_deep_clustering_begins(open_page: Open) -> None:
    page = open_page("clustering")
    first, last = model.Config().first_deep, model.Config().n_records - 1
    wait_for(page, f"d.record === '{last}'")
    expect(page.locator(".player .note")).to_contain_text("deep clustering begins")
    assert loose(page, last) < 0.5 * loose(page, first)
    assert ask(page, f"player.get('nmi', {last})[0] - player.get('pixel_nmi', {last})[0]") > 0.2


def test_another_colour_keeps_the_run_and_the_moment(open_page: Open) -> None:
    page = open_page("clustering")
    paused(page, 20)
    updates = 20 * model.Config().updates_per_record
    expect(page.get_by_role("heading", name=f"Look inside, at step {updates}")).to_be_visible()
    run = page.locator(".player").get_attribute("data-run")
    before, places = paint(page), placed(page)
    page.get_by_text("by hidden class", exact=True).click()
    wait_until(page, "player.drawing.shown?.classes[0] === '0' && player.record === 20")
    wait_for(page, f"d.run === '{run}' && d.record === '20'")
    assert paint(page) != before
    assert np.abs(placed(page) - places).max() < 1
    assert not ask(page, "Boolean(player.get('labels', 20))")


def test_both_half_steps_of_k_means_do_what_they_say(open_page: Open) -> None:
    page = open_page(STEPS, reduced_motion="reduce")
    wait_for(page, "d.record === '0'")
    note = page.locator(".player .note")
    press(page, "Next frame")
    expect(note).to_contain_text("iteration 0.5: every point goes to its nearest centroid")
    points, centroids, labels = (held(page, name, 1) for name in ("xy", "centres", "labels"))
    distances = np.linalg.norm(points[:, None] - centroids[None], axis=2)
    assert np.array_equal(labels, distances.argmin(axis=1))
    press(page, "Next frame")
    expect(note).to_contain_text("iteration 1.0: every centroid moves to its points' mean")
    means = [points[labels == cluster].mean(axis=0) for cluster in range(len(centroids))]
    assert np.abs(held(page, "centres", 2) - np.array(means)).max() < 1e-4


def test_k_means_ends_where_nothing_moves_any_more(open_page: Open) -> None:
    page = open_page(f"{STEPS}&{FAR_APART}", reduced_motion="reduce")
    wait_for(page, "d.record === '0'")
    page.locator('.player [aria-label="Play"]').focus()
    page.keyboard.press("End")
    last = 2 * k_means.Config.n_iterations + 1
    wait_for(page, f"d.record === '{last}'")
    expect(page.locator(".player .note")).to_contain_text("iteration 3.0: nothing moves any more")
    assert np.array_equal(held(page, "centres", last), held(page, "centres", last - 2))
    inertia = ask(page, "Array.from(player.records.arrays.get('inertia').data)")[: last + 1]
    assert (np.diff(inertia) <= 1e-3).all()
