"""A build that has to be signed fails where there is nothing to sign it with, on Windows and on macOS."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {
    "windows/sign.py": "program.exe",
    "macos/sign.py": "Latchlight.app",
    "macos/notarise.py": "Latchlight.dmg",
}


BARE = {"PATH": "/nowhere", "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
"""No tool is found. (Python on Windows does not start without the second.)"""
ALL_OF_APPLE = {
    "MACOS_CERTIFICATE": base64.b64encode(b"archive").decode(),
    **dict.fromkeys(("MACOS_CERTIFICATE_PASSWORD", "MACOS_SIGNING_IDENTITY"), "x"),
    **dict.fromkeys(("APPLE_API_KEY", "APPLE_API_KEY_ID", "APPLE_API_ISSUER"), "x"),
}


def run(script: str, target: Path, duty: str, **secrets: str) -> subprocess.CompletedProcess[str]:
    target.touch()
    return subprocess.run(
        [sys.executable, str(ROOT / "packaging" / script), str(target)],
        env={**BARE, "LATCHLIGHT_MUST_SIGN": duty, **secrets},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("duty", ["true", "True", "yes"])
def test_what_has_to_be_signed_and_cannot_be_is_a_failure(
    script: str, duty: str, tmp_path: Path
) -> None:
    done = run(script, tmp_path / SCRIPTS[script], duty)
    assert done.returncode == 1
    assert "has to be signed" in done.stderr


@pytest.mark.parametrize("script", ["macos/sign.py", "macos/notarise.py"])
def test_tools_that_are_missing_are_no_way_out_of_it(script: str, tmp_path: Path) -> None:
    """With every secret there: nothing would be signed all the same."""
    done = run(script, tmp_path / SCRIPTS[script], "true", **ALL_OF_APPLE)
    assert done.returncode == 1
    assert "is not here" in done.stderr
    assert "has to be signed" in done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("duty", ["false", "False", ""])
def test_what_need_not_be_signed_is_left_with_a_word(
    script: str, duty: str, tmp_path: Path
) -> None:
    done = run(script, tmp_path / SCRIPTS[script], duty)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
