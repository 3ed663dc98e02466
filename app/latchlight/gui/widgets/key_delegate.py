"""Paints the rows of the list of keys, each once per change: the rest is copied from a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from latchlight.core.sentences import series
from latchlight.gui import theme
from latchlight.gui.key_groups import Heading
from latchlight.gui.key_row import KeyRow
from latchlight.gui.light_paint import paint_light
from latchlight.gui.models.key_list import ROW_ROLE, KeyListModel
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr

Index = QModelIndex | QPersistentModelIndex
Shown = KeyRow | Heading
_TALLEST = 100_000
_MOST_MEASURED = 4096
"""Texts whose size is remembered."""
_SELECTED = QStyle.StateFlag.State_Selected
_HOVERED = QStyle.StateFlag.State_MouseOver
_FOCUSED = QStyle.StateFlag.State_HasFocus


@dataclass(frozen=True)
class _Line:
    """One wrapped text in its place."""

    font: QFont
    ink: str
    text: str
    place: QRect
    wrap: int


class _Rule:
    """Measures texts in the fonts of one situation. Most texts of a row are those of the row before."""

    def __init__(self) -> None:
        self._metrics: dict[TextRole, QFontMetrics] = {}
        self._known: dict[tuple[TextRole, str, int], tuple[int, int]] = {}

    def height(self, role: TextRole) -> int:
        """Of one line."""
        return self._metrics_of(role).height()

    def fit(self, role: TextRole, text: str, room: int) -> tuple[int, int]:
        """How tall the text is in this width, and how it wraps."""
        known = self._known.get((role, text, room))
        if known is None:
            if len(self._known) >= _MOST_MEASURED:
                self._known.clear()
            known = self._known[role, text, room] = self._measure(role, text, room)
        return known

    def _measure(self, role: TextRole, text: str, room: int) -> tuple[int, int]:
        metrics, wrap = self._metrics_of(role), int(Qt.TextFlag.TextWordWrap)
        if metrics.horizontalAdvance(text) <= room:
            return metrics.height(), wrap
        if max(metrics.horizontalAdvance(word) for word in text.split()) > room:
            wrap = int(Qt.TextFlag.TextWrapAnywhere)
        box = QRect(0, 0, room, _TALLEST)
        return metrics.boundingRect(box, wrap, text).height(), wrap

    def _metrics_of(self, role: TextRole) -> QFontMetrics:
        known = self._metrics.get(role)
        if known is None:
            known = self._metrics[role] = QFontMetrics(theme.font(role))
        return known


class _Lines:
    """The lines of a row and where they go, for painting and for measuring alike."""

    def __init__(self, shown: Shown, now: datetime, width: int, headed: bool, rule: _Rule) -> None:
        self.shown = shown
        self.pictures: dict[tuple[bool, bool, bool], QPixmap] = {}
        self.side = rule.height(TextRole.STRONG)
        self.left = GRID * 3 + self.side
        # A heading leaves room for the mark that says whether it is open.
        margin = GRID * 2 + self.side if isinstance(shown, Heading) else GRID
        self._room = max(40, width - self.left - margin)
        self.lines: list[_Line] = []
        self.height = GRID
        for role, ink, text in _texts(shown, now, headed):
            self._add(role, ink, tr(text), rule)
        self.height += GRID

    def _add(self, role: TextRole, ink: str, text: str, rule: _Rule) -> None:
        height, wrap = rule.fit(role, text, self._room)
        place = QRect(self.left, self.height, self._room, height)
        self.lines.append(_Line(theme.font(role), ink, text, place, wrap))
        self.height += height + 1


def _texts(shown: Shown, now: datetime, headed: bool) -> Iterator[tuple[TextRole, str, str]]:
    """Role, colour and text of each line."""
    look, verdict = shown.verdict.look, shown.verdict.text
    if isinstance(shown, Heading):
        yield TextRole.STRONG, "text", shown.name
        yield TextRole.SMALL, look.ink, verdict
        yield TextRole.SMALL, "muted", shown.counts
        return
    request = shown.request
    exchange = "" if headed else request.exchange.name
    parts = (exchange, request.hint, shown.status(now))
    yield TextRole.STRONG, "text", request.label
    yield TextRole.SMALL, look.ink, verdict
    yield TextRole.SMALL, "muted", series((part for part in parts if part), " · ")


def _name(shown: Shown) -> str:
    """What tells this place from all others, over all changes."""
    return f"/{shown.exchange}" if isinstance(shown, Heading) else shown.id


class KeyDelegate(QStyledItemDelegate):
    """Measures and paints; both are remembered per row, width, font, colours and day."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._measured: dict[str, _Lines] = {}
        self._heights: dict[str, int] = {}
        self._situation: tuple[object, ...] = ()
        self._rule = _Rule()

    def grew(self, first: Index, last: Index) -> bool:
        """Whether a row has another height than the last time it was laid out."""
        return any(
            lines is None or self._heights.get(_name(lines.shown)) != lines.height
            for lines in map(self._lines, _between(first, last))
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as its wrapped lines: nothing is cut off."""
        lines = self._lines(index)
        if lines is None:
            return QSize(0, 0)
        self._heights[_name(lines.shown)] = lines.height
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
        colours, shown = theme.tokens(), lines.shown
        picture.fill(QColor(colours.window))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, size.width(), size.height()).adjusted(GRID / 2, 1, -GRID / 2, -1)
        resting = colours.sunken if isinstance(shown, Heading) else ""
        _ground(painter, box, resting, selected, hovered, focused)
        light = QRectF(GRID * 2, GRID, lines.side, lines.side)
        paint_light(painter, light, shown.verdict.look, colours)
        if isinstance(shown, Heading):
            mark = QRectF(box.right() - GRID - lines.side, GRID, lines.side, lines.side)
            _chevron(painter, mark, shown.opened)
        for line in lines.lines:
            painter.setFont(line.font)
            painter.setPen(QColor(getattr(colours, line.ink)))
            painter.drawText(line.place, line.wrap, line.text)
        painter.end()
        return picture

    def _lines(self, index: Index) -> _Lines | None:
        shown, model = index.data(ROW_ROLE), index.model()
        if not isinstance(shown, KeyRow | Heading) or not isinstance(model, KeyListModel):
            return None
        now, width = model.now(), self._view.viewport().width()
        situation = (
            width,
            model.headed,
            QApplication.font().key(),
            now.date(),
            theme.tokens().window,
            self._view.devicePixelRatioF(),
        )
        if situation != self._situation:
            self._situation = situation
            self._measured.clear()
            self._rule = _Rule()
        known = self._measured.get(_name(shown))
        if known is None or known.shown is not shown:
            known = _Lines(shown, now, width, model.headed, self._rule)
            self._measured[_name(shown)] = known
        return known


def _between(first: Index, last: Index) -> Iterator[QModelIndex]:
    model = first.model()
    for row in range(first.row(), last.row() + 1):
        yield model.index(row, 0)


def _ground(
    painter: QPainter, box: QRectF, resting: str, selected: bool, hovered: bool, focused: bool
) -> None:
    colours = theme.tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    colour = colours.selected if selected else colours.hover if hovered else resting
    if colour:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(box, 6, 6)
    if selected and focused:
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)


def _chevron(painter: QPainter, box: QRectF, opened: bool) -> None:
    """Points down where the group is open, to the right where it is closed."""
    corners = [(0.3, 0.4), (0.5, 0.6), (0.7, 0.4)]
    if not opened:
        corners = [(y, x) for x, y in corners]
    points = [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners]
    painter.setPen(QPen(QColor(theme.tokens().muted), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
