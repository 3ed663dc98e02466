"""What a tag must be to become a release, and what a fetched tool must be to be used."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from latchlight import __version__

ROOT = Path(__file__).resolve().parents[2]
COMMIT = "c" * 40
HERE = {
    "GITHUB_REPOSITORY": "somebody/latchlight",
    "GITHUB_REF_NAME": f"v{__version__}",
    "GITHUB_SHA": COMMIT,
}
OF = "repos/somebody/latchlight"
REFERENCE, TAG = f"{OF}/git/ref/tags/v{__version__}", f"{OF}/git/tags/{'d' * 40}"
COMPARED = f"{OF}/compare/main...{COMMIT}"
GOOD: dict[str, Any] = {
    REFERENCE: {"object": {"type": "tag", "sha": "d" * 40}},
    TAG: {"object": {"sha": COMMIT}, "verification": {"verified": True, "reason": "valid"}},
    COMPARED: {"status": "behind"},
}


def script_named(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module(name)
    sys.modules.pop(name, None)


@pytest.fixture
def tagged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The script, in a checkout whose changelog has a heading for this version."""
    for module in script_named("tagged", monkeypatch):
        source = tmp_path / "app" / "latchlight" / "__init__.py"
        source.parent.mkdir(parents=True)
        source.write_text(f'__version__ = "{__version__}"\n', "utf-8")
        changelog = f"# Changelog\n\n## [Unreleased]\n\n## [{__version__}] - 2026-12-01\n"
        (tmp_path / "CHANGELOG.md").write_text(changelog, "utf-8")
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(sys.modules["checkout"], "ROOT", tmp_path)
        yield module


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    for module in script_named("pinned", monkeypatch):
        monkeypatch.setattr(module, "pause", lambda seconds: None)
        yield module


def judged(
    tagged: ModuleType, monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any]
) -> list[str]:
    monkeypatch.setattr(tagged, "ask", lambda path: answers[path])
    found: list[str] = tagged.problems(HERE)
    return found


@pytest.mark.parametrize("status", ["behind", "identical"])
def test_a_signed_tag_of_this_version_on_the_main_branch_may_become_a_release(
    tagged: ModuleType, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    assert judged(tagged, monkeypatch, {**GOOD, COMPARED: {"status": status}}) == []
    assert tagged.main(HERE) == 0


WRONG: dict[str, dict[str, Any]] = {
    "cannot be signed": {REFERENCE: {"object": {"type": "commit", "sha": COMMIT}}},
    "does not stand for": {TAG: {**GOOD[TAG], "object": {"sha": "e" * 40}}},
    "does not hold: unsigned": {
        TAG: {**GOOD[TAG], "verification": {"verified": False, "reason": "unsigned"}}
    },
    "does not hold: None": {TAG: {"object": {"sha": COMMIT}}},
    "does not hold: odd": {
        TAG: {**GOOD[TAG], "verification": {"verified": "true", "reason": "odd"}}
    },
    "is not on the branch main": {COMPARED: {"status": "ahead"}},
    f"{COMMIT} is not on": {COMPARED: {"status": "diverged"}},
    "not on the branch": {COMPARED: []},
}


@pytest.mark.parametrize("words", WRONG)
def test_any_other_tag_may_not(
    tagged: ModuleType, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    (problem,) = judged(tagged, monkeypatch, {**GOOD, **WRONG[words]})
    assert words in problem
    assert tagged.main(HERE) == 1


def test_the_name_of_the_tag_and_the_changelog_are_those_of_the_version(
    tagged: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tagged.ROOT / "CHANGELOG.md").write_text("## [Unreleased]\n", "utf-8")
    assert judged(tagged, monkeypatch, GOOD) == [f"CHANGELOG.md has no heading for {__version__}."]
    source = tagged.ROOT / "app" / "latchlight" / "__init__.py"
    source.write_text('__version__ = "9.9.9"\n', "utf-8")
    (named, missing) = judged(tagged, monkeypatch, GOOD)
    assert named == f"The tag is v{__version__}, but this is version 9.9.9."
    assert "9.9.9" in missing


def answer(folder: Path, printed: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program in the place of gh."""
    (folder / "said.json").write_text(printed, "utf-8")
    (folder / "gh").write_text(f"#!/bin/sh\n/bin/cat {folder}/said.json\nexit {code}\n", "utf-8")
    (folder / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(("printed", "code"), [("{}", 1), ("no json", 0), ("", 4)])
def test_no_answer_is_no_release(
    tagged: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: str,
    code: int,
) -> None:
    answer(tmp_path, printed, code, monkeypatch)
    assert tagged.main(HERE) == 1
    assert "could not be found out" in capsys.readouterr().err
    assert tagged.main({}) == 1


def test_gh_is_asked_as_it_is_used(
    tagged: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(tmp_path, json.dumps({"status": "behind"}), 0, monkeypatch)
    assert tagged.ask(COMPARED) == {"status": "behind"}


# --- fetched tools


def archive(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as entries:
        for name, text in files.items():
            entries.writestr(name.replace("__", "/"), text)
    return made.getvalue()


def serve(monkeypatch: pytest.MonkeyPatch, data: bytes | OSError) -> None:
    def answered(*_: object, **__: object) -> io.BytesIO:
        if isinstance(data, OSError):
            raise data
        return io.BytesIO(data)

    monkeypatch.setattr(urllib.request, "urlopen", answered)


def test_a_tool_with_the_known_hash_is_unpacked(
    pinned: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    data = archive(tool__run="program", tool__more__text="more")
    serve(monkeypatch, data)
    tool = pinned.Tool("https://example.com/tool.zip", hashlib.sha256(data).hexdigest(), "tool/run")
    monkeypatch.setitem(pinned.TOOLS, "nsis", tool)
    assert pinned.main(["nsis", str(tmp_path)]) == 0
    assert Path(capsys.readouterr().out.strip()).read_text("utf-8") == "program"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["run", "text"]


def test_a_mirror_that_sends_a_page_once_is_asked_again_as_a_tool_asks(
    pinned: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = archive(tool__run="program")
    answers = [io.BytesIO(b"<html>"), OSError("away"), io.BytesIO(data)]
    asked: list[urllib.request.Request] = []

    def answered(request: urllib.request.Request, **_: object) -> io.BytesIO:
        asked.append(request)
        if isinstance(given := answers.pop(0), OSError):
            raise given
        return given

    monkeypatch.setattr(urllib.request, "urlopen", answered)
    tool = pinned.Tool("https://example.com/tool.zip", hashlib.sha256(data).hexdigest(), "tool/run")
    assert pinned.fetch(tool, tmp_path).read_text("utf-8") == "program"
    assert {request.get_header("User-agent") for request in asked} == {"curl/8.0"}
    assert answers == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive(tool__run="another program"), "not " + "0" * 64),
        (OSError("no network"), "cannot be fetched"),
    ],
)
def test_anything_else_is_not_even_unpacked(
    pinned: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: bytes | OSError,
    words: str,
) -> None:
    serve(monkeypatch, data)
    tool = pinned.Tool("https://example.com/tool.zip", "0" * 64, "tool/run")
    monkeypatch.setitem(pinned.TOOLS, "nsis", tool)
    assert pinned.main(["nsis", str(tmp_path)]) == 1
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "words"),
    [({"tool__other": "x"}, "is not in"), ({"..__run": "x"}, "leads out of the folder")],
)
def test_a_known_archive_with_the_wrong_inside_is_refused(
    pinned: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    words: str,
) -> None:
    data = archive(**files)
    serve(monkeypatch, data)
    tool = pinned.Tool("https://example.com/t.zip", hashlib.sha256(data).hexdigest(), "tool/run")
    with pytest.raises(pinned.PinError, match=words):
        pinned.fetch(tool, tmp_path / "tools")
    assert not (tmp_path / "run").exists()


def test_more_than_a_tool_ever_has_is_not_read(
    pinned: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "MOST_BYTES", 10)
    serve(monkeypatch, b"x" * 11)
    with pytest.raises(pinned.PinError, match="more than 10 bytes"):
        pinned.fetch(pinned.TOOLS["nsis"], tmp_path)


def test_tools_are_fetched_over_https_and_known_by_a_whole_hash(pinned: ModuleType) -> None:
    for tool in pinned.TOOLS.values():
        assert tool.address.startswith("https://")
        assert len(bytes.fromhex(tool.sha256)) == 32
    assert pinned.main(["unknown", "folder"]) == 64
