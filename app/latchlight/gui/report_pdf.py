"""A report as PDF: the blocks of `report/document.py` painted as real text on numbered pages.

Nothing here understands markup: every text is laid out as plain text, and nothing can be clicked.
Needs an application, for its fonts; works in any thread, since no widget is involved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import say
from latchlight.gui.light_look import LOOKS
from latchlight.gui.light_paint import paint_light, paint_past_light
from latchlight.gui.pdf_letters import with_whole_letters
from latchlight.gui.tokens import LIGHT
from latchlight.report.document import Block, Card, Document, Heading, Lit, Pairs, Para, Steps

_DOTS_PER_INCH = 600
_POINT = _DOTS_PER_INCH / 72
_MARGIN_MM = 17.0
_FOOT_POINTS = 26.0
_SIZES = {1: 18.0, 2: 13.5, 3: 10.5}
_BODY, _SMALL = 9.5, 8.5
_ROW_NAME = 0.16
"""Of the width, for the names in a list of names and values."""
_CHINESE_FONTS = ("Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC")
_LIGATURES = QFont.Tag("liga")
_WATERMARK = "#ece4f6"
"""Painted below the text, light enough to read on."""


@dataclass(frozen=True)
class _Line:
    """One line of a text that is laid out."""

    layout: QTextLayout
    number: int
    ink: str


@dataclass(frozen=True)
class _Shape:
    lit: Lit
    side: float


@dataclass(frozen=True)
class _Frame:
    """The border of a card on one page."""

    width: float
    height: float


_Thing = _Line | _Shape | _Frame


@dataclass
class _Page:
    things: list[tuple[QPointF, _Thing]] = field(default_factory=list)


def as_pdf(
    made: Document, font: QFont, page: QPageSize.PageSizeId, language: Language = ENGLISH
) -> bytes:
    """The whole file. `font` gives the family; letters that it lacks come from the system's other fonts."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(page),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(made.title)
    writer.setCreator("Latchlight")
    font = _with_chinese(font)
    flow = _Flow(writer, font, writer.width(), writer.height() - _FOOT_POINTS * _POINT)
    flow.add(made.blocks)
    painter = QPainter(writer)
    for number, each in enumerate(flow.pages, 1):
        if number > 1:
            writer.newPage()
        foot = language.of(
            say("{foot} · page {n} of {all}", foot=made.foot, n=number, all=len(flow.pages))
        )
        _paint(painter, each, made.practice, foot, font)
    painter.end()
    buffer.close()
    return with_whole_letters(bytes(data.data()))


class _Flow:
    """Puts blocks on pages from top to bottom. All lengths are in dots of the writer."""

    def __init__(self, writer: QPdfWriter, font: QFont, width: float, height: float) -> None:
        self._writer = writer
        self._font = font
        self._height = height
        self._left, self._width = 0.0, width
        self._top = 0.0
        self.pages = [_Page()]

    def add(self, blocks: Iterable[Block]) -> None:
        """Put them below what is there."""
        for block in blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        match block:
            case Heading(level, text):
                self._heading(level, text)
            case Lit():
                self._lit(block)
            case Para():
                ink = LIGHT.muted if block.muted else LIGHT.text
                inset = 10 * _POINT if block.quote else 0
                size = _SMALL if block.muted else _BODY
                self._text(block.text, size, ink, bold=block.strong, inset=inset)
                self._space(2)
            case Steps(lines, numbered):
                for number, line in enumerate(lines, 1):
                    mark = f"{number}." if numbered else "•"
                    self._beside(mark, line, 16 * _POINT)
                self._space(2)
            case Pairs(rows):
                for name, value in rows:
                    self._beside(name, value, self._width * _ROW_NAME)
                self._space(4)
            case Card(blocks):
                self._card(blocks)
            case _:
                assert_never(block)

    def _heading(self, level: int, text: str) -> None:
        if level == 2:
            self._space(14)
        # Never alone at the foot of a page.
        self._keep(6 * _SIZES[level] * _POINT)
        self._text(text, _SIZES[level], LIGHT.text, bold=True)
        self._space(4)

    def _lit(self, lit: Lit) -> None:
        size = _BODY + 1 if lit.strong else _BODY
        side = (size + 1.5) * _POINT
        self._keep(side * 2)
        self._put(0, _Shape(lit, side), 0)
        ink = LIGHT.muted if lit.past else getattr(LIGHT, LOOKS[lit.light].ink)
        top, page = self._top, len(self.pages)
        gap = side + 4 * _POINT
        word = self._text(lit.word, size, ink, bold=not lit.past, inset=gap)
        if len(self.pages) == page:
            self._top = top
        self._text(lit.text, size, LIGHT.text, bold=lit.strong, inset=gap + word + 7 * _POINT)
        self._space(3)

    def _beside(self, name: str, text: str, inset: float) -> None:
        """A mark or a name, and the text that wraps beside it."""
        top, page = self._top, len(self.pages)
        self._text(name, _BODY, LIGHT.muted)
        if len(self.pages) == page:
            self._top = top
        self._text(text, _BODY, LIGHT.text, inset=inset)
        self._space(1.5)

    def _card(self, blocks: tuple[Block, ...]) -> None:
        inner = 9 * _POINT
        height = self._measured(blocks, inner)
        if height < self._height:
            self._keep(height)
        page, top = len(self.pages) - 1, self._top
        self._left, self._width = self._left + inner, self._width - 2 * inner
        self._space(7)
        self.add(blocks)
        self._space(4)
        self._left, self._width = self._left - inner, self._width + 2 * inner
        for number in range(page, len(self.pages)):
            start = top if number == page else 0.0
            end = self._top if number == len(self.pages) - 1 else self._height
            self.pages[number].things.insert(
                0, (QPointF(self._left, start), _Frame(self._width, end - start))
            )
        self._space(7)

    def _measured(self, blocks: tuple[Block, ...], inner: float) -> float:
        trial = _Flow(self._writer, self._font, self._width - 2 * inner, float("inf"))
        trial.add(blocks)
        return trial._top + 11 * _POINT

    def _text(
        self, text: str, size: float, ink: str, *, bold: bool = False, inset: float = 0.0
    ) -> float:
        """Lines of plain text from `inset` on; the width of the widest one."""
        layout = QTextLayout(text, _sized(self._font, size, bold), self._writer)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        widest = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(self._width - inset, 40 * _POINT))
            widest = max(widest, line.naturalTextWidth())
            height = line.height() * 1.12
            self._keep(height)
            self._put(inset, _Line(layout, line.lineNumber(), ink), height)
        layout.endLayout()
        return widest

    def _put(self, inset: float, thing: _Thing, height: float) -> None:
        self.pages[-1].things.append((QPointF(self._left + inset, self._top), thing))
        self._top += height

    def _keep(self, height: float) -> None:
        """Begin a page where this does not fit any more."""
        if self._top + height > self._height and self._top > 0:
            self.pages.append(_Page())
            self._top = 0.0

    def _space(self, points: float) -> None:
        if self._top > 0:
            self._top = min(self._top + points * _POINT, self._height)


def _with_chinese(font: QFont) -> QFont:
    """Without a wish the system may take Japanese shapes for Chinese words."""
    made = QFont(font)
    made.setFamilies([QFontInfo(font).family(), *_CHINESE_FONTS])
    return made


def _sized(font: QFont, points: float, bold: bool) -> QFont:
    made = QFont(font)
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    # A ligature is one letter to a reader's search: "find" would not be found.
    made.setFeature(_LIGATURES, 0)
    return made


def _paint(painter: QPainter, page: _Page, watermark: str, foot: str, font: QFont) -> None:
    writer = painter.device()
    width, height = float(writer.width()), float(writer.height())
    if watermark:
        _paint_watermark(painter, watermark, font, width, height)
    for place, thing in page.things:
        match thing:
            case _Line(layout, number, ink):
                painter.setPen(QColor(ink))
                line = layout.lineAt(number)
                # A line remembers where it stands in its own layout; here every line has its place.
                line.draw(painter, place - line.position())
            case _Shape(lit, side):
                box = QRectF(place.x(), place.y(), side, side)
                paint = paint_past_light if lit.past else paint_light
                paint(painter, box, LOOKS[lit.light], LIGHT)
            case _Frame(wide, high):
                painter.setPen(QColor(LIGHT.border))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(place.x(), place.y(), wide, high), 40, 40)
    painter.setFont(_sized(font, _SMALL, bold=False))
    painter.setPen(QColor(LIGHT.muted))
    box = QRectF(0, height - _FOOT_POINTS * _POINT, width, _FOOT_POINTS * _POINT)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter), foot)


def _paint_watermark(
    painter: QPainter, text: str, font: QFont, width: float, height: float
) -> None:
    painter.save()
    large = _sized(font, 100, bold=True)
    painter.setFont(large)
    painter.setPen(QColor(_WATERMARK))
    painter.translate(width / 2, height / 2)
    painter.rotate(-50)
    needed = QFontMetricsF(large, painter.device()).horizontalAdvance(text)
    fitting = min(1.0, height * 0.9 / max(needed, 1.0))
    painter.scale(fitting, fitting)
    painter.drawText(
        QRectF(-needed, -needed, 2 * needed, 2 * needed), int(Qt.AlignmentFlag.AlignCenter), text
    )
    painter.restore()
