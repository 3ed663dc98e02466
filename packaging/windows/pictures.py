"""Draws what the installer shows: ``python packaging/windows/pictures.py FOLDER``.

Its icon, and the pictures on its pages, all from the program's icon. Runs where PySide6 and Pillow are installed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import icons

if TYPE_CHECKING:
    from PIL.Image import Image

# Twice the size of the places they are shown in: they are shrunk on a usual screen and sharp on a fine one.
WIZARD, HEADER = (328, 628), (300, 114)
TOP, BOTTOM = (0xF7, 0xF9, 0xFC), (0xD3, 0xDD, 0xEC)


def draw_into(folder: Path) -> None:
    """Writes ``latchlight.ico``, ``wizard.bmp`` and ``header.bmp``. Raises OSError."""
    from PIL import Image

    icons.draw_into(folder)
    drawn = icons.drawn([192, 88])
    wizard = _fading(WIZARD)
    wizard.paste(drawn[192], ((WIZARD[0] - 192) // 2, 120), drawn[192])
    header = Image.new("RGB", HEADER, "white")
    header.paste(drawn[88], (HEADER[0] - 88 - 16, (HEADER[1] - 88) // 2), drawn[88])
    wizard.save(folder / "wizard.bmp")
    header.save(folder / "header.bmp")


def _fading(size: tuple[int, int]) -> Image:
    """From light to less light, top to bottom."""
    from PIL import Image

    picture = Image.new("RGB", (1, size[1]))
    for row in range(size[1]):
        share = row / size[1]
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(TOP, BOTTOM, strict=True))
        picture.putpixel((0, row), (red, green, blue))
    return picture.resize(size)


if __name__ == "__main__":
    draw_into(Path(sys.argv[1]))
