"""# Reinforcement learning: learning from reward.

An **agent** sees a **state**, takes an **action** and gets a **reward**. Nobody says what would
have been right in its **environment**: it seeks the **policy** with the largest **return**, all
rewards added up. Rebuild its world, break its learning.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.learning.reinforcement import model, picture, reading, script
from core.runs import Run
from core.shares import per_cent
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.learning.reinforcement import cart_pole_mode, controls, views

PAGE = "reinforcement"
COIN_MAP = "ooooog-owwowo-oocooo-owowow-soooop"
CLIFF_MAP = "oooooooo-oooooooo-oooooooo-sppppppg"
PRESETS: dict[str, dict[str, Any]] = {
    "Q-learning": {},
    "Step by step": {"steps_per_record": 1},
    "Value iteration": {"method": "value_iteration"},
    "Deep Q-network": {"method": "dqn", "steps_per_record": 50},
    "Cliff: SARSA": {
        "method": "sarsa", "map": CLIFF_MAP, "slip": 0.0, "anywhere": False, "epsilon": 0.2,
    },
    "Break it: endless coin": {"map": COIN_MAP},
    "Break it: steps hurt": {"step_cost": 0.7},
    "Break it: no exploring": {"epsilon": 0.0, "anywhere": False, "slip": 0.0, "step_cost": 0.0},
    "CartPole": {"mode": "cart_pole"},
    "Break it: short-sighted cart": {"mode": "cart_pole", "pole_discount": 0.0},
}  # fmt: skip
QUESTION = Question(
    "Only the goal pays. Where do the first positive values appear?",
    ["At the start", "Beside the goal", "Everywhere at once"],
    "Beside the goal",
    "A value learns from one step ahead, so worth spreads backwards from where reward is paid, "
    "one cell further each time. Watch it with the preset “Step by step”.",
)


with st.sidebar:
    said = controls.sidebar()
if said["mode"] == controls.POLE:
    cart_pole_mode.show(PAGE, said, partial(opening, PAGE, __doc__, PRESETS, controls.DEFAULTS))
    st.stop()
config = controls.grid_config(said)
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, QUESTION)
links.notice(PAGE)
run = Run(model.training, config)

start = min(links.moment(PAGE, run.id), run.n_records - 1)
record = player(
    PAGE,
    run,
    "grid",
    picture.scene(config),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run),
    curves=picture.curves(config),
    notes=partial(picture.notes, config, run),
    unit=config.unit,
    units_per_record=config.units_per_record,
    start=start,
    autoplay=start == 0,
    speed=5 if config.units_per_record == 1 else 30,
    on_edit=controls.edited,
)
links.keep_moment(PAGE, record)

records = run.until(record)
record = len(records["loss"]) - 1
standing = bool(start or stands(PAGE, run))
found = reading.findings(config, records)
outcome.what_happened(
    PAGE, found, run, record if standing else None, config.unit, config.units_per_record
)

view = look.inside(
    PAGE,
    f"at {config.unit} {record * config.units_per_record:,}",
    ["Action values", "One step", "Weights and units"],
)
if not standing:
    look.wait()
elif view == "Action values":
    views.action_values(config, run.at(record))
elif view == "One step":
    views.one_step(config, run, record)
else:
    views.weights(PAGE, config, run.at(record))

challenge.challenge(
    f"On the first map, let an agent earn {per_cent(reading.CHALLENGE_SHARE)} of what is "
    f"possible within {reading.CHALLENGE_STEPS:,} steps.",
    *reading.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, record),
    {
        "values.csv": lambda: to_csv(reading.action_values(config, run.at(record))),
        "curves.csv": lambda: to_csv(reading.curve_table(config, records)),
        "learned.safetensors": lambda: reading.weights_file(config, run.at(record)),
    },
)
