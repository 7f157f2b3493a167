"""A class of thirty on one server, over the real websocket, on this machine only.

python -m tests.benchmarks.load [--sessions 30] [--seconds 60] [--pace 1]
Four tables: a class at work (everyone acts every 4 to 12 seconds, one action in five
is a training), everyone opening one link at once, everyone training something else at
once, and one more who begins training after training while all others train without a
pause. `--pace 4` makes everyone four times as quick.
"""

import argparse
import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import psutil

from tests.benchmarks.websocket_session import Answer, WebsocketSession
from tests.conftest import Server, serving

# What the visitors of the page do. Controls that leave the training as it is:
PAGE = "network"
CONTROLS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("network_show_test", (True, False)),
    ("network_view", (["Units"], ["Answers"], ["Weights"])),
)
ALL = "controls=All"  # the seed is not among the basic controls
SEED = "network_seed"
COURIER = "network-courier"
# A training is watched to this record, at full speed: about one second of computing.
RECORDS = 200
SHARE_OF_TRAININGS = 0.2


@dataclass
class Tally:
    """The waiting times by kind of action, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def add(self, kind: str, answer: Answer) -> None:
        """Count one answer."""
        self.seconds[kind].append(answer.seconds)
        self.errors.extend(f"{kind}: {error}" for error in answer.errors)


async def watch(session: WebsocketSession, tally: Tally, records: int = RECORDS) -> None:
    """Fetch chunks as the player does, one request in flight, up to a record."""
    held = session.header(COURIER)
    while not held["end"] and held["stop"] < min(records, held["n_records"]):
        first = held["stop"]
        want = {"run": held["run"], "first": first, "upto": records, "at": first, "ask": first}
        tally.add("next chunk", await session.trigger(COURIER, "want", want))
        answered = session.header(COURIER)
        if answered["stop"] <= first:
            tally.errors.append(f"next chunk: nothing came after record {first}")
            return
        held = answered


async def train(session: WebsocketSession, seed: int, tally: Tally) -> None:
    """Choose another seed and watch that training."""
    start = perf_counter()
    tally.add("new training, first frame", await session.change(SEED, seed))
    await watch(session, tally)
    whole = f"whole training, {RECORDS} records"
    tally.seconds[whole].append(perf_counter() - start)


async def act(session: WebsocketSession, chance: random.Random, tally: Tally) -> None:
    """Do one thing: train something new, or move a control that trains nothing."""
    if chance.random() < SHARE_OF_TRAININGS:
        await train(session, chance.randrange(1, 10_000), tally)
    else:
        key, values = chance.choice(CONTROLS)
        tally.add("control", await session.change(key, chance.choice(values)))


async def pupil(server: Server, number: int, tally: Tally, seconds: float, pace: float) -> None:
    """Open the page some time in the first seconds and act until the lesson is over."""
    chance = random.Random(number)
    end = asyncio.get_running_loop().time() + seconds
    await asyncio.sleep(chance.uniform(0, 8) / pace)
    async with WebsocketSession(server.address, PAGE, ALL) as session:
        tally.add("open", await session.open())
        while asyncio.get_running_loop().time() < end:
            await act(session, chance, tally)
            await asyncio.sleep(chance.uniform(4, 12) / pace)


async def open_link(server: Server, query: str, tally: Tally) -> None:
    """Open one link and have it on the screen."""
    async with WebsocketSession(server.address, PAGE, f"{ALL}&{query}") as session:
        tally.add("open", await session.open())


async def open_and_train(server: Server, number: int, tally: Tally) -> None:
    """Open a link with a seed of one's own and watch its whole training."""
    query = f"{SEED}={9_000 + number}"
    start = perf_counter()
    async with WebsocketSession(server.address, PAGE, f"{ALL}&{query}") as session:
        tally.add("open", await session.open())
        await watch(session, tally)
    tally.seconds[f"whole training, {RECORDS} records"].append(perf_counter() - start)


async def train_without_pause(
    server: Server, number: int, tally: Tally, done: asyncio.Event
) -> None:
    """Watch one training after the other, as fast as they come, until told to stop."""
    chance = random.Random(number)
    async with WebsocketSession(server.address, PAGE, ALL) as session:
        tally.errors.extend((await session.open()).errors)
        while not done.is_set():
            answer = await session.change(SEED, chance.randrange(1, 5_000))
            tally.errors.extend(answer.errors)
            held = session.header(COURIER)
            while not done.is_set() and not held["end"]:
                first = held["stop"]
                want = {"run": held["run"], "first": first, "upto": first + 60, "at": first - 40}
                await session.trigger(COURIER, "want", {**want, "ask": first})
                held = session.header(COURIER)


async def begin_among_others(
    server: Server, sessions: int, tally: Tally, n_begun: int = 40
) -> None:
    """Begin trainings in one session while all others train without a pause."""
    done = asyncio.Event()
    others = [
        asyncio.create_task(train_without_pause(server, number, tally, done))
        for number in range(sessions)
    ]
    async with WebsocketSession(server.address, PAGE, ALL) as session:
        tally.errors.extend((await session.open()).errors)
        await asyncio.sleep(5)
        for seed in range(n_begun):
            answer = await session.change(SEED, 5_000 + seed)
            tally.errors.extend(answer.errors)
            picture = answer.arrived.get(COURIER, answer.seconds)
            tally.seconds["first frame of a new training"].append(picture)
            await asyncio.sleep(0.3)
    done.set()
    await asyncio.gather(*others)


async def together(
    title: str, server: Server, tally: Tally, visits: Sequence[Awaitable[None]]
) -> None:
    """Let all visits happen at once and print how long they waited."""
    start, before = perf_counter(), cpu_seconds(server)
    outcomes = await asyncio.gather(*visits, return_exceptions=True)
    tally.errors.extend(repr(outcome) for outcome in outcomes if outcome is not None)
    elapsed = perf_counter() - start
    print(f"\n{title}")
    print(f"{'':34}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for kind, seconds in sorted(tally.seconds.items()):
        p50, p95, most = (1000 * quantile(seconds, share) for share in (0.5, 0.95, 1.0))
        print(f"{kind:34}{len(seconds):>6}{p50:>9.0f}{p95:>9.0f}{most:>9.0f}")
    used = [(after - b) / elapsed for after, b in zip(cpu_seconds(server), before, strict=True)]
    rss = psutil.Process(server.pid).memory_info().rss / 1e6
    print(f"{elapsed:.1f} s; cores used by server {used[0]:.2f}, by this client {used[1]:.2f},")
    print(f"by other programs {used[2] - used[0] - used[1]:.2f}; server {rss:.0f} MB resident")
    print(f"errors: {len(tally.errors)} {sorted(set(tally.errors))[:5] or ''}")


def cpu_seconds(server: Server) -> tuple[float, float, float]:
    """Return the processor time used by the server, by this client and by everything."""
    whole = psutil.cpu_times()
    served, asked = (sum(psutil.Process(pid).cpu_times()[:2]) for pid in (server.pid, None))
    return served, asked, whole.user + whole.nice + whole.system + whole.irq + whole.softirq


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


async def run(server: Server, sessions: int, seconds: float, pace: float) -> int:
    """Run the scenes and return the number of errors."""
    await open_link(server, "", Tally())
    scenes: list[tuple[str, Callable[[int, Tally], Awaitable[None]]]] = [
        (
            f"{sessions} sessions, one action every {4 / pace:g} to {12 / pace:g} s",
            lambda number, tally: pupil(server, number, tally, seconds, pace),
        ),
        (
            f"{sessions} equal links opened at once",
            lambda _, tally: open_link(server, f"{SEED}=4321", tally),
        ),
        (
            f"{sessions} different trainings at once",
            lambda number, tally: open_and_train(server, number, tally),
        ),
    ]
    errors = 0
    for title, visit in scenes:
        tally = Tally()
        await together(title, server, tally, [visit(number, tally) for number in range(sessions)])
        errors += len(tally.errors)
    tally = Tally()
    title = f"one more begins a training while {sessions} others train without a pause"
    await together(title, server, tally, [begin_among_others(server, sessions, tally)])
    return errors + len(tally.errors)


def main() -> None:
    """Read the options, start the app, print the tables; fail if there was an error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pace", type=float, default=1.0)
    options = parser.parse_args()
    with serving() as server:
        errors = asyncio.run(run(server, options.sessions, options.seconds, options.pace))
    raise SystemExit(1 if errors else 0)


if __name__ == "__main__":
    main()
