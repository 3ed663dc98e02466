"""What is packed inside the executables and in Python's own archive: names of modules and scripts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

READERS: Any = import_module("PyInstaller.archive.readers")  # has no type hints

SCRIPT, ARCHIVE = "s", "z"
MODULES = ("m", "M")
SETTINGS = ("o", "l", "d")
NAMESPACE = 3  # a folder that several packages share: it has no source of its own


@dataclass(frozen=True)
class Inside:
    """Names inside one executable."""

    modules: tuple[str, ...]
    scripts: tuple[str, ...]


def look_into(path: Path) -> Inside | None:
    """What is packed inside, or None for a file that is no such executable."""
    try:
        archive = READERS.CArchiveReader(str(path))
    except (READERS.NotAnArchiveError, READERS.ArchiveReadError, OSError):
        return None
    modules, scripts, strangers = list[str](), list[str](), list[str]()
    for name, (*_, kind) in archive.toc.items():
        if kind in MODULES:
            modules.append(name)
        elif kind == SCRIPT:
            scripts.append(name)
        elif kind == ARCHIVE:
            modules += _packed(archive, name)
        elif kind not in SETTINGS:
            strangers.append(f"{name} ({kind})")
    if strangers:  # a whole file inside an executable would escape the list of files
        raise ValueError(f"{path.name} holds what one-folder programs do not hold: {strangers}")
    return Inside(tuple(sorted(set(modules))), tuple(sorted(scripts)))


def _packed(archive: Any, name: str) -> Iterator[str]:
    for module, (kind, *_) in archive.open_embedded_archive(name).toc.items():
        if kind != NAMESPACE:
            yield module


def modules_in_zip(path: Path) -> list[str]:
    """Names of the modules in ``base_library.zip``; none where it is no archive."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".pyc") for name in archive.namelist()]
    return sorted(name.removesuffix("/__init__").replace("/", ".") for name in names)
