"""A visitor without a browser: Streamlit's own websocket spoken from Python."""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

VALUE_FIELDS = {
    "button": "trigger_value",
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "number_input": "double_value",
    "radio": "string_value",
    "selectbox": "string_value",
    "text_input": "string_value",
    "bidi_component": "json_value",
}
KEPT_MESSAGES = 64
ITEM_BYTES = {"uint8": 1, "int8": 1, "int16": 2, "int32": 4, "float32": 4}


@dataclass(frozen=True)
class Widget:
    """An element that the server keeps a value for."""

    id: str
    kind: str
    proto: Any
    fragment_id: str

    def field(self) -> str:
        """Return the name under which a value of this widget travels."""
        if self.kind == "slider":
            steps = self.proto.type == Slider.Type.SELECT_SLIDER
            return "string_array_value" if steps else "double_array_value"
        return VALUE_FIELDS[self.kind]

    def said(self, *, usual: bool = False) -> list[str]:
        """Return what the widget shows, or usually shows, as a link says it."""
        proto, is_set = self.proto, self.proto.set_value and not usual
        if self.kind == "button_group":
            options = [option.content for option in proto.options]
            return list(proto.raw_values) if is_set else [options[k] for k in proto.default]
        if self.kind == "slider" and proto.type == Slider.Type.SELECT_SLIDER:
            return list(proto.raw_value if is_set else [proto.options[int(proto.default[0])]])
        if self.kind == "selectbox":
            return [proto.raw_value if is_set else proto.options[proto.default]]
        value = proto.value if is_set else proto.default
        if self.kind == "checkbox":
            return [str(value).lower()]
        numbers = list(value) if self.kind == "slider" else [value]
        return [f"{each:g}" if isinstance(each, float) else each for each in numbers]


@dataclass
class Answer:
    """What came back for one request."""

    seconds: float = 0.0
    n_bytes: int = 0
    arrived: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)


class WebsocketSession:
    """One visitor: opens a page, moves its controls, answers as its components would."""

    def __init__(self, address: str, page: str = "", query: str = "") -> None:
        self.address, self.page, self.query = address, page, query
        self.page_hash = ""
        self.widgets: dict[str, Widget] = {}
        self.states: dict[str, WidgetState] = {}
        self.kept: dict[str, Delta] = {}

    async def __aenter__(self) -> Self:
        self.socket: ClientConnection = await connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            ping_timeout=None,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()

    async def open(self) -> Answer:
        """Run the page for the first time, as a browser does on loading its address."""
        return await self._rerun([])

    async def rerun(self) -> Answer:
        """Run the page again with nothing changed."""
        return await self._rerun([])

    def stand(self, record: int) -> bool:
        """From the next request on, let the players' pictures stand at a record, if any play."""
        players = [w for w in self.widgets.values() if w.kind == "bidi_component"]
        found = False
        for widget in players:
            header = self._header(widget)
            if "scene" in header:
                told = {"run": header["run"], "record": min(record, header["n_records"] - 1)}
                self.states[widget.id] = WidgetState(id=widget.id)
                self.states[widget.id].json_value = json.dumps({"record": told})
                found = True
        return found

    async def change(self, key: str, value: object) -> Answer:
        """Move one control, found by its key or its label, and wait for the answer."""
        widget = self.widget(key)
        state = WidgetState(id=widget.id)
        name = widget.field()
        if name.endswith("_array_value"):
            getattr(state, name).data.extend(value if isinstance(value, list) else [value])
        else:
            setattr(state, name, json.dumps(value) if name == "json_value" else value)
        if name == "trigger_value":
            return await self._rerun([state], widget.fragment_id)
        self.states[widget.id] = state
        return await self._rerun([], widget.fragment_id)

    async def trigger(self, key: str, event: str, value: object) -> Answer:
        """Let a component fire an event, as `setTriggerValue` does in the browser."""
        widget = self.widget(key)
        state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{widget.id}__events")
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self._rerun([state], widget.fragment_id)

    def widget(self, key: str) -> Widget:
        """Return the widget with this key or this label."""
        if key in self.widgets:
            return self.widgets[key]
        labels = {getattr(widget.proto, "label", None): widget for widget in self.widgets.values()}
        if key in labels:
            return labels[key]
        raise ValueError(f"key must be one of {sorted(self.widgets)}, got {key!r}")

    def header(self, key: str) -> Mapping[str, Any]:
        """Return the JSON that leads the bytes last sent to a component."""
        return self._header(self.widget(key))

    def _header(self, widget: Widget) -> Mapping[str, Any]:
        packed = widget.proto.bytes
        if not packed:
            return {}
        (length,) = struct.unpack_from("<I", packed)
        return dict(json.loads(packed[4 : 4 + length]))

    def records(self, key: str) -> dict[str, bytes]:
        """Return the arrays that follow that JSON, byte for byte, by their names."""
        packed = bytes(self.widget(key).proto.bytes)
        body = -(-(4 + struct.unpack_from("<I", packed)[0]) // 8) * 8
        found = {}
        for name, entry in self.header(key)["arrays"].items():
            start = body + entry["offset"]
            n_bytes = math.prod(entry["shape"]) * ITEM_BYTES[entry["dtype"]]
            found[name] = packed[start : start + n_bytes]
        return found

    async def _rerun(self, triggers: list[WidgetState], fragment_id: str = "") -> Answer:
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_script_hash = self.query, self.page_hash
        request.page_name = "" if self.page_hash else self.page
        request.fragment_id = fragment_id
        request.cached_message_hashes.extend(self.kept)
        request.widget_states.widgets.extend([*self.states.values(), *triggers])
        start = perf_counter()
        await self.socket.send(message.SerializeToString())
        answer = await self._answer(start)
        while len(self.kept) > KEPT_MESSAGES:
            self.kept.pop(next(iter(self.kept)))
        return answer

    async def _answer(self, start: float) -> Answer:
        """Read until the script has finished; a run that only asked for another does not count."""
        answer = Answer()
        while True:
            packet = await self.socket.recv(decode=False)
            message = ForwardMsg.FromString(packet)
            answer.n_bytes += len(packet)
            self._take(message, answer, perf_counter() - start)
            if message.WhichOneof("type") != "script_finished":
                continue
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                answer.errors.append("the script does not compile")
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                answer.seconds = perf_counter() - start
                return answer

    def _take(self, message: ForwardMsg, answer: Answer, seconds: float) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            answer.errors.append(f"page not found: {self.page!r}")
        elif kind == "ref_hash":
            self._show(self.kept[message.ref_hash], answer, seconds)
        elif kind == "delta":
            if message.metadata.cacheable:
                self._keep(message.hash, message.delta)
            self._show(message.delta, answer, seconds)

    def _keep(self, name: str, delta: Delta) -> None:
        """Keep a large message, as a browser does, so that it need not be sent again."""
        self.kept.pop(name, None)
        self.kept[name] = delta

    def _show(self, delta: Delta, answer: Answer, seconds: float) -> None:
        kind = delta.new_element.WhichOneof("type") if delta.HasField("new_element") else None
        if kind is None:
            return
        proto = getattr(delta.new_element, kind)
        if kind == "exception":
            answer.errors.append(f"{proto.type}: {proto.message}")
        elif kind == "alert":
            answer.alerts.append(proto.body)
        identifier = getattr(proto, "id", "")
        if isinstance(identifier, str) and identifier.startswith("$$ID-"):
            key = identifier.split("-", 2)[2]
            key = key if key != "None" else getattr(proto, "label", identifier)
            self.widgets[key] = Widget(identifier, kind, proto, delta.fragment_id)
            answer.arrived[key] = seconds
