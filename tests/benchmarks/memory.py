"""What the server holds in memory: after each page, with a class on it, and for hours.

python -m tests.benchmarks.memory [--sessions 30] [--minutes 0]
With `--minutes`, so many sessions click through everything for so long (`--sessions 10
--minutes 30`); printed are the memory over time and its slope in the second half.
"""

import argparse
import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from time import monotonic

import psutil

from tests.benchmarks.websocket_session import WebsocketSession, Widget
from tests.conftest import Server, page_files, page_name, serving

HOME = "home"
BUSIEST = "network"
ACTIONS_ON_A_PAGE = 6


def pages() -> list[str]:
    """Return the addresses of all pages, the home page first."""
    stems = (page_name(path) for path in page_files())
    return ["", *(stem for stem in stems if stem != HOME)]


def megabytes(server: Server) -> float:
    """Return what the server holds now."""
    return float(psutil.Process(server.pid).memory_info().rss) / 1e6


def row(what: str, server: Server, before: float, errors: list[str]) -> float:
    """Print one line of the table and return the memory now."""
    now = megabytes(server)
    print(f"{what:34}{now:>8.0f}{now - before:>+8.0f}{'  ' + '; '.join(errors[:2])}", flush=True)
    return now


async def visit(server: Server, sessions: int) -> int:
    """Visit every page once, then all of them with a class that stays on the busiest."""
    print(f"{'':34}{'MB':>8}{'more':>8}")
    rss, n_errors = row("started, nobody there", server, 0.0, []), 0
    for page in pages():
        async with WebsocketSession(server.address, page) as session:
            errors = (await session.open()).errors
        rss = row(f"page {page or HOME}", server, rss, errors)
        n_errors += len(errors)
    async with AsyncExitStack() as stay:
        for page in [*pages(), BUSIEST]:
            for _ in range(sessions):
                session = WebsocketSession(server.address, page)
                await stay.enter_async_context(session)
                n_errors += len((await session.open()).errors)
                if page != BUSIEST:
                    await session.socket.close()
        row(f"{sessions} sessions on all pages", server, rss, [])
    return n_errors


def choices(widget: Widget) -> Iterator[object]:
    """Yield values that a visitor could give a widget."""
    proto = widget.proto
    if widget.kind == "button_group":
        yield from ([option.content] for option in proto.options)
    elif widget.kind == "checkbox":
        yield from (True, False)
    elif widget.kind in ("selectbox", "radio"):
        yield from proto.options
    elif widget.kind == "slider" and widget.field() == "double_array_value":
        yield from ([proto.min], [(proto.min + proto.max) // 2], [proto.max])
    elif widget.kind == "slider":
        yield from ([option] for option in proto.options[:3])
    elif widget.kind == "number_input":
        yield from map(float, range(5))
    elif widget.kind == "button":
        yield True


async def click(session: WebsocketSession, chance: random.Random) -> list[str]:
    """Move one of the controls on the page, whichever it is, or fetch the next chunk."""
    couriers = [key for key in session.widgets if key.endswith("-courier")]
    if couriers and chance.random() < 0.3:
        held = session.header(couriers[0])
        first = held["stop"] if not held["end"] else 0
        want = {"run": held["run"], "first": first, "upto": first, "at": first, "ask": first}
        return (await session.trigger(couriers[0], "want", want)).errors
    movable = {key: list(choices(widget)) for key, widget in session.widgets.items()}
    keys = [key for key, values in movable.items() if values]
    if not keys:  # a page to read
        return []
    key = chance.choice(keys)
    return (await session.change(key, chance.choice(movable[key]))).errors


async def wander(server: Server, number: int, until: float, errors: list[str]) -> None:
    """Go from page to page and click about until the time is over."""
    chance = random.Random(number)
    while monotonic() < until:
        page = chance.choice(pages()[1:])
        try:
            async with WebsocketSession(server.address, page) as session:
                errors += (await asyncio.wait_for(session.open(), 60)).errors
                for _ in range(ACTIONS_ON_A_PAGE):
                    found = await asyncio.wait_for(click(session, chance), 60)
                    errors += [f"{page}: {error}" for error in found]
                    await asyncio.sleep(chance.uniform(0.5, 3))
        except (TimeoutError, KeyError, IndexError, ValueError) as error:
            errors.append(f"{page}: {error!r}"[:120])


async def stay(server: Server, sessions: int, minutes: float) -> None:
    """Let all sessions wander for so long; print the memory twenty times, and its slope."""
    began, errors = monotonic(), list[str]()
    until = began + 60 * minutes
    async with WebsocketSession(server.address) as session:
        await session.open()  # a process knows its pages once somebody was there
    tasks = [asyncio.create_task(wander(server, n, until, errors)) for n in range(sessions)]
    seen: list[tuple[float, float]] = []
    while monotonic() < until:
        await asyncio.sleep(60 * minutes / 20)
        seen.append(((monotonic() - began) / 60, megabytes(server)))
        print(f"after {seen[-1][0]:5.1f} minutes {seen[-1][1]:8.0f} MB", flush=True)
    await asyncio.gather(*tasks)
    half = seen[len(seen) // 2 :]
    mean_t, mean_mb = (sum(column) / len(half) for column in zip(*half, strict=True))
    spread = sum((t - mean_t) ** 2 for t, _ in half)
    slope = sum((t - mean_t) * (mb - mean_mb) for t, mb in half) / spread
    print(f"most {max(mb for _, mb in seen):.0f} MB; second half {slope:+.2f} MB a minute")
    print(f"errors: {len(errors)} {sorted(set(errors))[:5] or ''}")


def main() -> None:
    """Start the app and print the table; fail if a page did not run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=0.0)
    options = parser.parse_args()
    errors = 0
    with serving() as server:
        if options.minutes:
            asyncio.run(stay(server, options.sessions, options.minutes))
        else:
            errors = asyncio.run(visit(server, options.sessions))
    raise SystemExit(1 if errors else 0)


if __name__ == "__main__":
    main()
