"""Results that every session may share, the least recently used let go first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Store(Generic[Key, Value]):
    """A mapping that holds at most `max_bytes`, as its users count them.

    Streamlit's own cache pickles what it keeps and unpickles it at every hit; chunks are
    immutable, so sessions can share the very arrays.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """The value kept under `key`, now the most recently used, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Key, value: Value, nbytes: int) -> None:
        """Keep `value`; let the least recently used go until all fits."""
        with self._lock:
            self.nbytes += nbytes - self._kept.pop(key, (value, 0))[1]
            self._kept[key] = (value, nbytes)
            while self.nbytes > self.max_bytes and len(self._kept) > 1:
                self.nbytes -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            self._kept.clear()
            self.nbytes = 0
