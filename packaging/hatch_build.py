"""Packs ``resources/`` into ``app/latchlight/gui/resources_rc.py`` whenever the project is built or installed.

Written here instead of calling Qt's own compiler: a build then needs no Qt at all (84 MB that a server would fetch
for nothing), every wheel is complete, and the same files give the same bytes on every computer. The layout is version
1 of Qt's resource format, which every Qt 6 reads; a test reads files back through Qt and compares with its compiler.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "resources/resources.qrc"
TARGET = "app/latchlight/gui/resources_rc.py"
FOLDER_FLAG, ANY_TERRITORY, C_LANGUAGE = 2, 0, 1

MODULE = """\
# Made from resources/ by packaging/hatch_build.py. Not for editing.
from PySide6 import QtCore

_TREE = {tree!r}
_NAMES = {names!r}
_DATA = {data!r}

QtCore.qRegisterResourceData(1, _TREE, _NAMES, _DATA)
"""

Folder = dict[str, "Folder | bytes"]


class ResourceHook(BuildHookInterface[Any]):
    """Runs before a wheel, an editable install or a source archive is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the module; ``version`` and ``build_data`` are hatchling's and need no change."""
        write_module(Path(self.root))


def write_module(root: Path) -> None:
    """Packs the resources of the checkout at ``root``. Raises ValueError or OSError for a faulty list."""
    tree, names, data = pack(read_list(root / SOURCE))
    target = root / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(MODULE.format(tree=tree, names=names, data=data), encoding="ascii")


def read_list(qrc: Path) -> Folder:
    """Folders and file contents as the program will see them below ``:/``."""
    top: Folder = {}
    for group in ElementTree.parse(qrc).getroot():  # noqa: S314  our own file
        _only_known(group, {"prefix"})
        for entry in group:
            _only_known(entry, {"alias"})
            path = (entry.text or "").strip()
            shown = f"{group.get('prefix', '/')}/{entry.get('alias', path)}"
            _place(
                top, [part for part in shown.split("/") if part], (qrc.parent / path).read_bytes()
            )
    return top


def _only_known(element: ElementTree.Element, known: set[str]) -> None:
    if element.tag not in ("qresource", "file") or set(element.keys()) - known:
        raise ValueError(f"resources.qrc: cannot pack <{element.tag} {dict(element.attrib)}>")


def _place(top: Folder, parts: list[str], content: bytes) -> None:
    folder = top
    for part in parts[:-1]:
        inner = folder.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ValueError(f"resources.qrc: {part} is both a file and a folder")
        folder = inner
    if folder.setdefault(parts[-1], content) is not content:
        raise ValueError(f"resources.qrc: {'/'.join(parts)} is listed twice")


def pack(top: Folder) -> tuple[bytes, bytes, bytes]:
    """The three tables of Qt's format: tree of 14-byte entries, names, contents.

    The children of a folder stand together, sorted by the hash of their names (Qt searches them by halves).
    """
    tree, names, data = (
        bytearray(struct.pack(">IHII", 0, FOLDER_FLAG, len(top), 1)),
        bytearray(),
        bytearray(),
    )
    name_places: dict[str, int] = {}
    pending, used = [top], 1 + len(top)
    while pending:
        folder = pending.pop(0)
        for name in sorted(folder, key=name_hash):
            place = name_places.setdefault(name, len(names))
            if place == len(names):
                letters = name.encode("utf-16-be")
                names += struct.pack(">HI", len(letters) // 2, name_hash(name)) + letters
            content = folder[name]
            if isinstance(content, dict):
                tree += struct.pack(">IHII", place, FOLDER_FLAG, len(content), used)
                used += len(content)
                pending.append(content)
            else:
                tree += struct.pack(">IHHHI", place, 0, ANY_TERRITORY, C_LANGUAGE, len(data))
                data += struct.pack(">I", len(content)) + content
    return bytes(tree), bytes(names), bytes(data)


def name_hash(name: str) -> int:
    """Qt's hash of a file name (``qt_hash`` in qhash.cpp, the ELF hash over UTF-16 units)."""
    result = 0
    for (unit,) in struct.iter_unpack(">H", name.encode("utf-16-be")):
        result = (result << 4) + unit
        result ^= (result & 0xF0000000) >> 23
        result &= 0x0FFFFFFF
    return result


if __name__ == "__main__":
    try:
        write_module(Path(__file__).resolve().parent.parent)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        sys.exit(str(error))
