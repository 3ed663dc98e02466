"""Wheel and source archive are the same on another path, under another umask and at another time, without strays."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKED = "app/latchlight/gui/resources_rc.py"
IN_ARCHIVE = ("app/", "resources/", "packaging/", "tests/", "docs/")
BUILD = "from hatchling.build import build_sdist, build_wheel as w; build_sdist('out'); w('out')"


@dataclass(frozen=True)
class Built:
    wheel: Path
    archive: Path

    def digests(self) -> list[str]:
        return [
            hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.wheel, self.archive)
        ]


def listed() -> list[str]:
    """What is in the repository, as it stands in this checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def build(place: Path, names: Iterable[str], umask: int, moment: int) -> Built:
    """A copy of the checkout made under this umask, with all files of one time, and what is built in it."""
    old = os.umask(umask)
    try:
        for name in names:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
            target.chmod((0o777 if os.access(ROOT / name, os.X_OK) else 0o666) & ~umask)
            os.utime(target, (moment, moment))
        for stray in (
            "app/latchlight/__pycache__/x.pyc",
            ".venv/x.py",
            "dist/old.whl",
            ".hypothesis/x",
        ):
            (place / stray).parent.mkdir(parents=True, exist_ok=True)
            (place / stray).write_bytes(b"of this computer only")
        variables = {"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1700000000"}
        command = [sys.executable, "-c", BUILD]
        subprocess.run(command, cwd=place, env=variables, check=True, capture_output=True)
    finally:
        os.umask(old)
    (wheel,), (archive,) = ((place / "out").glob(kind) for kind in ("*.whl", "*.tar.gz"))
    return Built(wheel, archive)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Built]:
    names = listed()
    here = build(tmp_path_factory.mktemp("here"), names, 0o022, 1_000_000_000)
    place = tmp_path_factory.mktemp("elsewhere") / "deeper" / "with a blank"
    return here, build(place, reversed(names), 0o077, 1_790_000_000)


def test_two_builds_have_the_same_bytes(builds: tuple[Built, Built]) -> None:
    here, there = builds
    assert here.digests() == there.digests()
    assert here.wheel.name == there.wheel.name


def test_the_wheel_holds_the_program_with_its_icons_and_nothing_else(
    builds: tuple[Built, Built],
) -> None:
    with zipfile.ZipFile(builds[0].wheel) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        about = {name.partition(".dist-info/")[2] for name in wheel.namelist()} - {""}
    ours = [name.removeprefix("app/") for name in {*listed(), PACKED} if name.startswith("app/")]
    assert sorted(names) == sorted(ours)
    assert "latchlight/gui/resources_rc.py" in names
    assert about == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}


def test_the_source_archive_holds_the_repository_and_nothing_else(
    builds: tuple[Built, Built],
) -> None:
    with tarfile.open(builds[0].archive) as archive:
        members = archive.getmembers()
    names = {member.name.partition("/")[2] for member in members}
    of_top = {
        "PKG-INFO",
        ".gitignore",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "SECURITY.md",
    }
    wanted = {name for name in listed() if name.startswith(IN_ARCHIVE)} | of_top
    assert names - {PACKED} == wanted
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {
        (0, 0, "", "")
    }
    assert {member.mode & 0o777 for member in members} <= {0o644, 0o755}
