"""Draws the program's icon in the forms that installers ask for: ``python packaging/icons.py FOLDER``.

There is one drawing, ``resources/icons/latchlight.svg``. Written into FOLDER: ``latchlight.ico`` (Windows),
``latchlight.icns`` (macOS) and ``latchlight-SIZE.png`` (Linux). Runs where PySide6 and Pillow are installed; needs no
screen. The same drawing and the same packages give the same bytes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "icons" / "latchlight.svg"
PNG_SIZES = (16, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # 20 and 40: small icons at 125 % and 250 %
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def main(arguments: list[str]) -> int:
    """Draws into the one folder named; returns 0, or 64 for wrong use."""
    if len(arguments) != 1:
        print("Use: python packaging/icons.py FOLDER", file=sys.stderr)
        return 64
    draw_into(Path(arguments[0]))
    return 0


def draw_into(folder: Path) -> None:
    """Writes every form of the icon into this folder, which is made where it is missing. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = drawn(sorted({*PNG_SIZES, *ICO_SIZES, *ICNS_SIZES}))
    for size in PNG_SIZES:
        pictures[size].save(folder / f"latchlight-{size}.png", optimize=True)
    # Each size is drawn for itself: shrinking the largest would blur the smallest.
    *others, largest = [pictures[size] for size in ICO_SIZES]
    largest.save(
        folder / "latchlight.ico",
        sizes=[(size, size) for size in ICO_SIZES],
        append_images=others,
    )
    *others, largest = [pictures[size] for size in ICNS_SIZES]
    largest.save(folder / "latchlight.icns", append_images=others)


def drawn(sizes: list[int]) -> dict[int, Image]:
    """The drawing, square, with these sides in pixels, on a transparent ground. Raises OSError."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PIL.Image import frombytes
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    # Kept until all is drawn: without an application Qt cannot draw texts and fonts.
    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(DRAWING))
    if not renderer.isValid():
        raise OSError(f"{DRAWING.name} cannot be drawn")
    pictures = {}
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_RGBA8888)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        pictures[size] = frombytes("RGBA", (size, size), bytes(image.constBits()))
    del application
    return pictures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
