"""The trial of the program for Windows under Wine says what it lacks, and lets nothing pass that failed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from release_scripts import load

load("attribution")  # makes the scripts of packaging known
trial = load("windows.try_under_wine")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """What looks like Python for Windows."""
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "python.exe").write_bytes(b"MZ")
    return tmp_path / "python"


def test_what_is_missing_is_named_before_anything_begins(
    python: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = {"wine", trial.COMPILER}
    monkeypatch.setattr(shutil, "which", lambda name: None if name in absent else name)
    assert trial.main([str(python)]) == 64
    assert capsys.readouterr().err == f"Missing: wine, {trial.COMPILER}\n"


def test_a_folder_without_python_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name)
    assert trial.main([str(tmp_path)]) == 64
    assert capsys.readouterr().err == f"{tmp_path}: no python.exe\n"


def test_a_step_that_fails_ends_the_trial_with_its_last_words(
    python: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(self: object, *_: object) -> None:
        trial.Trial._must(self, "sh", "-c", "echo the last words; exit 3")

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(trial, "start_screen", lambda *_: "0")
    monkeypatch.setattr(trial.Trial, "_make", failing)
    monkeypatch.setattr(trial.Trial, "_stop", lambda self: None)
    assert trial.main([str(python)]) == 1
    said = capsys.readouterr()
    assert said.err == "FAILED: sh ended with 3:\n  the last words\n"
    assert "All of it went well" not in said.out


def test_files_are_called_as_under_wine() -> None:
    assert trial._windows_path(Path(os.sep, "tmp", "a b")) == r"Z:\tmp\a b"
