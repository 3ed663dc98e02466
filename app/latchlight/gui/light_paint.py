"""Paints the shapes of the lights, sharp at every size and readable without colour."""

from __future__ import annotations

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from latchlight.gui.light_look import LightLook, Shape
from latchlight.gui.tokens import Tokens


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
            _lines(painter, square, cut, ((0.28, 0.53), (0.44, 0.68), (0.73, 0.36)))
        case Shape.TRIANGLE:
            _polygon(painter, square, ((0.5, 0.05), (0.98, 0.93), (0.02, 0.93)), ink)
            _exclamation(painter, square, cut, top=0.36, bottom=0.62, dot=0.78)
        case Shape.OCTAGON:
            corners = [_on_circle(pi / 8 + k * pi / 4) for k in range(8)]
            _polygon(painter, square, tuple(corners), ink)
            _lines(painter, square, cut, ((0.34, 0.34), (0.66, 0.66)))
            _lines(painter, square, cut, ((0.66, 0.34), (0.34, 0.66)))
        case Shape.RING_WITH_QUESTION:
            _ring(painter, square, ink)
    painter.restore()


def _on_circle(angle: float) -> tuple[float, float]:
    return (0.5 + 0.53 * cos(angle), 0.5 + 0.53 * sin(angle))


def _at(square: QRectF, x: float, y: float) -> QPointF:
    return QPointF(square.left() + x * square.width(), square.top() + y * square.height())


def _pen(square: QRectF, colour: QColor, width: float = 0.11) -> QPen:
    return QPen(
        colour,
        max(1.4, square.width() * width),
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _lines(
    painter: QPainter, square: QRectF, colour: QColor, points: tuple[tuple[float, float], ...]
) -> None:
    painter.setPen(_pen(square, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([_at(square, x, y) for x, y in points]))


def _polygon(
    painter: QPainter, square: QRectF, points: tuple[tuple[float, float], ...], ink: QColor
) -> None:
    painter.setPen(_pen(square, ink, 0.04))
    painter.drawPolygon(QPolygonF([_at(square, x, y) for x, y in points]))


def _exclamation(
    painter: QPainter, square: QRectF, colour: QColor, *, top: float, bottom: float, dot: float
) -> None:
    painter.setPen(_pen(square, colour))
    painter.drawLine(_at(square, 0.5, top), _at(square, 0.5, bottom))
    painter.drawPoint(_at(square, 0.5, dot))


def _ring(painter: QPainter, square: QRectF, ink: QColor) -> None:
    width = square.width() * 0.1
    painter.setPen(_pen(square, ink, 0.1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(square.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    # The question mark is drawn, not typed: fonts differ, and small sizes need even strokes.
    bow = QRectF(_at(square, 0.36, 0.25), _at(square, 0.64, 0.52))
    painter.drawArc(bow, -60 * 16, 240 * 16)
    painter.drawLine(_at(square, 0.57, 0.505), _at(square, 0.5, 0.6))
    painter.drawPoint(_at(square, 0.5, 0.745))
