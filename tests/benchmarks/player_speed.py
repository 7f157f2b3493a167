"""How many epochs and pictures a second the network page shows in headless Chromium.

Run: python -m tests.benchmarks.player_speed
"""

import shutil

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM_OPTIONS
from tests.conftest import serving

SECONDS = 6
LARGEST = "&".join(f"network_units_{layer}=8" for layer in range(1, 7))
NETWORKS = {
    "[2, 4, 2, 1], batch 10": "network?network_n_epochs=5000",
    "[2, 8×6, 1], batch 10": f"network?network_n_epochs=5000&network_n_hidden=6&{LARGEST}",
}
# Counts pictures as changes of the record shown, in the page itself.
WATCH = """async ([speed, seconds]) => {
  const find = (node) => node.querySelector?.(".player") ?? [...node.querySelectorAll("*")]
    .map((element) => element.shadowRoot && find(element.shadowRoot)).find(Boolean);
  const player = find(document), select = player.querySelector(".speed select");
  select.value = speed;
  select.dispatchEvent(new Event("change"));
  if (player.dataset.playing !== "true") player.querySelector('[aria-label="Play"]').click();
  await new Promise((done) => setTimeout(done, 1000));
  const first = Number(player.dataset.record), began = performance.now();
  let pictures = 0, last = first, longest = 0, changed = began;
  while (performance.now() - began < 1000 * seconds) {
    await new Promise(requestAnimationFrame);
    const record = Number(player.dataset.record);
    if (record !== last) {
      const now = performance.now();
      longest = Math.max(longest, now - changed);
      [pictures, last, changed] = [pictures + 1, record, now];
    }
  }
  const spent = (performance.now() - began) / 1000;
  return [(last - first) / spent, pictures / spent, longest];
}"""


def first_picture(page: Page, address: str) -> float:
    """Milliseconds from navigation to the first record drawn."""
    page.goto(address)
    return float(
        page.evaluate(
            """async () => {
              const find = (node) => node.querySelector?.(".player[data-record]")
                ?? [...node.querySelectorAll("*")].map((e) => e.shadowRoot && find(e.shadowRoot))
                .find(Boolean);
              while (!(Number(find(document)?.dataset.n) > 0)) {
                await new Promise(requestAnimationFrame);
              }
              return performance.now();
            }"""
        )
    )


def main() -> None:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        page = browser.new_page()
        page.goto(f"http://{server.address}/")
        page.wait_for_timeout(5000)
        print(f"{'network':26}{'speed':>7}{'epochs/s':>11}{'frames/s':>12}{'longest wait':>14}")
        seed = 0
        for name, path in NETWORKS.items():
            for speed in ("30", "60", "max"):
                seed += 1  # a run that nobody has seen
                address = f"http://{server.address}/{path}&network_seed={seed}"
                first = first_picture(page, address)
                page.wait_for_timeout(1500)
                epochs, pictures, longest = page.evaluate(WATCH, [speed, SECONDS])
                print(
                    f"{name:26}{speed:>7}{epochs:11.0f}{pictures:12.1f}{longest:11.0f} ms", end=""
                )
                print(f"   first frame after {first:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
