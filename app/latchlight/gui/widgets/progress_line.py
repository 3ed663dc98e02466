"""A thin line that fills up. `QProgressBar` repaints the window at every step; this one waits its turn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from latchlight.core.sentences import say
from latchlight.gui import theme
from latchlight.gui.tongue import tr

_HEIGHT = 6


class ProgressLine(QWidget):
    """Tells screen readers in words how far it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = 0.0
        self.setFixedHeight(_HEIGHT)
        self.show_step(0, 1)

    def show_step(self, done: int, total: int) -> None:
        """`done` of `total` steps."""
        self._part = done / max(1, total)
        self.setAccessibleName(tr(say("{done} of {total} done", done=done, total=total)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The groove and the filled part."""
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(0, 0, self.width(), _HEIGHT)
        for width, colour in (
            (box.width(), colours.border),
            (box.width() * self._part, colours.accent),
        ):
            box.setWidth(width)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(box, _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
