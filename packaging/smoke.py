"""Proves an installed program: ``python packaging/smoke.py FOLDER``, where FOLDER holds it (or is Latchlight.app).

Starts what a user would start, and compares exit codes and words: the version, a checkup of all practice keys, the
self-test, and the window, which must come, and go when it is asked to. One line for each; the exit code is 0 only when
all of them passed. Standard library only: it runs on the system's own Python, beside an installation that has its own.

Linux needs Xvfb, openbox, xdotool, dbus-run-session and gnome-keyring-daemon; Windows and macOS need nothing more.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from checkout import version
from desktops import Desktop, NoWindowError, desktop_here

WINDOW, COMMAND_LINE = "latchlight", "latchlight-cli"
ENDING = ".exe" if sys.platform == "win32" else ""
RED = 2
LIGHTS = {"green", "amber", "red", "grey"}
FEWEST_KEYS = 100
FEWEST_STEPS = 6  # authorities, strangers, practice, keyring, settings, window
LONGEST_SECONDS = 180.0

# Where programs keep a user's files. On a Mac the home stays: its keychain lives there.
PLACES = {
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
}


# What whoever builds has set for other programs, and no user has: it could lend a library that is missing.
NOT_A_USERS = ("LD_", "DYLD_", "PYTHON", "QT_")


class FailedError(Exception):
    """Something came out otherwise than it must; the text says what."""


@dataclass(frozen=True)
class Installed:
    """The two programs of one installation, and the variables to start them with."""

    window: Path
    command_line: Path
    environment: Mapping[str, str] = field(repr=False)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Starts the command line and waits. Raises FailedError when it does not end."""
        command = [str(self.command_line), *words]
        try:
            return subprocess.run(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"did not end within {LONGEST_SECONDS:.0f} s") from error


def find(folder: Path) -> tuple[Path, Path]:
    """The window and the command line below this folder. Raises FailedError where one is missing."""
    names = (WINDOW + ENDING, COMMAND_LINE + ENDING)
    for place in (folder, folder / "Contents" / "MacOS", *sorted(folder.glob("*/"))):
        if all((place / name).is_file() for name in names):
            return place / names[0], place / names[1]
    raise FailedError(f"{folder} does not hold {' and '.join(names)}")


def tells_its_version(program: Installed) -> str:
    """It is the very version that was built, and says so alone."""
    done = program.run("--version")
    expect(done, 0)
    if done.stdout.split() != ["latchlight", version()] or done.stderr:
        raise FailedError(f"said {done.stdout!r} and {done.stderr!r}, not latchlight {version()}")
    return done.stdout.strip()


def checks_practice(program: Installed) -> str:
    """All practice keys, over real TLS on this computer: some of every light, so that red is what it ends with."""
    done = program.run("practice", "check", "--json")
    expect(done, RED)
    try:
        report = json.loads(done.stdout)
        lights = [str(key["light"]) for key in report["keys"]]
        told = (report["light"], report["app_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise FailedError(f"the report cannot be read: {error!r}") from error
    if told != ("red", version()):
        raise FailedError(f"the report is {told[0]!r}, of version {told[1]!r}")
    if set(lights) != LIGHTS or len(lights) < FEWEST_KEYS:
        raise FailedError(f"{len(lights)} keys with the lights {sorted(set(lights))}")
    return f"{len(lights)} keys, " + ", ".join(f"{lights.count(x)} {x}" for x in sorted(LIGHTS))


def tests_itself(program: Installed) -> str:
    """Imports, TLS, the system's keyring, a drawn window: the program's own judgement of each, not its silence."""
    done = program.run("doctor", "--selftest", "--json")
    expect(done, 0)
    try:
        lights = [row["light"] for row in json.loads(done.stdout)["rows"]]
    except (ValueError, KeyError, TypeError) as error:
        raise FailedError(f"what it tried cannot be read: {error!r}") from error
    judged = [light for light in lights if light is not None]
    if len(judged) < FEWEST_STEPS or set(judged) != {"green"}:
        raise FailedError(f"{len(judged)} steps with the lights {judged}:\n{done.stdout}")
    return f"{len(judged)} steps, all green"


def opens_and_closes(program: Installed, desktop: Desktop) -> str:
    """The window comes, goes when asked to, and the program ends with 0 and without a word of failure."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(program.window)],
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            desktop.wait_for_window(process)
            desktop.close(process.pid)
            code = process.wait(timeout=LONGEST_SECONDS)
        except (NoWindowError, subprocess.TimeoutExpired) as error:
            raise FailedError(f"{error}; it printed {read(printed)!r}") from error
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        said = read(printed)
    if code != 0 or "Traceback" in said:
        raise FailedError(f"ended with {code} and printed {said!r}")
    return "came and went"


def read(file: IO[bytes]) -> str:
    """What was printed so far, its end only."""
    file.seek(0)
    return file.read()[-4000:].decode("utf-8", "replace")


def expect(done: subprocess.CompletedProcess[str], code: int) -> None:
    """Raises FailedError unless it ended with this code."""
    if done.returncode != code:
        said = (done.stdout[-2000:] + done.stderr[-2000:]).strip()
        raise FailedError(f"ended with {done.returncode}, not {code}, and said:\n{said}")


@contextmanager
def prepared(folder: Path) -> Iterator[tuple[Installed, Desktop]]:
    """The program with a home of its own, and a desktop for its window."""
    window, command_line = find(folder)
    with tempfile.TemporaryDirectory(prefix="latchlight-smoke-", ignore_cleanup_errors=True) as top:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(NOT_A_USERS)
        }
        for name, place in PLACES.items():
            environment[name] = str(Path(top, place))
            Path(top, place).mkdir(mode=0o700)
        with desktop_here(Path(top), environment) as desktop:
            yield Installed(window, command_line, desktop.environment), desktop


def prove(folder: Path) -> bool:
    """Does all of it, one line each; whether everything passed."""
    passed = True
    try:
        with prepared(folder) as (program, desktop):
            checks: dict[str, Callable[[], str]] = {
                "version": lambda: tells_its_version(program),
                "practice": lambda: checks_practice(program),
                "self-test": lambda: tests_itself(program),
                "window": lambda: opens_and_closes(program, desktop),
            }
            for name, check in checks.items():
                try:
                    print(f"passed  {name}: {check()}", flush=True)
                except FailedError as error:
                    passed = False
                    print(f"FAILED  {name}: {error}", flush=True)
    except (FailedError, NoWindowError, OSError) as error:
        print(f"FAILED  {error}", flush=True)
        return False
    return passed


def main(arguments: Sequence[str]) -> int:
    """0 only when everything passed."""
    if len(arguments) != 1:
        print("Use: python packaging/smoke.py FOLDER", file=sys.stderr)
        return 64
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a letter that cannot be shown is no reason to fail
    return 0 if prove(Path(arguments[0]).absolute()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
