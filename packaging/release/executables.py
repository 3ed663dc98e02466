"""What is packed inside the executables and in Python's own archive: modules and scripts with their code."""

from __future__ import annotations

import marshal
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

READERS: Any = import_module("PyInstaller.archive.readers")  # has no type hints

SCRIPT, ARCHIVE = "s", "z"
MODULES = ("m", "M")
SETTINGS = ("o", "l", "d")
NAMESPACE = 3  # a folder that several packages share: it has no source of its own
PYC_HEADER = 16

Reader = Callable[[], CodeType]
Codes = Mapping[str, Reader]
"""Name -> what reads its code, for which the Python must be the one that wrote it. ValueError: broken."""


@dataclass(frozen=True)
class Inside:
    """What one executable carries."""

    modules: Codes
    scripts: Codes


def look_into(path: Path) -> Inside | None:
    """What is packed inside, or None for a file that is no such executable. ValueError: a whole file in it."""
    try:
        archive = READERS.CArchiveReader(str(path))
    except (READERS.NotAnArchiveError, READERS.ArchiveReadError, OSError):
        return None
    modules, scripts, strangers = dict[str, Reader](), dict[str, Reader](), list[str]()
    for name, (*_, kind) in archive.toc.items():
        if kind in MODULES:
            modules[name] = partial(_code, archive.extract, name)
        elif kind == SCRIPT:
            scripts[name] = partial(_code, archive.extract, name)
        elif kind == ARCHIVE:
            modules |= _packed(archive.open_embedded_archive(name))
        elif kind not in SETTINGS:
            strangers.append(f"{name} ({kind})")
    if strangers:  # a whole file inside an executable would escape the list of files
        raise ValueError(f"{path.name} holds what one-folder programs do not hold: {strangers}")
    return Inside(modules, scripts)


def _packed(archive: Any) -> Iterator[tuple[str, Reader]]:
    for module, (kind, *_) in archive.toc.items():
        if kind != NAMESPACE:
            yield module, partial(_code, archive.extract, module)


def _code(read: Callable[[str], CodeType | bytes], name: str) -> CodeType:
    packed = read(name)
    try:
        # It is read, and never run.
        found = marshal.loads(packed) if isinstance(packed, bytes) else packed  # noqa: S302
    except (EOFError, TypeError) as error:
        raise ValueError("A packed module cannot be read.") from error
    if not isinstance(found, CodeType):
        raise ValueError("A packed module holds something else than code.")
    return found


def modules_in_zip(path: Path) -> Codes:
    """The modules of ``base_library.zip``; none where it is no archive."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name)[PYC_HEADER:] for name in archive.namelist()}
    return {
        name.removesuffix(".pyc").removesuffix("/__init__").replace("/", "."): partial(
            _code, contents.__getitem__, name
        )
        for name in contents
    }


def comes_from(code: CodeType, source: Path) -> bool:
    """Whether this is what the running Python makes of the source. Where the source lies does not count."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return code == compile(
                source.read_bytes(), str(source), "exec", dont_inherit=True, optimize=0
            )
        except SyntaxError:
            return False
