"""Files for people, written whole or not at all: for the command line and the window."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from pathlib import Path

from latchlight.core.errors import InputError
from latchlight.core.sentences import Sentence, say

_ELSEWHERE = say("Choose a folder that exists and that you may write to.")
_NOT_ALLOWED = (
    say("The file could not be written: writing is not allowed there."),
    say("Choose another folder, for example your documents."),
)
_FULL = (
    say("The file could not be written: the disk is full."),
    say("Make room, or choose another disk."),
)
_GONE = (say("The file could not be written: there is no such folder."), _ELSEWHERE)
_TOO_LONG = (
    say("The file could not be written: its name is too long."),
    say("Choose a shorter name."),
)
_WORDS: dict[int, tuple[Sentence, Sentence]] = {
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.ENAMETOOLONG: _TOO_LONG,
}
if hasattr(errno, "EDQUOT"):
    _WORDS[errno.EDQUOT] = _FULL
_OTHER = (say("The file could not be written."), _ELSEWHERE)
_NO_FILE = (
    say("The file could not be written: what has this name is not an ordinary file."),
    say("Choose another name."),
)
_ODD_NAME = (_OTHER[0], _NO_FILE[1])
_LONGEST_NAME = 255
_IN_USE = (
    say("The file could not be written: the one of this name cannot be replaced."),
    say("If another program shows it, close it there; or choose another name."),
)


def write_whole(path: Path, content: bytes) -> Path:
    """Write `content` beside `path`, then put it in its place; the file's real path.

    Whatever goes wrong, a file that was there stays as it was, and nothing half is left. Never takes
    the place of a folder, a device or a pipe. The new file is for its owner only.
    Raises InputError, which says what to do.
    """
    unfinished = ""
    in_place = False
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise InputError(*_NO_FILE)
        unfinished = str(path.parent / f".latchlight-{secrets.token_hex(8)}")
        with open(unfinished, "xb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        in_place = True
        Path(unfinished).replace(path)
    except (OSError, RuntimeError, ValueError) as problem:
        _drop(unfinished)
        raise InputError(*_words(problem, in_place, path.name)) from None
    return path


def _private(path: str, flags: int) -> int:
    """For its owner only from the first byte, tried once.

    Where Windows does not let us write, `tempfile.mkstemp` tries for hours: it takes the refusal for
    a name that is in use (https://github.com/python/cpython/issues/66305).
    """
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _drop(unfinished: str) -> None:
    try:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
    except OSError:
        return  # the disk went away: there is nothing left to clean


def _words(problem: Exception, in_place: bool, name: str) -> tuple[Sentence, Sentence]:
    number = problem.errno if isinstance(problem, OSError) else None
    if in_place and number in (errno.EACCES, errno.EPERM):
        return _IN_USE
    if in_place and sys.platform == "win32" and number in (errno.ENOENT, errno.EINVAL):
        # Not the folder: something was written there a moment ago.
        return _TOO_LONG if number == errno.ENOENT or len(name) > _LONGEST_NAME else _ODD_NAME
    return _WORDS.get(number or 0, _OTHER)
