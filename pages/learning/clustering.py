"""# Clusters nobody has named.

**k-means** parts examples into k groups without being told any class: every example goes to
its nearest **centroid**, every centroid moves to the mean of its examples, again and again.
An **autoencoder** squeezes each picture into a few **latent** numbers and restores it from
them. Below, k-means works on those numbers while they are being learned, and beside it on the
bare pixels; the hidden classes only judge both.
"""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.data.centring import centre_digit
from core.data.drawings import read_ink
from core.data.tables import to_csv
from core.figures import curves, distributions, networks, points
from core.learning import (
    clustering,
    clustering_picture,
    clustering_reading,
    clustering_script,
    k_means,
    k_means_reading,
)
from core.training import Run
from pages.elements import challenge, clustering_controls, links, outcome, presets, questions
from pages.elements import sharing
from pages.elements.player import player
from pages.elements.sketchpad import digit_pad

PAGE = "clustering"
PRESETS: dict[str, dict[str, Any]] = {
    "Digits, ten numbers each": {},
    "Digits on a flat map": {"n_latent": 2, "n_epochs": 40},
    "Clothes": {"data": "fashion"},
    "Break it: two clusters for ten digits": {"k": 2},
    "k-means step by step": {"mode": "k-means"},
    "Break it: a crowded start": {
        "mode": "k-means", "n_blobs": 6, "n_centroids": 6, "spread": 0.4, "start": "crowded",
    },
    "Break it: moons": {"mode": "k-means", "plane": "moons", "n_centroids": 2},
}  # fmt: skip

st.markdown(__doc__)
presets.presets(PAGE, PRESETS, clustering_controls.DEFAULTS)
