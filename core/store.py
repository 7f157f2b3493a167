"""All that the process keeps for every session, under one limit in bytes.

Chunks of runs, recordings, data sets, prepared examples, resumed models, pictures: whatever
was longest not used goes first, whoever put it there. So another page costs nothing that
stays. Streamlit's own cache would pickle what it keeps and unpickle it at every hit.
"""

import functools
import hashlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

from core.sizes import size_of

Key = tuple[Hashable, ...]  # its first entry says of what kind the value is
P = ParamSpec("P")
R = TypeVar("R")

# With all pages opened once the process holds 590 MB; 690 are guaranteed.
MAX_BYTES = 56_000_000
LONG = 1024  # bytes in a key that are kept as a digest


class Kept(NamedTuple):
    """A value and what it costs in bytes."""

    value: Any
    nbytes: int


class Making(NamedTuple):
    """A value that a thread is at work on, while others wait for it."""

    result: "Future[Any]"
    thread: int


class Store:
    """A mapping of at most `max_bytes` in which the least recently used goes first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._making: dict[Key, Making] = {}
        self._lock = threading.Lock()
        self._here = threading.local()

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Any:
        """The value kept under `key`, now the most recently used, or None."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept.value

    def put(self, key: Key, value: Any, nbytes: int | None = None) -> None:
        """Keep `value`; let the least recently used go until all fits."""
        kept = Kept(value, size_of((key, value)) if nbytes is None else nbytes)
        with self._lock:
            if before := self._kept.pop(key, None):
                self.nbytes -= before.nbytes
            self._kept[key] = kept
            self.nbytes += kept.nbytes
            while self.nbytes > self.max_bytes and len(self._kept) > 1:
                self.nbytes -= self._kept.popitem(last=False)[1].nbytes

    def value(self, key: Key, make: Callable[[], Any]) -> Any:
        """The value under `key`; where there is none, one thread makes it and others wait.

        An exception reaches all who waited and is not kept.
        """
        me = threading.get_ident()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept.value
            making = self._making.get(key)
            if making is None:
                mine: Future[Any] = Future()
                self._making[key] = Making(mine, me)
        if making is None:
            return self._made(key, make, mine)
        if making.thread == me or getattr(self._here, "waits_for_nobody", False):
            return make()
        return making.result.result()

    def _made(self, key: Key, make: Callable[[], Any], result: "Future[Any]") -> Any:
        try:
            value = make()
            self.put(key, value)
            result.set_result(value)
        except BaseException as error:
            result.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]
        return value

    @contextmanager
    def waiting_for_nobody(self) -> Iterator[None]:
        """In the block this thread makes what another is just making once more.

        For whoever holds what the other may be waiting for.
        """
        before = getattr(self._here, "waits_for_nobody", False)
        self._here.waits_for_nobody = True
        try:
            yield
        finally:
            self._here.waits_for_nobody = before

    def by_kind(self) -> dict[str, int]:
        """How many bytes are kept of every kind, the most first."""
        found: Counter[str] = Counter()
        with self._lock:
            for key, kept in self._kept.items():
                found[str(key[0])] += kept.nbytes
        return dict(found.most_common())

    def clear(self, kind: str | None = None) -> None:
        """Let everything go, or all of one kind."""
        with self._lock:
            for key in [key for key in self._kept if kind in (None, key[0])]:
                self.nbytes -= self._kept.pop(key).nbytes


STORE = Store(MAX_BYTES)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what `function` returns for each of its arguments, in the one store.

    For anything that holds arrays, tables, models, figures or texts of some length and is only
    read: sessions share the very object. Arguments are hashable, or arrays, lists and mappings
    of such, which count by what is in them.
    """
    kind = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def looked_up(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (kind, *map(_short, args), *((n, _short(v)) for n, v in sorted(kwargs.items())))
        found: R = STORE.value(key, lambda: function(*args, **kwargs))
        return found

    return looked_up


def _short(argument: Any) -> Hashable:
    """What stands for an argument in a key: large contents as their digest."""
    if isinstance(argument, bytes) and len(argument) > LONG:
        return hashlib.blake2b(argument, digest_size=16).digest()
    if hasattr(argument, "as_key"):  # a run: not the object, which would keep its recording
        key: Hashable = argument.as_key
        return key
    if isinstance(argument, np.ndarray):
        if argument.dtype.hasobject:
            return argument.shape, _short(argument.tolist())
        return argument.dtype.str, argument.shape, _short(argument.tobytes())
    if isinstance(argument, Mapping):
        return tuple((_short(name), _short(value)) for name, value in argument.items())
    if isinstance(argument, list | tuple):
        return tuple(map(_short, argument))
    hashable: Hashable = argument
    return hashable
