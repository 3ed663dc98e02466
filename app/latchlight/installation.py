"""Where the running program was installed, and whether its files are still those that were built.

An installed program is a folder of its own: the window, the command line and `_internal`. Its list of files is written
when it is built (`packaging/freeze/listing.py`); on macOS the signature of the bundle takes its place. Whoever can
change the files can change the list, too: it finds accidents and what was slipped in beside, and proves no maker.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from latchlight.core import command_name
from latchlight.core.errors import LatchlightError
from latchlight.core.records import dataclass
from latchlight.core.sentences import say

WINDOW, COMMAND_LINE = "latchlight", command_name.INSTALLED
LIST_NAME = "_internal/files.json"
_BESIDE = frozenset({"uninstall.exe", "installed-files.txt", "README.txt"})
"""What an installer or an archive puts into the folder itself."""
_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Differences:
    """Paths inside the installed folder, with `/` between the parts, that are not as they were built."""

    listed: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    strange: tuple[str, ...]
    """Files that no list names: something put them there."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.changed or self.missing or self.strange)


def folder() -> Path | None:
    """The folder of the installed program; None when it runs from a Python environment."""
    if not getattr(sys, "frozen", False):
        return None
    return Path(sys.executable).resolve().parent


def program(name: str) -> Path:
    """Where one of the two programs of the installed folder is. Raises ValueError outside of one."""
    place = folder()
    if place is None:
        raise ValueError("not an installed program")
    return place / f"{name}{'.exe' if sys.platform == 'win32' else ''}"


def differences(place: Path) -> Differences | None:
    """Compare all files of the installed folder `place` with the list made at the build.

    None where there is no list. Raises LatchlightError if list or files cannot be read.
    """
    list_file = place / LIST_NAME
    if not list_file.exists():
        return None
    try:
        listed = _listed(list_file)
        there = {name: path for name, path in files(place) if name not in (LIST_NAME, *_BESIDE)}
        found = {name: fingerprint(there[name]) for name in listed.keys() & there.keys()}
    except (OSError, ValueError):
        raise LatchlightError(
            say("The program's files cannot be read."), say("Install Latchlight again.")
        ) from None
    return Differences(
        listed=len(listed),
        changed=tuple(sorted(name for name, value in found.items() if listed[name] != value)),
        missing=tuple(sorted(listed.keys() - there.keys())),
        strange=tuple(sorted(there.keys() - listed.keys())),
    )


def _listed(list_file: Path) -> dict[str, str]:
    told = json.loads(list_file.read_text("utf-8"))
    if not isinstance(told, dict) or not told:
        raise ValueError("an empty list proves nothing")
    return {str(name): str(value) for name, value in told.items()}


def files(top: Path) -> Iterator[tuple[str, Path]]:
    """Everything below a folder that is no folder: its path with `/`, and where it is.

    Raises OSError for a folder that cannot be read: what is in it must not be overlooked.
    """
    for folder, inner, names in os.walk(top, onerror=_refuse):
        place = Path(folder)
        links = [name for name in inner if (place / name).is_symlink()]
        for name in sorted([*names, *links]):
            yield (place / name).relative_to(top).as_posix(), place / name


def _refuse(problem: OSError) -> None:
    raise problem


def fingerprint(path: Path) -> str:
    """SHA-256 in hexadecimal digits; of a link, where it leads. Raises OSError, also for what is no ordinary file."""
    digest = hashlib.sha256()
    if path.is_symlink():
        digest.update(b"link to " + path.readlink().as_posix().encode())
        return digest.hexdigest()
    if not path.is_file():  # reading a pipe would wait for ever
        raise OSError("not an ordinary file")
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
