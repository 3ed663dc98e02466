"""The shapes of the lights as numbers, and as SVG: one geometry for window, web page and document.

Coordinates are parts of a square, x to the right and y down. The window paints the same numbers
(`gui/light_paint.py`).
"""

from __future__ import annotations

from math import cos, pi, sin

from latchlight.core.findings import Light

Point = tuple[float, float]

STROKE = 0.11
"""Width of the lines that are cut into a shape."""
TICK: tuple[Point, ...] = ((0.28, 0.53), (0.44, 0.68), (0.73, 0.36))
TRIANGLE: tuple[Point, ...] = ((0.5, 0.05), (0.98, 0.93), (0.02, 0.93))
EXCLAMATION: tuple[float, float, float] = (0.36, 0.62, 0.78)
"""Top and bottom of the stroke and the height of the dot, in the middle of the triangle."""
OCTAGON: tuple[Point, ...] = tuple(
    (0.5 + 0.53 * cos(pi / 8 + k * pi / 4), 0.5 + 0.53 * sin(pi / 8 + k * pi / 4)) for k in range(8)
)
CROSS: tuple[tuple[Point, Point], ...] = (
    ((0.34, 0.34), (0.66, 0.66)),
    ((0.66, 0.34), (0.34, 0.66)),
)
RING_WIDTH = 0.1
QUESTION_BOW: tuple[float, float, float, float] = (0.36, 0.25, 0.64, 0.52)
"""Box of the bow: left, top, right, bottom. It runs from -60 degrees over the top for 240."""
QUESTION_STEM: tuple[Point, Point] = ((0.57, 0.505), (0.5, 0.6))
QUESTION_DOT: Point = (0.5, 0.745)


def as_svg(light: Light, *, past: bool = False) -> str:
    """The shape, 100 by 100, without a colour of its own: `currentColor`, and `cut` as a class.

    `past`: as a thin outline, for a light that was and is not said to be.
    """
    parts = _outline(light) if past else _filled(light)
    # `aria-hidden`: the word stands beside it.
    kind = "shape past" if past else "shape"
    return f'<svg class="{kind}" viewBox="-4 -4 108 108" aria-hidden="true">{parts}</svg>'


def _filled(light: Light) -> str:
    match light:
        case Light.GREEN:
            return f'<circle class="fill" cx="50" cy="50" r="50"/>{_line(TICK, "cut")}'
        case Light.AMBER:
            return f"{_polygon(TRIANGLE, 'fill')}{_exclamation('cut')}"
        case Light.RED:
            return _polygon(OCTAGON, "fill") + "".join(_line(stroke, "cut") for stroke in CROSS)
        case Light.GREY:
            return _ring()


def _outline(light: Light) -> str:
    match light:
        case Light.GREEN:
            return f'<circle class="line" cx="50" cy="50" r="48"/>{_line(TICK, "line")}'
        case Light.AMBER:
            return f"{_polygon(TRIANGLE, 'line')}{_exclamation('line')}"
        case Light.RED:
            return _polygon(OCTAGON, "line") + "".join(_line(stroke, "line") for stroke in CROSS)
        case Light.GREY:
            return _ring()


def _ring() -> str:
    left, top, right, bottom = QUESTION_BOW
    middle = ((left + right) / 2, (top + bottom) / 2)
    wide, high = (right - left) / 2, (bottom - top) / 2
    start = (middle[0] + wide * cos(-pi / 3), middle[1] - high * sin(-pi / 3))
    bow = f"M{_at(start)} A{_n(wide)},{_n(high)} 0 1 0 {_at((left, middle[1]))}"
    radius = _n(0.5 - RING_WIDTH / 2)
    return (
        f'<circle class="line" cx="50" cy="50" r="{radius}"/><path class="line" d="{bow}"/>'
        f"{_line(QUESTION_STEM, 'line')}{_dot(QUESTION_DOT, 'line')}"
    )


def _exclamation(kind: str) -> str:
    top, bottom, dot = EXCLAMATION
    return _line(((0.5, top), (0.5, bottom)), kind) + _dot((0.5, dot), kind)


def _dot(place: Point, kind: str) -> str:
    """A stroke without length: its round ends make a dot as wide as the other strokes."""
    return _line((place, (place[0], place[1] + 0.0001)), kind)


def _line(points: tuple[Point, ...], kind: str) -> str:
    return f'<polyline class="{kind}" points="{" ".join(map(_at, points))}"/>'


def _polygon(points: tuple[Point, ...], kind: str) -> str:
    return f'<polygon class="{kind}" points="{" ".join(map(_at, points))}"/>'


def _at(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"


def _n(part: float) -> str:
    return f"{part * 100:.2f}"
