"""The list of keys: one row each with light, name, exchange, end of the key, and last check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from latchlight.core.sentences import say
from latchlight.gui.models.key_list import KeyListModel
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.key_delegate import KeyDelegate

Index = QModelIndex | QPersistentModelIndex
_TURN = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BATCH = 500
"""Rows that are laid out at once: where a chosen row stands must be known to scroll to it."""


class KeyListView(QListView):
    """Keyboard, mouse and screen reader come from Qt; only the rows are painted here.

    A heading opens and closes by a click, Space or Enter, or by the arrows to the right and left.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = KeyDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr(say("Your keys")))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.clicked.connect(self._turn)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """A row changed. Only one that grew or shrank is worth measuring the whole list again."""
        if self._delegate.grew(first, last):
            super().dataChanged(first, last, roles)
        else:
            QAbstractItemView.dataChanged(self, first, last, roles)

    def choose(self, index: QModelIndex) -> None:
        """Make this the chosen row, and bring it into sight once the rows have their places."""
        self.setCurrentIndex(index)
        QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A scroll bar that came or went wraps the texts in another way; Qt alone waits before it looks."""
        whole = self._shows_chosen(event.oldSize().height())
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
        if whole:
            self._show_current()

    def doItemsLayout(self) -> None:
        """Rows above the chosen one may have grown: a chosen row that was in sight stays there."""
        whole = self._shows_chosen(self.viewport().height())
        super().doItemsLayout()
        if whole:
            self._show_current()

    def _shows_chosen(self, height: int) -> bool:
        """Whether the whole chosen row stands within this height of the list."""
        place = self.visualRect(self.currentIndex())
        return place.isValid() and place.top() >= 0 and place.bottom() < height

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:
        """A chosen row that is hidden leaves nothing chosen: Qt would choose its neighbour."""
        if first <= self.currentIndex().row() <= last:
            self.setCurrentIndex(QModelIndex())
        super().rowsAboutToBeRemoved(parent, first, last)

    def changeEvent(self, event: QEvent) -> None:
        """Rows grow with the font."""
        if event.type() is QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Headings first; everything else is Qt's."""
        if self._heading_key(Qt.Key(event.key())):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _heading_key(self, key: Qt.Key) -> bool:
        """Whether this key did something with a group."""
        model, index = self.model(), self.currentIndex()
        if not isinstance(model, KeyListModel):
            return False
        if model.heading_at(index) is None:
            over = model.heading_of(index)
            if key is Qt.Key.Key_Left and over.isValid():
                self.setCurrentIndex(over)
                return True
            return False
        if key in _TURN:
            self._turn(index)
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            model.set_open(index, key is Qt.Key.Key_Right)
            return True
        return False

    def _turn(self, index: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, KeyListModel):
            heading = model.heading_at(index)
            if heading is not None:
                model.set_open(index, not heading.opened)
