"""What a visitor waits for, page by page, on a warm server over the real websocket.

Run: python -m tests.benchmarks.page_times
"""

import asyncio
from statistics import median

from tests.benchmarks.load import COURIER, cpu_seconds
from tests.benchmarks.websocket_session import WebsocketSession
from tests.conftest import page_files, page_name, serving

ROUNDS = 9
# A control of each page that changes nothing but what is shown.
SHOWN = {"network": ("network_show_test", (True, False))}


async def opened(address: str, page: str) -> float:
    """Milliseconds from the first message to the last of a fresh visit."""
    async with WebsocketSession(address, page) as session:
        return 1000 * (await session.open()).seconds


async def control(server: object, address: str, page: str) -> tuple[float, float]:
    """Milliseconds that a control takes which trains nothing: waited, and on the processor."""
    key, values = SHOWN[page]
    async with WebsocketSession(address, page) as session:
        await session.open()
        await session.change(key, values[1])
        before, waited = cpu_seconds(server)[0], []  # type: ignore[arg-type]
        for turn in range(4 * ROUNDS):
            waited.append((await session.change(key, values[turn % 2])).seconds)
        used = cpu_seconds(server)[0] - before  # type: ignore[arg-type]
    return 1000 * median(waited), 1000 * used / (4 * ROUNDS)


async def chunk(address: str) -> tuple[float, float]:
    """Milliseconds to the next chunk of the network page: trained anew, and once more."""
    times: list[list[float]] = []
    for _ in range(2):
        async with WebsocketSession(address, "network", "network_seed=77") as session:
            await session.open()
            spent = []
            for _ in range(ROUNDS):
                held = session.header(COURIER)
                want = {"run": held["run"], "first": held["stop"], "upto": held["stop"]}
                want |= {"at": held["stop"], "ask": held["stop"]}
                spent.append((await session.trigger(COURIER, "want", want)).seconds)
        times.append(spent)
    return 1000 * median(times[0]), 1000 * median(times[1])


async def measure() -> None:
    with serving() as server:
        pages = [page_name(path) for path in page_files() if page_name(path) != "home"]
        for page in ["", *pages]:
            await opened(server.address, page)  # warm
        print(f"{'page':28}{'first picture':>15}{'control':>12}{'its processor time':>22}")
        for page in ["", *pages]:
            first = median([await opened(server.address, page) for _ in range(ROUNDS)])
            line = f"{page or 'home':28}{first:12.0f} ms"
            if page in SHOWN:
                waited, used = await control(server, server.address, page)
                line += f"{waited:9.0f} ms{used:19.1f} ms"
            print(line)
        fresh, kept = await chunk(server.address)
        print(f"next chunk of the network: {fresh:.0f} ms trained, {kept:.0f} ms from the store")


if __name__ == "__main__":
    asyncio.run(measure())
