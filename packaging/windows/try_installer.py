"""Proves an installer: ``python packaging/windows/try_installer.py SETUP.exe``.

Installs without asking anything, proves the installed program (see packaging/smoke.py), uninstalls, and looks that
nothing is left. Meant for the computers of CI: it installs for the user who starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import smoke

INSTALL = ("/S", "/DESKTOP=no", "/PATH=no")
UNINSTALLER = "uninstall.exe"
LONGEST_SECONDS = 120.0
PAUSE_SECONDS = 0.2


class FailedError(Exception):
    """One of the two did not do its work; the text says what."""


def place(environment: Mapping[str, str]) -> Path:
    """Where it installs to unless told otherwise."""
    return Path(environment["LOCALAPPDATA"], "Programs", "Latchlight")


def run(command: Sequence[str]) -> None:
    """Starts it and waits. Raises FailedError for any other end than 0."""
    code = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=LONGEST_SECONDS).returncode
    if code != 0:
        raise FailedError(f"{Path(command[0]).name} ended with {code}")


def wait_until_gone(folder: Path) -> None:
    """An uninstaller goes on in a copy of itself after it has ended. Raises FailedError if something stays."""
    pause, ends = threading.Event(), time.monotonic() + LONGEST_SECONDS
    while folder.exists():
        if time.monotonic() > ends:
            left = sorted(path.name for path in folder.rglob("*"))
            raise FailedError(f"{len(left)} files were left behind: {', '.join(left[:20])}")
        pause.wait(PAUSE_SECONDS)


def prove(setup: Path, folder: Path) -> bool:
    """All of it. Raises FailedError where it cannot go on."""
    if folder.exists():
        raise FailedError(f"{folder} is there already, so nothing could be learned")
    run([str(setup), *INSTALL])
    try:
        passed = smoke.prove(folder)
    finally:
        run([str(folder / UNINSTALLER), "/S"])
    wait_until_gone(folder)
    print("passed  uninstalled, and its folder is gone")
    return passed


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """0 only when everything passed."""
    if len(arguments) != 1:
        print("Use: python packaging/windows/try_installer.py SETUP.exe", file=sys.stderr)
        return 64
    try:
        return 0 if prove(Path(arguments[0]).absolute(), place(environment)) else 1
    except (FailedError, OSError, KeyError, subprocess.TimeoutExpired) as error:
        print(f"FAILED  {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
