"""A topic's controls as rows: what each is called, what it may be, and where it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.elements import edits, links
from pages.elements.controls import MAX_SEED, Controls

Values = dict[str, Any]
Options = Sequence[Any] | Callable[[Values], Sequence[Any]]
# What is remembered of a row that is shown, in place of the texts that the address has for it.
DRAWN = "drawn"
SEED_WHY = "The same seed gives the same examples, weights and order."


def always(values: Values) -> bool:
    """Said of a row that applies whatever the others say."""
    return True


@dataclass(frozen=True)
class Row:
    """One control: a field of the topic's `Config`, or a name of the page's own.

    `section` is the expander that it stands in; `basic` ones are shown to everybody, the
    others to those who want all; `shown` says whether it applies, given the rows before.
    """

    name: str
    label: str
    why: str | None = field(default=None, kw_only=True)
    section: str = field(default="", kw_only=True)
    basic: bool = field(default=False, kw_only=True)
    shown: Callable[[Values], bool] = field(default=always, kw_only=True)
    others: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def draw(self, controls: Controls, values: Values) -> Any:
        """Show the control; its value."""
        raise NotImplementedError

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> Any:
        """What the texts of a link say, or None where that is impossible."""
        return next((o for o in self._among(values) if controls.label(o) == texts[-1]), None)

    def write(self, controls: Controls, value: Any) -> list[str]:
        """The texts by which a link says a value."""
        return [controls.label(value)]

    def allowed(self, value: Any, values: Values) -> Any:
        """The value, or the first option where the rows before leave it none of theirs."""
        options = self._among(values)
        return (
            options[0]
            if options and not isinstance(value, list) and value not in options
            else value
        )

    def _among(self, values: Values) -> Sequence[Any]:
        options: Options = getattr(self, "options", ())
        return options(values) if callable(options) else options


@dataclass(frozen=True)
class Slider(Row):
    """A slider over equally spaced numbers; whole if all three are whole."""

    low: float
    high: float
    step: float

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.slider(
            self.label, self.name, self.low, self.high, self.step, self.why, **self.others
        )

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> Any:
        whole = all(isinstance(number, int) for number in (self.low, self.high, self.step))
        return number(texts[-1], self.low, self.high, whole)


@dataclass(frozen=True)
class Number(Row):
    """A field for a whole number."""

    low: int
    high: int

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.number(self.label, self.name, self.low, self.high, self.why, **self.others)

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> Any:
        return number(texts[-1], self.low, self.high, whole=True)


@dataclass(frozen=True)
class Steps(Row):
    """A slider over listed values, for rates and sizes that grow by factors."""

    options: Options

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.steps(self.label, self.name, self._among(values), self.why, **self.others)


@dataclass(frozen=True)
class Choice(Row):
    """One of several, from a list that opens."""

    options: Options

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.choice(self.label, self.name, self._among(values), self.why, **self.others)


@dataclass(frozen=True)
class Segments(Row):
    """One of a few, all in sight."""

    options: Options

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.segments(
            self.label, self.name, self._among(values), self.why, **self.others
        )


@dataclass(frozen=True)
class Several(Row):
    """Any number of a few, all in sight."""

    options: Options

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.several(self.label, self.name, self._among(values), self.why, **self.others)

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> Any:
        options = {controls.label(option): option for option in self._among(values)}
        found = [options[text] for text in texts if text in options]
        return found or None

    def write(self, controls: Controls, value: Any) -> list[str]:
        return [controls.label(option) for option in value]


@dataclass(frozen=True)
class Toggle(Row):
    """On or off."""

    def draw(self, controls: Controls, values: Values) -> Any:
        return controls.toggle(self.label, self.name, self.why, **self.others)

    def read(self, controls: Controls, texts: Sequence[str], values: Values) -> Any:
        return {"true": True, "false": False}.get(texts[-1].casefold())

    def write(self, controls: Controls, value: Any) -> list[str]:
        return [str(bool(value)).lower()]


@dataclass(frozen=True)
class Own(Row):
    """What a row cannot say: a function that shows several things and gives their values."""

    function: Callable[[Values], Mapping[str, Any]]


def seed(why: str = SEED_WHY) -> Number:
    """The seed that everything random on the page follows: last, on every page."""
    return Number("seed", "Seed", 0, MAX_SEED, why=why)


def number(text: str, low: float, high: float, whole: bool) -> float | int | None:
    """The number that a text says, if it lies between the bounds."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not low <= value <= high or (whole and value % 1):
        return None
    return int(value) if whole else value


def draw(controls: Controls, rows: Sequence[Row], expanded: Sequence[str] = ()) -> Values:
    """Show the rows, each in its section, and say what all of them say, by name.

    Rows that are hidden, as not basic or by a link, keep the value that a link or a preset
    gave them. `expanded` names the sections that stand open.
    """
    values: Values = {}
    places: dict[str, Any] = {}
    differ: list[str] = []
    everything = wants_all()
    for row in rows:
        if not row.shown(values):
            continue
        if isinstance(row, Own):
            with _place(places, row, everything, expanded):
                values |= row.function(values)
        elif is_hidden(row):
            values[row.name] = _carried(controls, row, values)
            if not _same(values[row.name], controls.defaults[row.name]):
                differ.append(f"{row.label}: {', '.join(row.write(controls, values[row.name]))}")
        else:
            with _place(places, row, everything, expanded):
                values[row.name] = row.draw(controls, values)
            st.session_state[_memory(controls, row)] = (DRAWN, values[row.name])
    if differ:
        st.caption("Set, but not shown here: " + " · ".join(differ).replace("*", "\\*") + ".")
    return values


def wants_all() -> bool:
    """Whether all controls are wanted, not the basic ones alone."""
    return st.session_state.get("controls") == "All"


def is_hidden(row: Row) -> bool:
    """Whether a row is left out: a link hides it, or only the basic ones are wanted."""
    return row.name in hidden_by_link() or not (row.basic or wants_all())


def hidden_by_link() -> frozenset[str]:
    """The names of controls that the link hides, `hide=noise,seed`; kept for the visit."""
    asked = st.query_params.get("hide")
    if asked is not None:
        st.session_state["hide"] = frozenset(asked.split(","))
    return frozenset(st.session_state.get("hide", ()))


def switch() -> None:
    """The one switch of the app: the basic controls, or all; kept in the link."""
    st.segmented_control(
        "Controls",
        ["Basic", "All"],
        default="Basic",
        required=True,
        key="controls",
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        help="A page's main controls, or every one it has.",
    )


def _place(places: dict[str, Any], row: Row, everything: bool, expanded: Sequence[str]) -> Any:
    if not row.section or not everything:
        return st.container()
    if row.section not in places:
        places[row.section] = st.expander(row.section, expanded=row.section in expanded)
    return places[row.section]


def _carried(controls: Controls, row: Row, values: Values) -> Any:
    """The value of a row that is not shown: the link's, a preset's, or the one it had.

    It stands in the address as if it were shown, so that links hold it and Back restores it.
    """
    key, default = controls.key(row.name), controls.defaults[row.name]
    said = st.query_params.get_all(key)
    state, value = st.session_state.get(_memory(controls, row), ((), default))
    if state == DRAWN:  # its widget would take its name out of the address
        links.release(key)
    # A link, or Back; but a request that was under way brings an address from before a click.
    if state != DRAWN and said != list(state) and not edits.is_fresh(key):
        read = row.read(controls, said, values) if said else None
        value = default if read is None else read
    else:  # as it was, but for a preset
        value = st.session_state.get(key, value)
    now = [] if _same(value, default) else row.write(controls, value)
    if now != said:
        _write(key, now)
    st.session_state[_memory(controls, row)] = (now, value)
    st.session_state[key] = value
    return row.allowed(value, values)


def _write(key: str, texts: list[str]) -> None:
    if texts:
        st.query_params[key] = texts
    else:
        st.query_params.pop(key, None)


def _memory(controls: Controls, row: Row) -> str:
    return f"{controls.key(row.name)}-carried"


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return list(a) == list(b)
    return bool(a == b)
