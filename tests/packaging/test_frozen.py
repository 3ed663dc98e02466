"""The frozen program, used as on a computer that has nothing else; its folder cannot be written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PyInstaller.archive.readers import CArchiveReader

from e2e.contract import check_report
from e2e.desktop import desktop, wait_for
from e2e.screen_reader import ScreenReader
from e2e.window_user import WindowUser
from keyring_daemon import keyring_daemon
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.installation import COMMAND_LINE, WINDOW, differences, fingerprint
from latchlight.practice.world import PracticeWorld

ROOT = Path(__file__).resolve().parents[2]
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
"""For a shell in a mount namespace of its own: even root cannot write into the folder then."""

SURPLUS = re.compile(
    r"Qml|Quick|Pdf|Designer|Test\.|Sql|VirtualKeyboard|EglFs|libgtk|libgdk|libpango|libcairo"
    r"|tkinter|_tkinter|libtcl|libtk|setuptools|pip/|pytest|hypothesis|keyrings/|mypy_|ccxt"
)


@dataclass(frozen=True)
class Installed:
    """The frozen folder, started with a private home and nothing else."""

    folder: Path
    home: Path

    def command(self, *words: str, **variables: str) -> list[str]:
        """One that starts a program of the folder, which cannot be written, with these variables alone."""
        unshare = shutil.which("unshare")
        assert unshare is not None
        alone = [unshare, "-m"] if os.geteuid() == 0 else [unshare, "-r", "-m"]
        told = [f"{name}={value}" for name, value in variables.items()]
        program, *rest = words
        return [
            *(*alone, "sh", "-c", READ_ONLY, str(self.folder)),
            *("env", "-i", *told, str(self.folder / program), *rest),
        ]

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one to its end."""
        command = self.command(*words, **variables)
        return subprocess.run(command, capture_output=True, text=True, cwd=self.home)


@pytest.fixture
def installed(frozen: Path, tmp_path: Path) -> Installed:
    home = tmp_path / "home"
    home.mkdir()
    return Installed(frozen, home)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def version() -> str:
    source = (ROOT / "app" / "latchlight" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    assert found is not None
    return found.group(1)


@pytest.mark.namespaces
def test_the_folder_of_these_tests_really_cannot_be_written(installed: Installed) -> None:
    alone = installed.command("latchlight-cli")
    tried = subprocess.run(
        [*alone[: alone.index("env")], "touch", str(installed.folder / "new")], capture_output=True
    )
    assert tried.returncode != 0
    assert b"Read-only" in tried.stderr


@pytest.mark.namespaces
def test_the_command_line_starts_with_nothing_around_it(installed: Installed) -> None:
    done = installed.run("latchlight-cli", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"latchlight {version()}\n", "")


@pytest.mark.namespaces
def test_the_command_line_calls_itself_what_is_to_be_typed(installed: Installed) -> None:
    home = {"HOME": str(installed.home)}
    assert installed.run("latchlight-cli", "--help").stdout.startswith("usage: latchlight-cli ")
    empty = installed.run("latchlight-cli", "keys", "list", **home)
    assert "Add one with `latchlight-cli keys add LABEL" in empty.stdout
    wrong = installed.run("latchlight-cli", "check", "--all", "a-label", **home)
    assert (wrong.returncode, "Try `latchlight-cli check --help`." in wrong.stderr) == (64, True)


@pytest.mark.namespaces
def test_the_window_is_no_gate(installed: Installed) -> None:
    """`latchlight preflight KEY && bot`: a window that was closed must not start the bot."""
    done = installed.run("latchlight", "preflight", "main-bot", HOME=str(installed.home))
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.endswith("The command line is called `latchlight-cli`.\n")


@pytest.mark.namespaces
def test_the_command_line_runs_a_whole_practice_checkup(installed: Installed) -> None:
    done = installed.run("latchlight-cli", "practice", "check", "--json", HOME=str(installed.home))
    report = check_report(json.loads(done.stdout))
    with PracticeWorld.start() as world:
        expected = {(k.exchange, k.name): k.expected_light.value for k in world.keys}
    assert (done.returncode, done.stderr) == (2, "")
    assert {(k["exchange"], k["label"]): k["light"] for k in report["keys"]} == expected
    assert set(expected.values()) == {light.value for light in Light}


@pytest.mark.namespaces
def test_the_window_runs_a_whole_practice_checkup_and_opens_the_browser_as_a_stranger(
    installed: Installed, tmp_path: Path
) -> None:
    (tmp_path / "desktop").mkdir()
    with (
        desktop(tmp_path / "desktop") as screen,
        closing(ScreenReader(screen.bus)) as reader,
        screen.witness("frozen"),
    ):
        told = tmp_path / "browser"
        browser = tmp_path / "bin" / "xdg-open"
        browser.parent.mkdir()
        browser.write_text(
            f'#!/bin/sh\n{{ env; echo "OPENED $1"; }} > {told}.part\nmv {told}.part {told}\n'
        )
        browser.chmod(0o755)
        variables = {
            "HOME": str(installed.home),
            "DISPLAY": screen.environment["DISPLAY"],
            "DBUS_SESSION_BUS_ADDRESS": screen.bus,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PATH": f"{browser.parent}:/usr/bin:/bin",
        }
        program = screen.start(*installed.command("latchlight", "practice", **variables))
        window = WindowUser(screen, reader)
        with PracticeWorld.start() as world:
            expected = [key.expected_light for key in world.keys]
        summary = ", ".join(
            f"{expected.count(light)} {LIGHT_WORDS[light]}"
            for light in (Light.RED, Light.GREY, Light.AMBER, Light.GREEN)
        )
        window.find_text(f"{len(expected)} keys: {summary}")
        window.press("Open the practice API Management page")
        given = wait_for(lambda: read(told), lambda: "no browser was opened")
        assert "OPENED http://127.0.0.1:" in given
        assert not re.search(r"^(LD_LIBRARY_PATH|_PYI_|PYTHON|QT_PLUGIN|QML)", given, re.MULTILINE)
        assert not program.has_ended, program.output


def read(file: Path) -> str:
    """Its text; nothing while it is not there."""
    return file.read_text("utf-8") if file.exists() else ""


def test_an_installation_proves_itself_with_one_command(
    installed: Installed, tmp_path: Path
) -> None:
    with keyring_daemon(tmp_path / "keyring") as daemon:
        done = installed.run("latchlight-cli", "doctor", "--selftest", "--json", **daemon.env)
    rows = {row["name"]: row for row in json.loads(done.stdout)["rows"]}
    judged = {name: row["light"] for name, row in rows.items() if row["light"] is not None}
    assert (done.returncode, done.stderr) == (0, ""), rows
    assert judged == dict.fromkeys(
        (
            *("program files", "public authorities", "unknown certificates"),
            *("practice keys", "keyring", "settings", "window"),
        ),
        "green",
    )
    assert rows["installed in"]["value"] == str(installed.folder)
    for name in (COMMAND_LINE, WINDOW):
        assert rows[f"SHA-256 of {name}"]["value"] == fingerprint(installed.folder / name)


def test_nothing_is_in_the_folder_that_the_program_has_no_use_for(frozen: Path) -> None:
    found = names(frozen)
    assert len(found) > 200
    assert [name for name in found if SURPLUS.search(name)] == []
    assert [path for path in frozen.rglob("*") if path.is_symlink() and not path.exists()] == []
    assert {path.name for path in frozen.iterdir()} == {COMMAND_LINE, WINDOW, "_internal"}


@pytest.mark.parametrize("surplus", ["_internal/libgtk-3.so.0", "_internal/PySide6/QtQml.abi3.so"])
def test_what_is_surplus_would_be_found(surplus: str) -> None:
    assert SURPLUS.search(surplus)


def test_every_library_finds_what_it_needs(frozen: Path) -> None:
    inside = frozen / "_internal"
    libraries = [path for path in inside.rglob("*.so*") if not path.is_symlink()]
    assert len(libraries) > 100
    listing = subprocess.run(
        ["ldd", *map(str, libraries)],
        env={"PATH": os.defpath, "LD_LIBRARY_PATH": str(inside)},
        capture_output=True,
        text=True,
    )
    assert re.findall(r"\S+ => not found", listing.stdout) == []


def modules(program: Path) -> set[str]:
    """Names of the pure Python modules that a frozen program carries."""
    archive = CArchiveReader(str(program))
    return set(archive.open_embedded_archive("PYZ.pyz").toc)


def test_every_module_of_ours_is_frozen_and_the_command_line_carries_no_window(
    frozen: Path,
) -> None:
    package = ROOT / "app" / "latchlight"
    parts = [
        path.relative_to(package.parent).with_suffix("").parts for path in package.rglob("*.py")
    ]
    ours = {".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts}
    assert ours - modules(frozen / WINDOW) == set()
    without_window = {name for name in ours if not name.startswith("latchlight.gui")}
    carried = modules(frozen / COMMAND_LINE)
    assert without_window - carried == set()
    assert {n for n in carried if n.startswith(("PySide6", "shiboken6", "latchlight.gui"))} == set()


def test_the_list_of_files_is_that_of_the_folder(frozen: Path) -> None:
    found = differences(frozen)
    assert found is not None
    assert not found, found
    there = [path for path in frozen.rglob("*") if path.is_symlink() or not path.is_dir()]
    assert found.listed == len(there) - 1


def test_libraries_are_loaded_from_the_folder_and_the_system_alone(installed: Installed) -> None:
    traced = installed.home / "traced"
    command = installed.command("latchlight-cli", "keys", "list", HOME=str(installed.home))
    program = command.index("env")
    strace = ["strace", "-f", "-e", "trace=openat,open,execve", "-o", str(traced)]
    done = subprocess.run(
        [*command[:program], *strace, *command[program:]], capture_output=True, cwd=installed.home
    )
    assert done.returncode == 0, done.stderr
    opened = re.findall(r'"([^"]+\.so[^"/]*)", O_RDONLY[^)]*\) = \d', traced.read_text("utf-8"))
    assert len(opened) > 10
    allowed = (f"{installed.folder}/", "/lib/", "/usr/lib/", "/etc/ld.so")
    assert [path for path in opened if not os.path.realpath(path).startswith(allowed)] == []
