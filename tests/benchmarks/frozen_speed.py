"""Size of the frozen program, and the time until its window shows, against a bare window frozen the same way."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Bound, interleaved, ratio, tell
from e2e.desktop import Desktop, desktop, wait_for

OURS, BARE = "our frozen program", "a bare window, frozen"
COMMAND, PYTHON = "latchlight-cli --version", "from source"
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_FREEZER = _ROOT / "build" / "freezer" / "bin" / "python"


def bounds() -> list[Bound]:
    """Freeze both, weigh them, and start each again and again on a screen of its own.

    Of what is more in ours than in a bare window, half is `cryptography` with an OpenSSL of its own, and a third the
    two programs, each with all of its modules: so what runs is in the file that is signed, and the command line
    carries nothing of the window. One archive for both would save 3.6 MB of 141.
    """
    with tempfile.TemporaryDirectory() as top, desktop(Path(top)) as screen:
        ours, bare = _freeze_ours(Path(top)), _freeze_bare(Path(top))
        sizes = {OURS: [_megabytes(ours)], BARE: [_megabytes(bare)]}
        tell(sizes, "MB")
        times = interleaved(
            {
                OURS: _shown(screen, ours / "latchlight", "Latchlight"),
                BARE: _shown(screen, bare / "bare", "Bare"),
            }
        )
        tell(times, "ms")
        command = interleaved(
            {
                COMMAND: _ended(ours / "latchlight-cli"),
                PYTHON: _ended(Path(sys.executable).with_name("latchlight")),
            }
        )
        tell(command, "ms")
        told = ratio(command, COMMAND, PYTHON)
        print(f"     the command line, frozen against from source: {told:.2f}x (no bound)")
        return [
            Bound("size of the frozen folder", ratio(sizes, OURS, BARE), 1.21),
            Bound("time until the frozen window shows", ratio(times, OURS, BARE), 1.5),
        ]


def _freeze_ours(into: Path) -> Path:
    build = _ROOT / "packaging" / "freeze" / "build.py"
    subprocess.run([sys.executable, str(build), "--into", str(into)], check=True)
    return into / "Latchlight"


def _freeze_bare(into: Path) -> Path:
    command = [
        *(str(_FREEZER), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
        *("--distpath", str(into), "--workpath", str(into / "work")),
        str(_HERE / "bare_frozen.spec"),
    ]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": ""})
    return into / "Bare"


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


def _shown(screen: Desktop, program: Path, name: str) -> Callable[[], float]:
    """Milliseconds from the start of the process until its window is on the screen."""
    environment = {**screen.environment, "QT_QPA_PLATFORM": "xcb"}
    look = ["xdotool", "search", "--onlyvisible", "--name", f"^{name}$"]

    def is_there() -> bool:
        return subprocess.run(look, env=environment, capture_output=True).returncode == 0

    def run() -> float:
        started = time.monotonic()
        quiet = subprocess.DEVNULL
        with subprocess.Popen([str(program)], env=environment, stderr=quiet) as process:
            try:
                wait_for(is_there, lambda: f"{name} does not show")
                return (time.monotonic() - started) * 1000
            finally:
                process.kill()

    return run


def _ended(program: Path) -> Callable[[], float]:
    def run() -> float:
        started = time.monotonic()
        subprocess.run([str(program), "--version"], capture_output=True, check=True)
        return (time.monotonic() - started) * 1000

    return run
