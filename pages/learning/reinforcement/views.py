"""Inside an agent of the grid world: its values, one step of learning, its network."""

import numpy as np
import streamlit as st

from core.figures import images, states
from core.learning.reinforcement import reading
from core.learning.reinforcement.grid_world import ACTIONS
from core.learning.reinforcement.model import Config
from core.recordings import Records
from core.runs import Run

N_SHOWN = 32  # maps of hidden units


def action_values(config: Config, record: Records) -> None:
    """The table that the picture paints, beside the truth."""
    st.caption("What the agent predicts for every cell and action, and the true value beside it.")
    table = reading.action_values(config, record)
    numbers = {name: st.column_config.NumberColumn(format="%.3f") for name in table.columns[2:6]}
    more = ("V", "true V*", "difference")
    numbers |= {name: st.column_config.NumberColumn(format="%.3f") for name in more}
    st.dataframe(table, hide_index=True, height=320, column_config=numbers)


def one_step(config: Config, run: Run, record: int) -> None:
    """The next update, with its numbers."""
    if record >= run.n_records - 1:
        st.caption("This is the last moment of the run; go back to see a step.")
        return
    for line in reading.next_step(config, run, record):
        st.markdown(line)


def weights(page: str, config: Config, record: Records) -> None:
    """What a deep Q-network weighs, and where its hidden units are active."""
    if "parameters" not in record:
        n = 4 * len(config.world.free)
        st.info(
            f"This method has no network: its {n} values stand in a table, one for every cell and "
            "action, and each is learned by itself. Choose the deep Q-network to see weights."
        )
        return
    maps = reading.unit_maps(config, record)[:N_SHOWN]
    st.caption("Hidden units: in which cells of the map each one is active.")
    names = [f"unit {place + 1}" for place in range(len(maps))]
    st.plotly_chart(
        images.mosaic(maps, names, n_columns=8),
        key=f"{page}-units",
        alt="The activation of every hidden unit in every cell",
    )
    st.caption("What the last layer weighs: one row an action, one column a hidden unit.")
    _, (weight, bias) = reading.network_layers(config, record)
    columns = [*(f"unit {unit + 1}" for unit in range(config.n_hidden)), "bias"]
    figure = states.strip(np.column_stack([weight, bias]), ACTIONS, columns, title="weight")
    alt = f"Weights of the last layer, at most {np.abs(weight).max():.2f}"
    st.plotly_chart(figure, key=f"{page}-weights", alt=alt)
