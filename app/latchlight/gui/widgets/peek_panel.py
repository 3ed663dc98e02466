"""Shows a secret for a moment: painted, so that no other program finds a text to read or select."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from latchlight.core.sentences import say
from latchlight.gui import theme
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr

_MOST_ROWS = 6


class PeekPanel(QWidget):
    """A sunken box with the text in a fixed font, cut into rows. Empty and hidden when not in use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setAccessibleName(tr(say("Shown on the screen only")))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show it; an empty text hides the panel."""
        self._text = text
        self._fit()
        self.setVisible(bool(text))
        self.update()

    def _rows(self) -> list[str]:
        metrics = QFontMetrics(theme.fixed_font())
        letter = max(metrics.horizontalAdvance("0"), 1)
        width = max((self.width() - 2 * GRID) // letter, 8)
        rows = [
            line[at : at + width]
            for line in self._text.strip().splitlines()
            for at in range(0, len(line), width)
        ]
        if len(rows) <= _MOST_ROWS:
            return rows
        half = _MOST_ROWS // 2
        return [*rows[: _MOST_ROWS - half], "…", *rows[-half + 1 :]]

    def _fit(self) -> None:
        rows = max(len(self._rows()), 1)
        self.setFixedHeight(rows * QFontMetrics(theme.fixed_font()).lineSpacing() + 2 * GRID)

    def sizeHint(self) -> QSize:
        """As wide as it may be."""
        return QSize(40 * GRID, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut into rows again."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow font size and colours."""
        if event.type() is QEvent.Type.ApplicationFontChange:
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box and its rows."""
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setPen(QColor(colours.text))
        painter.setFont(theme.fixed_font())
        metrics = painter.fontMetrics()
        for number, row in enumerate(self._rows()):
            painter.drawText(GRID, GRID + metrics.ascent() + number * metrics.lineSpacing(), row)
        painter.end()
