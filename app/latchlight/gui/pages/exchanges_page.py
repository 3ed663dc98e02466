"""What each exchange can tell, made from the tables by which this version reads them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say, series
from latchlight.exchanges import FACTS_DATE
from latchlight.exchanges.overview import what
from latchlight.exchanges.spec import SOURCE_WORDS, ExchangeSpec, Sourced
from latchlight.gui.models.exchange_table import ExchangeTableModel
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.exchange_table import ExchangeTable
from latchlight.gui.widgets.plain_label import PlainLabel

_TALL_LINES = 24
"""A page with less room than this leaves its introduction out: the table needs it."""
_SOURCE_LINES = 6
"""Always the same height: the table must not move under the cell that was just chosen."""


class ExchangesPage(QWidget):
    """The table, and below it where the chosen cell comes from: reachable by keyboard too."""

    def __init__(self, specs: Sequence[ExchangeSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ExchangeTableModel(specs, self)
        self.table = ExchangeTable(self.model)
        self._intro = PlainLabel(
            say(
                "By these tables Latchlight reads the exchanges; they were compared with their sources on {date}. "
                "Choose a cell to see where it comes from.",
                date=FACTS_DATE,
            ),
            ink="muted",
        )
        self.source = _Source()
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 3, GRID, GRID * 3, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._intro)
        column.addWidget(self.source)
        # In a turn of its own: measuring all its rows takes as long as everything else here.
        QTimer.singleShot(0, self, lambda: column.insertWidget(1, self.table, 1))
        self.table.selectionModel().currentChanged.connect(self._chosen)
        self.table.setCurrentIndex(self.model.index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window the table comes first."""
        super().resizeEvent(event)
        line = max(1, QFontMetrics(self.font()).lineSpacing())
        self._intro.setVisible(self.height() // line >= _TALL_LINES)
        self.source.setFixedHeight(min(line * _SOURCE_LINES, self.height() // 4))

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.source.show_said(self.model.place(current), self.model.said(current))


class _Source(QScrollArea):
    """Where a statement comes from, how sure it is, and when it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr(say("Where it comes from")))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self._place = PlainLabel(role=TextRole.STRONG)
        self._lines = PlainLabel(selectable=True)
        self._column.addWidget(self._place)
        self._column.addWidget(self._lines)
        self._column.addStretch(1)
        self.setWidget(inner)

    @property
    def text(self) -> str:
        """What is said about the chosen cell."""
        return f"{self._place.text()}\n{self._lines.text()}"

    def show_said(self, place: Sentence, said: Sequence[Sourced]) -> None:
        """Show these statements instead of those before."""
        self._place.setText(place)
        lines = [line for row in said for line in _lines(row)]
        self._lines.setText(series(lines, "\n") if lines else say("Nothing is known about it."))
        self.setAccessibleDescription(tr(self.text))
        self.verticalScrollBar().setValue(0)


def _lines(row: Sourced) -> tuple[Sentence, Sentence]:
    where = say(
        "{certainty}: {source}, read {date}",
        certainty=SOURCE_WORDS[row.certainty],
        source=row.source,
        date=row.date,
    )
    return what(row), where
