"""A build that has to be signed fails where there is nothing to sign it with, on Windows and on macOS."""

from __future__ import annotations

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


def run(script: str, target: Path, duty: str) -> subprocess.CompletedProcess[str]:
    target.touch()
    return subprocess.run(
        [sys.executable, str(ROOT / "packaging" / script), str(target)],
        env={"PATH": "/nowhere", "LATCHLIGHT_MUST_SIGN": duty},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_has_to_be_signed_and_cannot_be_is_a_failure(script: str, tmp_path: Path) -> None:
    done = run(script, tmp_path / SCRIPTS[script], "true")
    assert done.returncode == 1
    assert "has to be signed" in done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("duty", ["false", ""])
def test_what_need_not_be_signed_is_left_with_a_word(
    script: str, duty: str, tmp_path: Path
) -> None:
    done = run(script, tmp_path / SCRIPTS[script], duty)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
