"""What makes the installer for Windows: the same bytes each time, nothing odd packed, signed or said so."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import stat
import sys
import traceback
from pathlib import Path
from xml.etree import ElementTree

import pytest

from windows_pages import sentences
from windows_payload import Builder, make_payload, make_stub, sign
from windows_signing import ThrowAwaySigner

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ROOT / "packaging" / "windows"
OTHERS = {"base_library.zip": "library", "PySide6/QtCore.pyd": "qt"}


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_stub(tmp_path_factory.mktemp("stub"))


@pytest.fixture
def payload(tmp_path: Path, stub: bytes) -> Path:
    return make_payload(tmp_path / "payload", stub, OTHERS)


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path / "out")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, stub: bytes) -> tuple[Path, Path, str]:
    """A payload, its installer, and what its builder said."""
    folder = tmp_path_factory.mktemp("built")
    payload = make_payload(folder / "payload", stub, OTHERS)
    builder = Builder(folder)
    done = builder.run(payload, "--for-tests", "1.2.3")
    return payload, folder / "Latchlight-1.2.3-Setup.exe", done.stdout


def test_the_same_payload_gives_the_same_installer(
    tmp_path: Path, builder: Builder, built: tuple[Path, Path, str]
) -> None:
    """From another folder, with other times, at another time."""
    payload, first, said = built
    copy = tmp_path / "somewhere else" / "copy"
    shutil.copytree(payload, copy)
    for file in copy.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    assert builder.build(copy, "1.2.3").read_bytes() == first.read_bytes()
    assert hashlib.sha256(first.read_bytes()).hexdigest() in said


def test_the_installer_tells_windows_what_it_is(built: tuple[Path, Path, str]) -> None:
    content = built[1].read_bytes()
    assert b"<dpiAware" in content
    assert b'level="asInvoker"' in content
    assert b"longPathAware" in content
    for text in ("ProductVersion", "1.2.3", "Latchlight Setup", "LegalCopyright"):
        assert text.encode("utf-16-le") in content


def test_the_usual_download_of_the_compiler_can_make_it_too(
    payload: Path, builder: Builder
) -> None:
    """It brings no 64-bit installers."""
    done = builder.run(payload, "--for-tests", "1.2.3", "--target", "x86-unicode")
    assert done.returncode == 0, done.stdout
    content = (builder.into / "Latchlight-1.2.3-Setup.exe").read_bytes()
    header = int.from_bytes(content[0x3C:0x40], "little")
    assert content[header + 4 : header + 6] == b"\x4c\x01"  # i386


def compiler_of(folder: Path, version: str) -> str:
    """A makensis that only tells a version, first on the search path."""
    script = folder / "makensis"
    script.write_text(f"#!/bin/sh\necho {version}\n", encoding="ascii")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("version", ["v3.08-3+deb12u1", "v3.10", "v2.51"])
def test_a_compiler_with_a_known_weakness_makes_nothing_for_people(
    tmp_path: Path, payload: Path, builder: Builder, version: str
) -> None:
    done = builder.run(payload, PATH=compiler_of(tmp_path, version))
    assert done.returncode == 1
    assert "CVE-2025-43715" in done.stdout
    assert not builder.into.exists()


@pytest.mark.parametrize("version", ["v3.11", "v3.12.1", "v4.0"])
def test_a_newer_compiler_is_asked_to_work(
    tmp_path: Path, payload: Path, builder: Builder, version: str
) -> None:
    """This one cannot; that it was asked is what counts."""
    done = builder.run(payload, PATH=compiler_of(tmp_path, version))
    assert "CVE" not in done.stdout
    assert "can make none of" in done.stdout


def spoil(payload: Path, how: str) -> None:
    match how:
        case "no window":
            (payload / "latchlight.exe").unlink()
        case "a link":
            (payload / "_internal" / "link").symlink_to("base_library.zip")
        case "a variable":
            (payload / "_internal" / "$INSTDIR").touch()
        case "a quote":
            (payload / "_internal" / 'x" y').touch()
        case "twins":
            (payload / "_internal" / "BASE_library.zip").touch()
        case "a dot at its end":
            (payload / "_internal" / "x.").touch()
        case "a long name":
            (payload / "_internal" / ("x" * 150)).touch()
        case "a name of ours":
            (payload / "Uninstall.exe").touch()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("no window", "holds no latchlight.exe"),
        ("a link", "link is a link"),
        ("a variable", "cannot hold"),
        ("a quote", "cannot hold"),
        ("twins", "but for capital letters"),
        ("a dot at its end", "cannot hold"),
        ("a long name", "is too long"),
        ("a name of ours", "needs for itself"),
    ],
)
def test_a_folder_that_cannot_be_installed_is_refused(
    payload: Path, windows: None, how: str, said: str
) -> None:
    from windows.payload import PayloadError, read_payload

    read_payload(payload)
    spoil(payload, how)
    with pytest.raises(PayloadError, match=re.escape(said)):
        read_payload(payload)


def test_what_was_not_signed_is_said_and_is_no_failure(
    payload: Path, built: tuple[Path, Path, str]
) -> None:
    assert "Not signed, because no certificate is configured" in built[2]
    program = payload / "latchlight.exe"
    before = program.read_bytes()
    done = sign(program)
    assert done.returncode == 0
    assert "Not signed, because no certificate is configured" in done.stdout
    assert program.read_bytes() == before


def test_no_installer_of_a_build_that_has_to_be_signed_comes_out_unsigned(
    payload: Path, builder: Builder
) -> None:
    done = builder.run(payload, "--for-tests", "1.2.3", LATCHLIGHT_MUST_SIGN="true")
    assert done.returncode == 1
    assert "has to be signed" in done.stdout
    assert not builder.into.exists()


def test_with_a_certificate_everything_is_signed(
    tmp_path: Path, payload: Path, builder: Builder
) -> None:
    signer = ThrowAwaySigner(tmp_path)
    variables = {"LATCHLIGHT_SIGN_COMMAND": signer.command}
    refused = builder.run(payload, "--for-tests", "1.2.3", **variables)
    assert refused.returncode == 1
    assert "latchlight.exe is not signed" in refused.stdout

    programs = [payload / "latchlight.exe", payload / "latchlight-cli.exe"]
    assert sign(*programs, **variables).returncode == 0
    done = builder.run(payload, "--for-tests", "1.2.3", **variables)
    assert done.returncode == 0, done.stdout
    assert "Not signed" not in done.stdout
    installer = builder.into / "Latchlight-1.2.3-Setup.exe"
    for file in (*programs, installer):
        assert signer.has_signed(file)
    changed = bytearray(installer.read_bytes())
    changed[len(changed) // 2] ^= 1
    installer.write_bytes(changed)
    assert not signer.has_signed(installer)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("signtool sign {file}", "is no list of words in JSON"),
        ('["signtool"]', "does not say where the file goes"),
        (json.dumps(["false", "{file}"]), "could not be signed"),
        (json.dumps(["no-such-signer", "{file}"]), "no-such-signer, which signs, is not on PATH"),
        (json.dumps(["true", "{file}"]), "carries no signature, though the command did not fail"),
    ],
)
def test_a_file_that_is_not_signed_afterwards_is_a_failure(
    payload: Path, command: str, said: str
) -> None:
    done = sign(payload / "latchlight.exe", LATCHLIGHT_SIGN_COMMAND=command)
    assert done.returncode == 1
    assert said in done.stdout


def signer_that_fails(folder: Path, words: str, times: int, command: str) -> str:
    """A command that says these words and fails, so many times; after that it signs."""
    script = folder / "signer.py"
    script.write_text(
        f"""import pathlib, subprocess, sys
tries = pathlib.Path({str(folder / "tries")!r})
with tries.open("a") as log:
    log.write("x")
if len(tries.read_text()) <= {times}:
    sys.exit({words!r})
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""
    )
    return json.dumps([sys.executable, str(script), *json.loads(command)])


@pytest.mark.parametrize(
    ("said", "times", "tries"),
    [
        ("SignTool Error: The specified timestamp server could not be reached", 2, 3),
        ("SignTool Error: The specified timestamp server could not be reached", 99, 4),
        ("SignTool Error: the password is wrong", 99, 1),
    ],
    ids=["a time stamp came late", "no time stamp came", "anything else"],
)
def test_a_time_stamp_is_asked_for_again_and_nothing_else_is(
    tmp_path: Path,
    payload: Path,
    windows: None,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    times: int,
    tries: int,
) -> None:
    from windows import sign as signing

    monkeypatch.setattr(signing, "PAUSES_SECONDS", (0.0, 0.0, 0.0))
    signer = ThrowAwaySigner(tmp_path)
    command = signer_that_fails(tmp_path, said, times, signer.command)
    monkeypatch.setenv("LATCHLIGHT_SIGN_COMMAND", command)
    program = payload / "latchlight.exe"
    if times < tries:
        signing.sign(program)
    else:
        with pytest.raises(signing.SigningError, match=re.escape(said)):
            signing.sign(program)
    assert signer.has_signed(program) == (times < tries)
    assert len((tmp_path / "tries").read_text()) == tries


def test_a_signer_that_waits_for_an_answer_is_given_up(
    tmp_path: Path, payload: Path, windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from windows import sign as signing

    monkeypatch.setattr(signing, "LONGEST_SECONDS", 0.5)
    words = [sys.executable, "-c", "import time; time.sleep(60)", "{file}", "secret-word"]
    monkeypatch.setenv("LATCHLIGHT_SIGN_COMMAND", json.dumps(words))
    with pytest.raises(signing.SigningError, match="no end within") as failure:
        signing.sign(payload / "latchlight.exe")
    assert "secret-word" not in "".join(traceback.format_exception(failure.value))


def test_what_is_no_program_is_never_called_signed(tmp_path: Path, windows: None) -> None:
    from windows.sign import SigningError, is_signed

    for number, content in enumerate((b"", b"MZ", b"MZ" + b"\xff" * 100, b"PK" + bytes(500))):
        file = tmp_path / str(number)
        file.write_bytes(content)
        with pytest.raises(SigningError):
            is_signed(file)


def test_versions_compare_as_they_came(windows: None) -> None:
    from windows.version_info import VersionError, numbers, order

    versions = [
        "0.1.0.dev3",
        "0.1.0a1",
        "0.1.0a12",
        "0.1.0b1",
        "0.1.0rc2",
        "0.1.0",
        "0.2.0",
        "0.10.0",
    ]
    as_numbers = [tuple(map(int, order(version).split("."))) for version in versions]
    assert as_numbers == sorted(set(as_numbers))
    assert numbers("1.2.3rc1") == (1, 2, 3, 0)
    for odd in ("1.2", "1.2.3-beta", "v1.2.3", "1.2.3+local"):
        with pytest.raises(VersionError):
            order(odd)


def test_the_programs_tell_windows_their_version(tmp_path: Path, windows: None) -> None:
    from windows.version_info import write_version_info

    from latchlight import __version__

    file = write_version_info(tmp_path / "made" / "x.txt", "latchlight.exe", "Latchlight")
    text = file.read_text("utf-8")
    kinds = {
        n.func.id
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert kinds == {
        *("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct"),
        *("VarFileInfo", "VarStruct"),
    }
    for name in ("FileVersion", "ProductVersion"):
        assert f"StringStruct('{name}', '{__version__}')" in text
    assert "StringStruct('OriginalFilename', 'latchlight.exe')" in text


def test_the_programs_ask_for_sharp_text_long_paths_and_no_more_rights() -> None:
    top = ElementTree.parse(WINDOWS / "latchlight.manifest").getroot()  # noqa: S314  our own
    told = {element.tag.partition("}")[2]: element for element in top.iter()}
    assert told["requestedExecutionLevel"].attrib == {"level": "asInvoker", "uiAccess": "false"}
    assert told["dpiAware"].text == "true/pm"
    assert told["dpiAwareness"].text == "PerMonitorV2"
    assert told["longPathAware"].text == "true"


def test_both_languages_say_the_same_things() -> None:
    english, chinese = sentences("en"), sentences("zh-Hans")
    assert len(english) > 40
    assert list(english) == list(chinese)
    for name, text in english.items():
        inside = r"\$\{?\w+\}?|/[A-Z]+|latchlight-cli|PATH\b"
        assert set(re.findall(inside, text)) == set(re.findall(inside, chinese[name])), name
        assert len(text) < 1000, name  # more is cut off


def sources_of_the_script() -> list[str]:
    """Without what is said in them to whoever reads them."""
    texts = [file.read_text("utf-8") for file in WINDOWS.glob("*.ns[ih]")]
    assert len(texts) == 9
    return [re.sub(r"(?m)(^|\s);.*$", "", text) for text in texts]


def test_the_compiler_on_windows_finds_every_file() -> None:
    """It takes what is behind the last backslash of a path for a name; the one of Linux takes both kinds of slash."""
    places = [
        place
        for text in sources_of_the_script()
        for place in re.findall(r'"(\$\{MADE\}[^"]*)"', text)
    ]
    assert len(places) > 5
    assert not [place for place in places if "/" in place]


def test_nothing_is_removed_with_whatever_is_in_it() -> None:
    sources = sources_of_the_script()
    assert not any(re.search(r"RMDir\s+/r", source, re.IGNORECASE) for source in sources)
    assert not any(re.search(r'Delete "[^"]*\\\*', source) for source in sources)


def test_the_readme_names_the_box_to_tick_as_the_uninstaller_does() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"unless you tick *{sentences('en')['PART_KEYS']}*." in text
