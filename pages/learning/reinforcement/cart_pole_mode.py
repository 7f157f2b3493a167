"""CartPole, learned by several agents at once: the second picture of the reinforcement page."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.data.exports import to_csv
from core.learning.reinforcement import (
    cart_pole_picture,
    cart_pole_reading,
    cart_pole_script,
    cart_pole_training,
)
from core.learning.reinforcement.cart_pole import Config
from core.learning.reinforcement.cart_pole_networks import unflattened
from core.recordings import Records
from core.runs import Run
from pages.elements import challenge, links, look, outcome, progress, sharing
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.elements.rows import Values
from pages.learning.reinforcement import cart_pole_views, controls


def show(page: str, said: Values, opening: Callable[[Question, str], None]) -> None:
    """The page in its second mode, from the question to what is taken home."""
    config, agent = controls.pole_config(said), said["agent"] - 1
    opening(_question(), f"{page}-pole")
    links.notice(page)
    run = Run(cart_pole_training.training, config, cart_pole_training.RECORDING)
    start = min(links.moment(page, run.id), run.n_records - 1)
    key = f"{page}-pole-{agent}" if run.recording else f"{page}-pole-live-{agent}"
    record = _play(page, key, run, config, agent, start)
    records = run.until(record)
    record = len(records["loss"]) - 1
    _train(page, run)
    standing = bool(start or stands(key, run))
    found = cart_pole_reading.findings(config, records, run.ending(record))
    outcome.what_happened(page, found, run, record if standing else None, "round")
    st.header(f"Look inside agent {agent + 1}, after {record} rounds")
    parameters = run.at(record)["parameters"][agent]
    if standing:
        cart_pole_views.look_inside(page, config, unflattened(parameters, config.sizes))
    else:
        look.wait()
    cart_pole_views.your_turn(page, config, parameters, record)
    challenge.challenge(
        f"A mean return of {cart_pole_reading.GOAL_MEAN} or more over all agents, with at most "
        f"{cart_pole_reading.GOAL_HIDDEN} hidden units.",
        *cart_pole_reading.challenge(config, records),
    )
    _take_home(page, config, run, records, record, agent)


def _question() -> Question:
    low, high = cart_pole_reading.recorded_spread(10)
    return Question(
        "Six agents have the same method and settings; only their luck differs. After 10 rounds "
        "their returns will be …",
        ["nearly equal", "very different", "all zero"],
        "very different",
        f"In the run of the preset “CartPole” they lie between {low:.0f} and {high:.0f} steps "
        "then. One training says little about a method: judge by several.",
    )


def _play(page: str, key: str, run: Run, config: Config, agent: int, start: int) -> int:
    record = player(
        key,
        run,
        "cartpole",
        cart_pole_picture.scene(config, agent),
        arrays=partial(cart_pole_picture.arrays, run, agent),
        curves=cart_pole_picture.curves(config),
        notes=partial(cart_pole_picture.notes, config, run.recording is None),
        unit="round",
        start=start,
        autoplay=start == 0,
        speed=5,
    )
    links.keep_moment(page, record)
    return record


def _train(page: str, run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        train = st.button(
            "Train to the end", icon=":material/model_training:", key=f"{page}-pole-train"
        )
        st.caption(
            f"{progress.RECORDED.format('here from about round 8 on, to the same end')} The button "
            "trains it here, now."
            if run.recording
            else "This training runs live, round by round, while it plays."
        )
    if train:
        live = Run(cart_pole_training.training, run.config)
        progress.train(live, f"{page}-pole-train")
        returns = live.at(live.n_records - 1)["returns"]
        st.success(f"Trained here: the {len(returns)} agents end at {returns.mean():.0f} steps.")


def _take_home(
    page: str, config: Config, run: Run, records: Records, record: int, agent: int
) -> None:
    sharing.take_home(
        page,
        partial(cart_pole_script.script, config, record),
        {
            "returns.csv": lambda: to_csv(cart_pole_reading.curve_table(records)),
            "agent.safetensors": lambda: cart_pole_reading.weights_file(
                config, run.at(record), agent
            ),
        },
    )
