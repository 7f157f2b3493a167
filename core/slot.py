"""One computation at a time, the most urgent first, nobody passed over for ever."""

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic

# How many seconds later than asked for a computation may begin, if others are more urgent.
# Whoever waits longer than that goes before all who came since: no session starves.
FIRST = 0.0  # the beginning of a run: nothing of it is on the screen yet
WAITED_FOR = 5.0  # somebody looks at the end of what came so far
AHEAD = 10.0  # fetched while what came before still plays


class Slot:
    """A lock that goes to whoever is due first; the thread that holds it may take it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: list[tuple[float, int, threading.Event]] = []
        self._tickets = count()
        self._holder: int | None = None
        self._depth = 0

    @contextmanager
    def held(self, patience: float = WAITED_FOR) -> Iterator[None]:
        """Hold the slot for the block; `patience` is one of the three above."""
        self._take(patience)
        try:
            yield
        finally:
            self._leave()

    @property
    def n_waiting(self) -> int:
        """How many threads wait at this moment."""
        return len(self._queue)

    def _take(self, patience: float) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder in (None, me):
                self._holder, self._depth = me, self._depth + 1
                return
            mine = threading.Event()
            heapq.heappush(self._queue, (monotonic() + patience, next(self._tickets), mine))
        mine.wait()
        # It was handed over, not let go: nobody could come in between.
        self._holder, self._depth = me, 1

    def _leave(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if self._queue:
                self._holder = -1  # no thread's: until the next one has woken up
                heapq.heappop(self._queue)[2].set()
            else:
                self._holder = None
