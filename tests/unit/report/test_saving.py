"""A report is on the disk whole or not at all, and what was there before is not lost."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from latchlight.core.errors import InputError
from latchlight.report.saving import write_whole

APP = str(Path(__file__).resolve().parents[3] / "app")
OLD = b"the report of last week"


def failing(number: int) -> object:
    def fail(*_args: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".latchlight-*")]


def test_the_file_is_there_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "report.html", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert leftovers(tmp_path) == []


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.html", tmp_path / "link.html"
    target.write_bytes(OLD)
    link.symlink_to(target)
    assert write_whole(link, b"new") == target.resolve()
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("step", "number", "said"),
    [
        ("os.open", errno.EACCES, "not allowed there"),
        ("os.open", errno.EROFS, "not allowed there"),
        ("os.open", errno.ENOENT, "no such folder"),
        ("os.fsync", errno.ENOSPC, "the disk is full"),
        ("os.fsync", errno.EDQUOT, "the disk is full"),
        ("os.fsync", errno.EIO, "could not be written"),
        ("pathlib.Path.replace", errno.EACCES, "cannot be replaced"),
        ("pathlib.Path.replace", errno.ENOSPC, "the disk is full"),
    ],
)
def test_a_step_that_fails_is_said_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, said: str
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(OLD)
    monkeypatch.setattr(step, failing(number))
    with pytest.raises(InputError) as caught:
        write_whole(path, b"new")
    monkeypatch.undo()
    assert said in caught.value.message
    assert caught.value.next_step
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert path.read_bytes() == OLD
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("name", ["", ".", "folder"])
def test_a_folder_is_never_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="not an ordinary file"):
        write_whole(tmp_path / name, b"new")
    assert (tmp_path / "folder").is_dir()


def test_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not an ordinary file"):
        write_whole(tmp_path / "pipe", b"new")
    assert (tmp_path / "pipe").is_fifo()


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too long"):
        write_whole(tmp_path / ("x" * 300), b"new")


def test_a_loop_of_links_is_said(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(InputError, match="could not be written"):
        write_whole(tmp_path / "one", b"new")


_TRY = """
import sys
from pathlib import Path
from latchlight.core.errors import InputError
from latchlight.report.saving import write_whole
folder = Path(sys.argv[1])
try:
    write_whole(folder / "report.html", b"x" * 1_000_000)
except InputError as problem:
    print(problem)
print(len((folder / "report.html").read_bytes()), sorted(path.name for path in folder.iterdir()))
"""


def in_mounts(shell: str, *words: str) -> list[str]:
    """What the trial says in a mount namespace of its own."""
    unshare = shutil.which("unshare")
    assert unshare is not None
    command = [unshare, "-m"] if os.geteuid() == 0 else [unshare, "-r", "-m"]
    done = subprocess.run(
        [*command, "sh", "-c", shell, "sh", *words, sys.executable, _TRY],
        env={**os.environ, "PYTHONPATH": APP},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.namespaces
def test_a_disk_that_is_really_full_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    shell = (
        'mount -t tmpfs -o size=64k tmpfs "$1" && printf old > "$1/report.html" '
        '&& exec "$2" -c "$3" "$1"'
    )
    said, left = in_mounts(shell, str(tmp_path))
    assert "the disk is full. Make room" in said
    assert left == "3 ['report.html']"


@pytest.mark.namespaces
def test_a_disk_that_is_really_read_only_is_said(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(b"old")
    shell = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" -c "$3" "$1"'
    said, left = in_mounts(shell, str(tmp_path))
    assert "writing is not allowed there. Choose another folder" in said
    assert left == "3 ['report.html']"
