"""One light: shape, colour and word, all from one verdict."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from latchlight.gui import theme
from latchlight.gui.light_look import Verdict
from latchlight.gui.light_paint import paint_light
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr


class LightBadge(QLabel):
    """A pill with the shape and the word. Screen readers say the word, in practice too.

    Painted into a picture whenever the verdict changes, so that showing it costs no Python.
    """

    def __init__(
        self,
        verdict: Verdict | None = None,
        role: TextRole = TextRole.STRONG,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._verdict = verdict or Verdict()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.restyle()

    @property
    def verdict(self) -> Verdict:
        """What is shown now."""
        return self._verdict

    def set_verdict(self, verdict: Verdict) -> None:
        """Show another verdict; word, shape, colour and accessible name change together."""
        if verdict != self._verdict:
            self._verdict = verdict
            self.restyle()

    def restyle(self) -> None:
        """Paint it anew: verdict, font or colours changed. Exactly as wide as the whole word."""
        size = self.size_for(self._verdict)
        self.setFixedSize(size)
        self.setPixmap(self._picture(size))
        self.setAccessibleName(tr(self._verdict.text))

    def size_for(self, verdict: Verdict) -> QSize:
        """What it would take with another verdict."""
        metrics = QFontMetrics(theme.font(self._role))
        word = metrics.horizontalAdvance(tr(verdict.text))
        return QSize(metrics.height() + word + 3 * GRID, metrics.height() + GRID)

    def _picture(self, size: QSize) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        colours, look = theme.tokens(), self._verdict.look
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(colours, look.ground)))
        box = QRectF(0, 0, size.width(), size.height())
        painter.drawRoundedRect(box, size.height() / 2, size.height() / 2)
        side = size.height() - GRID
        paint_light(painter, QRectF(GRID * 0.75, GRID / 2, side, side), look, colours)
        painter.setPen(QColor(getattr(colours, look.ink)))
        painter.setFont(theme.font(self._role))
        words = box.adjusted(side + GRID * 1.5, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), tr(self._verdict.text))
        painter.end()
        return picture
