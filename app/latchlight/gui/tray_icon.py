"""The picture beside the clock: one light, told by shape as well as by colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from latchlight.gui.light_look import LightLook
from latchlight.gui.light_paint import paint_light
from latchlight.gui.tokens import DARK, LIGHT

_SIDES = (16, 22, 24, 32, 48, 64)


def light_icon(look: LightLook, *, dark_ground: bool) -> QIcon:
    """The light at every size that panels ask for. `dark_ground`: the panel behind it is dark."""
    icon = QIcon()
    for side in _SIDES:
        icon.addPixmap(light_pixmap(look, side, dark_ground=dark_ground))
    return icon


def light_pixmap(look: LightLook, side: int, *, dark_ground: bool) -> QPixmap:
    """One size, with nothing around the shape."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_light(painter, QRectF(0, 0, side, side), look, DARK if dark_ground else LIGHT)
    painter.end()
    return picture
