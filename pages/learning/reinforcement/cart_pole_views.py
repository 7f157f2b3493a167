"""Inside an agent that balances a pole, and what it makes of a state of the learner's choice."""

import numpy as np
import streamlit as st

from core.figures import bars, states
from core.learning.reinforcement import cart_pole_evaluation, cart_pole_reading
from core.learning.reinforcement.cart_pole import ACTIONS, MAX_STEPS, SECONDS, STATE, Config
from core.learning.reinforcement.cart_pole_networks import Layers, Parameters, unflattened


def look_inside(page: str, config: Config, network: Layers) -> None:
    """The weights, and what is answered over a plane of states."""
    left, right = st.columns(2, gap="large")
    (weight, bias), (last, _) = network
    units = [f"h{unit + 1}" for unit in range(config.n_hidden)]
    with left:
        st.caption("Weights into the hidden units, one column each, and out of them.")
        rows = [*STATE, "bias", *(f"to {action}" for action in ACTIONS)]
        values = np.concatenate([weight, bias[None], last.T])
        figure = states.strip(values, rows, units, title="weight")
        st.plotly_chart(figure, key=f"{page}-pole-weights", alt="All weights of the network")
    with right:
        angle, spin, ahead = cart_pole_reading.answer_map(config, network)
        what = "probability" if config.method == "ppo" else "return"
        st.caption("The policy in the middle of the track: blue pushes right, orange left.")
        figure = states.answers(
            angle,
            spin,
            ahead,
            x_title="angle θ, °",
            y_title="spin ω, °/s",
            z_title=f"{what}, right − left",
        )
        st.plotly_chart(figure, key=f"{page}-pole-map", alt="Which push is better in which state")


@st.fragment
def your_turn(page: str, config: Config, parameters: Parameters, record: int) -> None:
    """A state of the learner's own: the answer, the activations, the episode from there."""
    st.header("Your turn: put the cart where you like")
    left, right = st.columns([2, 3], gap="large")
    with left:
        place = st.slider("Place x, m", -2.3, 2.3, 0.0, 0.1, key=f"{page}-own-x")
        speed = st.slider("Speed v, m/s", -2.0, 2.0, 0.0, 0.1, key=f"{page}-own-v")
        angle = st.slider("Angle θ, °", -11.5, 11.5, 6.0, 0.5, key=f"{page}-own-angle")
        spin = st.slider("Spin ω, °/s", -120, 120, 0, 10, key=f"{page}-own-spin")
    state = (place, speed, float(np.radians(angle)), float(np.radians(spin)))
    found = cart_pole_reading.answer(config, parameters, state)
    n_steps = len(found.states) - 1
    with right:
        better = ACTIONS[int(found.values.argmax())]
        end = "to the time limit" if n_steps == MAX_STEPS else "until it falls"
        st.markdown(
            f"After round {record} the agent would **{better}**; from here it balances for "
            f"**{n_steps} steps** ({n_steps * SECONDS:.1f} s), {end}."
        )
        _answers(page, config, found)
    _course(page, config, found)
    _judge(page, unflattened(parameters, config.sizes))


def _answers(page: str, config: Config, found: cart_pole_reading.Answer) -> None:
    if config.method == "ppo":
        figure = bars.shares(ACTIONS, found.values, x_title="probability, %", y_title="")
        st.plotly_chart(figure, key=f"{page}-own-shares", alt="Probability of both actions")
        return
    for action, value, column in zip(ACTIONS, found.values, st.columns(2), strict=True):
        column.metric(f"Q, {action}", f"{value:.1f} steps")


def _course(page: str, config: Config, found: cart_pole_reading.Answer) -> None:
    left, right = st.columns(2, gap="large")
    units = [f"h{unit + 1}" for unit in range(config.n_hidden)]
    figure = states.strip(found.hidden[None], ["activation"], units, title="tanh")
    left.caption("What the hidden units answer to this state.")
    left.plotly_chart(figure, key=f"{page}-own-units", alt="Activations of the hidden units")
    seconds = np.arange(len(found.states)) * SECONDS
    series = {"place, m": found.states[:, 0], "angle, ° / 10": np.degrees(found.states[:, 2]) / 10}
    figure = states.courses(seconds, series, y_title="place, angle")
    right.caption("The episode from there, computed now.")
    right.plotly_chart(figure, key=f"{page}-own-course", alt="Place and angle over time")


def _judge(page: str, network: Layers) -> None:
    if st.button(
        "Judge it in Gymnasium itself: 20 new episodes",
        icon=":material/sports_score:",
        key=f"{page}-judge",
    ):
        returns = cart_pole_evaluation.in_gymnasium(network)
        st.success(
            f"CartPole-v1 gives a mean return of {returns.mean():.1f} of {MAX_STEPS}; "
            f"the worst of 20 episodes has {returns.min():.0f}."
        )
