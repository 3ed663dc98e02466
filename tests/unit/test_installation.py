"""What an installed program knows of itself, and what `doctor` says when its files are not as they were built."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from latchlight import installation
from latchlight.cli.installed import installed_rows
from latchlight.core.errors import LatchlightError
from latchlight.core.findings import Light
from latchlight.hardening import forget_qt_paths, harden
from latchlight.installation import differences

PYTHON = sys.executable


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed folder of four files, as if this process had been started from it."""
    folder = tmp_path / "Latchlight"
    inside = folder / "_internal"
    (inside / "qt").mkdir(parents=True)
    for program in ("latchlight", "latchlight-cli"):
        (folder / program).write_text(program, "utf-8")
    for name, content in {"base.zip": b"base", "qt/libqt.so": b"qt"}.items():
        (inside / name).write_bytes(content)
    assert list_files(folder) == 4
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "latchlight-cli"))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


@pytest.fixture
def linked(place: Path) -> Path:
    """The same with a link, as the build for Linux makes them."""
    (place / "_internal" / "libqt.so").symlink_to("qt/libqt.so")
    assert list_files(place) == 5
    return place


def list_files(folder: Path) -> int:
    """By the script of the build: writer and reader must mean the same."""
    script = Path(__file__).resolve().parents[2] / "packaging" / "freeze" / "listing.py"
    done = subprocess.run([PYTHON, str(script), str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[0])


def row(name: str) -> tuple[str, Light | None]:
    return next((r.value, r.light) for r in installed_rows() if r.name == name)


def test_outside_of_an_installed_program_nothing_is_compared() -> None:
    assert installation.folder() is None
    assert [r.light for r in installed_rows()] == [None]
    with pytest.raises(ValueError, match="not an installed program"):
        installation.program("latchlight")


def test_an_installed_program_says_where_it_is_and_its_hashes(place: Path) -> None:
    assert row("installed in")[0] == str(place.resolve())
    for program in ("latchlight", "latchlight-cli"):
        assert row(f"SHA-256 of {program}")[0] == hashlib.sha256(program.encode()).hexdigest()
    assert row("program files") == (
        "4 files, all as the program's own list says",
        Light.GREEN,
    )


def test_a_program_that_is_gone_is_red(place: Path) -> None:
    (place / "latchlight").unlink()
    assert row("SHA-256 of latchlight")[1] is Light.RED


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda p: (p / "base.zip").write_bytes(b"basf"), "1 changed (_internal/base.zip)"),
        (lambda p: (p / "qt" / "libqt.so").unlink(), "1 missing (_internal/qt/libqt.so)"),
        (lambda p: (p.parent / "latchlight").write_bytes(b"exit 0"), "1 changed (latchlight)"),
        (lambda p: (p.parent / "version.dll").write_bytes(b"x"), "1 foreign (version.dll)"),
        (lambda p: (p / "evil.so").write_bytes(b"x"), "1 foreign (_internal/evil.so)"),
    ],
)
def test_files_that_are_not_as_they_were_built_are_red(place: Path, spoil, told: str) -> None:  # type: ignore[no-untyped-def]
    spoil(place / "_internal")
    value, light = row("program files")
    assert light is Light.RED
    assert value.startswith(f"Not as the program's own list says: {told}. Download Latchlight anew")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda p: None, ""),
        (lambda p: os.mkfifo(p / "pipe"), "1 foreign (_internal/pipe)"),
        (
            lambda p: ((p / "libqt.so").unlink(), (p / "libqt.so").symlink_to("/lib/evil.so")),
            "1 changed (_internal/libqt.so)",
        ),
    ],
)
def test_links_are_compared_and_pipes_are_foreign(linked: Path, spoil, told: str) -> None:  # type: ignore[no-untyped-def]
    spoil(linked / "_internal")
    value, light = row("program files")
    assert light is (Light.RED if told else Light.GREEN)
    assert told in value


def test_a_pipe_in_place_of_a_file_is_not_waited_for(place: Path) -> None:
    (place / "_internal" / "base.zip").unlink()
    os.mkfifo(place / "_internal" / "base.zip")
    assert row("program files")[1] is Light.GREY


def test_a_folder_that_cannot_be_looked_into_is_never_green(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: str) -> object:
        raise PermissionError(13, "closed", path)

    monkeypatch.setattr(os, "scandir", closed)
    assert row("program files")[1] is Light.GREY


@pytest.mark.parametrize("name", ["uninstall.exe", "installed-files.txt", "README.txt"])
def test_what_an_installer_adds_beside_the_program_belongs_there(place: Path, name: str) -> None:
    (place / name).write_bytes(b"x")
    assert row("program files")[1] is Light.GREEN


def test_many_changed_files_are_counted_and_three_are_named(place: Path) -> None:
    for number in range(5):
        (place / "_internal" / f"new{number}").write_bytes(b"x")
    assert (
        "5 foreign (_internal/new0, _internal/new1, _internal/new2, …)" in row("program files")[0]
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "\xff"])
def test_an_unreadable_list_is_never_green(place: Path, text: str) -> None:
    (place / "_internal" / "files.json").write_text(text, "latin-1")
    assert row("program files")[1] is Light.GREY
    with pytest.raises(LatchlightError):
        differences(place)


def test_without_a_list_it_is_grey_but_on_macos_whose_signature_does_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "_internal" / "files.json").unlink()
    assert differences(place) is None
    assert row("program files")[1] is Light.GREY
    monkeypatch.setattr(sys, "platform", "darwin")
    assert row("program files")[1] is None


def test_on_windows_the_programs_end_with_exe(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert installation.program("latchlight").name == "latchlight.exe"


@pytest.mark.parametrize("before", [None, "/of/the/user"])
def test_what_an_installed_program_starts_gets_the_users_own_library_path(
    place: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(place / "_internal"))
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", str(place / "latchlight"))
    monkeypatch.setenv("QT_PLUGIN_PATH", str(place))
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    monkeypatch.setattr("latchlight.hardening._no_core_dumps", lambda: None)
    mask = os.umask(0)
    try:
        harden()
        forget_qt_paths()
    finally:
        os.umask(mask)
    assert os.environ.get("LD_LIBRARY_PATH") == before
    for name in ("_PYI_ARCHIVE_FILE", "LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH"):
        assert name not in os.environ


def test_a_program_in_a_python_environment_keeps_its_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_PLUGIN_PATH", "/of/the/user")
    forget_qt_paths()
    assert os.environ["QT_PLUGIN_PATH"] == "/of/the/user"


def test_no_openssl_is_loaded_before_its_variables_are_dropped() -> None:
    code = (
        "import sys, latchlight.cli.main, latchlight.gui.main\n"
        "print([m for m in ('_hashlib', '_ssl', 'cryptography') if m in sys.modules])"
    )
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_no_variable_of_openssl_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES", "OPENSSL_MODULES")
    for name in names:
        monkeypatch.setenv(name, "/of/somebody/else")
    monkeypatch.setattr("latchlight.hardening._no_core_dumps", lambda: None)
    mask = os.umask(0)
    try:
        assert set(names) <= set(harden())
    finally:
        os.umask(mask)
    assert not set(names) & set(os.environ)
