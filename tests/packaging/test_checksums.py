"""Checksums, signatures and the notice of a release are told true from false, also by a person with docs/verify.md."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from release_scripts import load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "tests" / "data" / "release"
checksums, minisign, notice = load("checksums"), load("minisign"), load("notice")
parts, verify = load("parts"), load("verify")

VERSION = "0.1.0"


@dataclass(frozen=True)
class Keys:
    secret: Path
    public: Path


def make_keys(folder: Path, name: str = "latchlight") -> Keys:
    keys = Keys(folder / f"{name}.key", folder / f"{name}.pub")
    command = ["minisign", "-G", "-W", "-f", "-p", str(keys.public), "-s", str(keys.secret)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return keys


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("foreign"))


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "latchlight_0.1.0_amd64.deb").write_bytes(b"program" * 99)
    (folder / "latchlight-0.1.0.cdx.json").write_bytes(b"{}")
    return folder


def sign(folder: Path, keys: Keys, version: str = VERSION) -> int:
    words = ["--version", version, "--key", str(keys.secret), "--public-key", str(keys.public)]
    code: int = checksums.main([str(folder), *words])
    return code


def verdict(folder: Path, keys: Keys, version: str = VERSION) -> int:
    words = ["--version", version, "--public-key", str(keys.public)]
    code: int = verify.main([str(folder), *words])
    return code


# --- the list and its signature


def test_a_signed_release_is_good_and_its_signature_is_prehashed(release: Path, keys: Keys) -> None:
    assert sign(release, keys) == 0
    assert verdict(release, keys) == 0
    assert minisign.is_prehashed(release / "SHA256SUMS.minisig")
    assert sorted(path.name for path in release.iterdir()) == [
        "SHA256SUMS",
        "SHA256SUMS.minisig",
        "latchlight-0.1.0.cdx.json",
        "latchlight_0.1.0_amd64.deb",
    ]


def test_without_a_key_the_list_is_written_and_called_unsigned(
    release: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(release, keys) == 0
    assert checksums.main([str(release), "--version", VERSION]) == 0
    assert "NOT SIGNED" in capsys.readouterr().out
    assert not (
        release / "SHA256SUMS.minisig"
    ).exists()  # the older signature is gone with the older list
    assert verdict(release, keys) == 2
    assert checksums.main([str(release), "--version", VERSION, "--must-sign"]) == 1


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def flip_program(folder: Path) -> None:
    flip(folder / "latchlight_0.1.0_amd64.deb")


def flip_list(folder: Path) -> None:
    place = folder / "SHA256SUMS"
    text = place.read_text("ascii")
    place.write_text(("1" if text[0] == "0" else "0") + text[1:], "ascii")


def swap_both(folder: Path) -> None:
    """Who can change the program on the page can change the list beside it."""
    signature = (folder / "SHA256SUMS.minisig").read_bytes()
    flip_program(folder)
    checksums.write_list(folder)
    (folder / "SHA256SUMS.minisig").write_bytes(signature)


def add_file(folder: Path) -> None:
    (folder / "more.exe").write_bytes(b"planted")


def add_file_named_like_the_list(folder: Path) -> None:
    (folder / "SHA256SUMS.txt.exe").write_bytes(b"planted")


def drop_file(folder: Path) -> None:
    (folder / "latchlight-0.1.0.cdx.json").unlink()


def spoil_signature(folder: Path) -> None:
    (folder / "SHA256SUMS.minisig").write_text("untrusted comment: x\nnonsense\n", "ascii")


@pytest.mark.parametrize(
    "spoil",
    [
        *(flip_program, flip_list, swap_both, spoil_signature),
        *(add_file, add_file_named_like_the_list, drop_file),
    ],
)
def test_a_spoilt_release_is_wrong(
    release: Path, keys: Keys, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(release, keys) == 0
    spoil(release)
    assert verdict(release, keys) == 1
    assert "WRONG: " in capsys.readouterr().out


def test_another_key_another_version_and_another_file_are_wrong(
    release: Path, keys: Keys, foreign: Keys
) -> None:
    assert sign(release, keys) == 0
    assert verdict(release, foreign) == 1
    assert verdict(release, keys, "0.2.0") == 1
    signed_else = checksums.signed_comment("latest.json", VERSION)
    minisign.sign(release / "SHA256SUMS", keys.secret, None, keys.public, signed_else)
    assert verdict(release, keys) == 1


def test_a_key_that_does_not_belong_to_the_public_one_signs_nothing(
    release: Path, keys: Keys, foreign: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(release, Keys(foreign.secret, keys.public)) == 1
    assert "does not belong to" in capsys.readouterr().err
    assert not (release / "SHA256SUMS.minisig").exists()


def test_a_key_that_others_may_read_signs_nothing(
    release: Path, tmp_path: Path, keys: Keys
) -> None:
    copy = tmp_path / "open.key"
    copy.write_bytes(keys.secret.read_bytes())
    copy.chmod(0o644)
    assert sign(release, Keys(copy, keys.public)) == 1
    assert sign(release, Keys(tmp_path / "nowhere.key", keys.public)) == 1
    assert not (release / "SHA256SUMS.minisig").exists()


def test_a_password_goes_to_minisign_by_its_standard_input_alone(
    release: Path, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in: the real one takes three seconds to make a key out of a password, on purpose."""
    stand_in = tmp_path / "bin" / "minisign"
    stand_in.parent.mkdir()
    stand_in.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/seen\nenv >> {tmp_path}/seen\ncat > {tmp_path}/said\n'
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stand_in.parent}:/usr/bin:/bin")
    monkeypatch.setenv("SIGNING_PASSWORD", "open sesame")
    password = tmp_path / "password"
    password.write_text("open sesame\n", "utf-8")
    password.chmod(0o600)
    words = [
        "--key",
        str(keys.secret),
        "--public-key",
        str(keys.public),
        "--password-file",
        str(password),
    ]
    assert checksums.main([str(release), "--version", VERSION, *words]) == 1  # it signed nothing
    assert (tmp_path / "said").read_text("utf-8") == "open sesame\n"
    assert "sesame" not in (tmp_path / "seen").read_text("utf-8")


@pytest.mark.parametrize("name", ["two words.exe", "-rf", "zw\u00f6lf.deb", "new\nline"])
def test_names_that_the_page_could_not_deal_with_are_refused(release: Path, name: str) -> None:
    (release / name).write_bytes(b"")
    with pytest.raises(parts.ReleaseError, match="no plain file name"):
        checksums.write_list(release)


@pytest.mark.parametrize("line", ["0" * 64 + "  ../x", "0" * 63 + "  x", "0" * 64 + " *x", ""])
def test_a_strange_line_in_the_list_is_refused(tmp_path: Path, line: str) -> None:
    place = tmp_path / "SHA256SUMS"
    place.write_text(f"{'0' * 64}  a\n{line}\n", "ascii")
    with pytest.raises(parts.ReleaseError, match="does not belong there"):
        checksums.read_list(place)


# --- what the page for people says, literally


def commands_of_the_page(system: str = "Linux") -> list[str]:
    page = (ROOT / "docs" / "verify.md").read_text("utf-8")
    part = page[page.index(f"\n## {system}\n") + 1 :].partition("\n## ")[0]
    return re.findall(r"```z?sh\n(.*?)\n```", part, re.DOTALL)


def follow_the_page(folder: Path, public: Path, system: str = "Linux") -> list[tuple[bool, str]]:
    """Each command of this system's part, as typed: whether it ended well, and what it said."""
    (folder / "latchlight.pub").write_bytes(public.read_bytes())
    found = []
    for command in commands_of_the_page(system):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin"},
        )
        found.append((done.returncode == 0, done.stdout + done.stderr))
    return found


def test_the_page_has_two_steps_for_linux() -> None:
    first, second = commands_of_the_page()
    assert first.startswith("sha256sum --check")
    assert second.startswith("minisign -V")


@pytest.mark.parametrize("system", ["Windows", "macOS", "Linux"])
def test_each_system_says_how_to_get_there_and_where_the_right_answer_is(system: str) -> None:
    page = (ROOT / "docs" / "verify.md").read_text("utf-8")
    part = page[page.index(f"\n## {system}\n") + 1 :].partition("\n## ")[0]
    way = part.partition("**Step 1")[0]
    assert "`check`" in way
    assert re.search(r"\bOpen\b", way)
    title = "What right and wrong answers look like"
    assert f"\n## {title}\n" in page
    assert part.rstrip().endswith(f"(#{title.lower().replace(' ', '-')}).")


def test_a_new_key_is_announced_as_the_guide_says_and_believed_as_the_page_says(
    release: Path, keys: Keys, foreign: Keys, tmp_path: Path
) -> None:
    guide = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    page = (ROOT / "docs" / "verify.md").read_text("utf-8")
    announce = re.findall(r"`(minisign -S -s OLD\.key [^`]+)`", guide)
    believe = re.findall(r"^(minisign -V -p OLD-latchlight\.pub .+)$", page, re.MULTILINE)
    assert (len(announce), len(believe)) == (1, 1)
    assert "packaging/release/next/latchlight.pub" in guide  # beside the old one, which still signs
    following = tmp_path / "next"
    following.mkdir()
    (following / "OLD.key").write_bytes(keys.secret.read_bytes())
    (following / "OLD-latchlight.pub").write_bytes(keys.public.read_bytes())
    (following / "latchlight.pub").write_bytes(foreign.public.read_bytes())
    run = {"shell": True, "cwd": following, "capture_output": True, "text": True}
    assert subprocess.run(announce[0], check=False, **run).returncode == 0
    said = subprocess.run(believe[0], check=False, **run)
    assert "Signature and comment signature verified" in said.stdout
    assert sign(release, keys) == 0  # the release that announces is still signed by the old key
    assert verdict(release, keys) == 0
    (following / "latchlight.pub").write_bytes(keys.public.read_bytes())
    assert subprocess.run(believe[0], check=False, **run).returncode != 0


def test_what_minisign_says_of_a_missing_file_is_called_neither_right_nor_wrong(
    release: Path, keys: Keys
) -> None:
    sign(release, keys)
    (release / "SHA256SUMS.minisig").unlink()
    _, (signed, said) = follow_the_page(release, keys.public)
    assert not signed
    page = (ROOT / "docs" / "verify.md").read_text("utf-8")
    words = page.partition("Neither right nor wrong: ")[2].partition("Nothing was verified")[0]
    assert any(word in said for word in re.findall(r"`(.+?)`", words)), said


def test_following_the_page_accepts_a_true_release(release: Path, keys: Keys) -> None:
    sign(release, keys)
    drop_file(release)  # people download one file of several
    (summed, said_first), (signed, said_second) = follow_the_page(release, keys.public)
    assert (summed, signed) == (True, True)
    assert said_first == "latchlight_0.1.0_amd64.deb: OK\n"
    assert "Signature and comment signature verified" in said_second
    assert "file:SHA256SUMS version:0.1.0" in said_second


@pytest.mark.parametrize(
    ("spoil", "ends", "words"),
    [
        (flip_program, (False, True), "FAILED"),
        (flip_list, (False, False), "Signature verification failed"),
        (swap_both, (True, False), "Signature verification failed"),  # why there is a second step
    ],
)
def test_following_the_page_refuses_a_spoilt_release(
    release: Path, keys: Keys, spoil: Callable[[Path], None], ends: tuple[bool, bool], words: str
) -> None:
    sign(release, keys)
    spoil(release)
    found = follow_the_page(release, keys.public)
    assert tuple(well for well, _ in found) == ends
    assert words in "".join(said for _, said in found)


def test_following_the_page_refuses_a_foreign_key_and_a_file_not_on_the_list(
    release: Path, keys: Keys, foreign: Keys
) -> None:
    sign(release, keys)
    (summed, _), (signed, said) = follow_the_page(release, foreign.public)
    assert (summed, signed) == (True, False)
    assert "key id" in said
    (release / "latchlight-0.1.0.cdx.json").unlink()
    (release / "latchlight_0.1.0_amd64.deb").rename(release / "another_name.deb")
    (summed, said), _ = follow_the_page(release, keys.public)
    assert not summed
    assert "no file was verified" in said


def test_the_commands_for_macos_tell_the_same(release: Path, keys: Keys) -> None:
    """Its programs are here, too; only their maker is another one."""
    sign(release, keys)
    (summed, said), (signed, _) = follow_the_page(release, keys.public, "macOS")
    assert (summed, signed) == (True, True)
    assert "latchlight_0.1.0_amd64.deb: OK\n" in said
    flip_program(release)
    (summed, said), _ = follow_the_page(release, keys.public, "macOS")
    assert not summed
    assert "FAILED" in said


def test_the_pages_say_that_there_is_no_key_as_long_as_there_is_none() -> None:
    for name in ("verify.md", "releasing.md"):
        page = (ROOT / "docs" / name).read_text("utf-8")
        assert (
            bool(re.search("[Nn]o release has been signed", page))
            is not minisign.PUBLIC_KEY.exists()
        )


def test_the_guide_for_releasing_names_scripts_and_options_that_exist() -> None:
    guide = (ROOT / "docs" / "releasing.md").read_text("utf-8").replace("\\\n", " ")
    calls = re.findall(r"python packaging/release/(\w+\.py)([^`\n]*)", guide)
    assert {name for name, _ in calls} == {
        *(
            "audit.py",
            "audit_parts.py",
            "checksums.py",
            "lock_changes.py",
            "notice.py",
            "sbom.py",
            "verify.py",
        ),
    }
    for name, words in calls:
        source = (ROOT / "packaging" / "release" / name).read_text("utf-8")
        for option in re.findall(r"--[a-z-]+", words):
            assert f'"{option}"' in source, (name, option)


def test_the_page_shows_the_words_that_the_programs_say() -> None:
    page = (ROOT / "docs" / "verify.md").read_text("utf-8")
    for words in (
        "Signature and comment signature verified",
        "Signature verification failed",
        "no file was verified",
        "key id",
        "FAILED",
        "file:SHA256SUMS version:0.1.0",
    ):
        assert words in page


# --- the notice of a new version


def words_of(folder: Path, keys: Keys, *more: str) -> list[str]:
    installer = folder / "setup.exe"
    installer.write_bytes(b"setup")
    words = ["--version", VERSION, "--released", "2026-12-01", "--page", "/releases/0.1.0"]
    words += ["--installer", f"windows-x86_64={installer}", "--into", str(folder)]
    return [*words, "--key", str(keys.secret), "--public-key", str(keys.public), *more]


def test_a_notice_is_written_and_signed(tmp_path: Path, keys: Keys) -> None:
    assert notice.main(words_of(tmp_path, keys, "--security")) == 0
    assert json.loads((tmp_path / "latest.json").read_text("ascii")) == {
        "schema": "latchlight.latest/1",
        "version": VERSION,
        "released": "2026-12-01",
        "expires": "2027-05-30",
        "security": True,
        "page": "/releases/0.1.0",
        "installers": {"windows-x86_64": parts.digest_of(tmp_path / "setup.exe")},
    }
    comment = "file:latest.json version:0.1.0"
    assert (
        minisign.verify(tmp_path / "latest.json", keys.public, comment) is minisign.Signature.GOOD
    )


@pytest.mark.parametrize(
    "more",
    [
        ("--version", "0.1"),
        ("--version", "1.0.0rc1"),
        ("--expires", "2028-01-06"),  # 401 days
        ("--expires", "2026-12-01"),
        ("--page", "//other.example/x"),
        ("--page", "https://other.example"),
        ("--page", "/../x"),
        ("--installer", "windows-x86_64=setup.exe"),  # twice
        ("--installer", "amiga=setup.exe"),
        ("--installer", "macos-arm64=nowhere"),
    ],
)
def test_an_unsound_notice_is_not_written(
    tmp_path: Path, keys: Keys, more: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert notice.main(words_of(tmp_path, keys, *more)) == 1
    assert not (tmp_path / "latest.json").exists()


def test_a_notice_that_could_not_be_signed_is_not_left_behind(
    tmp_path: Path, keys: Keys, foreign: Keys
) -> None:
    assert notice.main(words_of(tmp_path, Keys(foreign.secret, keys.public))) == 1
    assert not list(tmp_path.glob("latest.json*"))


def check_as_a_program_would(content: bytes, signature: str, public: str) -> str:
    """Ed25519 over BLAKE2b, and over signature and comment; returns the comment. No minisign involved."""
    key = base64.b64decode(public.splitlines()[1])
    _, line, comment, whole = signature.splitlines()
    signed = base64.b64decode(line)
    if (key[:2], signed[:2], key[2:10]) != (b"Ed", b"ED", signed[2:10]):
        raise InvalidSignature
    verifier = Ed25519PublicKey.from_public_bytes(key[10:])
    verifier.verify(signed[10:], hashlib.blake2b(content).digest())
    trusted = comment.removeprefix("trusted comment: ")
    verifier.verify(base64.b64decode(whole), signed[10:] + trusted.encode())
    return trusted


def test_the_example_is_of_the_agreed_form_and_verifies_without_minisign() -> None:
    content = (EXAMPLE / "latest.json").read_bytes()
    signature = (EXAMPLE / "latest.json.minisig").read_text("ascii")
    public = (EXAMPLE / "throw-away-test-key.pub").read_text("ascii")
    assert check_as_a_program_would(content, signature, public) == "file:latest.json version:0.2.0"
    with pytest.raises(InvalidSignature):
        check_as_a_program_would(content.replace(b"0.2.0", b"0.3.0"), signature, public)
    said: dict[str, Any] = json.loads(content)
    again = notice.Notice(
        version=said["version"],
        released=date.fromisoformat(said["released"]),
        expires=date.fromisoformat(said["expires"]),
        security=said["security"],
        page=said["page"],
        installers=said["installers"],
    )
    again.need_sound()
    assert again.as_text().encode() == content


def test_no_secret_key_is_in_the_source() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 400:
            assert b"encrypted secret key\n" not in path.read_bytes(), name
