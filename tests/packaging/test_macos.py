"""What becomes a Mac's program: its Info.plist, its layout, and the commands that sign, pack and notarise it.

Apple's tools exist on Macs only. Here they are small programs that note how they were called: the whole order of
commands is compared, and what is built here is judged by the same layout check that looks over the real bundle.
"""

from __future__ import annotations

import ast
import base64
import importlib
import json
import os
import plistlib
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACOS = ROOT / "packaging" / "macos"
MODULES = (
    *("plist", "macho", "steps", "keychains", "layout"),
    *("sign", "notarise", "dmg", "try_image"),
)
PROGRAM, LIBRARY, MODULE = 2, 6, 8
ARM, INTEL = 0x0100000C, 0x01000007
IDENTITY = "Developer ID Application: Latchlight (ABCDE12345)"
PASSWORD = "opens-the-archive"
CERTIFICATE = {
    "MACOS_CERTIFICATE": base64.b64encode(b"archive of a certificate").decode(),
    "MACOS_CERTIFICATE_PASSWORD": PASSWORD,
    "MACOS_SIGNING_IDENTITY": IDENTITY,
}
NOTARY = {
    "APPLE_API_KEY": "-----BEGIN PRIVATE KEY-----\nkey of the notary\n-----END PRIVATE KEY-----",
    "APPLE_API_KEY_ID": "KEYNUMBER1",
    "APPLE_API_ISSUER": "issuer-0000",
}


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The modules of packaging/macos, loaded as their scripts load each other."""
    monkeypatch.syspath_prepend(str(MACOS.parent))
    names = [f"macos.{name}" for name in MODULES]
    for name in ("macos", *names):
        monkeypatch.delitem(sys.modules, name, raising=False)
    loaded: list[ModuleType] = [importlib.import_module(name) for name in names]
    monkeypatch.setattr(sys.modules["macos.steps"], "PAUSE_SECONDS", 0.0)
    yield SimpleNamespace(**dict(zip(MODULES, loaded, strict=True)))
    for name in ("macos", *names):
        sys.modules.pop(name, None)


def code(
    kind: int = LIBRARY,
    processor: int = ARM,
    oldest: tuple[int, int] = (13, 0),
    signed: bool = True,
) -> bytes:
    """A Mach-O file with nothing in it but what a bundle is judged by."""
    commands = [struct.pack("<6I", 0x32, 24, 1, oldest[0] << 16 | oldest[1] << 8, 0, 0)]
    if signed:
        commands.append(struct.pack("<4I", 0x1D, 16, 0, 0))
    body = b"".join(commands)
    return struct.pack("<8I", 0xFEEDFACF, processor, 0, kind, len(commands), len(body), 0, 0) + body


def for_both(kind: int = MODULE) -> bytes:
    """One file for both kinds of Mac."""
    arm, intel = code(kind, ARM, (15, 0)), code(kind, INTEL, (13, 0), signed=False)
    start = 64
    rows = struct.pack(">5I", ARM, 0, start, len(arm), 3)
    rows += struct.pack(">5I", INTEL, 0, start + len(arm), len(intel), 3)
    return (struct.pack(">2I", 0xCAFEBABE, 2) + rows).ljust(start, b"\0") + arm + intel


def icon(*kinds: bytes) -> bytes:
    """An icon file with such pictures."""
    pictures = b"".join(struct.pack(">4sI", kind, 12) + b"PNG!" for kind in kinds)
    return struct.pack(">4sI", b"icns", 8 + len(pictures)) + pictures


def put(path: Path, data: bytes, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    return path


@pytest.fixture
def app(tools: SimpleNamespace, tmp_path: Path) -> Path:
    """A bundle as PyInstaller lays it out: code in Frameworks, data in Resources, links between both."""
    top = tmp_path / "Latchlight.app"
    contents = top / "Contents"
    for name in ("latchlight", "latchlight-cli"):
        put(contents / "MacOS" / name, code(PROGRAM), 0o755)
    frameworks, resources = contents / "Frameworks", contents / "Resources"
    put(frameworks / "PySide6" / "QtCore.abi3.so", for_both(), 0o755)
    put(frameworks / "libcrypto.3.dylib", code(), 0o755)
    qt = frameworks / "PySide6" / "Qt" / "lib" / "QtCore.framework"
    put(qt / "Versions" / "A" / "QtCore", code(), 0o755)
    put(qt / "Versions" / "A" / "Resources" / "Info.plist", b"<plist/>")
    (qt / "Versions" / "Current").symlink_to("A")
    (qt / "QtCore").symlink_to("Versions/Current/QtCore")
    put(resources / "latchlight.icns", icon(b"ic07", b"ic08", b"ic09", b"ic10"))
    put(resources / "keyring-25.7.0.dist-info" / "METADATA", b"Name: keyring")
    (frameworks / "keyring-25__dot__7__dot__0.dist-info").symlink_to(
        "../Resources/keyring-25.7.0.dist-info"
    )
    put(resources / "LICENSE", b"MIT")
    (frameworks / "LICENSE").symlink_to("../Resources/LICENSE")
    put(contents / "Info.plist", plistlib.dumps(tools.plist.entries(tools.plist.version())))
    put(contents / "_CodeSignature" / "CodeResources", b"<plist/>")
    return top


# --- Info.plist and entitlements


def test_info_plist_says_what_a_mac_needs_to_know(
    tools: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.plist.main([str(tmp_path / "Info.plist")]) == 0
    told = plistlib.loads((tmp_path / "Info.plist").read_bytes())
    assert told == tools.plist.entries(tools.plist.version())
    assert told["CFBundleIdentifier"] == "app.latchlight.Latchlight"
    assert told["CFBundleShortVersionString"] == tools.plist.version() == told["CFBundleVersion"]
    assert told["LSApplicationCategoryType"] == "public.app-category.finance"
    assert told["NSHighResolutionCapable"] is True
    assert told["NSRequiresAquaSystemAppearance"] is False
    assert told["LSBackgroundOnly"] is False
    assert told["LSMinimumSystemVersion"] == "15.0"
    assert "CFBundleURLTypes" not in told
    assert told["NSHumanReadableCopyright"].startswith("Copyright (c) 20")
    assert tools.plist.main(["--version"]) == 0
    assert capsys.readouterr().out == tools.plist.version() + "\n"
    assert tools.plist.main([]) == 0
    assert plistlib.loads(capsys.readouterr().out.encode()) == told


def test_info_plist_names_every_language_of_the_program(tools: SimpleNamespace) -> None:
    files = (ROOT / "app" / "latchlight" / "languages").glob("*.json")
    ours = {"en", *(file.stem.replace("_", "-") for file in files)}
    assert set(tools.plist.entries("1.0.0")["CFBundleLocalizations"]) == ours


@pytest.mark.parametrize(
    ("told", "numbers"),
    [("1.2.3", "1.2.3"), ("1.2.3rc1", "1.2.3"), ("0.10.0.dev4", None), ("1.2", None)],
)
def test_the_version_of_a_mac_has_three_numbers(
    tools: SimpleNamespace, told: str, numbers: str | None
) -> None:
    if numbers is None:
        with pytest.raises(ValueError, match="three numbers"):
            tools.plist.numbers_of(told)
    else:
        assert tools.plist.numbers_of(told) == numbers


def test_the_hardened_runtime_is_loosened_in_one_point_with_its_reason() -> None:
    text = (MACOS / "entitlements.plist").read_text("utf-8")
    assert plistlib.loads(text.encode()) == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True
    }
    assert "<!--" in text.partition("<key>")[0]


# --- reading code


def test_code_is_read_for_each_processor(tools: SimpleNamespace, tmp_path: Path) -> None:
    both = tools.macho.slices_of(put(tmp_path / "both", for_both()))
    assert [(one.processor, one.oldest_macos, one.is_signed) for one in both] == [
        ("arm64", (15, 0), True),
        ("x86_64", (13, 0), False),
    ]
    (one,) = tools.macho.slices_of(put(tmp_path / "one", code(PROGRAM, oldest=(26, 1))))
    assert (one.kind, one.oldest_macos) == (tools.macho.Kind.PROGRAM, (26, 1))
    older = struct.pack("<8I", 0xFEEDFACF, INTEL, 0, 6, 1, 16, 0, 0) + struct.pack(
        "<4I", 0x24, 16, 11 << 16, 0
    )
    assert tools.macho.slices_of(put(tmp_path / "older", older))[0].oldest_macos == (11, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#!/bin/sh",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x41 a class of Java",
        b"\x7fELF" + bytes(60),
    ],
)
def test_other_files_are_no_code(tools: SimpleNamespace, tmp_path: Path, data: bytes) -> None:
    assert tools.macho.slices_of(put(tmp_path / "file", data)) == ()


def test_an_archive_for_a_linker_is_no_code(tools: SimpleNamespace, tmp_path: Path) -> None:
    rows = struct.pack(">2I5I", 0xCAFEBABE, 1, ARM, 0, 64, 8, 3)
    assert tools.macho.slices_of(put(tmp_path / "x.a", rows.ljust(64, b"\0") + b"!<arch>\n")) == ()


@pytest.mark.parametrize("length", range(8, len(code()), 5))
def test_code_that_ends_too_early_is_called_broken(
    tools: SimpleNamespace, tmp_path: Path, length: int
) -> None:
    with pytest.raises(tools.macho.BrokenFileError):
        tools.macho.slices_of(put(tmp_path / "cut", code()[:length]))


# --- the layout


def test_a_sound_bundle_has_no_problem(
    tools: SimpleNamespace, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.layout.problems_of(app) == []
    assert tools.layout.main([str(app)]) == 0
    assert capsys.readouterr().out.endswith("sound\n")
    assert tools.layout.main([]) == 64


def contents(app: Path, name: str) -> Path:
    return app / "Contents" / name


def replace_entry(app: Path, name: str, value: object) -> None:
    file = contents(app, "Info.plist")
    file.write_bytes(plistlib.dumps({**plistlib.loads(file.read_bytes()), name: value}))


def replace_link(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)


BREAKING: dict[str, Callable[[Path], object]] = {
    "Info.plist cannot be read": lambda app: contents(app, "Info.plist").write_bytes(b"<plist"),
    "for LSMinimumSystemVersion": lambda app: replace_entry(app, "LSMinimumSystemVersion", "10.13"),
    "for LSBackgroundOnly": lambda app: replace_entry(app, "LSBackgroundOnly", True),
    "for CFBundleShortVersionString": lambda app: replace_entry(
        app, "CFBundleShortVersionString", "9.9.9"
    ),
    "would be opened for": lambda app: replace_entry(app, "CFBundleURLTypes", [{}]),
    "latchlight.icns cannot be read": lambda app: contents(
        app, "Resources/latchlight.icns"
    ).unlink(),
    "not a whole one": lambda app: put(
        contents(app, "Resources/latchlight.icns"), icon(b"ic09")[:-1]
    ),
    "lacks the picture ic10": lambda app: put(
        contents(app, "Resources/latchlight.icns"), icon(b"ic07", b"ic08", b"ic09")
    ),
    "latchlight-cli is not a program": lambda app: contents(app, "MacOS/latchlight-cli").unlink(),
    "MacOS/latchlight is not a program": lambda app: put(
        contents(app, "MacOS/latchlight"), code(LIBRARY), 0o755
    ),
    "MacOS/notes.txt is not one of our": lambda app: put(
        contents(app, "MacOS/notes.txt"), b"notes"
    ),
    "is code, but not in": lambda app: put(contents(app, "Resources/x.so"), code(), 0o755),
    "needs macOS 26.0; 15.0 is promised": lambda app: put(
        contents(app, "Frameworks/new.so"), code(oldest=(26, 0)), 0o755
    ),
    "is not for arm64": lambda app: put(
        contents(app, "Frameworks/i.so"), code(processor=INTEL), 0o755
    ),
    "cannot be read as code": lambda app: put(
        contents(app, "Frameworks/cut.so"), code()[:40], 0o755
    ),
    "may not be started": lambda app: contents(app, "MacOS/latchlight").chmod(0o644),
    "has the mode 4755": lambda app: contents(app, "MacOS/latchlight").chmod(0o4755),
    "has the mode 666": lambda app: contents(app, "Resources/LICENSE").chmod(0o666),
    "has the mode 600": lambda app: contents(app, "Resources/LICENSE").chmod(0o600),
    "leads out of the bundle": lambda app: replace_link(
        contents(app, "Frameworks/LICENSE"), "/etc/hosts"
    ),
    "../../../.. leads out": lambda app: (contents(app, "Frameworks") / "up").symlink_to(
        "../../../.."
    ),
    "LICENSE leads nowhere": lambda app: contents(app, "Resources/LICENSE").unlink(),
    "has a dot in its name": lambda app: put(
        contents(app, "Frameworks/numpy.libs/x.so"), code(), 0o755
    ),
}


@pytest.mark.parametrize("problem", BREAKING)
def test_a_broken_bundle_is_told_by_its_one_problem(
    tools: SimpleNamespace, app: Path, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    BREAKING[problem](app)
    (found,) = tools.layout.problems_of(app)
    assert problem.removeprefix("../../../.. ") in found
    assert tools.layout.main([str(app)]) == 1
    assert capsys.readouterr().out == f"{found}\n"


def test_names_that_are_one_name_to_a_mac_are_found(tools: SimpleNamespace, app: Path) -> None:
    put(contents(app, "Resources/License"), b"MIT")
    (problem,) = tools.layout.problems_of(app)
    assert (
        problem == "Contents/Resources/LICENSE and Contents/Resources/License are one name to a Mac"
    )


def test_what_is_not_signed_is_found_when_asked_for(tools: SimpleNamespace, app: Path) -> None:
    contents(app, "_CodeSignature/CodeResources").unlink()
    put(contents(app, "Frameworks/PySide6/QtCore.abi3.so"), code(MODULE), 0o755)
    put(contents(app, "Frameworks/bare.so"), code(signed=False), 0o755)
    assert tools.layout.problems_of(app) == []
    assert tools.layout.problems_of(app, signed=True) == [
        "Contents/Frameworks/bare.so is not signed",
        "the bundle as a whole is not signed",
    ]


def test_the_icon_that_is_drawn_has_the_pictures_that_are_asked_for(
    tools: SimpleNamespace, app: Path, tmp_path: Path
) -> None:
    command = [sys.executable, str(ROOT / "packaging" / "icons.py"), str(tmp_path / "icons")]
    subprocess.run(command, check=True, capture_output=True)
    drawn = (tmp_path / "icons" / tools.plist.ICON).read_bytes()
    put(contents(app, "Resources/latchlight.icns"), drawn)
    assert tools.layout.problems_of(app) == []


def test_something_else_is_called_no_bundle(tools: SimpleNamespace, tmp_path: Path) -> None:
    (problem,) = tools.layout.problems_of(tmp_path)
    assert "is no bundle" in problem


def test_quarantine_is_read_from_the_listing_of_a_mac(tools: SimpleNamespace) -> None:
    listing = "/x/A.app: com.apple.provenance\n/x/A.app/a: b: com.apple.quarantine\n"
    assert tools.layout.in_quarantine(listing) == ["/x/A.app/a: b"]


# --- Apple's tools


class Mac:
    """A folder of small programs with the names of Apple's; each notes its words and ends as told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.log = folder / "calls.jsonl"
        folder.mkdir()
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setenv("NOTES", str(self.log))
        for name in ("codesign", "security", "hdiutil", "ditto", "ln", "xcrun", "spctl"):
            self.let(name)

    def let(
        self,
        name: str,
        answer: str = "",
        fails_for: str = "no word at all",
        trouble: str = "",
        times: int = 1000,
    ) -> None:
        """The program prints `answer`. If `fails_for` is one of its words it fails with `trouble`, so many times."""
        body = f"""#!{sys.executable} -IS
import json, os, sys
words = [{name!r}, *sys.argv[1:]]
with open(os.environ["NOTES"], "a+") as notes:
    notes.seek(0)
    calls = [json.loads(line) for line in notes]
    before = sum(call[0] == {name!r} and {fails_for!r} in call for call in calls)
    notes.write(json.dumps(words) + chr(10))
if "create-keychain" in words:
    open(words[-1], "w").close()
if "delete-keychain" in words:
    os.unlink(words[-1])
if {fails_for!r} in words and before < {times}:
    sys.exit({trouble!r} or 1)
print({answer!r})
"""
        put(self.folder / name, body.encode(), 0o755)

    @property
    def calls(self) -> list[list[str]]:
        """What was called, in order."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    return Mac(tmp_path / "bin", monkeypatch)


def relative(app: Path, words: list[str]) -> list[str]:
    return [word.replace(f"{app}/Contents/", "").replace(str(app), "APP") for word in words]


PARTS_INSIDE_OUT = [
    "Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
    "Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A",
    "Frameworks/PySide6/QtCore.abi3.so",
    "Frameworks/libcrypto.3.dylib",
    "MacOS/latchlight-cli",
    "APP",
]


def test_without_a_certificate_the_bundle_is_signed_ad_hoc_from_the_inside_out(
    tools: SimpleNamespace, app: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.sign.main([str(app)], {}) == 0
    calls = [relative(app, words) for words in mac.calls]
    name = ["--identifier", "app.latchlight.Latchlight"]
    assert calls == [
        ["codesign", "--force", "--sign", "-", "--timestamp=none"]
        + (name if part == "MacOS/latchlight-cli" else [])
        + [part]
        for part in PARTS_INSIDE_OUT
    ] + [["codesign", "--verify", "--strict", "--deep", "--verbose=2", "APP"]]
    assert "signed ad hoc" in capsys.readouterr().out


def test_with_a_certificate_every_part_is_hardened_and_stamped_and_only_programs_are_loosened(
    tools: SimpleNamespace, app: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    mac.let("security", answer='    "/Users/runner/Library/Keychains/login.keychain-db"')
    assert tools.sign.main([str(app)], CERTIFICATE) == 0
    signings = [relative(app, words) for words in mac.calls if words[:2] == ["codesign", "--force"]]
    assert [words[-1] for words in signings] == PARTS_INSIDE_OUT
    for words in signings:
        assert words[:7] == [
            "codesign",
            "--force",
            "--sign",
            IDENTITY,
            "--timestamp",
            "--options",
            "runtime",
        ]
        assert ("--entitlements" in words) == (words[-1] in ("MacOS/latchlight-cli", "APP"))
        assert "--deep" not in words
    done = [words[1] for words in mac.calls if words[0] == "security"]
    assert done == [
        "list-keychains",
        "create-keychain",
        "set-keychain-settings",
        "unlock-keychain",
        "import",
        "set-key-partition-list",
        "list-keychains",
        "list-keychains",
        "delete-keychain",
    ]
    changed = [words[5:] for words in mac.calls if words[1] == "list-keychains" and "-s" in words]
    login = "/Users/runner/Library/Keychains/login.keychain-db"
    assert changed[0][1:] == [login]
    assert changed[1] == [login]
    assert not any(Path(words[2]).exists() for words in mac.calls if words[1] == "import")
    printed = capsys.readouterr()
    assert PASSWORD not in printed.out + printed.err
    assert "-P ***" in printed.out
    assert "create-keychain -p ***" in printed.out


def test_a_certificate_that_does_not_work_fails_and_leaves_no_keychain(
    tools: SimpleNamespace, app: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    mac.let("codesign", trouble=f"wrong: {PASSWORD}", fails_for=str(app))
    assert tools.sign.main([str(app)], CERTIFICATE) == 1
    assert mac.calls[-1][:2] == ["security", "delete-keychain"]
    assert "codesign" in capsys.readouterr().err
    mac.let("security", trouble=f"cannot open it with {PASSWORD}", fails_for="import")
    assert tools.sign.main([str(app)], CERTIFICATE) == 1
    assert mac.calls[-1][:2] == ["security", "delete-keychain"]
    printed = capsys.readouterr()
    assert "cannot open it with ***" in printed.err
    assert PASSWORD not in printed.out + printed.err


@pytest.mark.parametrize("left_out", CERTIFICATE)
def test_half_a_certificate_is_a_mistake_and_not_passed_over(
    tools: SimpleNamespace, app: Path, mac: Mac, left_out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    half = {name: value for name, value in CERTIFICATE.items() if name != left_out}
    assert tools.sign.main([str(app)], half) == 1
    assert tools.sign.main([str(app)], {**CERTIFICATE, "MACOS_CERTIFICATE": "not base64!"}) == 1
    assert mac.calls == []
    assert "Set all of them, or none." in capsys.readouterr().err


def test_a_disk_image_is_signed_with_a_certificate_only(
    tools: SimpleNamespace, tmp_path: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    image = put(tmp_path / "Latchlight.dmg", b"image")
    assert tools.sign.main([str(image)], {}) == 0
    assert mac.calls == []
    assert "stays unsigned" in capsys.readouterr().out
    assert tools.sign.main([str(image)], CERTIFICATE) == 0
    assert [words for words in mac.calls if words[0] == "codesign"] == [
        ["codesign", "--force", "--sign", IDENTITY, "--timestamp", str(image)],
        ["codesign", "--verify", "--strict", "--verbose=2", str(image)],
    ]


def test_the_image_shows_the_program_beside_the_folder_it_is_dragged_to(
    tools: SimpleNamespace, app: Path, mac: Mac, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.dmg.main([str(app), str(tmp_path / "out")]) == 0
    ditto, link, create, verify = mac.calls
    folder = Path(ditto[2]).parent
    image = tmp_path / "out" / f"Latchlight-{tools.plist.version()}-macos-{os.uname().machine}.dmg"
    assert ditto == ["ditto", str(app), str(folder / "Latchlight.app")]
    assert link == ["ln", "-s", "/Applications", str(folder / "Applications")]
    assert create == [
        *("hdiutil", "create", "-volname", "Latchlight", "-srcfolder", str(folder)),
        *("-fs", "HFS+", "-format", "UDZO", "-ov", str(image)),
    ]
    assert verify == ["hdiutil", "verify", str(image)]
    assert capsys.readouterr().out.splitlines()[-1] == str(image)
    assert not folder.exists()


PASSING_TROUBLE = [
    ("hdiutil", "create", "hdiutil: create failed - Resource busy"),
    ("codesign", "--timestamp", "x.so: The timestamp service is not available."),
    ("codesign", "--timestamp", "x.so: A timestamp was expected but was not found."),
    ("xcrun", "submit", "Error: HTTP status code: 503. Unable to process request."),
    ("xcrun", "staple", "The staple and validate action failed! Error 65."),
]


@pytest.mark.parametrize(("tool", "word", "said"), PASSING_TROUBLE)
def test_a_trouble_of_others_that_passes_is_waited_for_and_no_other(
    tools: SimpleNamespace, app: Path, mac: Mac, tmp_path: Path, tool: str, word: str, said: str
) -> None:
    def act() -> int:
        mac.log.unlink(missing_ok=True)
        if tool == "hdiutil":
            return int(tools.dmg.main([str(app), str(tmp_path)]))
        if tool == "codesign":
            return int(tools.sign.main([str(put(tmp_path / "x.dmg", b"image"))], CERTIFICATE))
        return int(tools.notarise.main([str(tmp_path / "x.dmg")], {**CERTIFICATE, **NOTARY}))

    def tries() -> int:
        return len([words for words in mac.calls if words[0] == tool and word in words])

    mac.let("xcrun", answer=ACCEPTED)
    answer = ACCEPTED if tool == "xcrun" else ""
    mac.let(tool, answer=answer, fails_for=word, trouble=said, times=2)
    assert (act(), tries()) == (0, 3)
    mac.let(tool, answer=answer, fails_for=word, trouble=said)
    assert (act(), tries()) == (1, tools.steps.MOST_TRIES)
    mac.let(tool, answer=answer, fails_for=word, trouble="No space left on device")
    assert (act(), tries()) == (1, 1)


@pytest.mark.parametrize("how", ["hangs", "cannot be started"])
def test_a_command_without_an_end_is_told_without_its_secrets(
    tools: SimpleNamespace, tmp_path: Path, how: str
) -> None:
    """Python's own words for it would show the whole command."""
    program = put(
        tmp_path / "security", f"#!{sys.executable}\nimport time; time.sleep(60)".encode()
    )
    program.chmod(0o755 if how == "hangs" else 0o644)
    words = (str(program), "import", "-P", PASSWORD)
    with pytest.raises(tools.steps.StepError) as failure:
        tools.steps.run([tools.steps.Step(words, frozenset((PASSWORD,)), longest=0.5)])
    assert ("did not end" if how == "hangs" else "could not be started") in str(failure.value)
    assert "import -P ***" in str(failure.value)
    shown = "".join(traceback.format_exception(failure.value))
    assert PASSWORD not in shown


ACCEPTED = json.dumps({"id": "11-22", "status": "Accepted", "message": "Processing complete"})
REFUSED = json.dumps(
    {"id": "11-22", "status": "Invalid", "message": "Processing complete"}, indent=1
)


def test_the_image_is_sent_to_apple_and_the_answer_fastened_to_it(
    tools: SimpleNamespace, tmp_path: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    image = put(tmp_path / "Latchlight.dmg", b"image")
    mac.let("xcrun", answer=ACCEPTED)
    assert tools.notarise.main([str(image)], {**CERTIFICATE, **NOTARY}) == 0
    submit, staple, validate, gatekeeper = mac.calls
    key = submit[submit.index("--key") + 1]
    assert submit == [
        *("xcrun", "notarytool", "submit", str(image), "--wait", "--timeout", "45m"),
        *("--output-format", "json", "--key", key),
        *("--key-id", "KEYNUMBER1", "--issuer", "issuer-0000"),
    ]
    assert not Path(key).exists()
    assert staple == ["xcrun", "stapler", "staple", str(image)]
    assert validate == ["xcrun", "stapler", "validate", str(image)]
    assert gatekeeper == [
        *("spctl", "--assess", "--type", "open", "--context", "context:primary-signature"),
        *("--verbose=2", str(image)),
    ]
    assert "key of the notary" not in capsys.readouterr().out


@pytest.mark.parametrize("answer", [REFUSED, "", "{", "[]"])
def test_only_the_word_accepted_counts_as_notarised(
    tools: SimpleNamespace,
    tmp_path: Path,
    mac: Mac,
    answer: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mac.let("xcrun", answer=answer)
    assert tools.notarise.main([str(tmp_path / "x.dmg")], {**CERTIFICATE, **NOTARY}) == 1
    asked = [words[1:4] for words in mac.calls]
    assert ["stapler", "staple", str(tmp_path / "x.dmg")] not in asked
    assert (["notarytool", "log", "11-22"] in asked) == (answer == REFUSED)
    assert "Apple did not accept x.dmg" in capsys.readouterr().err


def test_without_a_key_nothing_is_sent_and_that_is_said(
    tools: SimpleNamespace, tmp_path: Path, mac: Mac, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.notarise.main([str(tmp_path / "x.dmg")], CERTIFICATE) == 0
    assert "nothing was sent there" in capsys.readouterr().out
    for environment in (NOTARY, {**CERTIFICATE, **NOTARY, "APPLE_API_ISSUER": ""}):
        assert tools.notarise.main([str(tmp_path / "x.dmg")], environment) == 1
    assert mac.calls == []


def test_where_apples_tools_are_missing_one_sentence_says_so(
    tools: SimpleNamespace,
    app: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools.sign.main([str(app)], {}) == 0
    assert tools.dmg.main([str(app), str(tmp_path)]) == 0
    assert tools.notarise.main([str(app)], {**CERTIFICATE, **NOTARY}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("is not here" in line for line in lines)


@pytest.mark.parametrize("proved", [True, False])
def test_the_program_is_proved_from_the_mounted_image_and_everything_given_back(
    tools: SimpleNamespace, mac: Mac, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proved: bool
) -> None:
    seen: list[Path] = []

    def prove(folder: Path) -> bool:
        seen.append(folder)
        return proved

    monkeypatch.setattr(tools.try_image.smoke, "prove", prove)
    mac.let("security", answer='    "/Users/runner/Library/Keychains/login.keychain-db"')
    image = tmp_path / "Latchlight.dmg"
    assert tools.try_image.main([str(image), "--keychain"]) == (0 if proved else 1)
    place = str(seen[0].parent)
    assert seen[0].name == "Latchlight.app"
    mount = ["hdiutil", "attach", "-nobrowse", "-readonly", "-mountpoint", place, str(image)]
    assert mac.calls[0] == mount
    assert mac.calls[-1] == ["hdiutil", "detach", "-force", place]
    login = "/Users/runner/Library/Keychains/login.keychain-db"
    kept = [words[1:] for words in mac.calls if words[0] == "security"]
    assert [words[0] for words in kept][-3:] == [
        "default-keychain",
        "list-keychains",
        "delete-keychain",
    ]
    assert kept[-3][1:] == ["-d", "user", "-s", login] == kept[-2][1:]


def test_what_cannot_be_mounted_is_not_called_proved(
    tools: SimpleNamespace, mac: Mac, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mac.let("hdiutil", trouble="no mountable file systems", fails_for="attach")
    assert tools.try_image.main([str(tmp_path / "x.dmg")]) == 1
    assert "no mountable" in capsys.readouterr().err
    (mac.folder / "hdiutil").unlink()
    assert tools.try_image.main([str(tmp_path / "x.dmg")]) == 1


@pytest.mark.parametrize("name", ["sign", "dmg", "notarise", "layout", "try_image"])
def test_wrong_use_is_told(
    tools: SimpleNamespace, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert getattr(tools, name).main(["a", "b", "c"]) == 64
    assert f"{name}.py" in capsys.readouterr().err


def test_the_scripts_need_nothing_that_is_not_in_python() -> None:
    outside = set()
    for name in MODULES:
        for node in ast.walk(ast.parse((MACOS / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Import):
                outside |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                outside.add(str(node.module).partition(".")[0])
    assert (
        outside - {"macos", "smoke", "checkout", "signing_duty"} - sys.stdlib_module_names == set()
    )
