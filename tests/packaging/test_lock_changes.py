"""A change of the locks is told with the age of what it brings in; a package that is not the locked one is refused."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from release_scripts import load

lock_changes, locks = load("lock_changes"), load("locks")

HASH = "sha256:" + "0" * 64


AT = datetime(2026, 12, 1, tzinfo=UTC)


def file_of(days: int, digit: str = "0") -> dict[str, Any]:
    time = (AT - timedelta(days=days)).isoformat()
    return {"hashes": {"sha256": digit * 64}, "upload-time": time}


def versions(**rows: str) -> Any:
    text = "".join(f"{name}=={version} --hash={HASH}\n" for name, version in rows.items())
    return lock_changes.versions([locks.parse(text)])


def compared(old: Any, new: Any, *files: dict[str, Any], **reasons: str) -> tuple[bool, list[str]]:
    said = {f"{name}==2": reason for name, reason in reasons.items()}
    broken, lines = lock_changes.compare(old, new, said, lambda _name: files, AT)
    return broken, lines


def test_changes_are_told_with_the_age_of_what_comes_in() -> None:
    old, new = versions(alpha="1", beta="1"), versions(alpha="2", gamma="1")
    assert compared(old, new, file_of(14)) == (
        False,
        [
            "changed  alpha 1 -> 2",
            "         2: 14 days old",
            "removed  beta 1 -> -",
            "added    gamma - -> 1",
            "         1: 14 days old",
        ],
    )
    assert compared(old, old) == (False, [])


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ((file_of(13),), "13 days old"),
        ((), "unknown age"),  # the index does not have the locked file
        ((file_of(99, "1"),), "unknown age"),
        (({"hashes": {"sha256": "0" * 64}},), "unknown age"),
        ((file_of(99), {"hashes": {}, "upload-time": "x"}), "unknown age"),
    ],
)
def test_a_young_or_ageless_version_fails_without_a_reason(
    files: tuple[dict[str, Any], ...], told: str
) -> None:
    old, new = versions(alpha="1"), versions(alpha="2")
    broken, lines = compared(old, new, *files)
    assert broken
    assert told in lines[1]
    assert "FAILS" in lines[2]
    assert compared(old, new, *files, alpha="mends a hole that is used")[0] is False


def test_an_index_that_does_not_answer_is_an_unknown_age() -> None:
    def silent(_name: str) -> Any:
        raise OSError("the index does not answer")

    old, new = versions(alpha="1"), versions(alpha="2")
    broken, lines = lock_changes.compare(old, new, {}, silent, AT)
    assert broken
    assert "unknown age" in lines[1]


def test_new_files_of_an_old_version_do_not_come_in_unseen() -> None:
    old, new = versions(alpha="1"), versions(alpha="1")
    new["alpha", "1"].add("sha256:" + "1" * 64)
    broken, lines = compared(old, new, file_of(99), file_of(2, "1"))
    assert broken
    assert lines[:2] == ["files    alpha 1 -> 1 more", "         1: 2 days old"]
    assert not compared(old, new, file_of(2), file_of(99, "1"))[0]


def test_a_reason_for_what_is_not_locked_fails(tmp_path: Path) -> None:
    old = versions(alpha="1")
    assert compared(old, old, alpha="mends a hole that is used")[0] is True
    path = tmp_path / "young.txt"
    path.write_text("alpha==2: hurry\n", "utf-8")
    with pytest.raises(ValueError, match="not a version with its reason"):
        lock_changes.read_reasons(path)


# --- a package that is not the locked one


def test_one_flipped_digit_of_a_hash_stops_the_installation(tmp_path: Path) -> None:
    wheel = tmp_path / "alpha-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        info = "alpha-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    digest = load("parts").digest_of(wheel)
    flipped = ("1" if digest[0] == "0" else "0") + digest[1:]
    ends = {}
    for locked in (digest, flipped):
        rows = tmp_path / "lock.txt"
        rows.write_text(f"alpha==1.0 --hash=sha256:{locked}\n", "utf-8")
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-index",
            "--no-deps",
            "--require-hashes",
        ]
        command += ["--find-links", str(tmp_path), "--dest", str(tmp_path / "got"), "-r", str(rows)]
        done = subprocess.run(command, capture_output=True, text=True)
        ends[locked] = (done.returncode, "DO NOT MATCH THE HASHES" in done.stderr)
    assert ends == {digest: (0, False), flipped: (1, True)}


def test_the_reasons_and_the_locks_of_this_checkout_can_be_read() -> None:
    lock_changes.read_reasons(lock_changes.REASONS)
    assert len(lock_changes.now()) > 50
