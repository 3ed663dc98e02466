"""Where the file is, and that it is ours alone: folder 0700, files 0600 from their first byte."""

from __future__ import annotations

import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from latchlight.store import refusals

FILE_NAME = "latchlight.sqlite3"
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite puts beside the file; it takes over the file's permissions."""

_MAGIC = b"SQLite format 3\x00"


def data_folder() -> Path:
    """The folder for this user's data. Raises StoreError for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        raise refusals.no_folder() from None
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "Latchlight"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Latchlight"
    named = os.environ.get("XDG_DATA_HOME", "")
    return (Path(named) if os.path.isabs(named) else home / ".local" / "share") / "latchlight"


def private_file(folder: Path) -> Path:
    """The path of the file, which exists, is a plain file and only ours afterwards. StoreError."""
    try:
        _make_folder(folder)
        file = folder / FILE_NAME
        _make_file(file)
        for each in (file, *_beside(file)):
            _check(each)
        _check_content(file)
    except OSError as error:
        raise refusals.of_system(error) from None
    return file


def set_aside(folder: Path | None = None) -> Path:
    """Rename the file and what is beside it, so that a new one can be made; the new name.

    Only ever on the user's word. Raises StoreError, also if there is nothing to set aside.
    """
    file = (folder or data_folder()) / FILE_NAME
    aside = _free_name(file)
    try:
        # The write-ahead log first: a new file must never meet an old log.
        for suffix in SIDE_FILES:
            side = file.with_name(FILE_NAME + suffix)
            if os.path.lexists(side):
                side.rename(aside.with_name(aside.name + suffix))
        file.rename(aside)
    except FileNotFoundError:
        raise refusals.nothing_there() from None
    except OSError as error:
        raise refusals.of_system(error) from None
    return aside


def _free_name(file: Path) -> Path:
    """Of this moment. The clock may stand still between two, which is 16 ms on Windows."""
    moment = datetime.now(UTC)
    while True:
        name = file.with_name(f"{FILE_NAME}.aside-{moment:%Y%m%d-%H%M%S-%f}")
        if not os.path.lexists(name):
            return name
        moment += timedelta(microseconds=1)


def _make_folder(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    status = folder.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise refusals.no_folder()
    _take_for_us_alone(folder, status)


def _make_file(file: Path) -> None:
    """An empty file is an empty database to SQLite; made by us because SQLite would make it 0644."""
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
        os.close(os.open(file, flags, 0o600))
    except FileExistsError:
        return


def _beside(file: Path) -> list[Path]:
    names = [file.with_name(file.name + suffix) for suffix in SIDE_FILES]
    return [name for name in names if os.path.lexists(name)]


def _check(file: Path) -> None:
    try:
        status = file.lstat()
    except FileNotFoundError:
        return  # another process was done with it in between
    if not stat.S_ISREG(status.st_mode):
        raise refusals.not_a_file()
    _take_for_us_alone(file, status)


def _take_for_us_alone(path: Path, status: os.stat_result) -> None:
    if sys.platform == "win32":
        return  # the user's profile folder is private there by inheritance
    if status.st_uid != os.geteuid():
        raise refusals.foreign()
    if status.st_mode & 0o077:
        path.chmod(stat.S_IMODE(status.st_mode) & 0o700)


def _check_content(file: Path) -> None:
    """Refuse what SQLite would mend silently: it empties the log of an empty file, and drops a cut end."""
    log = _size(file.with_name(FILE_NAME + "-wal"))
    with file.open("rb") as stream:
        head = stream.read(100)
        size = os.fstat(stream.fileno()).st_size
    if not head:
        if log:
            raise refusals.damaged()
        return
    if head[: len(_MAGIC)] != _MAGIC[: len(head)]:
        raise refusals.not_ours()
    if len(head) < 100 or (not log and size < _size_by_header(head)):
        raise refusals.damaged()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _size_by_header(head: bytes) -> int:
    """Page size times page count, from the file's own header (sqlite.org/fileformat2.html, 1.3)."""
    page = int.from_bytes(head[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
