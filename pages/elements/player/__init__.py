"""The picture that moves: plays the records of a run in the browser, fetching as it goes.

Two components: the player draws and is sent once; the courier, alone in a fragment,
carries the chunks, so that asking for the next one reruns nothing else of the page.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from pages.elements.player.packing import Array, pack

if TYPE_CHECKING:
    from core.chunks import Chunk
    from core.runs import Run

Arrays = Callable[[int, int], Mapping[str, Array]]
Notes = Callable[[int], Sequence[tuple[int, str]]]

_FOLDER = Path(__file__).parent
_BEFORE_DRAWING = ("colours.js", "records.js", "curves.js")
_AFTER_DRAWING = ("bar.js", "transport.js")

# A chunk takes about 50 ms where it is not in the store: a second one may be begun
# within the 120 ms that an answer should take, a third only if they come from there.
_SECONDS_TO_BEGIN_ANOTHER = 0.06
# At full speed a browser spends longer on taking an answer than the server on a chunk.
_SECONDS_AT_FULL_SPEED = 0.28
_BYTES_PER_ANSWER = 400_000


def player(
    key: str,
    run: "Run",
    drawing: str,
    scene: Mapping[str, Any],
    *,
    scene_arrays: Mapping[str, Array] | None = None,
    arrays: Arrays | None = None,
    curves: Sequence[Mapping[str, Any]] = (),
    notes: Notes | None = None,
    unit: str = "epoch",
    units_per_record: float = 1,
    start: int = 0,
    autoplay: bool = True,
    speed: int = 30,
    on_edit: Callable[[dict[str, Any]], None] | None = None,
) -> int:
    """Play a run and return the record at which the picture was last left standing.

    `arrays(first, stop)` gives what to send for records first … stop - 1, each (S, …);
    without it all arrays of the records travel. `notes(k)` gives (record, sentence) pairs
    of chunk k. `on_edit` receives what a drawing emits, {"kind", "at", …}, before the
    script runs. `drawing` names a file in `drawings/`, or one in a topic's own folder.
    """
    if not 0 <= start < run.n_records:
        raise ValueError(f"start must be between 0 and {run.n_records - 1}, got {start}")
    header = {
        "key": key,
        "run": run.id,
        "n_records": run.n_records,
        "records_per_chunk": run.records_per_chunk,
        "curves": [dict(curve) for curve in curves],
        "unit": unit,
        "units_per_record": units_per_record,
        "start": start,
        "autoplay": autoplay,
        "speed": speed,
        "noted": notes is not None,
        "scene": dict(scene),
    }
    with st.container(gap=None):
        told = _component(drawing)(
            key=key,
            data=pack(header, scene_arrays or {}),
            on_record_change=partial(_keep_record, key),
            on_edit_change=partial(_hand_over, key, on_edit),
        ).get("record")
        _courier(key, run, start, arrays, notes)
    standing = told["record"] if told and told["run"] == run.id else start
    return int(min(standing, run.n_records - 1))


def at(key: str) -> int:
    """The newest record the browser told of; while playing, that of its last request."""
    return int(st.session_state.get(f"{key}-at", 0))


def stands(key: str, run: "Run") -> bool:
    """Whether the browser has said where the picture of this run stands."""
    told = st.session_state.get(key, {}).get("record")
    return bool(told) and told["run"] == run.id


@st.fragment
def _courier(key: str, run: "Run", start: int, arrays: Arrays | None, notes: Notes | None) -> None:
    """Mount the courier with the range that was asked for, or with the first one."""
    want = st.session_state.get(f"{key}-want", {})
    if want.get("run") != run.id:
        want = {"run": run.id, "first": 0, "upto": start, "ask": 0}
        st.session_state[f"{key}-at"] = start
    first, upto = _bounded(want, run.n_records)
    ahead = at(key) < first - 1  # else the picture stands at the end of what has come
    chunks = _chunks(run, first, want.get("until", upto), "until" not in want, ahead)
    # What was sent is sent again when the whole page reruns: the same bytes, which
    # Streamlit then does not transfer.
    st.session_state[f"{key}-want"] = {**want, "until": chunks[-1].stop - 1}
    _COURIER(
        key=f"{key}-courier",
        data=_blob(key, run, chunks, int(want["ask"]), arrays, notes),
        on_want_change=partial(_keep_want, key),
    )


def _bounded(want: Mapping[str, Any], n_records: int) -> tuple[int, int]:
    """The range a browser asked for, kept within the run whatever it said."""
    first = min(max(int(want["first"]), 0), n_records - 1)
    return first, min(max(int(want.get("upto", first)), first), n_records - 1)


def _chunks(run: "Run", first: int, upto: int, in_time: bool, ahead: bool) -> "list[Chunk]":
    """The chunks from record `first` on to `upto`, as far as an answer may take."""
    in_a_hurry = upto - first > 4 * run.records_per_chunk
    seconds = _SECONDS_AT_FULL_SPEED if in_a_hurry else _SECONDS_TO_BEGIN_ANOTHER
    began = time.perf_counter()
    chunks = [run.chunk(first // run.records_per_chunk, ahead)]
    size = _size(chunks[0])
    while not chunks[-1].end and chunks[-1].stop <= upto and size < _BYTES_PER_ANSWER:
        if in_time and time.perf_counter() - began > seconds:
            break
        chunks.append(run.chunk(chunks[-1].stop // run.records_per_chunk, ahead=True))
        size += _size(chunks[-1])
    return chunks


def _size(chunk: "Chunk") -> int:
    return sum(array.nbytes for array in chunk.records.values())


def _blob(
    key: str,
    run: "Run",
    chunks: "Sequence[Chunk]",
    ask: int,
    arrays: Arrays | None,
    notes: Notes | None,
) -> bytes:
    """One answer: the records of these chunks and what is said when they pass."""
    first, stop = chunks[0].first, chunks[-1].stop
    said = [note for chunk in chunks for note in _said(notes, chunk, run.records_per_chunk)]
    header = {
        "key": key,
        "run": run.id,
        "first": first,
        "stop": stop,
        "ask": ask,
        "end": chunks[-1].end,
        "n_records": run.n_records,
        "notes": said,
    }
    return pack(header, arrays(first, stop) if arrays and stop > first else _joined(chunks))


def _said(notes: Notes | None, chunk: "Chunk", records_per_chunk: int) -> list[list[Any]]:
    found = notes(chunk.first // records_per_chunk) if notes else ()
    return [[int(record), str(sentence)] for record, sentence in found]


def _joined(chunks: "Sequence[Chunk]") -> dict[str, Array]:
    """All arrays of the chunks, one after the other along the record axis."""
    names = chunks[0].records
    return {name: np.concatenate([chunk.records[name] for chunk in chunks]) for name in names}


def _keep_record(key: str) -> None:
    """Remember where the picture stands; called by Streamlit before the script runs."""
    told = st.session_state.get(key, {}).get("record")
    if told:
        st.session_state[f"{key}-at"] = int(told["record"])


def _keep_want(key: str) -> None:
    """Remember what the courier asks for, and the record the picture had reached.

    What it asked for as its page was left comes without its state.
    """
    want = st.session_state.get(f"{key}-courier", {}).get("want")
    if want:
        st.session_state[f"{key}-want"] = {
            **{name: int(want[name]) for name in ("first", "upto", "ask")},
            "run": str(want["run"]),
        }
        st.session_state[f"{key}-at"] = int(want["at"])


def _hand_over(key: str, on_edit: Callable[[dict[str, Any]], None] | None) -> None:
    edit = st.session_state.get(key, {}).get("edit")
    if edit:
        st.session_state[f"{key}-at"] = int(edit["at"])
    if edit and on_edit:
        on_edit(dict(edit))


@cache
def _component(drawing: str) -> Any:
    """The player with one drawing in it, declared once: pages send only what they use."""
    path = Path(drawing) if drawing.endswith(".js") else _drawings().get(drawing)
    if path is None or not path.stem.isalnum() or not path.is_file():
        raise ValueError(f"drawing must be one of {', '.join(_drawings())}, got {drawing!r}")
    parts = [*sorted(path.parent.glob(f"{path.stem}_*.js")), path]
    sources = [
        *(_text(name) for name in _BEFORE_DRAWING),
        *(part.read_text(encoding="utf-8") for part in parts),
        f"const chosenDrawing = {path.stem}Drawing;\n",
        *(_text(name) for name in _AFTER_DRAWING),
    ]
    styles = [_text("player.css")]
    if path.with_suffix(".css").is_file():
        styles.append(path.with_suffix(".css").read_text(encoding="utf-8"))
    name = f"explorer_player_{path.stem}"
    return st.components.v2.component(name, js="\n".join(sources), css="\n".join(styles))


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _drawings() -> dict[str, Path]:
    """All drawings by name, shared or a topic's; `name_part.js` is a part of `name.js`."""
    shared, topics = _FOLDER.glob("drawings/*.js"), _FOLDER.parent.parent.glob("*/*/*.js")
    found = [*shared, *(path for path in topics if path.parent.parent.name != "elements")]
    return {path.stem: path for path in sorted(found) if "_" not in path.stem}


_COURIER = st.components.v2.component("explorer_courier", js=_text("courier.js"))
for _name in _drawings():
    _component(_name)
