"""A Windows computer of its own, made of Wine: what is installed on it can be listed whole, before and after.

The user's name holds Chinese letters and a space, as real ones do. Nothing of it outlives the test, and its home is in
its own folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

USER = "\u5c0f\u660e Li"
HOME = PureWindowsPath("C:/users") / USER
LOCAL = HOME / "AppData/Local"

_USERS_HIVE = "HKEY_USERS\\S-1-5-21-0-0-0-1000\\"
_FOLDERS = (
    "Desktop",
    "Documents",
    "Downloads",
    "Music",
    "Pictures",
    "Templates",
    "Videos",
    "Movies",
)
_NO_ANSWER = 60
"""Seconds after which a program of Windows is given up."""

Values = dict[str, str]


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it said on the console."""

    code: int
    said: str


@dataclass(frozen=True)
class Snapshot:
    """Files (by their path on Windows, with a digest) and values of the registry."""

    files: Values
    registry: Values

    def added(self, later: Snapshot) -> tuple[Values, Values]:
        """What is new or different in `later`: files, values."""
        return _different(self.files, later.files), _different(self.registry, later.registry)

    def gone(self, later: Snapshot) -> tuple[list[str], list[str]]:
        """What is missing in `later`: files, values."""
        return sorted(set(self.files) - set(later.files)), sorted(
            set(self.registry) - set(later.registry)
        )


def _different(before: Values, after: Values) -> Values:
    return {name: value for name, value in after.items() if before.get(name) != value}


class WineComputer:
    """Runs from the start until `stop`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = folder / "prefix"
        # Wine makes the user's folders links to these, and to the home itself where they are missing.
        for name in ("run", *(f"home/{each}" for each in _FOLDERS)):
            (folder / name).mkdir(mode=0o700, parents=True)
        self._screen, display = _start_screen()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "DISPLAY": display,
            "LC_ALL": "C.UTF-8",
            "USER": USER,
            "LOGNAME": USER,
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No Mono, no Gecko, no entries in the menu of the system that Wine runs on.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=d",
        }

    def start_boot(self) -> subprocess.Popen[bytes]:
        """Begins to make the computer, which takes a while: something else can be done meanwhile."""
        return self._start(["wineboot", "--init"])

    def finish_boot(self, boot: subprocess.Popen[bytes]) -> None:
        """Waits until the computer is made."""
        boot.communicate(timeout=110)
        # Wine's server would end with the last program, and start anew with the next.
        self._start(["wineserver", "--persistent"]).communicate(timeout=_NO_ANSWER)

    def pose_as(self, version: str) -> None:
        """Which Windows it says it is: "win7", "win10"."""
        self.set_value(r"HKCU\Software\Wine", "Version", "REG_SZ", version)

    def run(self, program: Path | str, *words: str, **variables: str) -> Ended:
        """Runs a program to its end. (Words are given as they are: Windows programs read one line.)"""
        process = self.start(program, *words, **variables)
        said, _ = process.communicate(timeout=_NO_ANSWER)
        return Ended(process.returncode, said.decode("utf-8", "replace").replace("\r", ""))

    def start(self, program: Path | str, *words: str, **variables: str) -> subprocess.Popen[bytes]:
        """Starts a program; whoever does so waits for its end."""
        return self._start(["wine", str(program), *words], variables)

    def _start(
        self, command: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env={**self.environment, **(variables or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def here(self, path: PureWindowsPath) -> Path:
        """Where a path of drive C: is really."""
        return self.prefix.joinpath("drive_c", *path.parts[1:])

    def set_value(self, key: str, name: str, kind: str, value: str) -> None:
        """Writes a value of the registry."""
        named = ("/v", name) if name else ("/ve",)
        done = self.run("reg", "add", key, *named, "/t", kind, "/d", value, "/f")
        assert done.code == 0, done

    def remove_value(self, key: str, name: str) -> None:
        """Removes a value of the registry, if it is there."""
        self.run("reg", "delete", key, "/v", name, "/f")

    def value(self, key: str, name: str) -> tuple[str, str]:
        """Kind and text of a value below HKEY_CURRENT_USER."""
        stored = self._registry(key)[f'{key}\\"{name}"']
        return ("REG_EXPAND_SZ" if stored.startswith("hex(2)") else "REG_SZ"), text_of(stored)

    def snapshot(self) -> Snapshot:
        """All files, and the user's part of the registry."""
        return Snapshot(self._files(), self._registry("HKCU"))

    def whole_snapshot(self) -> Snapshot:
        """The whole registry with it: 50,000 lines, which take a second."""
        return Snapshot(self._files(), self._registry())

    def _files(self) -> Values:
        found = {}
        drive = self.prefix / "drive_c"
        for place, folders, files in os.walk(drive, followlinks=True):
            inside = PureWindowsPath("C:/", Path(place).relative_to(drive))
            for name in folders:
                found[f"{inside / name}\\"] = ""
            for name in files:
                found[str(inside / name)] = _digest(Path(place, name))
        return found

    def _registry(self, key: str = "") -> Values:
        target = self.folder / "registry.reg"
        only = [key.replace("HKCU", "HKEY_CURRENT_USER")] if key else []
        done = self.run("regedit", "/E", seen_from_windows(target), *only)
        assert done.code == 0, done
        text = target.read_text("utf-16").replace("\\\n  ", "")
        values: Values = {}
        key = ""
        for line in text.splitlines():
            if line.startswith("["):
                key = line[1:-1].replace(_USERS_HIVE, "HKCU\\")
                key = key.replace("HKEY_CURRENT_USER", "HKCU")
                values[f"{key}\\"] = ""
            elif line.startswith(('"', "@")):
                name, _, value = line.partition("=")
                values[f"{key}\\{name}"] = value
        return {name: value for name, value in values.items() if not _IS_WINES_OWN.match(name)}

    def stop(self) -> None:
        """Ends every program on it, and the screen."""
        self._start(["wineserver", "--kill"]).communicate(timeout=_NO_ANSWER)
        self._start(["wineserver", "--wait"]).communicate(timeout=_NO_ANSWER)
        self._screen.terminate()
        self._screen.wait()
        shutil.rmtree(self.prefix)


_IS_WINES_OWN = re.compile(
    r"HKCU\\(Software\\Wine|Console)\\|HKEY_LOCAL_MACHINE\\(Hardware|System\\CurrentControlSet\\(Control\\(Video|Class|DeviceClasses)"
    r"|Enum|Hardware Profiles))",
    re.IGNORECASE,
)
"""What Wine notes down about the hardware it pretends to be made of, while programs run."""


def seen_from_windows(path: Path) -> str:
    """What a path of this computer is called over there."""
    return "Z:" + str(path).replace("/", "\\")


def text_of(value: str) -> str:
    """A string value of the registry, as it is there."""
    if value.startswith("hex("):
        codes = value.partition(":")[2].split(",")
        return bytes(int(code, 16) for code in codes).decode("utf-16-le").rstrip("\0")
    return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _digest(file: Path) -> str:
    """Changes with the file. (Windows' own 700 MB are not read: nothing writes there and keeps the time.)"""
    if "windows" in file.parts:
        told = file.stat()
        return f"{told.st_size} {told.st_mtime_ns}"
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def _start_screen() -> tuple[subprocess.Popen[bytes], str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    with os.fdopen(read) as told:
        return process, f":{told.readline().strip()}"
