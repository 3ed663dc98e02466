"""Paints the rows of the list of keys, each once per change: the rest is copied from a picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from latchlight.gui import theme
from latchlight.gui.key_row import KeyRow
from latchlight.gui.light_paint import paint_light
from latchlight.gui.models.key_list import ROW_ROLE, KeyListModel
from latchlight.gui.theme import GRID, TextRole

Index = QModelIndex | QPersistentModelIndex
_TALLEST = 100_000
_SELECTED = QStyle.StateFlag.State_Selected
_HOVERED = QStyle.StateFlag.State_MouseOver
_FOCUSED = QStyle.StateFlag.State_HasFocus


class _Lines:
    """The lines of a row and where they go, for painting and for measuring alike."""

    def __init__(self, row: KeyRow, now: datetime, width: int) -> None:
        self.row = row
        self.pictures: dict[tuple[bool, bool, bool], QPixmap] = {}
        strong, small = theme.font(TextRole.STRONG), theme.font(TextRole.SMALL)
        self.side = QFontMetrics(strong).height()
        self.left = GRID * 3 + self.side
        self._room = max(40, width - self.left - GRID)
        request = row.request
        parts = (request.exchange.name, request.hint, row.status(now))
        self.lines: list[tuple[QFont, str, str, QRect, int]] = []
        self.height = GRID
        self._add(strong, "text", request.label)
        self._add(small, row.verdict.look.ink, str(row.verdict.text))
        self._add(small, "muted", " · ".join(part for part in parts if part))
        self.height += GRID

    def _add(self, font: QFont, ink: str, text: str) -> None:
        metrics = QFontMetrics(font)
        height, wrap = metrics.height(), int(Qt.TextFlag.TextWordWrap)
        if metrics.horizontalAdvance(text) > self._room:
            if max(metrics.horizontalAdvance(word) for word in text.split()) > self._room:
                wrap = int(Qt.TextFlag.TextWrapAnywhere)
            box = QRect(0, 0, self._room, _TALLEST)
            height = metrics.boundingRect(box, wrap, text).height()
        place = QRect(self.left, self.height, self._room, height)
        self.lines.append((font, ink, text, place, wrap))
        self.height += height + 1


class KeyDelegate(QStyledItemDelegate):
    """Measures and paints; both are remembered per row, width, font, colours and day."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._measured: dict[str, _Lines] = {}
        self._heights: dict[str, int] = {}
        self._situation: tuple[object, ...] = ()

    def grew(self, first: Index, last: Index) -> bool:
        """Whether a row has another height than the last time it was laid out."""
        return any(
            lines is None or self._heights.get(lines.row.id) != lines.height
            for lines in map(self._lines, _between(first, last))
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as its wrapped lines: nothing is cut off."""
        lines = self._lines(index)
        if lines is None:
            return QSize(0, 0)
        self._heights[lines.row.id] = lines.height
        return QSize(self._view.viewport().width(), lines.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """From the picture of this row in this state."""
        lines = self._lines(index)
        if lines is None:
            return
        state = option.state
        key = (bool(state & _SELECTED), bool(state & _HOVERED), bool(state & _FOCUSED))
        picture = lines.pictures.get(key)
        if picture is None:
            picture = lines.pictures[key] = self._picture(lines, *key)
        painter.drawPixmap(option.rect.topLeft(), picture)

    def _picture(self, lines: _Lines, selected: bool, hovered: bool, focused: bool) -> QPixmap:
        ratio = self._view.devicePixelRatioF()
        size = QSize(self._view.viewport().width(), lines.height)
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        colours = theme.tokens()
        picture.fill(QColor(colours.window))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, size.width(), size.height()).adjusted(GRID / 2, 1, -GRID / 2, -1)
        _ground(painter, box, selected, hovered, focused)
        light = QRectF(GRID * 2, GRID, lines.side, lines.side)
        paint_light(painter, light, lines.row.verdict.look, colours)
        for font, ink, text, place, wrap in lines.lines:
            painter.setFont(font)
            painter.setPen(QColor(getattr(colours, ink)))
            painter.drawText(place, wrap, text)
        painter.end()
        return picture

    def _lines(self, index: Index) -> _Lines | None:
        row, model = index.data(ROW_ROLE), index.model()
        if not isinstance(row, KeyRow) or not isinstance(model, KeyListModel):
            return None
        now, width = model.now(), self._view.viewport().width()
        situation = (
            width,
            QApplication.font().key(),
            now.date(),
            theme.tokens().window,
            self._view.devicePixelRatioF(),
        )
        if situation != self._situation:
            self._situation = situation
            self._measured.clear()
        known = self._measured.get(row.id)
        if known is None or known.row is not row:
            known = self._measured[row.id] = _Lines(row, now, width)
        return known


def _between(first: Index, last: Index) -> Iterator[QModelIndex]:
    model = first.model()
    for row in range(first.row(), last.row() + 1):
        yield model.index(row, 0)


def _ground(painter: QPainter, box: QRectF, selected: bool, hovered: bool, focused: bool) -> None:
    colours = theme.tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or hovered:
        painter.setBrush(QColor(colours.selected if selected else colours.hover))
        painter.drawRoundedRect(box, 6, 6)
    if selected and focused:
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
