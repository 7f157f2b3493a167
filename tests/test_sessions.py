"""The visitor's road: a real server, many sessions, and every byte that travels."""

import asyncio
import hashlib
from collections import defaultdict
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.benchmarks.websocket_session import WebsocketSession
from tests.conftest import Server, serving

SEEDS = range(601, 609)
N_EPOCHS = 100
COURIER = "network-courier"
# Others look inside at a later record, edit and toggle; each makes networks or trainings.
LOOKING = (
    ("network", "network_record=40&controls=All", ("network_show_test", (True, False))),
    ("classification", "classification_record=5&controls=All", ("classification_view", None)),
    ("regression", "regression_record=5&controls=All", ("regression_seed", (3, 4, 5))),
)


async def played(server: Server, seed: int) -> dict[str, str]:
    """A digest of the bytes of every array of a run, opened by its link, played to its end."""
    query = f"network_seed={seed}&network_n_epochs={N_EPOCHS}&network_p_drop=0.2"
    digests: defaultdict[str, Any] = defaultdict(hashlib.sha256)
    async with WebsocketSession(server.address, "network", query) as session:
        assert not (await session.open()).errors
        for ask in count(1):
            held = session.header(COURIER)
            for name, content in session.records(COURIER).items():
                digests[name].update(content)
            if held["end"]:
                break
            first = held["stop"]
            want = {
                "run": held["run"],
                "first": first,
                "upto": first + 99,
                "ask": ask,
                "at": first - 1,
            }
            assert not (await session.trigger(COURIER, "want", want)).errors
            assert session.header(COURIER)["first"] == first
        assert held["stop"] == held["n_records"] == N_EPOCHS + 1
    return {name: digest.hexdigest() for name, digest in digests.items()}


async def visited(server: Server) -> None:
    """Open the home page: a process knows its pages once somebody was there."""
    async with WebsocketSession(server.address) as session:
        assert not (await session.open()).errors


async def looking(server: Server, place: int, at_work: asyncio.Barrier, done: asyncio.Event) -> int:
    """One who looks inside and moves a control again and again; how often."""
    page, query, (key, values) = LOOKING[place]
    n_moved = 0
    async with WebsocketSession(server.address, page, query) as session:
        assert not (await session.open()).errors
        options = values or [[option.content] for option in session.widget(key).proto.options]
        while not done.is_set():
            answer = await session.change(key, options[n_moved % len(options)])
            assert not answer.errors
            n_moved += 1
            if n_moved == 1:
                await at_work.wait()
            await asyncio.sleep(0.05)
    return n_moved


async def all_played(server: Server) -> list[dict[str, str]]:
    """Every run played at once, while others look inside."""
    await visited(server)
    at_work, done = asyncio.Barrier(len(LOOKING) + 1), asyncio.Event()
    others = [asyncio.create_task(looking(server, n, at_work, done)) for n in range(len(LOOKING))]
    begun = asyncio.create_task(at_work.wait())
    await asyncio.wait([begun, *others], timeout=120, return_when=asyncio.FIRST_COMPLETED)
    assert begun.done(), [task.exception() for task in others if task.done()]
    try:
        return await asyncio.gather(*(played(server, seed) for seed in SEEDS))
    finally:
        done.set()
        moved = await asyncio.gather(*others)
        assert min(moved) >= 2


async def each_alone(server: Server) -> list[dict[str, str]]:
    """The same runs, one after the other, nobody else there."""
    await visited(server)
    return [await played(server, seed) for seed in SEEDS]


def test_what_others_do_changes_no_byte_of_a_run() -> None:
    with serving() as server:
        together = asyncio.run(all_played(server))
    with serving() as server:
        alone = asyncio.run(each_alone(server))
    assert alone[0].keys() >= {"parameters", "loss"}
    assert len({each["parameters"] for each in alone}) == len(SEEDS)
    assert together == alone


async def cleared(server: Server, n: int) -> list[int]:
    """Open files of the server before, and after so many messages that any visitor may send."""
    await visited(server)
    files = Path(f"/proc/{server.pid}/fd")
    async with WebsocketSession(server.address, "network") as session:
        assert not (await session.open()).errors
        n_open = [len(list(files.iterdir()))]
        for _ in range(n):
            message = BackMsg()
            message.clear_cache = True
            await session.socket.send(message.SerializeToString())
            assert not (await session.open()).errors
        return [*n_open, len(list(files.iterdir()))]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_emptying_the_caches_again_and_again_opens_no_file() -> None:
    with serving() as server:
        before, after = asyncio.run(cleared(server, 100))
    assert after <= before + 4
