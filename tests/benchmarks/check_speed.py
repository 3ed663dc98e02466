"""One check from the command line against scripts that make the same calls."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import Bound, interleaved, ratio, tell
from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import PracticeWorld

_HERE = Path(__file__).parent
_LAUNCHER = _HERE.parent / "e2e" / "launcher.py"
OURS, PLAIN, CCXT = "latchlight check", "25 lines of requests", "the same through ccxt"
_CHECK = ("check", "--exchange", "binance", "--credentials", "-", "--json")


def bounds() -> list[Bound]:
    """Measure; three programs, one practice key, the same seven calls."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PracticeWorld.start(exchanges=("binance",), faults=False) as world,
    ):
        figures = interleaved(_contenders(world, Path(folder)))
    tell(figures, "ms")
    return [
        Bound("check against requests", ratio(figures, OURS, PLAIN), 1.5),
        Bound("check against ccxt", ratio(figures, OURS, CCXT), 0.4),
    ]


def _contenders(world: PracticeWorld, folder: Path) -> dict[str, Callable[[], float]]:
    key = next(key for key in world.keys if key.name == "safe-spot")
    given = json.dumps({"api_key": key.api_key, "secret": key.secret}).encode()
    where = [str(world.ca_file), key.base_url, *world.address_urls.values()]
    plan = _plan(world, key, folder)
    commands = {
        OURS: [str(_LAUNCHER), str(plan), *_CHECK],
        PLAIN: [str(_HERE / "plain_requests.py"), *where],
        CCXT: [str(_HERE / "plain_ccxt.py"), *where],
    }
    return {name: _timed([sys.executable, *words], given) for name, words in commands.items()}


def _plan(world: PracticeWorld, key: PracticeKey, folder: Path) -> Path:
    file = folder / "plan.json"
    plan = {
        "base_urls": [["binance", key.base_url]],
        "address_urls": world.address_urls,
        "ca_file": str(world.ca_file),
        "folder": str(folder / "data"),
        "keyring_file": str(folder / "keyring.json"),
    }
    file.write_text(json.dumps(plan), "utf-8")
    return file


def _timed(command: Sequence[str], given: bytes) -> Callable[[], float]:
    """From the start of the process to its end, in ms; its answer must be a good one."""

    def run() -> float:
        started = time.perf_counter()
        done = subprocess.run(command, input=given, capture_output=True)
        took = (time.perf_counter() - started) * 1000
        said = json.loads(done.stdout or b"{}")
        if done.returncode != 0 or not (said.get("safe") or said.get("light") == "green"):
            raise RuntimeError(f"{command[1]} did not do its work: {done.stderr.decode()}")
        return took

    return run
