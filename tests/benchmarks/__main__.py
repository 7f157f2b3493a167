"""All benchmarks, one after the other: python -m tests.benchmarks."""

import subprocess
import sys

PARTS = ("training_speed", "player_speed", "page_times", "memory", "load")

if __name__ == "__main__":
    for part in PARTS:
        print(f"\n== {part}", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}"], check=False)
