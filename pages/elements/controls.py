"""One page's controls: Streamlit's widgets, each bound to the address under one short name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.elements import edits, links

MAX_SEED = 9999


@dataclass(frozen=True)
class Controls:
    """Widgets whose keys begin with the page's name, with the page's defaults and labels.

    `defaults` holds a value for every control by name, as `presets.presets` wants it;
    `labels` what an option is called on the page where its own name does not do.
    """

    page: str
    defaults: Mapping[str, Any]
    labels: Mapping[Any, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        links.known.update(map(self.key, self.defaults))

    def key(self, name: str) -> str:
        """Key of a control, and its name in the address."""
        return f"{self.page}_{name}"

    def label(self, option: Any) -> str:
        """What an option is called on the page."""
        return self.labels.get(option, str(option))

    def slider(
        self,
        label: str,
        name: str,
        low: float,
        high: float,
        step: float,
        why: str | None = None,
        **others: Any,
    ) -> Any:
        """A slider over equally spaced numbers; whole if all three are whole."""
        return st.slider(
            label, low, high, self.defaults[name], step, help=why, **self._bound(name), **others
        )

    def steps(
        self, label: str, name: str, options: Sequence[Any], why: str | None = None, **others: Any
    ) -> Any:
        """A slider over listed values, for rates and sizes that grow by factors."""
        return st.select_slider(
            label, options, self.defaults[name], help=why, **self._bound(name), **others
        )

    def choice(
        self, label: str, name: str, options: Sequence[Any], why: str | None = None, **others: Any
    ) -> Any:
        """One of several, from a list that opens; the first if the default is not among them."""
        default = self.defaults[name]
        return st.selectbox(
            label,
            options,
            list(options).index(default) if default in options else 0,
            format_func=self.label,
            help=why,
            **self._bound(name),
            **others,
        )

    def segments(
        self, label: str, name: str, options: Sequence[Any], why: str | None = None, **others: Any
    ) -> Any:
        """One of a few, all in sight."""
        return st.segmented_control(
            label,
            options,
            default=self.defaults[name],
            required=True,
            format_func=self.label,
            help=why,
            **self._bound(name),
            **others,
        )

    def several(
        self, label: str, name: str, options: Sequence[Any], why: str | None = None, **others: Any
    ) -> list[Any]:
        """Any number of a few, all in sight."""
        return st.pills(
            label,
            options,
            selection_mode="multi",
            default=list(self.defaults[name]),
            format_func=self.label,
            help=why,
            **self._bound(name),
            **others,
        )

    def toggle(self, label: str, name: str, why: str | None = None, **others: Any) -> bool:
        """On or off."""
        return st.toggle(label, self.defaults[name], help=why, **self._bound(name), **others)

    def number(
        self,
        label: str,
        name: str,
        low: int,
        high: int,
        why: str | None = None,
        **others: Any,
    ) -> int:
        """A field for a whole number."""
        default = self.defaults[name]
        value = st.number_input(label, low, high, default, help=why, **self._bound(name), **others)
        return int(value)

    def seed(self, why: str = "The same seed gives the same examples, weights and order.") -> int:
        """The seed that everything random on the page follows."""
        return self.number("Seed", "seed", 0, MAX_SEED, why)

    def _bound(self, name: str) -> dict[str, Any]:
        links.labels[self.key(name)] = self.label
        return bound(self.key(name))


def bound(key: str) -> dict[str, Any]:
    """What ties a widget to the address under its key."""
    edits.hold(key)
    links.known.add(key)
    return {"key": key, "bind": "query-params"}


def row_kept(key: str, n_rows: int) -> int | None:
    """The row that a select box of rows holds, if it is one of `n_rows`.

    Streamlit keeps the label of a row that other examples do not have.
    """
    row = st.session_state.get(key)
    return row if isinstance(row, int) and 0 <= row < n_rows else None
