"""The list of keys: one row each with light, name, exchange, end of the key, and last check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from latchlight.core.sentences import say
from latchlight.gui.widgets.key_delegate import KeyDelegate

Index = QModelIndex | QPersistentModelIndex


class KeyListView(QListView):
    """Keyboard, mouse and screen reader come from Qt; only the rows are painted here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = KeyDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(say("Your keys"))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """A row changed. Only one that grew or shrank is worth measuring the whole list again."""
        if self._delegate.grew(first, last):
            super().dataChanged(first, last, roles)
        else:
            QAbstractItemView.dataChanged(self, first, last, roles)

    def changeEvent(self, event: QEvent) -> None:
        """Rows grow with the font."""
        if event.type() is QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
