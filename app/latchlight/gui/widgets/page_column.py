"""A page that scrolls up and down, with one column of readable width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from latchlight.gui.theme import GRID

_WIDEST_LINE = 96
"""Letters; longer lines are hard to read."""


class PageColumn(QScrollArea):
    """Add widgets from top to bottom; the width follows the font, never the longest word."""

    def __init__(self, parent: QWidget | None = None, letters: int = _WIDEST_LINE) -> None:
        super().__init__(parent)
        self._letters = letters
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = self._inner = QWidget()
        # Asks for no height of its own: wrapped labels would ask for one word per line.
        inner.setMinimumSize(1, 1)
        self._middle = QWidget()
        self._column = QVBoxLayout(self._middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID * 2)
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        outer.addWidget(self._middle, 1)
        outer.addStretch(0)
        self.setWidget(inner)
        self._fit()

    def add(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self._column.addWidget(widget)

    def add_row(self, row: QLayout) -> None:
        """Put a layout below what is there."""
        self._column.addLayout(row)

    def close_column(self) -> None:
        """What comes last: empty space takes the rest of the height."""
        self._column.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font size."""
        if event.type() is QEvent.Type.ApplicationFontChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        letter = QFontMetrics(QApplication.font()).averageCharWidth()
        self._middle.setMaximumWidth(letter * self._letters)

    def scroll_to(self, widget: QWidget) -> None:
        """Scroll so far that the widget can be read, with a little of what is above it."""
        inner, bar = self._inner, self.verticalScrollBar()
        if not inner.isAncestorOf(widget) or widget.isHidden():
            return
        top = widget.mapTo(inner, QPoint(0, 0)).y()
        lowest = top + widget.height() + GRID * 2 - self.viewport().height()
        highest = max(0, top - GRID * 8)
        if bar.value() < lowest:
            bar.setValue(min(lowest, highest))
        elif bar.value() > highest:
            bar.setValue(highest)


def bring_into_view(widget: QWidget) -> None:
    """Scroll the page around a widget that was just opened, once it has its place."""

    def now() -> None:
        page = widget.parentWidget() if isValid(widget) else None
        while page is not None and not isinstance(page, PageColumn):
            page = page.parentWidget()
        if page is not None:
            page.scroll_to(widget)

    QTimer.singleShot(0, now)
