"""Reads the few facts of Mach-O files that a bundle is judged by: kind, processors, oldest system, signature."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_FAT = 0xCAFEBABE
_FAT_64 = 0xCAFEBABF
_THIN_64 = 0xFEEDFACF
_MOST_SLICES = 16
"""A Java class begins with the same four bytes as a Mach-O file for several processors, then a number above 40."""
_ARCHIVE = b"!<arch>"
"""Parts for a linker; nothing that a system would run."""
_BUILD_VERSION, _MIN_MACOS, _SIGNATURE = 0x32, 0x24, 0x1D
_PROCESSORS = {0x01000007: "x86_64", 0x0100000C: "arm64"}


class Kind(Enum):
    """What it is for."""

    PROGRAM = 2
    LIBRARY = 6
    MODULE = 8
    OTHER = 0


@dataclass(frozen=True)
class Slice:
    """The code for one processor."""

    processor: str
    kind: Kind
    oldest_macos: tuple[int, int]
    is_signed: bool


class BrokenFileError(ValueError):
    """It begins like a Mach-O file and is none."""


def slices_of(path: Path) -> tuple[Slice, ...]:
    """One entry for each processor; none if it is another kind of file."""
    with path.open("rb") as file:
        head = file.read(8)
    if len(head) < 8:
        return ()
    big, count = struct.unpack(">II", head)
    little = int.from_bytes(head[:4], "little")
    several = big in (_FAT, _FAT_64) and count <= _MOST_SLICES
    if not several and little != _THIN_64:
        return ()
    data = path.read_bytes()
    try:
        starts = _starts(data, big == _FAT_64, count) if several else [0]
        if data.startswith(_ARCHIVE, starts[0]):
            return ()
        return tuple(_slice(data, start) for start in starts)
    except (struct.error, IndexError) as error:
        raise BrokenFileError(f"{path.name} ends too early") from error


def _starts(data: bytes, wide: bool, count: int) -> list[int]:
    form, size = (">IIQQII", 32) if wide else (">IIIII", 20)
    return [int(struct.unpack_from(form, data, 8 + size * place)[2]) for place in range(count)]


def _slice(data: bytes, start: int) -> Slice:
    magic, processor, _, kind, count = struct.unpack_from("<IIIII", data, start)
    if magic != _THIN_64:
        raise BrokenFileError("a part of it is not for 64 bits")
    oldest, signed = (0, 0), False
    for command, place in _commands(data, start + 32, count):
        if command == _BUILD_VERSION:
            oldest = _pair(struct.unpack_from("<I", data, place + 12)[0])
        elif command == _MIN_MACOS:
            oldest = _pair(struct.unpack_from("<I", data, place + 8)[0])
        elif command == _SIGNATURE:
            signed = True
    known = kind in {one.value for one in Kind}
    return Slice(
        processor=_PROCESSORS.get(processor, f"{processor:#x}"),
        kind=Kind(kind) if known else Kind.OTHER,
        oldest_macos=oldest,
        is_signed=signed,
    )


def _commands(data: bytes, place: int, count: int) -> Iterator[tuple[int, int]]:
    for _ in range(count):
        command, size = struct.unpack_from("<II", data, place)
        if size < 8 or place + size > len(data):
            raise BrokenFileError("a load command of it has a wrong length")
        yield command, place
        place += size


def _pair(packed: int) -> tuple[int, int]:
    return packed >> 16, packed >> 8 & 0xFF
