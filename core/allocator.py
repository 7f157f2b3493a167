"""Memory that is no longer used goes back to the system, where the C library can do that."""

import ctypes

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's mallopt
N_ARENAS = 1
LARGE = 512 * 1024  # bytes: arrays from this size on are the system's own again at once
_LIBRARY = ctypes.CDLL(None)


def few_arenas() -> None:
    """Keep threads from filling heaps of their own, out of which nothing comes back.

    Every rerun is a new thread, and glibc gives threads up to eight heaps a core: ten people
    on all pages held 1,270 MB with those.
    """
    if hasattr(_LIBRARY, "mallopt"):
        _LIBRARY.mallopt(_M_ARENA_MAX, N_ARENAS)
        _LIBRARY.mallopt(_M_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Return to the system what lies free between what is used."""
    if hasattr(_LIBRARY, "malloc_trim"):
        _LIBRARY.malloc_trim(0)
