"""From the start of the process to the first paint, and the memory then, against a bare window."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Bound, interleaved, ratio, tell

OURS, BARE, FURNISHED = "our window", "a bare PySide6 window", "ours, furnished"
_HERE = Path(__file__).parent


def bounds() -> list[Bound]:
    """Measure on the off-screen platform; the furnished window is told without a bound."""
    memory: dict[str, list[float]] = {}
    contenders = {
        OURS: _timed(OURS, ["our_window.py"], memory),
        BARE: _timed(BARE, ["bare_window.py"], memory),
        FURNISHED: _timed(FURNISHED, ["our_window.py", "furnished"], memory),
    }
    times = interleaved(contenders)
    resident = {name: values[1:] for name, values in memory.items()}
    tell(times, "ms")
    tell(resident, "MB")
    print(f"     furnished against bare: time {ratio(times, FURNISHED, BARE):.2f}x, ", end="")
    print(f"memory {ratio(resident, FURNISHED, BARE):.2f}x (no bound)")
    return [
        Bound("time to first paint", ratio(times, OURS, BARE), 1.35),
        Bound("memory at first paint", ratio(resident, OURS, BARE), 1.3),
    ]


def _timed(name: str, words: list[str], memory: dict[str, list[float]]) -> Callable[[], float]:
    def run() -> float:
        started = time.monotonic()
        command = [sys.executable, str(_HERE / words[0]), *words[1:]]
        done = subprocess.run(command, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{name} did not open: {done.stderr.decode()}")
        told = json.loads(done.stdout.splitlines()[-1])
        memory.setdefault(name, []).append(told["resident_kb"] / 1024)
        return float(told["at"] - started) * 1000

    return run
