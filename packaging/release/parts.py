"""What a built folder consists of: its files, and the parts (packages, Qt, Python, ...) that they came from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Where PyInstaller puts what the program needs: one folder on Windows and Linux, two in a macOS bundle.
INNER = ("_internal/", "Contents/Frameworks/", "Contents/Resources/")
# A macOS bundle must not have dots in names of folders, so PyInstaller writes them out.
WRITTEN_DOT = "__dot__"

LICENCES = "licences"


class ReleaseError(Exception):
    """Something a release must not be made with. The text says what, and what to do."""


@dataclass(frozen=True)
class BuiltFile:
    """One file of the folder. A link has the digest of what it leads to; a link to a folder has none."""

    path: str
    sha256: str
    link_to: str = ""

    @property
    def inner(self) -> str:
        """The path as the freezing environment knew it."""
        for prefix in INNER:
            if self.path.startswith(prefix):
                return self.path.removeprefix(prefix).replace(WRITTEN_DOT, ".")
        return self.path

    @property
    def is_inside(self) -> bool:
        """Whether it stands among the things the executables need, and not beside them."""
        return self.path.startswith(INNER)


@dataclass(frozen=True)
class Part:
    """One thing that we did not cut smaller: a package, the interpreter, Qt, a system library's package, ourselves."""

    name: str
    version: str
    purl: str
    licence: str
    origin: str
    cpe: str = ""

    @property
    def folder(self) -> str:
        """The name of its folder of licence texts."""
        version = self.version.replace(":", "-").replace("/", "-")
        return f"{self.name}-{version}"


@dataclass
class Contents:
    """What belongs to a part: files of the folder, and modules inside executables (executable -> names)."""

    files: list[BuiltFile] = field(default_factory=list)
    modules: dict[str, list[str]] = field(default_factory=dict)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> list[BuiltFile]:
    """Every file and link in the folder, sorted. Raises ReleaseError for what no release may hold."""
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is not a folder. Build it first.")
    found = [built_file(folder, path) for path in _walk(folder)]
    if not found:
        raise ReleaseError(f"{folder} is empty. Build it first.")
    return sorted(found, key=lambda one: one.path)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        yield from (here / name for name in files)
        yield from (here / name for name in folders if (here / name).is_symlink())


def built_file(folder: Path, path: Path) -> BuiltFile:
    """One entry of the folder; a link must lead to something inside it, and by a relative way."""
    shown = path.relative_to(folder).as_posix()
    if not path.is_symlink():
        if not path.is_file():
            raise ReleaseError(f"{shown} is neither a file nor a folder.")
        return BuiltFile(shown, digest_of(path))
    target = os.readlink(path)
    end = path.resolve()
    if Path(target).is_absolute() or not end.is_relative_to(folder.resolve()) or not end.exists():
        raise ReleaseError(f"{shown} is a link that leads out of the folder or nowhere: {target}")
    return BuiltFile(shown, digest_of(end) if end.is_file() else "", Path(target).as_posix())
