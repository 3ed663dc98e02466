"""What the set-up says: progress lines, and one sentence instead of a traceback. Standard library only."""

from __future__ import annotations

import contextlib
import errno
import sys
import time
from collections.abc import Iterator

DISK_FULL = "The disk is full. Free about 1 GB, then run the same command again."


class SetupError(Exception):
    """Something the person at the keyboard can put right; the text says what and how."""


def say(line: str, to_errors: bool = False) -> None:
    """One line of progress, at once. A closed pipe at the other end is not our trouble."""
    with contextlib.suppress(BrokenPipeError):
        print(line, file=sys.stderr if to_errors else sys.stdout, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Says what went well, and how long it took."""
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:6.1f} s  {what}")


def in_words(error: OSError) -> str:
    """One sentence for a failed file operation."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    where = f" ({error.filename})" if error.filename else ""
    return f"The set-up cannot go on: {error.strerror or error}{where}."
