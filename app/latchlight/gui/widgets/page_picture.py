"""Shows our drawing of a part of an exchange's page, and says the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from latchlight.core.fixes import DrawnPart
from latchlight.core.sentences import say
from latchlight.gui import theme
from latchlight.gui.page_drawing import Pen, draw, drawing_words
from latchlight.gui.tongue import in_force, tr

_WIDEST = 34.0
_NARROWEST = 16.0
"""In units of the font's size."""


class PagePicture(QWidget):
    """Drawn anew for another width, font, language or colours; never scaled, so always crisp."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[DrawnPart, ...] = ()
        self._highlight: tuple[str, ...] = ()
        self._addresses: tuple[str, ...] = ()
        self._picture = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr(say("Drawing of this part of the page")))

    def show_parts(
        self, parts: Sequence[DrawnPart], highlight: Sequence[str], addresses: Sequence[str]
    ) -> None:
        """Draw these; the same ones change nothing."""
        wanted = (tuple(parts), tuple(highlight), tuple(addresses))
        if wanted != (self._parts, self._highlight, self._addresses):
            self._parts, self._highlight, self._addresses = wanted
            self.restyle()

    def restyle(self) -> None:
        """Colours, font or language changed."""
        self.setAccessibleDescription(
            tr(drawing_words(self._parts, self._highlight, self._addresses))
        )
        self._draw()

    def sizeHint(self) -> QSize:
        """As wide as it is of use; the height follows from the width."""
        return QSize(round(self._em * _WIDEST), self.height())

    def minimumSizeHint(self) -> QSize:
        """Narrow windows get narrow lines."""
        return QSize(round(self._em * _NARROWEST), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths have other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What was drawn already."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    @property
    def _em(self) -> float:
        return float(self.fontInfo().pixelSize())

    def _draw(self) -> None:
        if not self._parts or self.width() < 1:
            return
        em = self._em
        width = max(em * _NARROWEST, min(em * _WIDEST, self.width()))
        pen = Pen(theme.tokens(), in_force(), em, width, QApplication.font().family())
        drawing = draw(self._parts, self._highlight, self._addresses, pen)
        ratio = self.devicePixelRatioF()
        size = QSize(round(drawing.width), round(drawing.height) + 1)
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        renderer = QSvgRenderer(QByteArray(drawing.svg.encode()))
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, drawing.width, drawing.height))
        painter.end()
        self._picture = picture
        self.setFixedHeight(size.height())
        self.update()
