"""Takes out of a Linux library in which folders of the build computer it looks for others.

Where Python was built into a folder of its own, its libraries name that folder. On a user's computer somebody else may
own it, and what lies there would be loaded into a program that holds keys. What is relative to the library stays.
Standard library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_LOADED, _DYNAMIC = 1, 2  # kinds of segments
_END, _STRINGS, _RPATH, _RUNPATH = 0, 5, 15, 29  # tags of dynamic entries
_ENTRY = struct.Struct("<QQ")


def forget_foreign_folders(path: Path) -> bool:
    """Rewrites the file; whether there was something to take out. What is no 64-bit library of Linux has nothing.

    Raises ValueError for a library that names foreign folders together with its own.
    """
    content = bytearray(path.read_bytes())
    if content[:6] != b"\x7fELF\x02\x01":
        return False
    start, entries = _dynamic(content)
    strings = next((value for tag, value in entries if tag == _STRINGS), 0)
    kept = [
        (tag, value)
        for tag, value in entries
        if tag not in (_RPATH, _RUNPATH) or _is_own(_string(content, strings, value), path)
    ]
    if len(kept) == len(entries):
        return False
    for index in range(len(entries)):
        entry = kept[index] if index < len(kept) else (_END, 0)
        _ENTRY.pack_into(content, start + index * _ENTRY.size, *entry)
    path.write_bytes(content)
    return True


def _is_own(folders: str, path: Path) -> bool:
    own = {folder.startswith(("$ORIGIN", "${ORIGIN}")) for folder in folders.split(":")}
    if len(own) > 1:
        raise ValueError(f"{path} looks both in its own and in foreign folders: {folders}")
    return own == {True}


def _dynamic(content: bytearray) -> tuple[int, list[tuple[int, int]]]:
    """Where the dynamic entries start, and all of them before the end mark."""
    for kind, offset, _address, size in _segments(content):
        if kind == _DYNAMIC:
            entries = []
            for place in range(offset, offset + size, _ENTRY.size):
                tag, value = _ENTRY.unpack_from(content, place)
                if tag == _END:
                    break
                entries.append((tag, value))
            return offset, entries
    return 0, []


def _segments(content: bytearray) -> Iterator[tuple[int, int, int, int]]:
    """Kind, place in the file, address in memory and size in the file of every segment."""
    (table,) = struct.unpack_from("<Q", content, 0x20)
    each, count = struct.unpack_from("<HH", content, 0x36)
    for index in range(count):
        kind, _flags, offset, address, _physical, size = struct.unpack_from(
            "<IIQQQQ", content, table + index * each
        )
        yield kind, offset, address, size


def _string(content: bytearray, strings: int, place: int) -> str:
    for kind, offset, address, size in _segments(content):
        if kind == _LOADED and address <= strings < address + size:
            start = offset + strings - address + place
            return content[start : content.index(0, start)].decode("utf-8", "surrogateescape")
    raise ValueError("The names in this library cannot be found.")
