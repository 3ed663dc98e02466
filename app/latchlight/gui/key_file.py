"""A key file that the user dropped or chose: read once, into memory, and never copied. Qt-free."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from latchlight.core.errors import InputError
from latchlight.core.pasted import take_apart
from latchlight.core.pem import looks_like_pem
from latchlight.core.sentences import Sentence, say

MOST_BYTES = 20_000
"""Key files of exchanges have 300 to 4,000 bytes."""

_ANOTHER = say("Choose the file that the exchange gave you: JSON or PEM.")


@dataclass(frozen=True, eq=False)
class KeyFile:
    """What was in a file, and what it is called."""

    name: str
    text: str = field(repr=False)


def read_key_file(paths: Sequence[str]) -> KeyFile:
    """The only file of `paths`; an empty path stands for something that is no file of this computer.

    May wait for a slow disk. Raises InputError, which holds nothing of the content.
    """
    if len(paths) != 1:
        raise InputError(say("These are several files."), say("Take one key file at a time."))
    (path,) = paths
    if not path:
        raise InputError(say("This is not a file on this computer."), _ANOTHER)
    return KeyFile(Path(path).name, _as_key(_read(path)))


def _read(path: str) -> bytes:
    try:
        if Path(path).is_dir():
            raise InputError(say("This is a folder."), _ANOTHER)
        # Not blocking: opening a pipe would wait for somebody to write into it.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise InputError(say("This is not an ordinary file."), _ANOTHER)
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise InputError(
            say("The file cannot be read."),
            say("Check that it is still there and that you may read it."),
        ) from None
    if len(content) > MOST_BYTES:
        raise InputError(
            say("The file is larger than {most} bytes: no key file is.", most=f"{MOST_BYTES:,}"),
            _ANOTHER,
        )
    return content


_BINARY = getattr(os, "O_BINARY", 0)


def _as_key(content: bytes) -> str:
    text = _decoded(content)
    if text is None:
        raise InputError(say("This is not a text file."), _ANOTHER)
    if not text.strip():
        raise InputError(say("The file is empty."), _ANOTHER)
    if take_apart(text) is None and not looks_like_pem(text):
        raise InputError(_no_key(text), _ANOTHER)
    return text


def _no_key(text: str) -> Sentence:
    if text.lstrip().startswith("{"):
        return say("The file does not name an API key and its secret.")
    return say("There is no key in this file.")


def _decoded(content: bytes) -> str | None:
    """None for anything but text: zero bytes are in no key file, and in nearly every other kind."""
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
