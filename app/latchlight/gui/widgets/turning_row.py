"""A row that becomes a column where its widgets do not fit side by side.

Unlike `FlowLayout` it is asked once per change of width and not at every step of a layout, each
of which would wait for the interpreter while workers are busy: lists of cards are made of these.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from latchlight.gui.theme import GRID
from latchlight.gui.widgets.flow import wanted_size

_SIDE_BY_SIDE = QBoxLayout.Direction.LeftToRight
_STACKED = QBoxLayout.Direction.TopToBottom


class TurningRow(QWidget):
    """Add widgets; call `turn` when a text in it has changed."""

    def __init__(
        self, *widgets: QWidget, spacing: int = GRID, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(_SIDE_BY_SIDE, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)
        self._row.addStretch(1)
        # Never wider than its place: what does not fit is the reason to turn.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget, *, first: bool = False) -> None:
        """Put a widget at the end, or in front."""
        place = 0 if first else self._row.count() - 1
        if isinstance(widget, QLabel):
            self._row.insertWidget(place, widget, 1000)
        else:
            self._row.insertWidget(place, widget, 0, Qt.AlignmentFlag.AlignLeft)

    def turn(self) -> None:
        """Decide again."""
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        wide = [wanted_size(item).width() for item in items if item is not None and item.widget()]
        needed = sum(wide) + self._row.spacing() * max(0, len(wide) - 1)
        self._row.setDirection(_SIDE_BY_SIDE if needed <= self.width() else _STACKED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, perhaps another direction."""
        super().resizeEvent(event)
        self.turn()

    def restyle(self) -> None:
        """Another size of text."""
        self.turn()
