"""A page that scrolls up and down, with one column of readable width."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
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


_AT_ONCE = 2
"""Widgets of a page in pieces that are there from the start: more than fits is rarely read at once."""


Piece = QWidget | Callable[[], QWidget | None]
"""A widget, what makes one when its turn comes, or what fills one that is there already."""


class PageColumn(QScrollArea):
    """Add widgets from top to bottom; the width follows the font, never the longest word."""

    completed = Signal()
    """Everything that was added before `close_column` is in its place."""

    IN_PIECES = False
    """Whether what comes below is put in its place one by one, a turn of the event loop each: no turn is long then."""

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
        # Those that wait have a parent from the start: shown without one, they would be windows.
        self._anteroom = QWidget(self._middle)
        self._anteroom.hide()
        self._late: deque[Piece] = deque()
        self._next_turn = QTimer(self, interval=0)
        self._next_turn.timeout.connect(self._place_one)
        self.setWidget(inner)
        self._fit()

    def add(self, *pieces: Piece) -> None:
        """Put widgets below what is there; what takes long to make is made when its turn comes."""
        for piece in pieces:
            if not self.IN_PIECES or self._column.count() < _AT_ONCE:
                self._append(_made(piece))
                continue
            if isinstance(piece, QWidget):
                piece.setParent(self._anteroom)
            self._late.append(piece)

    def add_row(self, row: QLayout) -> None:
        """Put a layout below what is there."""
        if not self._late:
            self._column.addLayout(row)
            return
        row.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(row)
        self.add(holder)

    def close_column(self) -> None:
        """What comes last: empty space takes the rest of the height."""
        if self._late:
            self._next_turn.start()
        else:
            self._close()

    @property
    def complete(self) -> bool:
        """Whether everything is in its place."""
        return not self._late

    def complete_now(self) -> None:
        """Put the rest in its place at once."""
        while self._late:
            self._place_one()

    def _place_one(self) -> None:
        widget = _made(self._late.popleft())
        hidden = _is_put_away(widget)
        self._append(widget)
        if widget is not None:
            widget.setVisible(not hidden)  # the layout would show it a turn later
        if not self._late:
            self._next_turn.stop()
            self._close()

    def _append(self, widget: QWidget | None) -> None:
        if widget is not None:
            self._column.addWidget(widget)

    def _close(self) -> None:
        self._column.addStretch(1)
        self.completed.emit()

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
        self.complete_now()
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


def _made(piece: Piece) -> QWidget | None:
    return piece if isinstance(piece, QWidget) else piece()


def _is_put_away(widget: QWidget | None) -> bool:
    """Whether somebody hid it; one that was never shown only waits for its place."""
    told = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    return widget is not None and widget.isHidden() and widget.testAttribute(told)
