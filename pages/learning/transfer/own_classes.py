"""Classes of one's own: pictures in, a head trained on their features, answers to new ones."""

import html
from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from core.data.escaping import as_markdown
from core.figures import bars, images
from core.learning.transfer import own_classes, own_classes_findings, own_classes_reading
from core.learning.transfer.own_classes import Config
from core.learning.transfer.own_classes_head import LIMITS, HeadFile, loaded, saved
from core.learning.transfer.own_classes_pictures import READY, ready_pictures
from core.recordings import Records
from core.runs import Run
from core.shares import per_cent
from pages.elements import challenge, links, look, outcome, sharing
from pages.elements.player import player, stands
from pages.elements.questions import Question
from pages.elements.rows import Values
from pages.learning.transfer import controls, own_class_pictures
from pages.learning.transfer.controls import MINE, PAGE
from pages.learning.transfer.own_class_pictures import Set

KEY = f"{PAGE}-own"
LOADED = f"{PAGE}-head"


QUESTION = Question(
    "The pretrained network has never seen Fashion-MNIST. With six images of each of four "
    "clothes, how many images left out will the head classify correctly?",
    ["about one in four", "about half", "more than nine in ten"],
    "more than nine in ten",
    "What it learned from 1.3 million photos of other things parts these clothes too: only "
    "the small head is new. On each of ten seeds 22 or 23 of the 24 left out are right.",
)


def show(said: Values, opening: Callable[[Question, str], None]) -> None:
    """The page in its second mode, from the pictures to what is taken home."""
    source, settings = said["pictures"], controls.head_settings(said)
    opening(QUESTION, KEY)
    links.notice(PAGE)
    if source == MINE:
        links.leaves_out("your images")
    chosen = own_class_pictures.mine(said["n_classes"]) if source == MINE else _ready(source)
    if chosen is None:
        st.info(
            "Give at least two classes an image each, from files or the camera; or choose a "
            "ready-made set at the side.",
            icon=":material/add_a_photo:",
        )
        _new_photo(None)
        _offer_loading()
    else:
        ready = "" if source == MINE else source
        _trained(Config(ready=ready, pictures=chosen.pictures, **settings), chosen)


def _ready(name: str) -> Set:
    shown = ready_pictures(name, "train")
    st.sidebar.caption(READY[name].told)
    return Set(READY[name].classes, shown.thumbnails, shown.labels, ())


def _trained(config: Config, chosen: Set) -> None:
    counts = np.bincount(chosen.labels, minlength=len(chosen.classes)).tolist()
    for sentence in own_classes_reading.warnings(counts, chosen.classes):
        st.warning(sentence, icon=":material/warning:")
    run = Run(own_classes.head_training, config)
    record, paused = _play(run, chosen)
    records = run.until(record)
    record = len(records["loss"]) - 1
    now = run.at(record)
    head = own_classes_reading.head_of(now, chosen.classes)
    _new_photo(head, config)
    found = own_classes_findings.findings(config, records, run.ending(record))
    outcome.what_happened(PAGE, found, run, record if paused else None)
    _told(config, head)
    st.header(f"Look inside, at epoch {record}")
    if paused:
        _inside(chosen, now)
    else:
        look.wait()
    _keep(head)
    challenge.challenge(
        "With images of your own: tell three classes or more apart, nine in ten images left "
        "out classified correctly.",
        *own_classes_reading.challenge(config, records, len(config.pictures)),
    )
    sharing.take_home(
        PAGE,
        partial(own_classes_reading.script, config, record),
        {
            "features.npz": partial(own_classes_reading.data_file, config),
            "pictures.csv": partial(own_classes_reading.table_file, config, now, chosen.classes),
        },
    )


def _play(run: Run, chosen: Set) -> tuple[int, bool]:
    start = min(links.moment(PAGE, run.id), run.n_records - 1)
    record = player(
        KEY,
        run,
        "transfer",
        own_classes_reading.scene(chosen.classes),
        scene_arrays={"pixels": chosen.thumbnails, "labels": chosen.labels},
        arrays=partial(own_classes_reading.arrays, run),
        curves=own_classes_reading.CURVES,
        start=start,
        autoplay=start == 0,
        speed=5,
    )
    links.keep_moment(PAGE, record)
    return record, bool(start) or stands(KEY, run)


def _told(config: Config, head: HeadFile) -> None:
    share = own_classes_reading.tested(config, head)
    if share is not None:
        n = len(ready_pictures(config.ready, "test").labels)
        st.caption(
            f"Of {n} other images of this set, never learned from, it names {per_cent(share)}."
        )


@st.fragment
def _new_photo(head: HeadFile | None, config: Config | None = None) -> None:
    """A picture the head has not seen, and how likely it takes each class to be."""
    st.header("Your turn: a new image")
    head = _which(head)
    of_mine = config is not None and not config.ready
    ready = config.ready if config and config.ready else "clothes"
    left, right = st.columns([2, 3], gap="large")
    with left:
        new = own_class_pictures.new(ready, of_mine)
        st.image(np.asarray(new.thumbnail), caption=new.caption, width=160, alt=new.caption)
    with right:
        if head is None:
            st.caption("There is no head yet: train one, or load one from a file.")
            return
        p = head.p(new.features)
        names = [html.escape(name) for name in head.classes]
        figure = bars.shares(names, p, x_title="probability, %", y_title="class")
        best = as_markdown(head.classes[int(p.argmax())])
        st.markdown(f"The head says **{best}**, {per_cent(p.max())}.")
        st.plotly_chart(
            figure, key=f"{PAGE}-new-bars", alt=f"{per_cent(p.max())} for the likeliest class"
        )
        st.caption("It knows no “none of these”: anything is taken for one of its classes.")


def _which(head: HeadFile | None) -> HeadFile | None:
    """The head trained here, or the one from a file if the learner wants that."""
    own: HeadFile | None = st.session_state.get(LOADED)
    if own is None:
        return head
    options = ["From your file"] if head is None else ["Trained here", "From your file"]
    which = st.segmented_control(
        "Head", options, default=options[-1], required=True, key=f"{PAGE}-which-{len(options)}"
    )
    return own if which == options[-1] else head


def _inside(chosen: Set, now: Records) -> None:
    view = st.segmented_control(
        "View",
        ["Every image", "Weights"],
        default="Every image",
        required=True,
        label_visibility="collapsed",
        key=f"{PAGE}-own-view",
    )
    if view == "Weights":
        st.caption(
            "The 1,280 weights of each class, one for every feature: blue speaks for the class, "
            "orange against it. No feature decides alone."
        )
        names = [html.escape(name) for name in chosen.classes]
        weights = now["weight"].reshape(len(names), 32, 40)
        figure = images.mosaic(weights, names, n_columns=len(names), tile=150, signed=True)
        st.plotly_chart(figure, key=f"{PAGE}-head-weights", alt="Weights of every class")
        return
    st.caption("What a head says of each image that it never saw, in per cent; worst first.")
    own_class_pictures.table(chosen, now["p"][1])


def _keep(head: HeadFile) -> None:
    st.header("Keep the head")
    left, right = st.columns(2, gap="large")
    with left:
        st.download_button(
            "Download the head",
            saved(head),
            "head.safetensors",
            icon=":material/download:",
            key=f"{PAGE}-head-save",
            on_click="ignore",
        )
        st.caption("Weights and names of the classes, about 20 KB. No image is in it.")
    with right:
        _offer_loading()


def _offer_loading() -> None:
    token = st.session_state.setdefault(f"{PAGE}-head-token", 0)
    file = st.file_uploader("Load a head", key=f"{PAGE}-head-load-{token}", help=LIMITS)
    st.caption(f"Accepted: {LIMITS}. Nothing is stored.")
    if file is not None:
        _load(file.getvalue())
    said = st.session_state.get(f"{PAGE}-head-said")
    if said:
        (st.success if said[0] else st.error)(said[1])


def _load(content: bytes) -> None:
    try:
        head = loaded(content)
    except ValueError as error:
        st.session_state[f"{PAGE}-head-said"] = (False, str(error))
    else:
        st.session_state[LOADED] = head
        names = ", ".join(as_markdown(name) for name in head.classes)
        st.session_state[f"{PAGE}-head-said"] = (True, f"Loaded a head for: {names}.")
    st.session_state[f"{PAGE}-head-token"] += 1
    st.rerun()
