"""Who computes next: the first pictures, then what is waited for, then what is fetched ahead."""

import threading
import time
from collections.abc import Sequence

from core import slot
from core.slot import AHEAD, FIRST, WAITED_FOR, Slot


def order(asked: Sequence[tuple[str, float]]) -> list[str]:
    """In which order threads that ask one after the other, while it is held, get the slot."""
    one, got = Slot(), list[str]()

    def compute(name: str, patience: float) -> None:
        with one.held(patience):
            got.append(name)

    threads = [threading.Thread(target=compute, args=each) for each in asked]
    with one.held():
        for n_before, thread in enumerate(threads):
            thread.start()
            until(lambda n=n_before: one.n_waiting == n + 1)
    for thread in threads:
        thread.join(5)
    return got


def until(true: object) -> None:
    """Let the others run until this is so."""
    while not true():  # type: ignore[operator]
        time.sleep(0.0005)


def test_a_first_picture_goes_before_what_is_waited_for_before_what_is_fetched_ahead() -> None:
    asked = [("ahead", AHEAD), ("waited", WAITED_FOR), ("first", FIRST)]
    assert order(asked) == ["first", "waited", "ahead"]


def test_among_equals_whoever_came_first_is_first() -> None:
    asked = [(str(place), AHEAD) for place in range(6)]
    assert order(asked) == [name for name, _ in asked]


def test_nobody_is_passed_over_for_ever() -> None:
    """Who has waited as long as others would be given goes before them."""
    asked = [("ahead, long ago", -1.0), ("first", FIRST), ("ahead", AHEAD)]
    assert order(asked) == ["ahead, long ago", "first", "ahead"]


def test_the_holder_may_take_it_again_and_keeps_it_to_the_end() -> None:
    one, entered = Slot(), threading.Event()

    def other() -> None:
        with one.held(FIRST):
            entered.set()

    thread = threading.Thread(target=other)
    with one.held():
        with one.held():
            thread.start()
            until(lambda: one.n_waiting == 1)
        assert not entered.is_set()
    thread.join(5)
    assert entered.is_set()


def test_one_at_a_time_however_many_ask() -> None:
    one, inside, most = Slot(), [0], [0]

    def compute(patience: float) -> None:
        for _ in range(50):
            with one.held(patience):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [
        threading.Thread(target=compute, args=(patience,))
        for patience in (slot.FIRST, slot.WAITED_FOR, slot.AHEAD, slot.AHEAD)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (most[0], inside[0], one.n_waiting) == (1, 0, 0)


def test_an_error_inside_lets_the_slot_go() -> None:
    one = Slot()
    try:
        with one.held():
            raise ValueError
    except ValueError:
        pass
    assert order([("a", FIRST)]) == ["a"]
    with one.held():
        assert one.n_waiting == 0
