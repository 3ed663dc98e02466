"""Proves an installer: ``python packaging/windows/try_installer.py SETUP.exe``.

Installs without asking anything, proves the installed program (see packaging/smoke.py), installs once more as an
upgrade does, uninstalls, and looks that nothing is left: files, entries, PATH. Meant for the computers of CI: it
installs for the user who starts it. The usual compiler makes installers of 32 bits, which run nowhere before this.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import smoke
from checkout import version

INSTALL = ("/S", "/DESKTOP=no", "/PATH=yes")
AGAIN = ("/S",)
IT_RUNS = 3
UNINSTALLER = "uninstall.exe"
LONGEST_SECONDS = 300.0
PAUSE_SECONDS = 0.2

ENTRY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Latchlight"
SETUP = r"Software\Latchlight\Setup"
ENVIRONMENT = "Environment"
MENU = ("Microsoft", "Windows", "Start Menu", "Programs", "Latchlight.lnk")

Ask = Callable[[str, str], str | None]


class FailedError(Exception):
    """One of the two did not do its work; the text says what."""


if sys.platform == "win32":
    import winreg

    def noted(key: str, name: str) -> str | None:
        """A value of the user's part of the registry, None without one."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                return str(winreg.QueryValueEx(opened, name)[0])
        except FileNotFoundError:
            return None

else:

    def noted(key: str, name: str) -> str | None:
        """Only Windows has a registry."""
        raise FailedError(f"{name} of {key} can be asked for on Windows only")


def place(environment: Mapping[str, str]) -> Path:
    """Where it installs to unless told otherwise."""
    return Path(environment["LOCALAPPDATA"], "Programs", "Latchlight")


def run(command: Sequence[str], expected: int = 0) -> None:
    """Starts it and waits. Raises FailedError for any other end."""
    code = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=LONGEST_SECONDS).returncode
    if code != expected:
        raise FailedError(f"{Path(command[0]).name} ended with {code}, not {expected}")


def wait_until_gone(folder: Path) -> None:
    """An uninstaller goes on in a copy of itself after it has ended. Raises FailedError if something stays."""
    pause, ends = threading.Event(), time.monotonic() + LONGEST_SECONDS
    while folder.exists():
        if time.monotonic() > ends:
            left = sorted(path.name for path in folder.rglob("*"))
            raise FailedError(f"{len(left)} files were left behind: {', '.join(left[:20])}")
        pause.wait(PAUSE_SECONDS)


def problems_there(folder: Path, link: Path, ask: Ask) -> Iterator[str]:
    """What Windows was not told, or wrongly, of an installed version."""
    for name, value in (("DisplayVersion", version()), ("InstallLocation", str(folder))):
        told = ask(ENTRY, name)
        if (told or "").casefold() != value.casefold():
            yield f"{name} of the entry is {told!r}, not {value!r}"
    entries = (ask(ENVIRONMENT, "Path") or "").casefold().split(";")
    if entries.count(str(folder).casefold()) != 1:
        yield f"the folder stands {entries.count(str(folder).casefold())} times in PATH, not once"
    if not link.is_file():
        yield f"there is no {link}"


def problems_left(before: str | None, link: Path, ask: Ask) -> Iterator[str]:
    """What Windows still holds of a version that was removed."""
    for key, name in ((ENTRY, "DisplayVersion"), (SETUP, "Order")):
        if ask(key, name) is not None:
            yield f"{key} is still there"
    if ask(ENVIRONMENT, "Path") != before:
        yield f"PATH was {before!r} and is {ask(ENVIRONMENT, 'Path')!r}"
    if link.exists():
        yield f"{link} is still there"


def refuses_while_it_runs(setup: Path, folder: Path) -> None:
    """No file of a running program is replaced. Raises FailedError of both kinds."""
    _, command_line = smoke.find(folder)
    process = subprocess.Popen(
        [str(command_line), "practice", "serve"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        if process.stdout is None or not process.stdout.readline():
            raise FailedError("practice serve did not say that it is there")
        run([str(setup), *AGAIN], IT_RUNS)
    finally:
        process.kill()
        process.communicate()


def prove(setup: Path, folder: Path, link: Path, ask: Ask) -> bool:
    """All of it, one line each. Raises FailedError where it cannot go on."""
    if folder.exists():
        raise FailedError(f"{folder} is there already, so nothing could be learned")
    path_before = ask(ENVIRONMENT, "Path")
    run([str(setup), *INSTALL])
    try:
        passed = told("installed, with its entries", problems_there(folder, link, ask))
        passed &= smoke.prove(folder)
        refuses_while_it_runs(setup, folder)
        run([str(setup), *AGAIN])
        passed &= told("refused while it ran, then upgraded", problems_there(folder, link, ask))
    finally:
        run([str(folder / UNINSTALLER), "/S"])
    wait_until_gone(folder)
    return passed & told("uninstalled, and nothing is left", problems_left(path_before, link, ask))


def told(what: str, problems: Iterator[str]) -> bool:
    """Says what passed, or what did not; whether it did."""
    found = list(problems)
    print("\n".join([f"FAILED  {problem}" for problem in found] or [f"passed  {what}"]), flush=True)
    return not found


def main(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ, ask: Ask = noted
) -> int:
    """0 only when everything passed."""
    if len(arguments) != 1:
        print("Use: python packaging/windows/try_installer.py SETUP.exe", file=sys.stderr)
        return 64
    try:
        link = Path(environment["APPDATA"], *MENU)
        passed = prove(Path(arguments[0]).absolute(), place(environment), link, ask)
    except (FailedError, smoke.FailedError, OSError, KeyError, subprocess.TimeoutExpired) as error:
        print(f"FAILED  {error}", file=sys.stderr)
        return 1
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
