"""The table of what each exchange can tell: wrapped texts, readable at every size of text."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from latchlight.core.sentences import say
from latchlight.gui import theme
from latchlight.gui.models.exchange_table import ExchangeTableModel
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr

_COLUMN_LETTERS = (26, 36)
"""A column is so wide, or wider for a long word in it, but not wider than this."""
_TOPIC_LETTERS = 22
_TOPIC_PART = 0.3
"""Of the width, at most, for the column of topics: it always stays in sight."""
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_TALLEST = 100_000
_FRAME = 2 * GRID
"""What frame, padding and margin of a cell take on both sides together."""

Index = QModelIndex | QPersistentModelIndex


class ExchangeTable(QTableView):
    """Arrow keys walk through the cells; Tab leaves."""

    def __init__(self, model: ExchangeTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(tr(say("What each exchange can tell")))
        self.setVerticalHeader(_Topics(self))
        self.setItemDelegate(_Cells(self))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Another size of text: columns and rows are measured again."""
        across, metrics = self.horizontalHeader(), QFontMetrics(self.font())
        least, most = (metrics.averageCharWidth() * letters for letters in _COLUMN_LETTERS)
        for column in range(self.model().columnCount()):
            longest = max(metrics.horizontalAdvance(word) for word in self._words(column))
            across.resizeSection(column, min(most, max(least, longest + 3 * GRID)))
        if self.isVisible():  # else its first size comes with showing it
            self._fit()

    def _words(self, column: int) -> Iterator[str]:
        """What cannot be wrapped: the exchanges' own names of fields are long."""
        model = self.model()
        for row in range(model.rowCount()):
            yield from str(model.index(row, column).data()).split()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column of topics never takes the room of the rest."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.restyle()

    def _fit(self) -> None:
        letter = QFontMetrics(self.font()).averageCharWidth()
        most = round(self.width() * _TOPIC_PART)
        topics = self.verticalHeader()
        topics.setFixedWidth(min(letter * _TOPIC_LETTERS, max(most, letter * 8)))
        self.resizeRowsToContents()


class _Cells(QStyledItemDelegate):
    """Measures a text in the room that the style leaves for it: Qt forgets frame and padding."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as the wrapped text in the width of its column."""
        width = self._table.columnWidth(index.column())
        metrics = QFontMetrics(self._table.font())
        box = metrics.boundingRect(0, 0, width - _FRAME, _TALLEST, _WRAP, str(index.data()))
        return QSize(width, box.height() + GRID)


class _Topics(QHeaderView):
    """The names of the rows, wrapped: Qt's own header would cut them off."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setDefaultAlignment(Qt.AlignmentFlag(_WRAP))
        self.setHighlightSections(False)

    def sectionSizeFromContents(self, section: int) -> QSize:
        """As tall as the wrapped name at the width that there is."""
        text = str(self.model().headerData(section, Qt.Orientation.Vertical))
        metrics = QFontMetrics(theme.font(TextRole.STRONG))
        room = max(1, self.width() - 3 * GRID // 2)
        box = metrics.boundingRect(0, 0, room, _TALLEST, _WRAP, text)
        return QSize(self.width(), box.height() + GRID)
