"""A desktop of its own: a screen, a window manager, and the bus on which screen readers listen."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from e2e.screen_picture import save_picture
from private_bus import PrivateBus

PAUSE_SECONDS = 0.03
LONGEST_SECONDS = 30.0

_Found = TypeVar("_Found")


class TooLateError(AssertionError):
    """What a person would have waited for did not come."""


def wait_for(
    look: Callable[[], _Found | None], what: Callable[[], str], longest: float = LONGEST_SECONDS
) -> _Found:
    """Look again and again until there is something. Raises TooLateError, which says `what`."""
    pause, ends = threading.Event(), time.monotonic() + longest
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends:
            raise TooLateError(what())
        pause.wait(PAUSE_SECONDS)


@dataclass(frozen=True)
class Screen:
    """Its size in pixels, and how much of its left the browser takes."""

    wide: int
    high: int
    browser: int


ROOMY = Screen(2200, 1000, 960)
"""The browser on the left and the window on the right: neither covers the other."""
LAPTOP = Screen(1366, 768, 800)
"""The window has room beside the browser only when it is made narrow."""


class Desktop:
    """Made by `desktop`; everything started on it ends with it."""

    def __init__(self, folder: Path, screen: Screen, stack: ExitStack) -> None:
        self._stack = stack
        self.screen = screen
        self.folder = folder
        self.environment = {**os.environ, **self._homes(), "LC_ALL": "C.UTF-8"}
        self.environment["PATH"] += os.pathsep + "/usr/libexec"  # what desktops start themselves
        for name in ("QT_QPA_PLATFORM", "PYTHONPATH"):
            self.environment.pop(name, None)
        self.environment["DISPLAY"] = self._start_screen()
        bus = PrivateBus(folder, self.environment)
        stack.callback(bus.stop)
        self.bus = self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        self.start("at-spi-bus-launcher", "--launch-immediately")
        self.start("openbox", "--sm-disable")
        wait_for(self._is_managed, lambda: "no window manager answers")

    def _homes(self) -> dict[str, str]:
        places = {
            "HOME": "home",
            "XDG_CONFIG_HOME": "home/config",
            "XDG_DATA_HOME": "home/data",
            "XDG_CACHE_HOME": "home/cache",
            "XDG_STATE_HOME": "home/state",
        }
        for name in places.values():
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        homes = {variable: str(self.folder / name) for variable, name in places.items()}
        return homes | self._places_of_sockets()

    def _places_of_sockets(self) -> dict[str, str]:
        """Short ones: the whole path of a socket has 107 characters, and Chromium's own part of it is long."""
        short = Path(self._stack.enter_context(TemporaryDirectory(prefix="d-", dir="/tmp")))
        places = {"XDG_RUNTIME_DIR": short / "run", "TMPDIR": short / "tmp"}
        for place in places.values():
            place.mkdir(mode=0o700)
        return {variable: str(place) for variable, place in places.items()}

    def _start_screen(self) -> str:
        read, write = os.pipe()
        size = f"{self.screen.wide}x{self.screen.high}x24"
        kept = ("-fbdir", str(self.folder), "-nolisten", "tcp", "-noreset")
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, *kept]
        self._run(screen, pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as told:
            return f":{told.readline().strip()}"

    def start(self, *command: str, more: Mapping[str, str] | None = None) -> Running:
        """Start a program on this desktop; what it prints goes to a file beside its home."""
        return self._run(command, more=more)

    def _run(
        self,
        command: Sequence[str],
        pass_fds: Sequence[int] = (),
        more: Mapping[str, str] | None = None,
    ) -> Running:
        name = Path(command[0]).name
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env={**self.environment, **(more or {})},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=pass_fds,
            )
        running = Running(process, log)
        self._stack.callback(running.stop)
        return running

    def do(self, *arguments: str) -> None:
        """Mouse and keys: one call of xdotool."""
        done = self._xdotool(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"

    def _is_managed(self) -> bool:
        """A window that comes before its manager is put anywhere."""
        return self._xdotool("get_num_desktops").returncode == 0

    def _xdotool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)

    @contextmanager
    def witness(self, name: str) -> Iterator[None]:
        """Keep a picture of the screen if the block fails, and say where."""
        try:
            yield
        except BaseException as failure:
            picture = self.picture(name)
            failure.add_note(f"The screen at that moment: {picture}")
            raise

    def picture(self, name: str) -> Path:
        """Save what is on the screen."""
        target = self.folder / f"{name}.png"
        save_picture(self.folder / "Xvfb_screen0", target)
        return target

    def write_home_file(self, variable: str, name: str, text: str, mode: int = 0o600) -> Path:
        """A file of the user's: below the folder that a variable such as XDG_CONFIG_HOME names."""
        path = Path(self.environment[variable], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path


class Running:
    """A program that was started."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def has_ended(self) -> bool:
        """Whether it is gone by itself."""
        return self._process.poll() is not None

    @property
    def output(self) -> str:
        """What it has printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End it, gently first."""
        if self.has_ended:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def desktop(folder: Path, screen: Screen = ROOMY) -> Iterator[Desktop]:
    """Everything that makes a desktop, until the end of the block."""
    with ExitStack() as stack:
        yield Desktop(folder, screen, stack)
