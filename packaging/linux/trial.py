"""Trying the package as a person would: a system in a folder, a screen, the programs, what is left afterwards.

Used on a Debian made from nothing (``try_in_clean_system.py``) and by the tests. Standard library only; needs Linux,
root or user namespaces, and for windows Xvfb, openbox and xdotool.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from debian import FOLDERS_OF_ROOT
from desktops import (
    LONGEST_SECONDS,
    LinuxDesktop,
    NoWindowError,
    end,
    make_managed,
    start_screen,
    wait_until,
)
from smoke import FailedError, Installed

Done = subprocess.CompletedProcess[str]

SOMEBODY = 1000
"""The number of the ordinary user."""
HOME = "/home/somebody"
PRACTICE_GROUND = bytes.fromhex("faeaf1")
"""The lilac behind "nothing here is real", as a screen keeps it: blue, green, red."""
_ENOUGH_OF_IT = 20_000  # pixels; a window that is not drawn yet has none
_PATH = "/usr/bin:/bin"
_ROOTS_OWN = {"HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
_LENT = ("proc", "dev", "tmp/.X11-unix")
"""Of this system, lent to the one in the folder while a program runs there."""
_IN = """
root=$1; shift
for place in $LENT; do mount --rbind "/$place" "$root/$place"; done
exec /usr/sbin/chroot "$@"
"""


def is_root() -> bool:
    """Whether root runs this. Windows knows none: nothing of this runs there, but its types are checked."""
    return sys.platform != "win32" and os.geteuid() == 0


def privileged(*flags: str) -> list[str]:
    """Words before a command that needs root's rights over what is ours."""
    more = [] if is_root() else ["--user", "--map-root-user"]
    return ["unshare", *more, *flags]


def host_environment() -> dict[str, str]:
    """For programs of this system: where they are, and plain English."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *FOLDERS_OF_ROOT])
    return {"PATH": path, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


@dataclass(frozen=True)
class System:
    """A folder in which programs run as if it were the whole computer."""

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """What has to be there before anything runs: where things are lent to, and the user's home."""
        for place in _LENT:
            (self.root / place).mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)
        (self.root / "tmp").chmod(0o1777)
        home = self.root / HOME.lstrip("/")
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32" and is_root():
            os.chown(home, SOMEBODY, SOMEBODY)

    def command(self, words: Sequence[str], *, as_root: bool = False) -> list[str]:
        """What to start on this system to run that in the folder, as an ordinary user unless told otherwise.

        Without root's rights here, the user of the folder is nobody but ourselves.
        """
        user = [f"--userspec={SOMEBODY}:{SOMEBODY}", "--groups="]
        chosen = user if is_root() and not as_root else []
        place = str(self.root)
        inside = ["sh", "-e", "-c", _IN, "sh", place, *chosen, place]
        return [*privileged("--mount"), *inside, *words]

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """The little that a program finds set there."""
        return {
            "PATH": _PATH,
            "HOME": HOME,
            "LC_ALL": "C.UTF-8",
            "LENT": " ".join(_LENT),
            **self.variables,
            **more,
        }

    def run(self, *words: str, as_root: bool = False, **more: str) -> Done:
        """Run it to its end."""
        return subprocess.run(
            self.command(words, as_root=as_root),
            env=self.environment({**(_ROOTS_OWN if as_root else {}), **more}),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=600,
        )

    def start(self, *words: str, log: Path, **more: str) -> subprocess.Popen[bytes]:
        """Start it; what it says goes to the log."""
        with log.open("ab") as output:
            return subprocess.Popen(
                self.command(words),
                env=self.environment(more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def files(self, *without: str) -> set[str]:
        """Every path below the folder but those in these places and in what is lent."""
        left_out = {self.root / place for place in (*without, *_LENT)}
        found = set()
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if Path(folder, name) not in left_out]
            found |= {str(Path(folder, name).relative_to(self.root)) for name in (*folders, *names)}
        return found


def must(done: Done, *codes: int) -> str:
    """What it printed. Raises FailedError if it ended with another code."""
    if done.returncode not in (codes or (0,)):
        raise FailedError(
            f"{done.args[-3:]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


@dataclass(frozen=True)
class Inside(Installed):
    """The command line of a system in a folder, started by an ordinary user there."""

    system: System = field(kw_only=True)

    def run(self, *words: str) -> Done:
        """Start it and wait."""
        return self.system.run(str(self.command_line), *words)


def programs_of(system: System) -> Inside:
    """By the names that everybody types."""
    window, command_line = Path("/usr/bin/latchlight"), Path("/usr/bin/latchlight-cli")
    return Inside(window, command_line, {}, system=system)


def make_screen(folder: Path, stack: ExitStack) -> LinuxDesktop:
    """A screen that nobody sees, with a window manager, until the stack ends them; its picture is in the folder."""
    environment = {**host_environment(), "HOME": str(folder)}
    environment["DISPLAY"] = f":{start_screen(folder, environment, stack)}"
    return make_managed(folder, environment, stack)


def picture_in(folder: Path) -> Path:
    """What the screen of make_screen shows at any time (X window dump)."""
    return folder / "Xvfb_screen0"


def wait_for_practice(folder: Path) -> None:
    """Returns once the screen of this folder shows practice, and not just a window. Raises NoWindowError."""

    def shown() -> bool:
        return picture_in(folder).read_bytes().count(PRACTICE_GROUND) > _ENOUGH_OF_IT

    wait_until(shown, f"no practice was shown within {LONGEST_SECONDS:.0f} s")


@contextmanager
def practice_window(system: System, desktop: LinuxDesktop, log: Path) -> Iterator[None]:
    """The window, opened by an ordinary user, and closed as a person does at the end of the block.

    Raises FailedError if it does not come, does not go, or complains.
    """
    program = system.start(
        "/usr/bin/latchlight", "practice", log=log, DISPLAY=desktop.environment["DISPLAY"]
    )
    try:
        desktop.wait_for_window(program)
        yield
        desktop.close(program.pid)
        code = program.wait(LONGEST_SECONDS)
    except (NoWindowError, subprocess.TimeoutExpired) as error:
        raise FailedError(f"{error}; it said {log.read_text('utf-8')!r}") from error
    finally:
        end(program)
    if code != 0 or "Traceback" in log.read_text("utf-8"):
        raise FailedError(f"the window ended with {code} and said {log.read_text('utf-8')!r}")
