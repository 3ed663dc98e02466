"""The program as users get it, frozen once for all the tests that look at it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    *("app", "resources", "pyproject.toml"),
    *("packaging/freeze", "packaging/requirements", "packaging/hatch_build.py"),
    *("packaging/environment.py", "packaging/checkout.py", "packaging/icons.py"),
    *("packaging/licences", "packaging/release"),  # the licence texts in the folder
)
_TAKES_UP_TO_SECONDS = 600


@pytest.fixture(scope="session")
def frozen() -> Path:
    """The folder `Latchlight`, frozen from this checkout: made anew whenever a source of it changed."""
    place = ROOT / "build" / "frozen-for-tests"
    place.mkdir(parents=True, exist_ok=True)
    stamp = place / "made-from"
    with FileLock(place / "lock", timeout=_TAKES_UP_TO_SECONDS):
        wanted = fingerprint()
        if not stamp.exists() or stamp.read_text("utf-8") != wanted:
            stamp.unlink(missing_ok=True)
            freeze(place)
            stamp.write_text(wanted, "utf-8")
    return place / "Latchlight"


def freeze(into: Path) -> None:
    """As a release does it. Fails with what the build said."""
    build = ROOT / "packaging" / "freeze" / "build.py"
    command = [sys.executable, str(build), "--into", str(into)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def fingerprint() -> str:
    """Of every file that the frozen program is made of."""
    digest = hashlib.sha256(sys.version.encode())
    for path in files():
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def files() -> Iterator[Path]:
    """Sources, without what Python and the build leave beside them."""
    for name in SOURCES:
        place = ROOT / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            made = "__pycache__" in path.parts or path.name == "resources_rc.py"
            if path.is_file() and not made:
                yield path
