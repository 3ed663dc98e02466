"""How long the window's event loop is away while fifty keys are checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Bound

_CHILD = Path(__file__).with_name("busy_window.py")


def bounds() -> list[Bound]:
    """The real window on fifty practice keys: all checked again and again, the worst run counts.

    The practice exchange and the workers share the processors with it: what the window itself does
    in a turn is told apart from a gap by the clock.
    """
    done = subprocess.run([sys.executable, str(_CHILD)], capture_output=True, timeout=60)
    if done.returncode != 0 or not done.stdout:
        raise RuntimeError(f"the window did not do its work: {done.stderr.decode()}")
    opening, *runs = json.loads(done.stdout.splitlines()[-1])
    _tell("while the window opens", opening)
    for run in runs:
        _tell("50 keys checked", run)
    pages = worst_of_pages()
    return [
        Bound("event-loop gap, a page opened", max(pages.values()), 50.0, " ms"),
        Bound("work of the window in one turn", max(run["own"] for run in runs), 50.0, " ms"),
        Bound("event-loop gap, 99 %", max(run["p99"] for run in runs), 16.0, " ms"),
        Bound("event-loop gap, worst", max(run["worst"] for run in runs), 50.0, " ms"),
    ]


def worst_of_pages() -> dict[str, float]:
    """The longest gap in ms while each page is opened; the first time counts as well as the second."""
    done = subprocess.run([sys.executable, str(_CHILD), "pages"], capture_output=True, timeout=120)
    if done.returncode != 0 or not done.stdout:
        raise RuntimeError(f"the window did not open its pages: {done.stderr.decode()}")
    worst: dict[str, float] = {}
    for name, run in json.loads(done.stdout.splitlines()[-1]):
        which = "again" if f"{name}, first" in worst else "first"
        worst[f"{name}, {which}"] = run["worst"]
    for name, gap in worst.items():
        print(f"     opening {name:<28} worst gap {gap:.1f} ms")
    return worst


def _tell(what: str, run: dict[str, float]) -> None:
    gaps = f"median {run['median']:.1f}, 99 % {run['p99']:.1f}, worst {run['worst']:.1f} ms"
    gaps += f"; own work {run['own']:.1f} ms"
    print(f"     {what:<24} {run['seconds']:.2f} s, {run['beats']} beats, gaps: {gaps}")
