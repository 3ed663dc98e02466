"""Sets this checkout up and starts it: ``python3 packaging/bootstrap.py run`` or ``... test``.

``run`` opens the window on the practice exchange, or prints a practice checkup where there is no screen. Words after
``run`` are given to the program instead: ``... run doctor``. ``test`` runs every check of the project; words after it
go to pytest.

Everything is installed into ``.venv`` inside the checkout, from the hash-locked lists in ``packaging/requirements``.
Your own pip settings (index, proxy, certificates) are used for that. The second start installs nothing.

Standard library only. The file must stay readable for Python 3.8, to be able to say that 3.11 is needed.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import debian
from environment import LOG, NEWEST, OLDEST, ROOT, is_suitable, prepare, program
from screen import ON_LINUX, has_screen
from system import add_what_is_missing
from telling import SetupError, in_words, say

# Variables the checks may see: how to find programs and who is asking, nothing of how things are set up.
# (The last four are Windows': it starts nothing without them.)
KEPT = (
    *("PATH", "TERM", "USER", "LOGNAME", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT"),
)

# Where programs look for and leave a person's files -> an empty folder of each check run.
HOMES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "XDG_RUNTIME_DIR": "runtime",
}

# Each file of tests stays whole in one process: its tests share what takes long to start.
SIDE_BY_SIDE = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile")

INTERPRETERS = ("python3.13", "python3.12", "python3.11", "python3.14")


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns the exit code of what was started, 1 for a failed set-up, 64 for wrong use."""
    commands = {"run": run, "test": test}
    if not arguments or arguments[0] not in commands:
        print("Use: python3 packaging/bootstrap.py run | test", file=sys.stderr)
        return 64
    try:
        if not OLDEST <= sys.version_info[:2] <= NEWEST:
            return with_another_python(arguments)
        return commands[arguments[0]](list(arguments[1:]))
    except SetupError as error:
        say(str(error), to_errors=True)
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from here.", to_errors=True)
        return 130
    except OSError as error:
        say(in_words(error), to_errors=True)
    return 1


def run(arguments: list[str]) -> int:
    """Starts the program: on the practice exchange, or with the words given."""
    screen = has_screen()
    apt = debian.Apt(LOG)
    prepare("gui" if screen else "base", apt)
    trouble = "" if screen else "There is no screen to open a window on."
    if screen and ON_LINUX:
        trouble = add_what_is_missing(apt, with_programs=False)
    if trouble and not arguments:
        say(trouble + "\nHere is the practice checkup as text:")
    arguments = arguments or (["practice", "check"] if trouble else ["practice"])
    return subprocess.call([str(program("latchlight")), *arguments])


def test(arguments: list[str]) -> int:
    """Runs every check of the project, all of them even after a failure; 0 only when each passed."""
    apt = debian.Apt(LOG)
    prepare("dev", apt)
    prepare_freezer()
    trouble = add_what_is_missing(apt, with_programs=True) if ON_LINUX else ""
    if trouble:  # a missing part fails: no test is ever skipped
        raise SetupError(trouble)
    steps = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "mypy packaging": ["mypy", "packaging"],
        "pytest": ["pytest", *SIDE_BY_SIDE, *arguments],
    }
    failed = []
    with clean_environment() as environment:
        for name, (tool, *words) in steps.items():
            say(f"--- {name}")
            if subprocess.call([str(program(tool)), *words], cwd=str(ROOT), env=environment) != 0:
                failed.append(name)
    say("All checks passed." if not failed else "FAILED: " + ", ".join(failed))
    return 1 if failed else 0


def prepare_freezer() -> None:
    """Installs what freezes the program, with the person's own pip settings: the checks see none of them."""
    command = [str(program("python")), str(ROOT / "packaging" / "freeze" / "build.py"), "--prepare"]
    if subprocess.call(command) != 0:
        raise SetupError("The environment that freezes the program could not be made.")


@contextlib.contextmanager
def clean_environment() -> Iterator[dict[str, str]]:
    """The variables for the checks: a private home, no screen, and nothing of the developer's own settings."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    folders = [str(program("python").parent), environment.get("PATH", os.defpath)]
    environment["PATH"] = os.pathsep.join([*folders, *debian.FOLDERS_OF_ROOT])
    environment.update(LC_ALL="C.UTF-8", QT_QPA_PLATFORM="offscreen", PYTHONUTF8="1")
    if sys.platform == "win32":  # off-screen, Qt finds no font by itself there
        environment["QT_QPA_FONTDIR"] = str(Path(os.environ["SYSTEMROOT"], "Fonts"))
    with tempfile.TemporaryDirectory(prefix="latchlight-test-", ignore_cleanup_errors=True) as top:
        for name, folder in HOMES.items():
            place = Path(top, folder)
            place.mkdir(mode=0o700, exist_ok=True)
            environment[name] = str(place)
        yield environment


def with_another_python(arguments: Sequence[str]) -> int:
    """Hands over to a Python that is new enough, if this computer has one."""
    found = next((path for path in other_interpreters() if is_suitable(path)), None)
    if found is None:
        raise SetupError(
            f"Latchlight needs Python 3.11 or newer (up to 3.14); this is {platform.python_version()}, "
            f"and no other was found. {how_to_get_python()}\nThen run the same command again."
        )
    return subprocess.call([found, str(Path(__file__).resolve()), *arguments])


def how_to_get_python() -> str:
    """What to do for a newer Python: one line to type where the system has one, else where to get it."""
    offered = debian.Apt(LOG).offered()
    packages = [f"{name}-venv" for name in INTERPRETERS if f"{name}-venv" in offered]
    if packages:
        return f"Type:\n  {debian.command_for_people(packages[:1])}"
    return "Install one from https://www.python.org/downloads/."


def other_interpreters() -> Iterator[str]:
    """Paths of Pythons worth a try: on PATH first, then those that pyenv holds."""
    for name in INTERPRETERS:
        path = shutil.which(name)
        if path:
            yield path
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in sorted(versions.glob("3.*"), reverse=True):
        yield str(folder / "bin" / "python3")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
