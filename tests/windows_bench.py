"""A Windows computer, two versions of the installer, and what an installation is expected to leave there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from windows_payload import Builder, make_payload, make_stub, sign
from windows_signing import ThrowAwaySigner
from wine_computer import (
    HOME,
    LOCAL,
    Ended,
    Snapshot,
    Values,
    WineComputer,
    seen_from_windows,
    text_of,
)

PROGRAM = LOCAL / "Programs" / "Latchlight"
DATA = LOCAL / "Latchlight"
START_MENU = HOME / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Latchlight.lnk"
DESKTOP = HOME / "Desktop/Latchlight.lnk"
ENVIRONMENT = r"HKCU\Environment"
PATH = ENVIRONMENT + '\\"Path"'
SESSION_MANAGER = r"HKLM\System\CurrentControlSet\Control\Session Manager"
SETUP = "HKCU\\Software\\Latchlight\\Setup\\"
ENTRY = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Latchlight\\"

OLD = {"base_library.zip": "old", "stale/module.pyd": "old", "PySide6/QtCore.pyd": "old"}
NEW = {"base_library.zip": "new", "PySide6/QtCore.pyd": "new", "PySide6/plugins/tls.dll": "new"}


@dataclass
class Bench:
    """The computer, the installers of two versions, and how the computer was before."""

    computer: WineComputer
    old: Path
    new: Path
    signer: ThrowAwaySigner
    log: Path
    clean: Snapshot
    on_windows_7: Ended

    def set_up(self, installer: Path, *words: str) -> Ended:
        """Installs silently."""
        return self.computer.run(installer, "/S", *words, STUB_LOG=seen_from_windows(self.log))

    def remove(self, *words: str, folder: PureWindowsPath = PROGRAM, code: str = "") -> Ended:
        """Uninstalls silently."""
        variables = {"STUB_LOG": seen_from_windows(self.log), "STUB_CODE": code}
        return self.computer.run(*self.removal("/S", *words, folder=folder), **variables)

    def removal(self, *words: str, folder: PureWindowsPath = PROGRAM) -> list[str]:
        """How to uninstall and wait for it: by a copy elsewhere, which can still remove the whole folder."""
        copy = self.computer.folder / "remove.exe"
        shutil.copy(self.computer.here(folder / "uninstall.exe"), copy)
        return [str(copy), *words, *unquoted(f"_?={folder}")]

    def make_clean(self) -> None:
        """After a test that failed, so that the next one is not to blame."""
        for name in self.clean.added(self.computer.snapshot())[0]:
            file = self.computer.here(PureWindowsPath(name))
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        for key in ("HKCU\\Software\\Latchlight", ENTRY[:-1]):
            self.computer.run("reg", "delete", key, "/f")
        self.computer.remove_value(ENVIRONMENT, "Path")

    def assert_clean(self) -> None:
        """Nothing is there that was not there before, and nothing is missing."""
        now = self.computer.snapshot()
        assert self.clean.added(now) == ({}, {})
        assert self.clean.gone(now) == ([], [])


@contextmanager
def windows_bench(folder: Path) -> Iterator[Bench]:
    """The computer, from its making to its end."""
    computer = WineComputer(folder)
    try:
        boot = computer.start_boot()
        stub = make_stub(folder)
        builder = Builder(folder / "out")
        old = builder.build(make_payload(folder / "old", stub, OLD), "0.9.0")
        signer = ThrowAwaySigner(folder)
        signing = {"LATCHLIGHT_SIGN_COMMAND": signer.command}
        payload = make_payload(folder / "new", stub, NEW)
        sign(*payload.glob("*.exe"), **signing)
        new = builder.build(payload, "0.10.0", **signing)
        computer.finish_boot(boot)
        computer.pose_as("win7")
        # (Wine notes down its screen now, which is to be there before the first look.)
        on_windows_7 = computer.run(old, "/S")
        computer.pose_as("win10")
        # Every Windows on which anything was ever installed for one user has these two.
        computer.here(PROGRAM.parent).mkdir()
        computer.set_value(ENTRY.removesuffix("Latchlight\\"), "", "REG_SZ", "")
        log = folder / "calls.log"
        yield Bench(computer, old, new, signer, log, computer.snapshot(), on_windows_7)
    finally:
        computer.stop()


def unquoted(word: str) -> list[str]:
    """A word with spaces, as NSIS wants its last one: without quotes around it."""
    return word.split(" ")


def files_of(others: dict[str, str], folder: PureWindowsPath = PROGRAM) -> set[str]:
    """Every file and folder that an installed version consists of."""
    files = {"latchlight.exe", "latchlight-cli.exe", "uninstall.exe", "installed-files.txt"}
    found = {str(folder / name) for name in files}
    for name in others:
        file = folder / "_internal" / name
        found.add(str(file))
        found |= {f"{each}\\" for each in file.parents if folder in each.parents}
    return found | {f"{folder}\\"}


def entry(version: str, folder: PureWindowsPath = PROGRAM) -> Values:
    """What "Installed apps" shows."""
    return {
        "DisplayName": "Latchlight",
        "DisplayVersion": version,
        "DisplayIcon": f"{folder}\\latchlight.exe",
        "Publisher": "Latchlight",
        "InstallLocation": str(folder),
        "UninstallString": f'"{folder}\\uninstall.exe"',
        "QuietUninstallString": f'"{folder}\\uninstall.exe" /S',
        "NoModify": "dword:00000001",
        "NoRepair": "dword:00000001",
    }


def below(values: Values, key: str) -> Values:
    """The values of one key, strings as texts."""
    found = {}
    for name, value in values.items():
        if name.startswith(key + '"'):
            plain = value.startswith(('"', "hex("))
            found[name.removeprefix(key)[1:-1]] = text_of(value) if plain else value
    return found


def keys_of(values: Values) -> set[str]:
    return {name.rpartition("\\")[0] + "\\" for name in values}


def parents_of(key: str, values: Values) -> set[str]:
    """Keys that had to be made for it."""
    parts = key.split("\\")
    return {found for n in range(len(parts)) if (found := "\\".join(parts[:n]) + "\\") in values}
