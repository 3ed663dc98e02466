"""How a window is seen and asked to close on each system, without any package: for the proof of an installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

LONGEST_SECONDS = 60.0
PAUSE_SECONDS = 0.1
_AGAIN_SECONDS = 5.0
NEEDED_ON_LINUX = (
    *("Xvfb", "openbox", "xdotool"),
    *("dbus-run-session", "dbus-send", "gnome-keyring-daemon"),
)


class NoWindowError(Exception):
    """There is no window, or nothing to see it with."""


class Desktop(ABC):
    """Where the window is shown."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        """The variables to start programs with that are to appear here."""

    @abstractmethod
    def has_window(self, pid: int) -> bool:
        """Whether this process shows a window."""

    @abstractmethod
    def close(self, pid: int) -> None:
        """Asks its window to close, as the user's click or key does."""

    def wait_for_window(self, process: subprocess.Popen[bytes]) -> None:
        """Returns once it shows a window. Raises NoWindowError when that takes too long or it ends before."""

        def there() -> bool:
            if process.poll() is not None:
                raise NoWindowError(f"it ended with {process.returncode} before a window came")
            return self.has_window(process.pid)

        wait_until(there, f"no window came within {LONGEST_SECONDS:.0f} s")


class LinuxDesktop(Desktop):
    """A screen of its own with a window manager, so that the key that closes windows does so."""

    def has_window(self, pid: int) -> bool:
        """xdotool reads what Qt writes on each window."""
        return bool(self._windows(pid))

    def is_managed(self) -> bool:
        """A window that comes before its manager is put anywhere and gets no keys. Without one, xdotool says 0."""
        return self._xdotool("get_num_desktops").strip() not in ("", "0")

    def close(self, pid: int) -> None:
        """Alt+F4, handed to the window by openbox; again where it reached nobody, as a person would press it."""
        ends = time.monotonic() + LONGEST_SECONDS
        while (windows := self._windows(pid)) and time.monotonic() < ends:
            self._xdotool("windowactivate", "--sync", windows[-1])
            self._xdotool("key", "--clearmodifiers", "alt+F4")
            with suppress(NoWindowError):
                wait_until(lambda: not self._windows(pid), "it is still there", _AGAIN_SECONDS)

    def _windows(self, pid: int) -> list[str]:
        return self._xdotool("search", "--onlyvisible", "--pid", str(pid)).split()

    def _xdotool(self, *words: str) -> str:
        """What it says; nothing where it waits for a window that is gone."""
        command, environment = ["xdotool", *words], dict(self.environment)
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_AGAIN_SECONDS
            )
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout


class MacDesktop(Desktop):
    """The desktop that is there. Both questions go to the system itself, for which nobody must have agreed."""

    def has_window(self, pid: int) -> bool:
        """Windows on the screen, with whose they are; names of other programs' windows stay hidden."""
        listed = "$.CGWindowListCopyWindowInfo($.kCGWindowListOptionOnScreenOnly, 0)"
        code = (
            f"ObjC.import('CoreGraphics'); ObjC.deepUnwrap(ObjC.castRefToObject({listed}))"
            f".filter(w => w.kCGWindowOwnerPID === {pid} && w.kCGWindowLayer === 0).length"
        )
        return self._javascript(code) not in ("", "0")

    def close(self, pid: int) -> None:
        """What "Quit" in the menu of the Dock does."""
        running = f"$.NSRunningApplication.runningApplicationWithProcessIdentifier({pid})"
        if self._javascript(f"ObjC.import('AppKit'); {running}.terminate") != "true":
            raise NoWindowError("the system does not pass on the wish to quit")

    def _javascript(self, code: str) -> str:
        command = ["osascript", "-l", "JavaScript", "-e", code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS)
        return done.stdout.strip()


class WindowsDesktop(Desktop):
    """The desktop that is there."""

    def has_window(self, pid: int) -> bool:
        """Any visible window at the top level."""
        return bool(windows_of(pid))

    def close(self, pid: int) -> None:
        """What the cross at the top right does."""
        post_close(windows_of(pid))


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    WM_CLOSE = 0x10

    def windows_of(pid: int) -> list[int]:
        """Handles of the visible windows of a process."""
        user32, found = ctypes.windll.user32, []
        form = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)

        def look(window: int, _: int) -> bool:
            owner = wintypes.DWORD()
            user32.GetWindowThreadProcessId(window, ctypes.byref(owner))
            if owner.value == pid and user32.IsWindowVisible(window):
                found.append(window)
            return True

        user32.EnumWindows(form(look), 0)
        return found

    def post_close(windows: list[int]) -> None:
        """Asks each to close."""
        for window in windows:
            ctypes.windll.user32.PostMessageW(window, WM_CLOSE, 0, 0)

else:

    def windows_of(pid: int) -> list[int]:
        """Only Windows knows handles."""
        raise NoWindowError(f"windows of process {pid} can be asked for on Windows only")

    def post_close(windows: list[int]) -> None:
        """Only Windows knows handles."""
        raise NoWindowError(f"{len(windows)} windows cannot be closed here")


@contextmanager
def desktop_here(folder: Path, environment: Mapping[str, str]) -> Iterator[Desktop]:
    """The desktop of this system; on Linux one that is made, with a bus and an open keyring, and ends afterwards."""
    if sys.platform == "win32":
        yield WindowsDesktop(environment)
    elif sys.platform == "darwin":
        yield MacDesktop(environment)
    else:
        lacking = [name for name in NEEDED_ON_LINUX if shutil.which(name) is None]
        if lacking:
            raise NoWindowError(f"{', '.join(lacking)} must be installed to try the window")
        with ExitStack() as stack:
            yield make_linux_desktop(folder, environment, stack)


def make_linux_desktop(
    folder: Path, environment: Mapping[str, str], stack: ExitStack
) -> LinuxDesktop:
    """Screen, bus, keyring and window manager; the stack ends them."""
    made = {**environment, "LC_ALL": "C.UTF-8"}
    for name, place in (("HOME", "home"), ("XDG_RUNTIME_DIR", "run")):
        made[name] = str(folder / place)
        (folder / place).mkdir(mode=0o700)
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_QPA_PLATFORMTHEME"):
        made.pop(name, None)
    made["DISPLAY"] = f":{start_screen(folder, made, stack)}"
    told = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
    bus = start(["dbus-run-session", "--", "sh", "-c", told], folder, made, stack, talks=True)
    made["DBUS_SESSION_BUS_ADDRESS"] = answer_of(bus, "the bus")
    open_keyring(made)
    return make_managed(folder, made, stack)


def make_managed(folder: Path, environment: Mapping[str, str], stack: ExitStack) -> LinuxDesktop:
    """The screen with a window manager: tried again where the screen was not quite there for it yet."""
    desktop = LinuxDesktop(environment)
    managers = list[subprocess.Popen[bytes]]()

    def there() -> bool:
        if not managers or managers[-1].poll() is not None:
            managers.append(start(["openbox", "--sm-disable"], folder, environment, stack))
        return desktop.is_managed()

    wait_until(there, "no window manager answers")
    return desktop


def open_keyring(environment: Mapping[str, str]) -> None:
    """Starts the keyring of the new bus, with which it also ends, and waits until it can be used."""
    subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
        env=dict(environment),
        input=b"for this proof only",  # no line break: it would belong to the password
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=LONGEST_SECONDS,
    )
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets"]
    ask += ["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]
    ask += ["string:org.freedesktop.Secret.Collection", "string:Locked"]

    def is_open() -> bool:
        done = subprocess.run(ask, env=dict(environment), capture_output=True, text=True)
        return "boolean false" in done.stdout

    wait_until(is_open, "the keyring did not open")


def start_screen(folder: Path, environment: Mapping[str, str], stack: ExitStack) -> str:
    """The number of a new screen, whose picture is always in the folder (X window dump). Raises NoWindowError."""
    read_end, write_end = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x900x24"]
    start(
        [*screen, "-nolisten", "tcp", "-fbdir", str(folder)], folder, environment, stack, write_end
    )
    os.close(write_end)
    with os.fdopen(read_end) as told:
        number = told.readline().strip()
    if not number:  # it ended; without a word nobody would know for a minute
        raise NoWindowError("the screen did not start")
    return number


def start(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    stack: ExitStack,
    *inherited: int,
    talks: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts a program of the desktop, to be ended by the stack."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else log,
            stderr=log,
            pass_fds=inherited,
        )
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends it. One that reads from us ends when we have no more to say, and takes its own children along."""
    if process.stdin is not None:
        process.stdin.close()
    else:
        process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def answer_of(process: subprocess.Popen[bytes], what: str) -> str:
    """Its first line: it says that it is there."""
    line = process.stdout.readline().decode("utf-8", "replace").strip() if process.stdout else ""
    if not line:
        raise NoWindowError(f"{what} did not start")
    return line


def wait_until(there: Callable[[], bool], otherwise: str, longest: float = LONGEST_SECONDS) -> None:
    """Looks again and again. Raises NoWindowError with these words when that takes too long."""
    pause, ends = threading.Event(), time.monotonic() + longest
    while not there():
        if time.monotonic() > ends:
            raise NoWindowError(otherwise)
        pause.wait(PAUSE_SECONDS)
