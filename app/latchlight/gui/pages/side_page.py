"""Room for settings and trust in the same window, with the way back always in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel


class SidePage(QWidget):
    """Holds one page at a time; it is made when opened and gone when left."""

    moved = Signal(bool)
    """True: a page is open. False: back to the keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: QWidget | None = None
        head = QFrame()
        head.setProperty("panel", "side-head")
        row = QHBoxLayout(head)
        row.setContentsMargins(GRID * 3, GRID * 3 // 2, GRID * 3, GRID)
        self._back = button(say("Back to your keys"), self.close_page, tip=say("Back (Esc)"))
        row.setSpacing(GRID * 2)
        row.addWidget(self._back)
        self._heading = PlainLabel(role=TextRole.HEADING)
        row.addWidget(self._heading, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(head)

    @property
    def is_open(self) -> bool:
        """Whether a page stands here."""
        return self._page is not None

    @property
    def page(self) -> QWidget | None:
        """What stands here."""
        return self._page

    def open_page(self, name: str, page: QWidget, *, headed: bool = False) -> None:
        """Show this page instead of the one before. `headed`: it has no title of its own."""
        self._heading.setText(name if headed else "")
        self._drop()
        self._page = page
        self.setAccessibleName(tr(name))
        if not page.accessibleName():
            page.setAccessibleName(tr(name))  # what scrolls takes the keyboard and is told, too
        self._layout.addWidget(page, 1)
        page.show()  # at once, not in the next turn of the event loop: the one before is gone now
        self.moved.emit(True)
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to the way back."""
        self._back.setFocus()

    def close_page(self) -> None:
        """Back to the keys."""
        if self._page is not None:
            self._drop()
            self.moved.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
        else:
            super().keyPressEvent(event)

    def _drop(self) -> None:
        if self._page is not None:
            self._page.hide()
            self._page.deleteLater()
            self._page = None
