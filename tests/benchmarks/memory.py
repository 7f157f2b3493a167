"""What the server holds in memory: at start-up, after each page, with a class on it.

python -m tests.benchmarks.memory [--sessions 30]
"""

import argparse
import asyncio
from contextlib import AsyncExitStack

import psutil

from tests.benchmarks.websocket_session import WebsocketSession
from tests.conftest import Server, page_files, page_name, serving

HOME = "home"
BUSIEST = "network"


def pages() -> list[str]:
    """Return the addresses of all pages, the home page first."""
    stems = (page_name(path) for path in page_files())
    return ["", *(stem for stem in stems if stem != HOME)]


def row(what: str, server: Server, before: float, errors: list[str]) -> float:
    """Print one line of the table and return the memory now."""
    now = float(psutil.Process(server.pid).memory_info().rss) / 1e6
    print(f"{what:34}{now:>8.0f}{now - before:>+8.0f}{'  ' + '; '.join(errors[:2])}")
    return now


async def visit(server: Server, sessions: int) -> int:
    """Visit every page once, then the busiest with many visitors who stay."""
    print(f"{'':34}{'MB':>8}{'more':>8}")
    rss, n_errors = row("started, nobody there", server, 0.0, []), 0
    for page in pages():
        async with WebsocketSession(server.address, page) as session:
            errors = (await session.open()).errors
        rss = row(f"page {page or HOME}", server, rss, errors)
        n_errors += len(errors)
    async with AsyncExitStack() as stay:
        for _ in range(sessions):
            session = await stay.enter_async_context(WebsocketSession(server.address, BUSIEST))
            n_errors += len((await session.open()).errors)
        row(f"{sessions} sessions on {BUSIEST}", server, rss, [])
    return n_errors


def main() -> None:
    """Start the app and print the table; fail if a page did not run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sessions", type=int, default=30)
    with serving() as server:
        errors = asyncio.run(visit(server, parser.parse_args().sessions))
    raise SystemExit(1 if errors else 0)


if __name__ == "__main__":
    main()
