"""A picture of a whole virtual screen, from the file in which Xvfb keeps it (X window dump, version 7)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_WORDS = 25
_WIDE, _HIGH, _BITS, _LINE, _COLOURS = 4, 5, 11, 12, 19
"""Which words of the header say so (X11/XWDFile.h)."""
_COLOUR_BYTES = 12


def save_picture(dump: Path, target: Path) -> None:
    """Write what is on the screen as PNG. Raises ValueError for a screen of another depth."""
    data = dump.read_bytes()
    header = struct.unpack(f">{_WORDS}I", data[: 4 * _WORDS])
    if header[_BITS] != 32:
        raise ValueError(header)
    wide, high, line = header[_WIDE], header[_HIGH], header[_LINE]
    start = header[0] + header[_COLOURS] * _COLOUR_BYTES
    rows = bytearray()
    for top in range(start, start + high * line, line):
        row = data[top : top + 4 * wide]  # blue, green, red, unused
        pixels = bytearray(3 * wide)
        pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
        rows += b"\0" + pixels
    about = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", about), (b"IDAT", zlib.compress(bytes(rows), 1)), (b"IEND", b""))
    png = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    target.write_bytes(b"\x89PNG\r\n\x1a\n" + png)
