"""What each exchange can tell, as a table for Qt: topics down, exchanges across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from latchlight.core.sentences import Sentence, say, series
from latchlight.exchanges.overview import cell_text, statements
from latchlight.exchanges.spec import TOPIC_WORDS, ExchangeSpec, Sourced, Topic
from latchlight.gui.tongue import tr

Index = QModelIndex | QPersistentModelIndex
_TOPICS = tuple(Topic)
_TOP_LEFT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class ExchangeTableModel(QAbstractTableModel):
    """Never changes: the statements belong to the version of the program."""

    def __init__(self, specs: Sequence[ExchangeSpec], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._specs = tuple(specs)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row per topic."""
        return 0 if parent.isValid() else len(_TOPICS)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One column per exchange."""
        return 0 if parent.isValid() else len(self._specs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; screen readers hear where it stands too."""
        if not self._is_inside(index):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tr(cell_text(self.said(index)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr(series((self.place(index), cell_text(self.said(index))), ": "))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _TOP_LEFT
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Names of exchanges across, topics down."""
        across = orientation is Qt.Orientation.Horizontal
        known = 0 <= section < (len(self._specs) if across else len(_TOPICS))
        if role != Qt.ItemDataRole.DisplayRole or not known:
            return None
        return self._specs[section].name if across else tr(TOPIC_WORDS[_TOPICS[section]])

    def said(self, index: Index) -> tuple[Sourced, ...]:
        """The statements behind a cell."""
        return statements(self._specs[index.column()], _TOPICS[index.row()])

    def place(self, index: Index) -> Sentence:
        """`OKX, withdrawal right`."""
        spec, topic = self._specs[index.column()], _TOPICS[index.row()]
        return say("{exchange}, {topic}", exchange=spec.name, topic=TOPIC_WORDS[topic])

    def _is_inside(self, index: Index) -> bool:
        return index.isValid() and index.row() < len(_TOPICS) and index.column() < len(self._specs)
