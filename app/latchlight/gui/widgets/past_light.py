"""A light that was: a thin grey outline, in size and colour unlike anything that is said to be so now."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.core.sentences import say
from latchlight.gui import theme
from latchlight.gui.light_look import LOOKS
from latchlight.gui.light_paint import paint_past_light
from latchlight.gui.tongue import tr


class PastLight(QWidget):
    """As tall as a line of text. The word and the date stand beside it, in ordinary text."""

    def __init__(self, light: Light, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.light = light
        self.restyle()
        self.setAccessibleName(tr(say("was {light}", light=LIGHT_WORDS[light])))

    def restyle(self) -> None:
        """Another size of text."""
        side = self.fontMetrics().height()
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_past_light(painter, box, LOOKS[self.light], theme.tokens())
        painter.end()
