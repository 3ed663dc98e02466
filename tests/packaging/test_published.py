"""What everybody can download is looked at from outside, and each thing that is wrong with it is said.

What GitHub says of release and tag the test writes down (test_release_gate.py asks ``gh`` for such things); a stand-in
for ``gh`` has the files and knows their origin; list and signature are real.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from release_scripts import load

ROOT = Path(__file__).resolve().parents[2]
checksums = load("checksums")
OF, COMMIT, TAG_OBJECT = "repos/somebody/latchlight", "c" * 40, "d" * 40
DEB = "latchlight_0.1.0_amd64.deb"
WHAT = {"GITHUB_REPOSITORY": "somebody/latchlight"}
ON_A_DAY = {**WHAT, "GITHUB_EVENT_NAME": "schedule"}
AT_PUBLICATION = {
    **WHAT,
    "GITHUB_EVENT_NAME": "release",
    "GITHUB_REF_NAME": "v0.1.0",
    "GITHUB_SHA": COMMIT,
}
RELEASE = {
    "tag_name": "v0.1.0",
    "draft": False,
    "immutable": True,
    "published_at": "2026-12-02T00:00:00Z",
}

# Copies what is published, and knows the origin of what was built.
GH = """
import json, shutil, sys
from pathlib import Path
here = Path(__file__).parent
words = sys.argv[1:]
with (here / "asked").open("a") as log:
    log.write(json.dumps(words) + "\\n")
if words[:2] == ["release", "download"]:
    if not (here / "public").is_dir():
        sys.exit("no assets")
    shutil.copytree(here / "public", words[words.index("--dir") + 1], dirs_exist_ok=True)
elif words[:2] == ["attestation", "verify"]:
    built = here / "built" / Path(words[2]).name
    if not built.is_file() or built.read_bytes() != Path(words[2]).read_bytes():
        sys.exit("no attestations found")
else:
    sys.exit(f"not known: {words}")
"""


@dataclass
class GitHub:
    """What is published, and what its service says of it."""

    place: Path
    script: ModuleType
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def public(self) -> Path:
        return self.place / "public"

    def asked(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.place / "asked").read_text().splitlines()]

    def answer(self, path: str) -> Any:
        if path not in self.said:
            raise self.script.AnswerError(f"{path}: HTTP 404")
        return self.said[path]

    def look(self, **environment: str) -> int:
        """One run of the workflow's step."""
        words = [str(self.place / "out"), "--public-key", str(self.place / "latchlight.pub")]
        code: int = self.script.main(words, environment or ON_A_DAY)
        return code


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """A signed release that is as it should be."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    script = importlib.import_module("published")
    gh = tmp_path / "gh"
    gh.write_text(f"#!{sys.executable} -S\n{GH}", "utf-8")
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    keys = ["-p", str(tmp_path / "latchlight.pub"), "-s", str(tmp_path / "latchlight.key")]
    subprocess.run(["minisign", "-G", "-W", *keys], check=True, capture_output=True)
    made = GitHub(tmp_path, script)
    monkeypatch.setattr(script.tagged, "ask", made.answer)
    made.public.mkdir()
    (made.public / DEB).write_bytes(b"program" * 99)
    sign(made)
    (tmp_path / "built").mkdir()
    for name in (DEB, "SHA256SUMS"):
        (tmp_path / "built" / name).write_bytes((made.public / name).read_bytes())
    made.said = {
        f"{OF}/releases?per_page=100": [RELEASE],
        f"{OF}/git/ref/tags/v0.1.0": {"object": {"type": "tag", "sha": TAG_OBJECT}},
        f"{OF}/git/tags/{TAG_OBJECT}": {
            "object": {"sha": COMMIT},
            "verification": {"verified": True, "reason": "valid"},
        },
        f"{OF}/compare/main...{COMMIT}": {"status": "behind"},
        f"{OF}/git/matching-refs/tags/v": [{"ref": "refs/tags/v0.1.0"}],
    }
    yield made
    for name in ("published", "tagged"):
        sys.modules.pop(name, None)


def sign(github: GitHub) -> None:
    keys = [
        *("--key", str(github.place / "latchlight.key")),
        *("--public-key", str(github.place / "latchlight.pub")),
    ]
    assert checksums.main([str(github.public), "--version", "0.1.0", *keys]) == 0


@pytest.mark.parametrize("environment", [ON_A_DAY, AT_PUBLICATION])
def test_a_release_as_it_was_built_and_signed_is_good(
    github: GitHub, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert github.look(**environment) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.splitlines()[-1] == "v0.1.0 is what was built and signed."
    stated = [words for words in github.asked() if words[0] == "attestation"]
    assert [Path(words[2]).name for words in stated] == ["SHA256SUMS", DEB]
    for words in stated:
        assert words[3:] == [
            *("--repo", "somebody/latchlight"),
            *("--signer-workflow", "somebody/latchlight/.github/workflows/build.yml"),
            *("--source-ref", "refs/tags/v0.1.0", "--source-digest", COMMIT),
            "--deny-self-hosted-runners",
        ]


def exchange(github: GitHub) -> None:
    (github.public / DEB).write_bytes(b"another program")


def exchange_and_sign(github: GitHub) -> None:
    """As somebody with the key could, or with an account and a release of their own."""
    exchange(github)
    sign(github)


def plant(github: GitHub) -> None:
    (github.public / "SHA256SUMS.exe").write_bytes(b"planted")


def take_signature(github: GitHub) -> None:
    (github.public / "SHA256SUMS.minisig").unlink()


def take_all(github: GitHub) -> None:
    for path in github.public.iterdir():
        path.unlink()


def refuse_download(github: GitHub) -> None:
    take_all(github)
    github.public.rmdir()


def say(path: str, **changes: Any) -> Callable[[GitHub], None]:
    def change(github: GitHub) -> None:
        github.said[f"{OF}/{path}"] = {**github.said[f"{OF}/{path}"], **changes}

    return change


def release_says(**changes: Any) -> Callable[[GitHub], None]:
    def change(github: GitHub) -> None:
        github.said[f"{OF}/releases?per_page=100"] = [{**RELEASE, **changes}]

    return change


def forget(path: str) -> Callable[[GitHub], None]:
    return lambda github: github.said.pop(f"{OF}/{path}")


TAG = f"git/tags/{TAG_OBJECT}"
SPOILT: dict[str, Callable[[GitHub], None]] = {
    f"{DEB}: is another file than the list means": exchange,
    f"{DEB} was not built from v0.1.0": exchange_and_sign,
    "SHA256SUMS.exe: is not on the list": plant,
    "NOT SIGNED": take_signature,
    "v0.1.0 has no files": take_all,
    "cannot be downloaded: no assets": refuse_download,
    "can still be exchanged": release_says(immutable=False),
    "'-R' is published, and is no version": release_says(tag_name="-R"),
    "does not hold: unsigned": say(TAG, verification={"verified": False, "reason": "unsigned"}),
    "stands for no commit": say(TAG, object={}),
    "cannot be signed": say("git/ref/tags/v0.1.0", object={"type": "commit", "sha": COMMIT}),
    "is not on the branch main": say(f"compare/main...{COMMIT}", status="diverged"),
    "could not be found out: repos/somebody/latchlight/releases": forget("releases?per_page=100"),
    "a version is tagged, and no release is published": release_says(draft=True),
}


@pytest.mark.parametrize("words", SPOILT)
def test_each_thing_that_is_wrong_is_said_and_fails(
    github: GitHub, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    SPOILT[words](github)
    assert github.look() == 1
    assert words in capsys.readouterr().err


def test_the_release_that_was_just_published_is_the_one_that_is_looked_at(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    later = {**RELEASE, "tag_name": "v0.2.0", "published_at": "2026-12-03T00:00:00Z"}
    github.said[f"{OF}/releases?per_page=100"] = [RELEASE, later]
    assert github.look(**AT_PUBLICATION) == 0
    assert github.look(**{**AT_PUBLICATION, "GITHUB_REF_NAME": "v9.9.9"}) == 1
    assert "v9.9.9 was published and is not among" in capsys.readouterr().err
    assert github.look() == 1
    assert "tags/v0.2.0" in capsys.readouterr().err  # of which nothing more is known here


def test_a_tag_that_was_moved_after_the_publication_fails(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert github.look(**{**AT_PUBLICATION, "GITHUB_SHA": "e" * 40}) == 1
    assert f"does not stand for {'e' * 40}" in capsys.readouterr().err


def test_what_lay_in_the_folder_before_was_not_downloaded(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    (github.place / "out").mkdir()
    assert github.look() == 1
    assert "File exists" in capsys.readouterr().err


def test_where_nothing_was_ever_released_that_is_said(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    github.said = {f"{OF}/releases?per_page=100": [], f"{OF}/git/matching-refs/tags/v": []}
    assert github.look() == 0
    assert "Nothing was released yet" in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_EVENT_NAME"])
def test_a_run_that_does_not_know_where_it_is_fails(github: GitHub, missing: str) -> None:
    environment = {name: value for name, value in ON_A_DAY.items() if name != missing}
    assert github.look(**environment) == 1
