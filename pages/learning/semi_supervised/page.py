"""# Semi-supervised learning: few labels, many examples.

**Semi-supervised learning**: labels cost money, examples are cheap. **Pseudo-labels** treat the
network's most confident answers as true. A **mean teacher** is an average of a network's earlier
weights, with which it must agree. **Label propagation** passes labels to near neighbours. All are
compared with a network that sees **labels only**.
"""

from functools import partial
from typing import Any

import streamlit as st

from core.data.exports import to_csv
from core.learning.semi_supervised import findings, picture, reading, script, tables
from core.learning.semi_supervised.model import training
from core.runs import Run
from pages.elements import challenge, links, look, outcome, progress, sharing
from pages.elements.opening import opening
from pages.elements.player import player, stands
from pages.learning.semi_supervised import controls, views

PAGE = "semi_supervised"
PRESETS: dict[str, dict[str, Any]] = {
    "Moons, 4 labels": {},
    "Digits, 50 labels": controls.DIGITS,
    "Trust everything: it may snowball": {"threshold": 50.0, "seed": 3},
    "Break it: labels from one corner": {"who": "corner"},
    "Break it: clusters that do not follow the classes": {"data": "across", "seed": 6},
    "Break it: rate too high": {"learning_rate": 1.0},
}

with st.sidebar:
    config = controls.sidebar()
asked, key = views.question(config), f"{PAGE}-{config.data}"
opening(PAGE, __doc__, PRESETS, controls.DEFAULTS, asked, key)
links.notice(PAGE)
run = picture.run_of(config)
kind = "digits" if config.data == "digits" else "points"

start = links.moment(PAGE, run.id)
record = player(
    # Digits have other arrays than points, which a player takes at its start only.
    f"{PAGE}-{kind}",
    run,
    "snowball",
    picture.scene(config, views.asked()),
    scene_arrays=picture.scene_arrays(config),
    arrays=partial(picture.arrays, run),
    curves=picture.CURVES,
    notes=partial(picture.notes, config, run),
    unit="step",
    units_per_record=picture.updates_per_record(config),
    start=start,
    autoplay=start == 0,
    speed=5,
    on_edit=controls.edited,
)
links.keep_moment(PAGE, record)
views.by_number(config)

records = run.until(record)
record = len(records["loss"]) - 1
paused = record >= 0 and bool(start or stands(f"{PAGE}-{kind}", run))
said = findings.findings(config, records, run.ending(max(record, 0)))
every = picture.updates_per_record(config)
outcome.what_happened(PAGE, said, run, record if paused else None, "step", every)
if config.data == "digits":
    progress.train_here(
        PAGE, run, partial(Run, training, config),
        lambda live: findings.summary(live.until(live.n_records - 1)),
        "here by up to 1.2 points on the way and 0.1 at the end",
    )  # fmt: skip

view = look.inside(PAGE, f"at step {max(record, 0) * every:,}", views.VIEWS)
if paused:
    views.inside(view, config, run, records)
else:
    look.wait()

views.own(config, run, max(record, 0))

challenge.challenge(
    f"Bring pseudo-labels and mean teacher both to {findings.GOAL:.0f}\u00a0% on the moons with at "
    f"most {findings.GOAL_LABELS} labels.",
    *findings.challenge(config, records),
)
sharing.take_home(
    PAGE,
    partial(script.script, config, max(record, 0)),
    {
        script.EXAMPLES: partial(script.examples_file, config),
        "examples.csv": lambda: to_csv(tables.examples_table(config, records)),
        "curves.csv": lambda: to_csv(tables.curve_table(config, records)),
        "methods.safetensors": partial(reading.weights_file, run, max(record, 0)),
    },
)
