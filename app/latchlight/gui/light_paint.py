"""Paints the shapes of the lights, sharp at every size and readable without colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from latchlight.gui.light_look import LightLook, Shape
from latchlight.gui.tokens import Tokens
from latchlight.report import light_shapes as shapes

_THINNEST = 1.4
"""Pixels (points in a document); thinner strokes look torn."""
_THIN = 0.07
"""Width of the strokes of a light that was, as a part of its size."""


def paint_light(painter: QPainter, box: QRectF, look: LightLook, tokens: Tokens) -> None:
    """Draw the shape into the largest square in the middle of `box`."""
    side = min(box.width(), box.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(box.center())
    ink, cut = QColor(getattr(tokens, look.ink)), QColor(tokens.surface)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    match look.shape:
        case Shape.TICK_IN_CIRCLE:
            painter.drawEllipse(square)
            _lines(painter, square, cut, shapes.TICK)
        case Shape.TRIANGLE:
            _polygon(painter, square, shapes.TRIANGLE, ink)
            _exclamation(painter, square, cut)
        case Shape.OCTAGON:
            _polygon(painter, square, shapes.OCTAGON, ink)
            for stroke in shapes.CROSS:
                _lines(painter, square, cut, stroke)
        case Shape.RING_WITH_QUESTION:
            _ring(painter, square, ink)
    painter.restore()


def paint_past_light(painter: QPainter, box: QRectF, look: LightLook, tokens: Tokens) -> None:
    """The same shape as a thin grey outline: a light that was, which nobody takes for one that is."""
    side = min(box.width(), box.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(box.center())
    ink = QColor(tokens.muted)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(square, ink, _THIN))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = square.adjusted(1, 1, -1, -1)
    match look.shape:
        case Shape.TICK_IN_CIRCLE:
            painter.drawEllipse(inner)
            _lines(painter, square, ink, shapes.TICK, _THIN)
        case Shape.TRIANGLE:
            painter.drawPolygon(QPolygonF([_at(inner, x, y) for x, y in shapes.TRIANGLE]))
            _exclamation(painter, square, ink, _THIN)
        case Shape.OCTAGON:
            painter.drawPolygon(QPolygonF([_at(inner, x, y) for x, y in shapes.OCTAGON]))
            for stroke in shapes.CROSS:
                _lines(painter, square, ink, stroke, _THIN)
        case Shape.RING_WITH_QUESTION:
            _ring(painter, square, ink, _THIN)
    painter.restore()


def _at(square: QRectF, x: float, y: float) -> QPointF:
    return QPointF(square.left() + x * square.width(), square.top() + y * square.height())


def _pen(square: QRectF, colour: QColor, width: float = shapes.STROKE) -> QPen:
    return QPen(
        colour,
        max(_THINNEST, square.width() * width),
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _lines(
    painter: QPainter,
    square: QRectF,
    colour: QColor,
    points: tuple[shapes.Point, ...],
    width: float = shapes.STROKE,
) -> None:
    painter.setPen(_pen(square, colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([_at(square, x, y) for x, y in points]))


def _polygon(
    painter: QPainter, square: QRectF, points: tuple[shapes.Point, ...], ink: QColor
) -> None:
    painter.setPen(_pen(square, ink, 0.04))
    painter.drawPolygon(QPolygonF([_at(square, x, y) for x, y in points]))


def _exclamation(
    painter: QPainter, square: QRectF, colour: QColor, width: float = shapes.STROKE
) -> None:
    top, bottom, dot = shapes.EXCLAMATION
    painter.setPen(_pen(square, colour, width))
    painter.drawLine(_at(square, 0.5, top), _at(square, 0.5, bottom))
    painter.drawPoint(_at(square, 0.5, dot))


def _ring(
    painter: QPainter, square: QRectF, ink: QColor, stroke: float = shapes.RING_WIDTH
) -> None:
    width = square.width() * stroke
    left, top, right, bottom = shapes.QUESTION_BOW
    painter.setPen(_pen(square, ink, stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(square.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    # The question mark is drawn, not typed: fonts differ, and small sizes need even strokes.
    painter.drawArc(QRectF(_at(square, left, top), _at(square, right, bottom)), -60 * 16, 240 * 16)
    painter.drawLine(*(_at(square, x, y) for x, y in shapes.QUESTION_STEM))
    painter.drawPoint(_at(square, *shapes.QUESTION_DOT))
