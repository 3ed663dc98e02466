"""The keys as a list for Qt: one row per key, everything derived from `KeyRow`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from latchlight.gui.key_row import KeyRow
from latchlight.gui.session import Session

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The `KeyRow` itself, for the painter of the rows."""


class KeyListModel(QAbstractListModel):
    """Follows a session."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ids: list[str] = [row.id for row in session.rows]
        session.loaded.connect(self.reload)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._many_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many keys there are."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, spoken text, or the row itself."""
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.request.label
            case Qt.ItemDataRole.AccessibleTextRole:
                return str(row.spoken(self.now()))
            case _ if role == ROW_ROLE:
                return row
        return None

    def row_at(self, index: Index) -> KeyRow | None:
        """The key at this place, None for any other place."""
        if not index.isValid() or not 0 <= index.row() < len(self._ids):
            return None
        return self._session.row(self._ids[index.row()])

    def index_of(self, row_id: str) -> QModelIndex:
        """Where a key stands; an invalid index if it is not in the list."""
        return self.index(self._ids.index(row_id)) if row_id in self._ids else QModelIndex()

    def now(self) -> datetime:
        """The session's clock."""
        return self._session.now()

    def reload(self) -> None:
        """The session holds another set of keys."""
        self.beginResetModel()
        self._ids = [row.id for row in self._session.rows]
        self.endResetModel()

    def _row_changed(self, row_id: str) -> None:
        index = self.index_of(row_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def _many_changed(self) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))
