"""One light: shape, colour and word, all from one verdict."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from latchlight.gui import theme
from latchlight.gui.light_look import Verdict
from latchlight.gui.light_paint import paint_light
from latchlight.gui.theme import GRID, TextRole


class LightBadge(QWidget):
    """A pill with the shape and the word. Screen readers say the word, in practice too."""

    def __init__(
        self,
        verdict: Verdict | None = None,
        role: TextRole = TextRole.STRONG,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._verdict = Verdict()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_verdict(verdict or Verdict())

    @property
    def verdict(self) -> Verdict:
        """What is shown now."""
        return self._verdict

    def set_verdict(self, verdict: Verdict) -> None:
        """Show another verdict; word, shape, colour and accessible name change together."""
        self._verdict = verdict
        self.setAccessibleName(verdict.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the whole word."""
        metrics = QFontMetrics(theme.font(self._role))
        side = metrics.height()
        word = metrics.horizontalAdvance(str(self._verdict.text))
        return QSize(side + word + 3 * GRID, side + GRID)

    def minimumSizeHint(self) -> QSize:
        """A light is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pill."""
        colours, look = theme.tokens(), self._verdict.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(colours, look.ground)))
        radius = self.height() / 2
        painter.drawRoundedRect(self.rect(), radius, radius)
        side = self.height() - GRID
        paint_light(painter, QRectF(GRID * 0.75, GRID / 2, side, side), look, colours)
        painter.setPen(QColor(getattr(colours, look.ink)))
        painter.setFont(theme.font(self._role))
        words = self.rect().adjusted(int(side + GRID * 1.5), 0, 0, 0)
        painter.drawText(
            words,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            str(self._verdict.text),
        )
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow font size and colours."""
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()
        super().changeEvent(event)
