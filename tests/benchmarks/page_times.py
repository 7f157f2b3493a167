"""What each page costs on a warm server, over the real websocket.

python -m tests.benchmarks.page_times [--page NAME …] [--rounds 20]
For every page: its first picture (waited for, on the processor, bytes sent), then a rerun
that computes nothing, while the picture plays and while it stands at a record with
`Look inside` drawn.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import NamedTuple

import psutil

from tests.benchmarks.load import COURIER
from tests.benchmarks.websocket_session import Answer, WebsocketSession
from tests.conftest import Server, page_files, page_name, serving

CHUNKS = 9
# Where the picture stands in the second kind of rerun, unless the run is shorter.
STANDING_AT = 3


class Cost(NamedTuple):
    """What one request costs, the median of several."""

    waited: float  # ms
    processor: float  # ms
    n_bytes: float


async def cost(server: Server, rounds: int, ask: Callable[[], Awaitable[Answer]]) -> Cost:
    """Ask several times; the median of each."""
    process, costs = psutil.Process(server.pid), []
    for _ in range(rounds):
        before = sum(process.cpu_times()[:2])
        answer = await ask()
        await asyncio.sleep(0.03)  # what the script leaves behind is its cost as well
        used = sum(process.cpu_times()[:2]) - before
        costs.append((1000 * answer.seconds, 1000 * used, answer.n_bytes))
    waited, processor, n_bytes = zip(*costs, strict=True)
    # The clock of a process ticks every 10 ms: only the mean tells less than that.
    return Cost(median(waited), sum(processor) / len(processor), median(n_bytes))


async def visit(server: Server, page: str) -> Answer:
    """Open a page in a session of its own."""
    async with WebsocketSession(server.address, page) as session:
        return await session.open()


async def row(server: Server, page: str, rounds: int) -> str:
    """One page's line of the table."""
    first = await cost(server, max(3, rounds // 5), lambda: visit(server, page))
    async with WebsocketSession(server.address, page) as session:
        opened = await session.open()
        playing = await cost(server, rounds, session.rerun)
        line = f"{page or 'home':26}{first.waited:8.0f}{first.processor:8.0f}{_kb(first):8.0f}"
        line += f"{playing.waited:10.0f}{playing.processor:8.1f}{_kb(playing):8.0f}"
        if session.stand(STANDING_AT):
            opened.errors.extend((await session.rerun()).errors)
            standing = await cost(server, rounds, session.rerun)
            line += f"{standing.waited:10.0f}{standing.processor:8.1f}{_kb(standing):8.0f}"
    return line + "  ".join(["", *opened.errors[:1]])


def _kb(spent: Cost) -> float:
    return spent.n_bytes / 1000


async def chunk(address: str) -> tuple[float, float]:
    """Milliseconds to the next chunk of the network page: trained anew, and once more."""
    times: list[list[float]] = []
    for _ in range(2):
        async with WebsocketSession(address, "network", "network_seed=77") as session:
            await session.open()
            spent = []
            for _ in range(CHUNKS):
                held = session.header(COURIER)
                want = {"run": held["run"], "first": held["stop"], "upto": held["stop"]}
                want |= {"at": held["stop"], "ask": held["stop"]}
                spent.append((await session.trigger(COURIER, "want", want)).seconds)
        times.append(spent)
    return 1000 * median(times[0]), 1000 * median(times[1])


async def measure(pages: Sequence[str], rounds: int) -> None:
    """Print the table; every page is visited once before anything is measured."""
    with serving() as server:
        for page in pages:
            await visit(server, page)
        kinds = ("first frame", "rerun, playing", "rerun, standing")
        print(f"{'':26}" + "".join(f"{kind:^26}" for kind in kinds))
        print(f"{'page':26}" + f"{'wait ms':>8}{'cpu ms':>8}{'kB':>8}  " * len(kinds))
        for page in pages:
            print(await row(server, page, rounds), flush=True)
        fresh, kept = await chunk(server.address)
        print(f"next chunk of the network: {fresh:.0f} ms trained, {kept:.0f} ms from the store")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    names = ["", *(page_name(path) for path in page_files() if page_name(path) != "home")]
    parser.add_argument("--page", nargs="*", default=names)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    asyncio.run(measure(asked.page, asked.rounds))


if __name__ == "__main__":
    main()
